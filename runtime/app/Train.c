/* Train.c: the `train` command: epochs of steps, validation, early stopping and
 * the weights. */
#include "runtime/app/Train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/app/Array.h"
#include "runtime/app/Checkpoint.h"
#include "runtime/app/Curves.h"
#include "runtime/app/File.h"
#include "runtime/app/Report.h"
#include "runtime/app/Signals.h"
#include "runtime/app/Summary.h"
#include "runtime/app/Trainer.h"
#include "runtime/app/Trap.h"
#include "runtime/core/Dtype.h"
#include "runtime/core/Random.h"

/* The streams of random numbers that order the examples of epochs: this plus
 * the epoch. */
static const uint64_t epochStream = 1ull << 61;

/* Whether no rows are left out of a round on folds, so that there is nothing to
 * validate on. */
static int isOnAllFolds(const struct Trainer *trainer) {
  return trainer->folds->count && !trainer->folds->left;
}

int stopsEarly(const struct Trainer *trainer) {
  const struct modelc_data *data =
      &trainer->program->data[trainer->training->data];
  if (isOnAllFolds(trainer) && trainer->training->monitor >= 0 &&
      !strcmp(data->splits[trainer->training->monitor_split].name, "valid"))
    return 0;
  return trainer->training->patience > 0 && trainer->training->monitor >= 0 &&
         trainer->training->evaluate >= 0;
}

/* Whether the metrics of a split are computed after each epoch. */
static int isValidated(const struct Trainer *trainer, int32_t split) {
  const struct modelc_data *data =
      &trainer->program->data[trainer->training->data];
  if (trainer->training->evaluate < 0 ||
      (isOnAllFolds(trainer) && !strcmp(data->splits[split].name, "valid")))
    return 0;
  return !strcmp(data->splits[split].name, "valid") ||
         (stopsEarly(trainer) && trainer->training->monitor_split == split);
}

static void planHistory(struct Trainer *trainer) {
  const struct modelc_training *training = trainer->training;
  const struct modelc_data *data = &trainer->program->data[training->data];
  addColumn(&trainer->history, "", "loss");
  for (int32_t i = 0; i < data->split_count; ++i)
    for (int32_t j = 0; isValidated(trainer, i) && j < training->metric_count;
         ++j)
      addColumn(&trainer->history, data->splits[i].name,
                training->metrics[j].name);
}

static void prepareMemory(struct Trainer *trainer) {
  const struct Options *options = trainer->options;
  startMachine(&trainer->machine, trainer->program, options);
  trainer->origin = (struct WeightsOrigin){options->seed, 1, 0};
  trainer->batch =
      options->hasBatch ? options->batch : trainer->training->batch;
  trainer->epochs =
      options->hasEpochs ? options->epochs : trainer->training->epochs;
  if (trainer->batch > trainer->training->batch)
    failUser("%lld for `--batch`, at most %lld is compiled",
             (long long)trainer->batch, (long long)trainer->training->batch);
  trainer->kept = allocate(trainer->program->slot_bytes, 1);
  initializeSlots(&trainer->machine);
  if (trainer->isFirst)
    openCheckpoint(trainer);
  planHistory(trainer);
  readCheckpoint(trainer);
  /* Nothing says when to stop, but how long it took with the folds. */
  if (isOnAllFolds(trainer) && trainer->training->patience > 0 &&
      !stopsEarly(trainer))
    trainer->epochs = meanEpochs(trainer->folds);
  if (options->weights && !trainer->isResumed)
    loadWeights(&trainer->machine, options->weights, &trainer->origin);
  if (options->hasSeed)
    trainer->origin.seed = options->seed;
  if (options->noShuffle)
    trainer->origin.isShuffled = 0;
  trainer->origin.fold = trainer->folds->left;
  trainer->machine.seed = trainer->origin.seed;
}

static void prepareData(struct Trainer *trainer) {
  struct Cut cut = {trainer->origin.seed, trainer->origin.isShuffled,
                    trainer->folds->left};
  trainer->dataset = loadDataset(
      &trainer->program->data[trainer->training->data], trainer->options, &cut);
  int32_t split = findSplit(&trainer->dataset, "train");
  if (split < 0)
    failInternal("the data `%s` has no split `train`",
                 trainer->dataset.description->name);
  trainer->split = trainer->dataset.splits[split];
  if (!trainer->split.count)
    failUser("split `train` of `%s` has no rows",
             trainer->dataset.description->name);
  if (stopsEarly(trainer)) {
    const struct Split *monitored =
        &trainer->dataset.splits[trainer->training->monitor_split];
    if (!monitored->count)
      failUser("split `%s` of `%s` has no rows, and its metrics decide when "
               "training ends",
               monitored->name, trainer->dataset.description->name);
  }
  /* Given weights come with the statistics that they were trained with. */
  if (!trainer->options->weights && !trainer->isResumed)
    fitFields(&trainer->machine, &trainer->dataset, split);
  preprocessFields(&trainer->machine, &trainer->dataset);
}

