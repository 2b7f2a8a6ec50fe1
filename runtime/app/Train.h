/* Train.h: the `train` command. */
#ifndef MODELC_RUNTIME_APP_TRAIN_H
#define MODELC_RUNTIME_APP_TRAIN_H

#include "runtime/app/Options.h"

/* Returns the exit code: 128 and the signal's number where a signal stopped it.
 */
int runTrain(const struct modelc_program *program,
             const struct Options *options);

#endif
