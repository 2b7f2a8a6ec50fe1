/* Train.c: the `train` command: epochs of steps, validation, early stopping and
 * the weights. */
#include "runtime/app/Train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/app/Array.h"
#include "runtime/app/Data.h"
#include "runtime/app/Evaluate.h"
#include "runtime/app/File.h"
#include "runtime/app/Progress.h"
#include "runtime/app/Report.h"
#include "runtime/app/Signals.h"
#include "runtime/app/Weights.h"
#include "runtime/core/Random.h"

/* The streams of random numbers that order the examples of epochs: this plus
 * the epoch. */
static const uint64_t epochStream = 1ull << 61;

enum Outcome {
  OutcomeCompleted,
  OutcomeEarly,
  OutcomeInterrupted,
  OutcomeDiverged
};

struct Trainer {
  const struct modelc_program *program;
  const struct modelc_training *training;
  const struct Options *options;
  struct Machine machine;
  struct WeightsOrigin origin;
  struct Dataset dataset;
  struct Split split; /* what is trained on */
  struct RowCall step, partial;
  int hasPartial;
  struct Evaluator evaluator;
  struct Progress progress;
  int64_t batch, epochs;
  int64_t *order; /* null: as the rows are */
  int64_t stepNumber, examplesSeen;
  /* The weights to go back to: the best by the monitored metric, else of the
   * last epoch. */
  char *kept;
  int64_t keptEpoch; /* 0: none */
  double best, loss;
  double *metrics;
  int64_t validSplit;
  struct OutputFile log;
  struct Text logText;
};

static int stopsEarly(const struct Trainer *trainer) {
  return trainer->training->patience > 0 && trainer->training->monitor >= 0 &&
         trainer->evaluator.isPresent;
}

static void prepareMemory(struct Trainer *trainer) {
  const struct modelc_program *program = trainer->program;
  const struct Options *options = trainer->options;
  startMachine(&trainer->machine, program, options);
  trainer->origin = (struct WeightsOrigin){options->seed, 1};
  initializeSlots(&trainer->machine);
  if (options->weights)
    loadWeights(&trainer->machine, options->weights, &trainer->origin);
  if (options->hasSeed)
    trainer->origin.seed = options->seed;
  if (options->noShuffle)
    trainer->origin.isShuffled = 0;
  trainer->machine.seed = trainer->origin.seed;
}

static void prepareData(struct Trainer *trainer) {
  trainer->dataset = loadDataset(
      &trainer->program->data[trainer->training->data], trainer->options,
      trainer->origin.seed, trainer->origin.isShuffled);
  int32_t split = findSplit(&trainer->dataset, "train");
  if (split < 0)
    failInternal("the data `%s` has no split `train`",
                 trainer->dataset.description->name);
  trainer->split = trainer->dataset.splits[split];
  trainer->validSplit = findSplit(&trainer->dataset, "valid");
  /* Given weights come with the statistics that they were trained with. */
  if (!trainer->options->weights)
    fitFields(&trainer->machine, &trainer->dataset, split);
  preprocessFields(&trainer->machine, &trainer->dataset);
}

static void prepareSteps(struct Trainer *trainer) {
  const struct modelc_training *training = trainer->training;
  const struct Options *options = trainer->options;
  prepareRowCall(&trainer->machine, training->step, &trainer->dataset, -1,
                 &trainer->step);
  trainer->hasPartial = training->step_partial >= 0;
  if (trainer->hasPartial)
    prepareRowCall(&trainer->machine, training->step_partial, &trainer->dataset,
                   -1, &trainer->partial);
  trainer->batch = options->hasBatch ? options->batch : training->batch;
  if (trainer->batch > training->batch)
    failUser("%lld for `--batch`, at most %lld is compiled",
             (long long)trainer->batch, (long long)training->batch);
  trainer->epochs = options->hasEpochs ? options->epochs : training->epochs;
  if (training->shuffle && trainer->origin.isShuffled)
    trainer->order = allocate(trainer->split.count, sizeof *trainer->order);
  prepareEvaluator(&trainer->machine, &trainer->dataset, &trainer->evaluator);
  trainer->metrics = allocate(training->metric_count, sizeof *trainer->metrics);
  trainer->kept = allocate(trainer->program->slot_bytes, 1);
  trainer->progress.epochs = trainer->epochs;
  trainer->progress.examplesPerEpoch = trainer->split.count;
  trainer->progress.stepsPerEpoch =
      (trainer->split.count + trainer->batch - 1) / trainer->batch;
  if (options->stepsLog) {
    openOutput(&trainer->log, options->stepsLog);
    appendText(&trainer->logText, "step,loss\n");
  }
}

