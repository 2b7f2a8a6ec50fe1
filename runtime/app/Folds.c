/* Folds.c: cross-validation: which fold is left out of which round, and what
 * the rounds have found. */
#include "runtime/app/Folds.h"

#include <math.h>
#include <stdlib.h>

#include "runtime/app/Evaluate.h"
#include "runtime/app/Real.h"
#include "runtime/app/Report.h"

void checkFold(const struct modelc_data *data, int64_t fold) {
  if (!fold)
    return;
  if (!data->folds)
    failUser("%lld for `--fold`, the data `%s` are not split into folds",
             (long long)fold, data->name);
  if (fold > data->folds)
    failUser("%lld for `--fold`, `%s` has %d folds", (long long)fold,
             data->name, data->folds);
}

struct Folds planFolds(const struct modelc_program *program,
                       const struct Options *options) {
  const struct modelc_training *training = program->training;
  const struct modelc_data *data = &program->data[training->data];
  checkFold(data, options->fold);
  struct Folds folds = {.count = data->folds,
                        .left = options->fold ? (int32_t)options->fold
                                              : data->folds > 0,
                        .isOnly = options->fold > 0,
                        .metricCount = training->metric_count};
  int64_t values = (int64_t)folds.count * (1 + folds.metricCount);
  folds.results = allocate(values, sizeof *folds.results);
  for (int64_t i = 0; i < values; ++i)
    folds.results[i] = NAN;
  return folds;
}

void freeFolds(struct Folds *folds) {
  free(folds->results);
  folds->results = 0;
}

int isMeasured(const struct Folds *folds) {
  return folds->left > 0 && !folds->isOnly;
}

int nextRound(struct Folds *folds) {
  if (!isMeasured(folds))
    return 0;
  folds->left = folds->left < folds->count ? folds->left + 1 : 0;
  return 1;
}

static double *resultsAt(const struct Folds *folds, int32_t fold) {
  return folds->results + (int64_t)fold * (1 + folds->metricCount);
}

double *resultsOfFold(const struct Folds *folds) {
  return resultsAt(folds, folds->left - 1);
}

int64_t meanEpochs(const struct Folds *folds) {
  double total = 0;
  for (int32_t i = 0; i < folds->count; ++i)
    total += *resultsAt(folds, i);
  int64_t mean = (int64_t)(total / folds->count + 0.5);
  return mean >= 1 ? mean : 1;
}

/* Mean and deviation over the folds of a metric. */
struct Spread {
  double mean, deviation;
};

static struct Spread spreadOf(const struct Folds *folds, int32_t metric) {
  struct Spread spread = {0, 0};
  for (int32_t i = 0; i < folds->count; ++i)
    spread.mean += resultsAt(folds, i)[1 + metric] / folds->count;
  for (int32_t i = 0; i < folds->count; ++i) {
    double apart = resultsAt(folds, i)[1 + metric] - spread.mean;
    spread.deviation += apart * apart / (folds->count - 1);
  }
  spread.deviation = realSqrt(spread.deviation);
  return spread;
}

void appendFolds(struct Text *text, const struct Folds *folds,
                 const struct modelc_training *training) {
  appendFormat(text, "%d folds:", folds->count);
  for (int32_t i = 0; i < folds->metricCount; ++i) {
    struct Spread spread = spreadOf(folds, i);
    appendFormat(text, "  valid.%s %.6g +- %.2g", training->metrics[i].name,
                 spread.mean, spread.deviation);
  }
  appendText(text, "\n");
}

void appendFoldsJson(struct Text *text, const struct Folds *folds,
                     const struct modelc_program *program) {
  int digits = digitsOfProgram(program);
  appendText(text, "\"folds\":{");
  for (int32_t i = 0; i < folds->metricCount; ++i) {
    struct Spread spread = spreadOf(folds, i);
    appendText(text, i ? "," : "");
    appendJsonString(text, program->training->metrics[i].name);
    appendText(text, ":{\"mean\":");
    appendJsonNumber(text, spread.mean, digits);
    appendText(text, ",\"deviation\":");
    appendJsonNumber(text, spread.deviation, digits);
    for (int32_t j = 0; j < folds->count; ++j) {
      appendText(text, j ? "," : ",\"values\":[");
      appendJsonNumber(text, resultsAt(folds, j)[1 + i], digits);
    }
    appendText(text, "]}");
  }
  appendText(text, "}");
}
