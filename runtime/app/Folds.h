/* Folds.h: cross-validation: training on all folds of the rows but one, for
 * each of them in turn, and then on all rows. */
#ifndef MODELC_RUNTIME_APP_FOLDS_H
#define MODELC_RUNTIME_APP_FOLDS_H

#include "runtime/app/Options.h"
#include "runtime/app/Text.h"

/* Where a run is: it has a round for each fold, which is left out of it, and a
 * last one on all rows. */
struct Folds {
  int32_t count;  /* 0: the data have none, there is one round */
  int32_t left;   /* the fold that is left out, from 1; 0: all rows */
  int32_t isOnly; /* `--fold`: this is the only round */
  int32_t metricCount;
  double
      *results; /* of each fold: epochs, then metrics; NaN until it is done */
};

struct Folds planFolds(const struct modelc_program *program,
                       const struct Options *options);
void freeFolds(struct Folds *folds);

/* Whether this round only measures: its weights are not what is written. */
int isMeasured(const struct Folds *folds);
/* Goes to the next round; 0 where there is none. */
int nextRound(struct Folds *folds);

/* The results of the fold that is left out: `metricCount` metrics behind the
 * number of epochs. */
double *resultsOfFold(const struct Folds *folds);
/* Epochs of the folds' best weights, on average, at least 1. */
int64_t meanEpochs(const struct Folds *folds);

/* `5 folds: valid.loss 0.5 +- 0.02`: means over the folds and deviations (of a
 * sample). */
void appendFolds(struct Text *text, const struct Folds *folds,
                 const struct modelc_training *training);
/* `"folds":{"loss":{"mean":0.5,"deviation":0.02,"values":[...]}}`. */
void appendFoldsJson(struct Text *text, const struct Folds *folds,
                     const struct modelc_program *program);

/* Fails unless the data have this fold; 0 stands for none. */
void checkFold(const struct modelc_data *data, int64_t fold);

#endif