static void prepareSteps(struct Trainer *trainer) {
  const struct modelc_training *training = trainer->training;
  int64_t stepsPerEpoch =
      (trainer->split.count + trainer->batch - 1) / trainer->batch;
  int64_t steps = modelcMultiply(stepsPerEpoch, trainer->epochs);
  trainer->machine.steps = steps < 0 ? INT64_MAX : steps;
  prepareRowCall(&trainer->machine, training->step, &trainer->dataset, -1,
                 &trainer->step);
  trainer->hasPartial = training->step_partial >= 0;
  if (trainer->hasPartial)
    prepareRowCall(&trainer->machine, training->step_partial, &trainer->dataset,
                   -1, &trainer->partial);
  if (trainer->options->trapNan)
    prepareTrap(trainer);
  if (training->shuffle && trainer->origin.isShuffled)
    trainer->order = allocate(trainer->split.count, sizeof *trainer->order);
  prepareEvaluator(&trainer->machine, &trainer->dataset, &trainer->evaluator);
  trainer->metrics = allocate(training->metric_count, sizeof *trainer->metrics);
  trainer->at =
      (struct Position){.epoch = 1, .loss = NAN, .epochLoss = NAN, .best = NAN};
  trainer->progress.epochs = trainer->epochs;
  trainer->progress.examplesPerEpoch = trainer->split.count;
  trainer->progress.stepsPerEpoch = stepsPerEpoch;
}

/* Logs begin when nothing can be refused any more, so that a mistake costs no
 * log of an earlier run. */
static void startLogs(struct Trainer *trainer) {
  if (trainer->isResumed)
    applyCheckpoint(trainer);
  /* A log that the resumed run did not have begins with its next step. */
  if (!trainer->stepsLog.path && trainer->options->stepsLog) {
    startLog(&trainer->stepsLog, trainer->options->stepsLog);
    appendText(&trainer->stepsLog.buffer, "step,loss\n");
  }
  startCurves(trainer);
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
  if (!trainer->stepsLog.path)
    return;
  appendFormat(&trainer->stepsLog.buffer, "%lld,%.17g\n",
               (long long)trainer->at.step, trainer->at.loss);
  writeLog(&trainer->stepsLog, LogBuffer);
}

static void orderExamples(struct Trainer *trainer) {
  if (!trainer->order)
    return;
  modelcShuffle((uint64_t)trainer->origin.seed,
                epochStream + (uint64_t)trainer->at.epoch, trainer->split.count,
                trainer->order);
  for (int64_t i = 0; i < trainer->split.count; ++i)
    trainer->order[i] += trainer->split.first;
}

/* One step on the next examples of the epoch. */
static void runStep(struct Trainer *trainer) {
  struct Position *at = &trainer->at;
  int64_t rest = trainer->split.count - at->done;
  int64_t rows = rest < trainer->batch ? rest : trainer->batch;
  struct RowCall *call =
      trainer->options->trapNan ? &trainer->trap : chooseStep(trainer, rows);
  if (trainer->options->trapNan)
    setTrap(trainer);
  gatherRows(call, &trainer->dataset, trainer->order,
             trainer->order ? at->done : trainer->split.first + at->done, rows);
  invoke(&call->invocation, ++at->step);
  at->loss = lossOf(&call->invocation);
  logStep(trainer);
  at->done += rows;
  at->examples += rows;
  at->lossSum += at->loss * (double)rows;
}

/* The steps of the epoch that are left. */
static enum Outcome runEpoch(struct Trainer *trainer) {
  struct Position *at = &trainer->at;
  int64_t step = (at->done + trainer->batch - 1) / trainer->batch;
  orderExamples(trainer);
  startEpoch(&trainer->progress, at->epoch, step);
  while (at->done < trainer->split.count) {
    runStep(trainer);
    if (!isfinite(at->loss) ||
        (trainer->options->trapNan && !areParametersFinite(&trainer->machine)))
      return OutcomeDiverged;
    showStep(&trainer->progress, ++step, at->lossSum / (double)at->done);
    if (receivedSignal())
      return OutcomeInterrupted;
    if (at->done < trainer->split.count)
      offerCheckpoint(trainer, 0);
  }
  /* A last step can break the weights after its loss was computed. */
  return areParametersFinite(&trainer->machine) ? OutcomeCompleted
                                                : OutcomeDiverged;
}