static int64_t countParameters(const struct modelc_program *program) {
  int64_t count = 0;
  for (int32_t i = 0; i < program->slot_count; ++i)
    if (program->slots[i].kind == MODELC_SLOT_PARAMETER)
      count += program->slots[i].array.bytes /
               dtypeBytes(program->slots[i].array.dtype);
  return count;
}

static void showStart(struct Trainer *trainer) {
  struct Text text = {0};
  if (trainer->options->json)
    return;
  appendFormat(&text, "%s: %lld parameters, %lld rows (",
               trainer->program->name,
               (long long)countParameters(trainer->program),
               (long long)trainer->dataset.rows);
  for (int32_t i = 0; i < trainer->dataset.description->split_count; ++i)
    appendFormat(&text, "%s%s %lld", i ? ", " : "",
                 trainer->dataset.splits[i].name,
                 (long long)trainer->dataset.splits[i].count);
  appendFormat(&text, "), batch %lld, %lld epochs\n", (long long)trainer->batch,
               (long long)trainer->epochs);
  printText(&text);
  freeText(&text);
}

/* Whether an instance of the step takes this many rows. */
static int takesRows(const struct RowCall *call, int64_t rows) {
  return call->rowSymbol >= 0 ? rows <= call->rowLimit : rows == call->rowLimit;
}

/* The full instance for full batches; for others the partial one. */
static struct RowCall *chooseStep(struct Trainer *trainer, int64_t rows) {
  int isFull = rows == trainer->training->batch;
  if (isFull && takesRows(&trainer->step, rows))
    return &trainer->step;
  if (trainer->hasPartial && takesRows(&trainer->partial, rows))
    return &trainer->partial;
  if (takesRows(&trainer->step, rows))
    return &trainer->step;
  failInternal("no step takes a batch of %lld rows", (long long)rows);
}

static double lossOf(const struct Invocation *invocation) {
  for (int32_t i = 0; i < invocation->entry->output_count; ++i)
    if (invocation->entry->outputs[i].role == MODELC_OUTPUT_LOSS)
      return scalarOutput(invocation, i);
  failInternal("`%s` has no loss", invocation->entry->name);
}

static void logStep(struct Trainer *trainer) {
  enum { LogBuffer = 1 << 15 };
  if (!trainer->options->stepsLog)
    return;
  appendFormat(&trainer->logText, "%lld,%.17g\n",
               (long long)trainer->stepNumber, trainer->loss);
  if (trainer->logText.length < LogBuffer)
    return;
  writeOutput(&trainer->log, trainer->logText.data, trainer->logText.length);
  trainer->logText.length = 0;
}

static void closeLog(struct Trainer *trainer) {
  if (!trainer->options->stepsLog)
    return;
  writeOutput(&trainer->log, trainer->logText.data, trainer->logText.length);
  commitOutput(&trainer->log);
}

static void orderExamples(struct Trainer *trainer, int64_t epoch) {
  if (!trainer->order)
    return;
  modelcShuffle((uint64_t)trainer->origin.seed, epochStream + (uint64_t)epoch,
                trainer->split.count, trainer->order);
  for (int64_t i = 0; i < trainer->split.count; ++i)
    trainer->order[i] += trainer->split.first;
}

/* All steps of an epoch. The mean loss over its examples goes to `meanLoss`. */
static enum Outcome runEpoch(struct Trainer *trainer, int64_t epoch,
                             double *meanLoss) {
  double sum = 0;
  orderExamples(trainer, epoch);
  for (int64_t done = 0, step = 1; done < trainer->split.count; ++step) {
    int64_t rest = trainer->split.count - done;
    int64_t rows = rest < trainer->batch ? rest : trainer->batch;
    struct RowCall *call = chooseStep(trainer, rows);
    gatherRows(call, &trainer->dataset, trainer->order,
               trainer->order ? done : trainer->split.first + done, rows);
    invoke(&call->invocation, ++trainer->stepNumber);
    trainer->loss = lossOf(&call->invocation);
    logStep(trainer);
    if (!isfinite(trainer->loss))
      return OutcomeDiverged;
    done += rows;
    trainer->examplesSeen += rows;
    sum += trainer->loss * (double)rows;
    *meanLoss = sum / (double)done;
    showStep(&trainer->progress, step, *meanLoss);
    if (receivedSignal())
      return OutcomeInterrupted;
  }
  return OutcomeCompleted;
}

/* Metrics of the validation split, and of the monitored one if that is another.
 */
