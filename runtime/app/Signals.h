/* Signals.h: stopping a training run between two steps. */
#ifndef MODELC_RUNTIME_APP_SIGNALS_H
#define MODELC_RUNTIME_APP_SIGNALS_H

/* From now on a file that grows beyond its limit is an error of the write, no
 * signal. */
void reportWriteErrors(void);

/* From now on the first SIGINT or SIGTERM is only remembered; the second one
 * kills. A closed pipe is an error of the write. */
void watchSignals(void);

/* The signal that was received, or 0. */
int receivedSignal(void);

#endif