/* Metrics of the validation split, and of the monitored one if that is another,
 * which is returned. `values` gets all of them. */
static double validate(struct Trainer *trainer, struct Text *shown,
                       double *values) {
  const struct modelc_training *training = trainer->training;
  double monitored = NAN;
  for (int32_t i = 0; i < trainer->dataset.description->split_count; ++i) {
    const struct Split *split = &trainer->dataset.splits[i];
    double *metrics = values;
    if (!isValidated(trainer, i))
      continue;
    values += training->metric_count;
    if (!split->count) /* nothing has no mean */
      continue;
    evaluateSplit(&trainer->evaluator, i, metrics);
    if (trainer->options->json) {
      appendText(shown, shown->length ? "," : "");
      appendMetricsJson(shown, trainer->program, split->name, metrics);
    } else {
      appendMetrics(shown, training, split->name, metrics);
    }
    if (stopsEarly(trainer) && training->monitor_split == i)
      monitored = metrics[training->monitor];
  }
  return monitored;
}

static void keepWeights(struct Trainer *trainer) {
  memcpy(trainer->kept, trainer->machine.slots,
         (size_t)trainer->program->slot_bytes);
  trainer->at.keptEpoch = trainer->at.epoch;
}

/* Keeps the weights if they are the best so far. */
static void compareEpoch(struct Trainer *trainer, double monitored) {
  const struct modelc_training *training = trainer->training;
  struct Position *at = &trainer->at;
  if (!stopsEarly(trainer)) {
    keepWeights(trainer);
    return;
  }
  /* A metric that is NaN is never better. */
  int isBetter = training->metrics[training->monitor].larger_is_better
                     ? monitored > at->best
                     : monitored < at->best;
  if (!at->keptEpoch ? !isnan(monitored) : isBetter) {
    at->best = monitored;
    keepWeights(trainer);
  }
}

static void endEpoch(struct Trainer *trainer, struct Text *shown) {
  struct Position *at = &trainer->at;
  double *row = addRow(&trainer->history, (double)time(0));
  at->epochLoss = at->lossSum / (double)at->done;
  row[0] = at->epochLoss;
  shown->length = 0;
  double monitored = validate(trainer, shown, row + 1);
  showEpoch(&trainer->progress, at->epochLoss, shown);
  showCurves(trainer);
  compareEpoch(trainer, monitored);
  ++at->epoch;
  at->done = 0;
  at->lossSum = 0;
}

/* Whether the epochs before this one were without improvement for too long. */
static int hasStopped(const struct Trainer *trainer) {
  return stopsEarly(trainer) && trainer->at.epoch - 1 - trainer->at.keptEpoch >=
                                    trainer->training->patience;
}

static enum Outcome runEpochs(struct Trainer *trainer) {
  struct Text shown = {0};
  enum Outcome outcome = OutcomeCompleted;
  trainer->progress.epoch = trainer->at.epoch - 1;
  while (outcome == OutcomeCompleted && trainer->at.epoch <= trainer->epochs) {
    if (hasStopped(trainer)) {
      outcome = OutcomeEarly;
      break;
    }
    outcome = runEpoch(trainer);
    if (outcome != OutcomeCompleted)
      break;
    endEpoch(trainer, &shown);
    offerCheckpoint(trainer, 1);
  }
  if (outcome == OutcomeCompleted && hasStopped(trainer))
    outcome = OutcomeEarly;
  freeText(&shown);
  return outcome;
}

static void freeTrainer(struct Trainer *trainer) {
  freeEvaluator(&trainer->evaluator);
  freeRowCall(&trainer->step);
  if (trainer->hasPartial)
    freeRowCall(&trainer->partial);
  if (trainer->options->trapNan)
    freeRowCall(&trainer->trap);
  freeDataset(&trainer->dataset);
  freeHistory(&trainer->history);
  free(trainer->order);
  free(trainer->kept);
  free(trainer->metrics);
  free(trainer->digests);
  free(trainer->checkpoint);
  freeMachine(&trainer->machine);
  freeText(&trainer->progress.line);
  freeText(&trainer->progress.metrics);
}

static int isOneOf(const struct modelc_file *files, int32_t count,
                   const char *path) {
  for (int32_t i = 0; i < count; ++i)
    if (isSameFile(path, files[i].path))
      return 1;
  return 0;
}