static double validate(struct Trainer *trainer, struct Text *shown) {
  const struct modelc_training *training = trainer->training;
  double monitored = NAN;
  if (!trainer->evaluator.isPresent)
    return monitored;
  for (int32_t i = 0; i < trainer->dataset.description->split_count; ++i) {
    int isMonitored = stopsEarly(trainer) && training->monitor_split == i;
    if (i != trainer->validSplit && !isMonitored)
      continue;
    evaluateSplit(&trainer->evaluator, i, trainer->metrics);
    const char *name = trainer->dataset.splits[i].name;
    if (trainer->options->json) {
      appendText(shown, shown->length ? "," : "");
      appendMetricsJson(shown, trainer->program, name, trainer->metrics);
    } else {
      appendMetrics(shown, training, name, trainer->metrics);
    }
    if (isMonitored)
      monitored = trainer->metrics[training->monitor];
  }
  return monitored;
}

/* A last step can break the weights after its loss was computed. */
static int hasFiniteParameters(const struct Trainer *trainer) {
  for (int32_t i = 0; i < trainer->program->slot_count; ++i) {
    const struct modelc_slot *slot = &trainer->program->slots[i];
    int64_t count = slot->array.bytes / dtypeBytes(slot->array.dtype);
    if (slot->kind != MODELC_SLOT_PARAMETER)
      continue;
    for (int64_t j = 0; j < count; ++j)
      if (!isfinite(loadNumber(slot->array.dtype,
                               trainer->machine.slots + slot->offset, j)))
        return 0;
  }
  return 1;
}

static void keepWeights(struct Trainer *trainer, int64_t epoch) {
  memcpy(trainer->kept, trainer->machine.slots,
         (size_t)trainer->program->slot_bytes);
  trainer->keptEpoch = epoch;
}

/* Keeps the weights if they are the best so far; whether it is time to stop. */
static int compareEpoch(struct Trainer *trainer, int64_t epoch,
                        double monitored) {
  if (!stopsEarly(trainer)) {
    keepWeights(trainer, epoch);
    return 0;
  }
  const struct modelc_metric *metric =
      &trainer->training->metrics[trainer->training->monitor];
  /* A metric that is NaN is never better. */
  int isBetter = metric->larger_is_better ? monitored > trainer->best
                                          : monitored < trainer->best;
  if (!trainer->keptEpoch ? !isnan(monitored) : isBetter) {
    trainer->best = monitored;
    keepWeights(trainer, epoch);
  }
  return epoch - trainer->keptEpoch >= trainer->training->patience;
}

static enum Outcome runEpochs(struct Trainer *trainer) {
  struct Text shown = {0};
  enum Outcome outcome = OutcomeCompleted;
  for (int64_t epoch = 1;
       outcome == OutcomeCompleted && epoch <= trainer->epochs; ++epoch) {
    double meanLoss = NAN;
    startEpoch(&trainer->progress, epoch);
    outcome = runEpoch(trainer, epoch, &meanLoss);
    if (outcome == OutcomeCompleted && !hasFiniteParameters(trainer))
      outcome = OutcomeDiverged;
    if (outcome != OutcomeCompleted)
      break;
    shown.length = 0;
    double monitored = validate(trainer, &shown);
    showEpoch(&trainer->progress, meanLoss, &shown);
    if (compareEpoch(trainer, epoch, monitored))
      outcome = OutcomeEarly;
  }
  freeText(&shown);
  return outcome;
}

static void restoreWeights(struct Trainer *trainer) {
  memcpy(trainer->machine.slots, trainer->kept,
         (size_t)trainer->program->slot_bytes);
}

/* The loss or a weight is not finite: the weights are those of the last good
 * epoch, if there is one. */
static _Noreturn void failDiverged(struct Trainer *trainer, const char *path) {
  struct Text text = {0};
  const char *what = isfinite(trainer->loss) ? "a weight is not finite"
                     : isnan(trainer->loss)  ? "the loss is not a number"
                                             : "the loss is infinite";
  appendFormat(&text, "%s %s step %lld of epoch %lld; ", what,
               isfinite(trainer->loss) ? "after" : "at",
               (long long)trainer->stepNumber,
               (long long)trainer->progress.epoch);
  if (trainer->keptEpoch) {
    restoreWeights(trainer);
    saveWeights(&trainer->machine, path, &trainer->origin);
    appendFormat(&text, "`%s` has the weights of epoch %lld", path,
                 (long long)trainer->keptEpoch);
  } else {
    appendText(&text, "no weights are written");
  }
  failUser("%s; try a smaller learning rate", text.data);
}

/* Zero of a run without steps. */
static double examplesPerSecond(const struct Trainer *trainer, double seconds) {
  return trainer->examplesSeen && seconds > 0
             ? (double)trainer->examplesSeen / seconds
             : 0;
}

