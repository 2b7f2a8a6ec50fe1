/* Trainer.h: a run of training: what it reads, where it is, what it writes. */
#ifndef MODELC_RUNTIME_APP_TRAINER_H
#define MODELC_RUNTIME_APP_TRAINER_H

#include "runtime/app/Data.h"
#include "runtime/app/Evaluate.h"
#include "runtime/app/Folds.h"
#include "runtime/app/History.h"
#include "runtime/app/Log.h"
#include "runtime/app/Progress.h"
#include "runtime/app/Weights.h"

enum Outcome {
  OutcomeCompleted,
  OutcomeEarly,
  OutcomeInterrupted,
  OutcomeDiverged
};

/* Where a run is: everything of it, next to the slots, that a resumed one has
 * to know. */
struct Position {
  int64_t epoch;     /* the current one, from 1 */
  int64_t done;      /* examples of the epoch that were learnt from */
  int64_t step;      /* of the run, from 1; 0 before the first */
  int64_t examples;  /* of the run */
  double lossSum;    /* over the epoch's examples */
  double loss;       /* of the last step */
  double epochLoss;  /* mean of the last complete epoch */
  double best;       /* of the monitored metric */
  int64_t keptEpoch; /* whose weights are kept; 0: none */
  double seconds;    /* spent before this process began */
};

/* When checkpoints are written. */
struct Schedule {
  int64_t steps;    /* every so many; 0: by time */
  double seconds;   /* within an epoch; 0: never */
  int64_t lastStep; /* at the last checkpoint */
  double last;      /* when the last one was done, or the run began */
  double cost;      /* seconds that it took */
  int isWritten, hasWarned;
};

struct Trainer {
  const struct modelc_program *program;
  const struct modelc_training *training;
  const struct Options *options;
  struct Folds *folds;
  const char *output;
  char *checkpoint; /* null: there is none */
  struct Machine machine;
  struct WeightsOrigin origin;
  struct Dataset dataset;
  struct Split split; /* what is trained on */
  struct RowCall step, partial, trap;
  int hasPartial;
  struct Evaluator evaluator;
  struct Progress progress;
  int64_t batch, epochs;
  int64_t *order; /* null: as the rows are */
  /* The weights to go back to: the best by the monitored metric, else of the
   * last epoch. */
  char *kept;
  double *metrics;
  int32_t validSplit; /* -1: none */
  struct Position at;
  struct Schedule schedule;
  struct History history;
  struct Log stepsLog, epochsLog, events;
  char *eventPath; /* of TensorBoard; null: there is none */
  double plotTime; /* when the plot was drawn last */
  int isFirst;     /* of the rounds of this process, which may be resumed */
  int isResumed;
  struct TensorFile resumed; /* the checkpoint, until training goes on */
  uint64_t *digests;         /* of the fields' rows; null until needed */
};

/* Whether a metric decides when training ends and which weights are best. */
int stopsEarly(const struct Trainer *trainer);

#endif
