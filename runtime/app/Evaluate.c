/* Evaluate.c: the metrics of a split, and the `eval` command. */
#include "runtime/app/Evaluate.h"

#include <stdlib.h>

#include "runtime/app/Confusion.h"
#include "runtime/app/Folds.h"
#include "runtime/app/Report.h"
#include "runtime/app/Weights.h"

void prepareEvaluator(struct Machine *machine, const struct Dataset *dataset,
                      struct Evaluator *evaluator) {
  const struct modelc_training *training = machine->program->training;
  *evaluator = (struct Evaluator){machine, dataset, training, .isPresent = 0};
  if (training->evaluate < 0 || !training->metric_count)
    return;
  prepareRowCall(machine, training->evaluate, dataset, -1,
                 &evaluator->evaluate);
  prepareInvocation(machine, training->finish, &evaluator->finish);
  evaluator->isPresent = 1;
}

void freeEvaluator(struct Evaluator *evaluator) {
  if (!evaluator->isPresent)
    return;
  freeRowCall(&evaluator->evaluate);
  freeInvocation(&evaluator->finish);
}

void evaluateSplit(struct Evaluator *evaluator, int32_t split,
                   double *metrics) {
  const struct Split *rows = &evaluator->dataset->splits[split];
  struct RowCall *call = &evaluator->evaluate;
  clearSlots(evaluator->machine, MODELC_SLOT_METRIC);
  for (int64_t done = 0, count; done < rows->count; done += count) {
    count = rows->count - done < call->rowLimit ? rows->count - done
                                                : call->rowLimit;
    gatherRows(call, evaluator->dataset, 0, rows->first + done, count);
    invoke(&call->invocation, 0);
  }
  invoke(&evaluator->finish, 0);
  for (int32_t i = 0; i < evaluator->training->metric_count; ++i)
    metrics[i] = scalarOutput(&evaluator->finish,
                              evaluator->training->metrics[i].output);
}

void appendMetrics(struct Text *text, const struct modelc_training *training,
                   const char *split, const double *metrics) {
  for (int32_t i = 0; i < training->metric_count; ++i)
    appendFormat(text, "  %s.%s %.6g", split, training->metrics[i].name,
                 metrics[i]);
}

int digitsOfProgram(const struct modelc_program *program) {
  return program->float_dtype == MODELC_F64 ? 17 : 9;
}

void appendMetricsJson(struct Text *text, const struct modelc_program *program,
                       const char *split, const double *metrics) {
  const struct modelc_training *training = program->training;
  appendJsonString(text, split);
  appendText(text, ":{");
  for (int32_t i = 0; i < training->metric_count; ++i) {
    appendText(text, i ? "," : "");
    appendJsonString(text, training->metrics[i].name);
    appendText(text, ":");
    appendJsonNumber(text, metrics[i], digitsOfProgram(program));
  }
  appendText(text, "}");
}

static int32_t chooseSplit(const struct Dataset *dataset, const char *wanted) {
  static const char *const preferred[] = {"test", "valid", "train"};
  if (wanted) {
    int32_t split = findSplit(dataset, wanted);
    if (split < 0)
      failUser("the data `%s` has no split `%s`%s", dataset->description->name,
               wanted, didYouMean(wanted, preferred, 3));
    if (!dataset->splits[split].count)
      failUser("the split `%s` is empty: the weights are of all folds; `--fold "
               "N` says which to leave out",
               wanted);
    return split;
  }
  for (int i = 0; i < 3; ++i) {
    int32_t split = findSplit(dataset, preferred[i]);
    if (split >= 0 && dataset->splits[split].count)
      return split;
  }
  failInternal("the data `%s` has no splits", dataset->description->name);
}

/* Which metrics are not in the units of the column, though they would be if the
 * field's transforms had inverses. */
static void appendUnits(struct Text *text,
                        const struct modelc_program *program) {
  const struct modelc_training *training = program->training;
  int count = 0;
  for (int32_t i = 0; i < training->metric_count; ++i)
    if (training->metrics[i].units == MODELC_UNITS_MODEL)
      appendFormat(text, "%s`%s`", count++ ? ", " : "in the model's units: ",
                   training->metrics[i].name);
  if (count)
    appendText(text, "; a transform of the target has no inverse\n");
}

int runEvaluate(const struct modelc_program *program,
                const struct Options *options) {
  const struct modelc_training *training = program->training;
  if (!training)
    failUser("the program has no `train`, so it has nothing to evaluate");
  struct Machine machine;
  struct WeightsOrigin origin = {options->seed, 1, 0};
  startMachine(&machine, program, options);
  loadWeights(&machine, weightsPath(program, options->weights), &origin);
  if (options->hasSeed)
    origin.seed = options->seed;
  machine.seed = origin.seed;
  const struct modelc_data *data = &program->data[training->data];
  checkFold(data, options->fold);
  struct Cut cut = {origin.seed, origin.isShuffled && !options->noShuffle,
                    (int32_t)(options->hasFold ? options->fold : origin.fold)};
  struct Dataset dataset = loadDataset(data, options, &cut);
  int32_t split = chooseSplit(&dataset, options->split);
  preprocessFields(&machine, &dataset);
  struct Evaluator evaluator;
  prepareEvaluator(&machine, &dataset, &evaluator);
  if (!evaluator.isPresent)
    failUser("the program reports no metrics, so it has nothing to evaluate");
  double *metrics = allocate(training->metric_count, sizeof *metrics);
  evaluateSplit(&evaluator, split, metrics);
  struct Confusion confusion = countConfusion(&machine, &dataset, split);
  struct Text text = {0};
  const char *name = dataset.splits[split].name;
  if (options->json) {
    appendFormat(&text, "{\"event\":\"eval\",\"examples\":%lld,",
                 (long long)dataset.splits[split].count);
    appendMetricsJson(&text, program, name, metrics);
    appendConfusionJson(&text, &confusion);
    appendText(&text, "}\n");
  } else {
    appendFormat(&text, "%lld examples",
                 (long long)dataset.splits[split].count);
    appendMetrics(&text, training, name, metrics);
    appendText(&text, "\n");
    appendUnits(&text, program);
    appendConfusion(&text, &confusion);
  }
  printText(&text);
  freeText(&text);
  freeConfusion(&confusion);
  free(metrics);
  freeEvaluator(&evaluator);
  freeDataset(&dataset);
  freeMachine(&machine);
  return ExitSuccess;
}
