/* Evaluate.h: the metrics of a split, and the `eval` command. */
#ifndef MODELC_RUNTIME_APP_EVALUATE_H
#define MODELC_RUNTIME_APP_EVALUATE_H

#include "runtime/app/Data.h"
#include "runtime/app/Text.h"

/* The program's evaluate and finish entries, ready to be called. */
struct Evaluator {
  struct Machine *machine;
  const struct Dataset *dataset;
  const struct modelc_training *training;
  struct RowCall evaluate;
  struct Invocation finish;
  int isPresent; /* 0: the program evaluates nothing */
};

void prepareEvaluator(struct Machine *machine, const struct Dataset *dataset,
                      struct Evaluator *evaluator);
void freeEvaluator(struct Evaluator *evaluator);

/* Writes a value for each of the training's metrics. */
void evaluateSplit(struct Evaluator *evaluator, int32_t split, double *metrics);

/* `  valid.loss 0.5  valid.rmse 0.7`. */
void appendMetrics(struct Text *text, const struct modelc_training *training,
                   const char *split, const double *metrics);
/* `"valid":{"loss":0.5,"rmse":0.7}`. */
void appendMetricsJson(struct Text *text, const struct modelc_program *program,
                       const char *split, const double *metrics);

/* Digits that tell all floats of the program apart. */
int digitsOfProgram(const struct modelc_program *program);

int runEvaluate(const struct modelc_program *program,
                const struct Options *options);

#endif