static void checkAgainstData(const struct modelc_data *data,
                             const struct Options *options, const char *option,
                             const char *path) {
  int isRead = (data->path && isSameFile(path, data->path)) ||
               isOneOf(data->files, data->file_count, path);
  for (int32_t i = 0; !isRead && i < data->split_count; ++i) {
    const struct modelc_split *split = &data->splits[i];
    isRead = (split->path && isSameFile(path, split->path)) ||
             isOneOf(split->files, split->file_count, path);
  }
  if (isRead)
    failUser("`%s` for `--%s` is the file of the data `%s`", path, option,
             data->name);
  for (int32_t i = 0; i < options->dataCount; ++i)
    if (isSameFile(path, options->data[i].path))
      failUser("`%s` for both `--data` and `--%s`", path, option);
}

/* A path that the run writes, and the option that names it. */
struct Written {
  const char *option, *path;
};

/* Refuses what would be read after it was overwritten, and files written twice.
 */
static void checkPaths(const struct Trainer *trainer) {
  const struct Options *options = trainer->options;
  const struct modelc_data *data =
      &trainer->program->data[trainer->training->data];
  const struct Written written[] = {{"output", trainer->output},
                                    {"checkpoint", trainer->checkpoint},
                                    {"steps-log", options->stepsLog},
                                    {"log", options->log},
                                    {"plot", options->plot}};
  enum { Count = sizeof written / sizeof *written };
  for (int i = 0; i < Count; ++i) {
    if (!written[i].path || !isFilePath(written[i].path))
      continue;
    for (int j = 0; j < i; ++j)
      if (written[j].path && isSameFile(written[i].path, written[j].path))
        failUser("`%s` for both `--%s` and `--%s`", written[i].path,
                 written[j].option, written[i].option);
    if (i && options->weights && isSameFile(written[i].path, options->weights))
      failUser("`%s` for both `--weights` and `--%s`", written[i].path,
               written[i].option);
    checkAgainstData(data, options, written[i].option, written[i].path);
  }
}

/* What a round writes: its logs are those of the weights that are kept. */
static struct Options optionsOfRound(const struct Options *options,
                                     const struct Folds *folds) {
  struct Options round = *options;
  if (isMeasured(folds))
    round.log = round.stepsLog = round.plot = round.tensorboard = 0;
  return round;
}

/* Refuses at once what could not be written in the end. */
static void checkOutputs(struct Trainer *trainer) {
  const struct Options *options = trainer->options;
  if (!strcmp(trainer->output, "-"))
    failUser(
        "`-` for `--output`, the path of a file for the weights is wanted");
  checkOutputPath(trainer->output);
  removeStaleOutput(trainer->output);
  planCheckpoints(trainer);
  checkPaths(trainer);
  const char *later[] = {options->plot,
                         trainer->folds->count ? options->log : 0,
                         trainer->folds->count ? options->stepsLog : 0};
  for (int i = 0; i < 3; ++i)
    if (later[i]) {
      checkOutputPath(later[i]);
      removeStaleOutput(later[i]);
    }
}

/* Trains once, on all folds but the one that is left out. */
static enum Outcome runRound(struct Trainer *trainer) {
  const struct Options *given = trainer->options;
  startProgress(&trainer->progress, trainer->program, given->json);
  checkOutputs(trainer);
  prepareMemory(trainer);
  struct Options options = optionsOfRound(given, trainer->folds);
  trainer->options = &options;
  prepareData(trainer);
  prepareSteps(trainer);
  startLogs(trainer);
  showStart(trainer);
  watchSignals();
  trainer->progress.fold = trainer->folds->left;
  trainer->progress.begin = now() - trainer->at.seconds;
  trainer->schedule.last = now();
  enum Outcome outcome = runEpochs(trainer);
  int isEnd = outcome == OutcomeInterrupted || outcome == OutcomeDiverged;
  if (isMeasured(trainer->folds) && !isEnd)
    finishFold(trainer);
  else
    finishTraining(trainer, outcome);
  freeTrainer(trainer);
  return outcome;
}

int runTrain(const struct modelc_program *program,
             const struct Options *options) {
  if (!program->training)
    failUser("the program has no `train`");
  struct Folds folds = planFolds(program, options);
  enum Outcome outcome;
  int isFirst = 1;
  do {
    struct Trainer trainer = {.program = program,
                              .training = program->training,
                              .options = options,
                              .folds = &folds,
                              .isFirst = isFirst};
    trainer.output =
        options->output ? options->output : weightsPath(program, 0);
    outcome = runRound(&trainer);
    isFirst = 0;
  } while (outcome != OutcomeInterrupted && nextRound(&folds));
  freeFolds(&folds);
  return outcome == OutcomeInterrupted ? 128 + receivedSignal() : ExitSuccess;
}