static void appendSummaryJson(struct Trainer *trainer, struct Text *text,
                              enum Outcome outcome, double seconds,
                              const char *path, const struct Text *test) {
  static const char *const outcomes[] = {"completed", "stopped_early",
                                         "interrupted"};
  appendFormat(
      text,
      "{\"event\":\"end\",\"outcome\":\"%s\",\"epochs\":%lld,\"steps\":%lld,",
      outcomes[outcome], (long long)trainer->progress.epoch,
      (long long)trainer->stepNumber);
  if (stopsEarly(trainer))
    appendFormat(text, "\"best_epoch\":%lld,", (long long)trainer->keptEpoch);
  appendFormat(text, "\"seconds\":%.6f,\"examples_per_second\":%.0f,\"loss\":",
               seconds, examplesPerSecond(trainer, seconds));
  appendJsonNumber(text, trainer->loss, digitsOfProgram(trainer->program));
  if (test->length) {
    appendText(text, ",");
    appendBytes(text, test->data, test->length);
  }
  appendText(text, ",\"weights\":");
  appendJsonString(text, path);
  appendText(text, "}\n");
}

static void appendSummary(struct Trainer *trainer, struct Text *text,
                          enum Outcome outcome, double seconds,
                          const char *path, const struct Text *test) {
  static const char *const outcomes[] = {"trained", "stopped early after",
                                         "interrupted in"};
  appendFormat(text, "%s %lld epochs, %lld steps in %.3f s, %.0f examples/s\n",
               outcomes[outcome], (long long)trainer->progress.epoch,
               (long long)trainer->stepNumber, seconds,
               examplesPerSecond(trainer, seconds));
  if (stopsEarly(trainer) && trainer->keptEpoch) {
    const struct modelc_training *training = trainer->training;
    appendFormat(text, "best: epoch %lld with %s.%s %.6g\n",
                 (long long)trainer->keptEpoch,
                 trainer->dataset.splits[training->monitor_split].name,
                 training->metrics[training->monitor].name, trainer->best);
  }
  if (test->length)
    appendFormat(text, "%s\n", test->data + 2);
  appendFormat(text, "weights: %s\n", path);
}

/* Metrics of the test split, as text or JSON; nothing where the run was cut
 * short. */
static void evaluateTest(struct Trainer *trainer, enum Outcome outcome,
                         struct Text *text) {
  int32_t split = findSplit(&trainer->dataset, "test");
  if (split < 0 || !trainer->evaluator.isPresent ||
      outcome == OutcomeInterrupted)
    return;
  evaluateSplit(&trainer->evaluator, split, trainer->metrics);
  if (trainer->options->json)
    appendMetricsJson(text, trainer->program, "test", trainer->metrics);
  else
    appendMetrics(text, trainer->training, "test", trainer->metrics);
}

static void finishTraining(struct Trainer *trainer, enum Outcome outcome,
                           const char *path) {
  double seconds = now() - trainer->progress.begin;
  struct Text text = {0}, test = {0};
  closeLog(trainer);
  if (outcome == OutcomeDiverged)
    failDiverged(trainer, path);
  if (stopsEarly(trainer) && trainer->keptEpoch)
    restoreWeights(trainer);
  saveWeights(&trainer->machine, path, &trainer->origin);
  evaluateTest(trainer, outcome, &test);
  if (trainer->progress.isTerminal)
    appendText(&text, "\r\033[K");
  if (trainer->options->json)
    appendSummaryJson(trainer, &text, outcome, seconds, path, &test);
  else
    appendSummary(trainer, &text, outcome, seconds, path, &test);
  setLineOpen(0);
  printText(&text);
  freeText(&text);
  freeText(&test);
}

static void freeTrainer(struct Trainer *trainer) {
  freeEvaluator(&trainer->evaluator);
  freeRowCall(&trainer->step);
  if (trainer->hasPartial)
    freeRowCall(&trainer->partial);
  freeDataset(&trainer->dataset);
  free(trainer->order);
  free(trainer->kept);
  free(trainer->metrics);
  free(trainer->machine.slots);
  free(trainer->machine.workspace);
  freeText(&trainer->logText);
  freeText(&trainer->progress.line);
}

int runTrain(const struct modelc_program *program,
             const struct Options *options) {
  if (!program->training)
    failUser("the program has no `train`");
  struct Trainer trainer = {.program = program,
                            .training = program->training,
                            .options = options,
                            .loss = NAN};
  const char *path =
      options->output ? options->output : weightsPath(program, 0);
  if (!strcmp(path, "-"))
    failUser(
        "`-` for `--output`, the path of a file for the weights is wanted");
  checkOutputPath(path);
  startProgress(&trainer.progress, program, options->json);
  prepareMemory(&trainer);
  prepareData(&trainer);
  prepareSteps(&trainer);
  showStart(&trainer);
  watchSignals();
  trainer.progress.begin = now();
  enum Outcome outcome = runEpochs(&trainer);
  finishTraining(&trainer, outcome, path);
  freeTrainer(&trainer);
  return outcome == OutcomeInterrupted ? 128 + receivedSignal() : ExitSuccess;
}
