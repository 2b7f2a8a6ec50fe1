/* Progress.h: what training shows while it runs and when it is done. */
#ifndef MODELC_RUNTIME_APP_PROGRESS_H
#define MODELC_RUNTIME_APP_PROGRESS_H

#include "runtime/app/Text.h"
#include "runtime/core/abi.h"

struct Progress {
  const struct modelc_program *program;
  int json, isTerminal;
  int32_t fold; /* that is left out; 0: none */
  int64_t epochs, stepsPerEpoch, examplesPerEpoch;
  int64_t epoch, step;             /* of the epoch, from 1 */
  int64_t firstStep;               /* of the epoch, done before */
  double begin, epochBegin, drawn; /* seconds */
  struct Text line, metrics;       /* of the last epoch */
};

/* Seconds of a clock that only goes forward. */
double now(void);

void startProgress(struct Progress *progress,
                   const struct modelc_program *program, int json);
/* `step` of its steps were done by an earlier process. */
void startEpoch(struct Progress *progress, int64_t epoch, int64_t step);
/* Redraws the terminal's line now and then; elsewhere nothing. */
void showStep(struct Progress *progress, int64_t step, double meanLoss);
/* One line for the epoch. `metrics` is what appendMetrics or appendMetricsJson
 * made, or empty. */
void showEpoch(struct Progress *progress, double meanLoss,
               const struct Text *metrics);

#endif
