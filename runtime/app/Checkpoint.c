/* Checkpoint.c: files from which a run of training goes on, bit for bit: a
 * safetensors file of the slots, the weights to go back to and the history,
 * whose metadata says where the run was and what must not change. */
#include "runtime/app/Checkpoint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/app/Number.h"
#include "runtime/app/Report.h"

/* What training changes or init made; metrics begin anew with each pass. */
enum { RunKinds = WeightKinds | 1 << MODELC_SLOT_OPTIMIZER };

/* Writing may take a twentieth of the time. */
static const double longestShare = 0.05;

static void parseSchedule(struct Schedule *schedule, const char *text) {
  int64_t length = (int64_t)strlen(text);
  double seconds;
  if (length && text[length - 1] == 's') {
    if (parseNumber(text, length - 1, &seconds) && seconds >= 0) {
      schedule->seconds = seconds;
      return;
    }
  } else if (parseInteger(text, length, &schedule->steps) &&
             schedule->steps >= 0) {
    schedule->seconds = 0;
    return;
  }
  failUser("`%s` for `--checkpoint-every`, steps such as `500` or seconds such "
           "as `30s` are wanted",
           text);
}

/* Beside the weights; none where these go to a device. */
static char *besideWeights(const char *output) {
  static const char ending[] = ".safetensors";
  int64_t length = (int64_t)strlen(output);
  int64_t base = length - (int64_t)sizeof ending + 1;
  struct Text path = {0};
  if (!isFilePath(output))
    return 0;
  appendBytes(&path, output,
              base > 0 && !strcmp(output + base, ending) ? base : length);
  appendText(&path, ".checkpoint");
  return path.data;
}

void planCheckpoints(struct Trainer *trainer) {
  const struct Options *options = trainer->options;
  trainer->schedule = (struct Schedule){.seconds = 10};
  if (options->checkpointEvery)
    parseSchedule(&trainer->schedule, options->checkpointEvery);
  trainer->checkpoint = options->checkpoint ? copyText(options->checkpoint)
                                            : besideWeights(trainer->output);
  if (trainer->options->resume && !trainer->checkpoint)
    failUser("`--resume` wants `--checkpoint FILE` where the weights go to no "
             "file");
  if (options->checkpoint && !isFilePath(options->checkpoint))
    failUser("`%s` for `--checkpoint`, the path of a file is wanted",
             options->checkpoint);
  if (!trainer->checkpoint)
    return;
  checkOutputPath(trainer->checkpoint);
  removeStaleOutput(trainer->checkpoint);
}

static _Noreturn void refuseFile(const struct Trainer *trainer,
                                 const char *key) {
  failUser("`%s` is not a checkpoint: it lacks `%s`", trainer->checkpoint, key);
}

static const char *textOf(const struct Trainer *trainer, const char *key) {
  const char *text = findMetadata(&trainer->resumed, key);
  if (!text)
    refuseFile(trainer, key);
  return text;
}

static int64_t integerOf(const struct Trainer *trainer, const char *key,
                         int64_t low, int64_t high) {
  const char *text = textOf(trainer, key);
  int64_t value;
  if (!parseInteger(text, (int64_t)strlen(text), &value))
    refuseFile(trainer, key);
  if (value != low && low == high)
    failUser("`%s` has %lld for `%s`, %lld is wanted", trainer->checkpoint,
             (long long)value, key, (long long)low);
  if (value < low || value > high)
    failUser("`%s` has %lld for `%s`, %lld to %lld is wanted",
             trainer->checkpoint, (long long)value, key, (long long)low,
             (long long)high);
  return value;
}

/* Also what is not a number, as strtod reads it. */
static double numberOf(const struct Trainer *trainer, const char *key) {
  const char *text = textOf(trainer, key);
  char *end;
  double value = strtod(text, &end);
  if (end == text || *end)
    refuseFile(trainer, key);
  return value;
}

/* Adds a line if the checkpoint says something else than the program. */
static void compareText(const struct Trainer *trainer, struct Text *differences,
                        const char *key, const char *wanted) {
  const char *found = findMetadata(&trainer->resumed, key);
  if (!found || strcmp(found, wanted))
    appendFormat(differences, "\n  %s: %s in the checkpoint, %s now", key,
                 found ? found : "nothing", wanted);
}

static void compareInteger(const struct Trainer *trainer,
                           struct Text *differences, const char *key,
                           int64_t wanted) {
  char text[24];
  snprintf(text, sizeof text, "%lld", (long long)wanted);
  compareText(trainer, differences, key, text);
}

static void failDifferences(const struct Trainer *trainer,
                            const struct Text *differences) {
  if (differences->length)
    failUser("`%s` is the checkpoint of another run:%s", trainer->checkpoint,
             differences->data);
}

static const char *roundsOf(const struct Folds *folds) {
  return folds->isOnly ? "one" : "all";
}

/* What the program and the command line say. */
static void compareRun(const struct Trainer *trainer) {
  const struct modelc_program *program = trainer->program;
  const struct Options *options = trainer->options;
  struct Text differences = {0};
  compareText(trainer, &differences, "model", program->name);
  compareText(trainer, &differences, "source_hash", program->source_hash);
  if (options->hasBatch)
    compareInteger(trainer, &differences, "batch", options->batch);
  if (options->hasSeed)
    compareInteger(trainer, &differences, "seed", options->seed);
  if (options->noShuffle)
    compareInteger(trainer, &differences, "shuffle", 0);
  if (trainer->folds->count)
    compareText(trainer, &differences, "rounds", roundsOf(trainer->folds));
  if (trainer->folds->isOnly)
    compareInteger(trainer, &differences, "fold", trainer->folds->left);
  failDifferences(trainer, &differences);
  /* The same source compiled otherwise rounds otherwise, which may be meant. */
  compareText(trainer, &differences, "compiler", program->compiler);
  compareText(trainer, &differences, "target", program->target);
  compareInteger(trainer, &differences, "optimization", program->optimization);
  if (differences.length)
    warn("`%s` was made by a program that was compiled otherwise, so the last "
         "bits of numbers may differ:%s",
         trainer->checkpoint, differences.data);
  freeText(&differences);
}

static void addHistory(struct TensorList *list, const struct History *history) {
  struct Tensor values = {copyText("history/values"),
                          {MODELC_F64,
                           2,
                           {history->rows, history->columns},
                           history->rows * history->columns,
                           history->values}};
  struct Tensor times = {
      copyText("history/times"),
      {MODELC_F64, 1, {history->rows}, history->rows, history->times}};
  addTensor(list, values);
  addTensor(list, times);
}

static void addFolds(struct TensorList *list, const struct Folds *folds) {
  struct Tensor results = {copyText("folds/results"),
                           {MODELC_F64,
                            2,
                            {folds->count, 1 + folds->metricCount},
                            (int64_t)folds->count * (1 + folds->metricCount),
                            folds->results}};
  addTensor(list, results);
}

/* The weights to go back to are those of the slots where an epoch has just
 * ended with them. */
static int keepsOthers(const struct Trainer *trainer) {
  return trainer->at.keptEpoch &&
         (trainer->at.done || trainer->at.keptEpoch != trainer->at.epoch - 1);
}

static void listTensors(struct Trainer *trainer, int hasKept,
                        struct TensorList *list) {
  addSlots(list, trainer->program, trainer->machine.slots, RunKinds, "");
  if (hasKept)
    addSlots(list, trainer->program, trainer->kept, WeightKinds, "kept/");
  addHistory(list, &trainer->history);
  if (trainer->folds->count)
    addFolds(list, trainer->folds);
}

static void readSlots(struct Trainer *trainer) {
  const struct Tensor *times = findTensor(&trainer->resumed, "history/times");
  struct TensorList list = {0};
  if (!times || times->array.rank != 1)
    refuseFile(trainer, "history/times");
  while (trainer->history.rows < times->array.extents[0])
    addRow(&trainer->history, 0);
  listTensors(trainer, (int)integerOf(trainer, "kept", 0, 1), &list);
  checkTensors(&trainer->resumed, &list, "arrays");
  copyTensors(&trainer->resumed, &list);
  freeTensors(&list);
}

void openCheckpoint(struct Trainer *trainer) {
  const struct Options *options = trainer->options;
  if (!options->resume || access(trainer->checkpoint, F_OK) != 0)
    return;
  trainer->resumed = readSafetensors(readFile(trainer->checkpoint));
  textOf(trainer, "checkpoint");
  compareRun(trainer);
  if (trainer->folds->count && !trainer->folds->isOnly)
    trainer->folds->left =
        findMetadata(&trainer->resumed, "fold")
            ? (int32_t)integerOf(trainer, "fold", 1, trainer->folds->count)
            : 0;
  trainer->isResumed = 1;
}

/* Folds that are done have a number of epochs. */
static void checkFolds(const struct Trainer *trainer) {
  const struct Folds *folds = trainer->folds;
  int32_t done = folds->isOnly ? 0
                 : folds->left ? folds->left - 1
                               : folds->count;
  for (int32_t i = 0; i < done; ++i) {
    double epochs = folds->results[(int64_t)i * (1 + folds->metricCount)];
    if (!(epochs >= 0 && epochs <= 0x1p53 && epochs == (double)(int64_t)epochs))
      failUser("`%s` has %g epochs for fold %d, 0 to 2^53 is wanted",
               trainer->checkpoint, epochs, i + 1);
  }
}

void readCheckpoint(struct Trainer *trainer) {
  if (!trainer->isResumed)
    return;
  readSlots(trainer);
  checkFolds(trainer);
  readOrigin(&trainer->machine, &trainer->resumed, &trainer->origin);
  trainer->batch = integerOf(trainer, "batch", 1, trainer->training->batch);
  if (!trainer->options->hasEpochs)
    trainer->epochs = integerOf(trainer, "epochs", 0, INT64_MAX);
}

/* A digest that tells files apart that are not made to deceive: words are mixed
 * in by multiplications with odd constants (those of SplitMix64, by Steele, Lea
 * and Flood, 2014). */
static uint64_t digestBytes(const char *data, int64_t bytes) {
  uint64_t digest = (uint64_t)bytes;
  for (int64_t i = 0; i < bytes; i += 8) {
    uint64_t word = 0;
    memcpy(&word, data + i, bytes - i < 8 ? (size_t)(bytes - i) : 8);
    digest = (digest ^ word) * 0xbf58476d1ce4e5b9u;
    digest ^= digest >> 29;
  }
  return digest * 0x94d049bb133111ebu;
}

static uint64_t digestOf(struct Trainer *trainer, int32_t field) {
  const struct Dataset *dataset = &trainer->dataset;
  if (!trainer->digests) {
    int32_t count = dataset->description->field_count;
    trainer->digests = allocate(count, sizeof *trainer->digests);
    for (int32_t i = 0; i < count; ++i) {
      /* Of windows, which overlap, the rows that they are made of. */
      const struct Rows *rows = &dataset->fields[i];
      trainer->digests[i] = digestBytes(
          rows->memory ? rows->memory : rows->data,
          dataset->rows * (rows->stride ? rows->stride : rows->bytes));
    }
  }
  return trainer->digests[field];
}

/* Calls `visit` with each fact about the data that must not change. */
static void describeData(struct Trainer *trainer,
                         void (*visit)(const struct Trainer *, void *,
                                       const char *, const char *),
                         void *context) {
  const struct modelc_data *data = trainer->dataset.description;
  char key[160], value[64];
  for (int32_t i = 0; i < data->split_count; ++i) {
    snprintf(key, sizeof key, "rows of split %s", data->splits[i].name);
    snprintf(value, sizeof value, "%lld",
             (long long)trainer->dataset.splits[i].count);
    visit(trainer, context, key, value);
  }
  for (int32_t i = 0; i < data->field_count; ++i) {
    snprintf(key, sizeof key, "digest of field %s", data->fields[i].name);
    snprintf(value, sizeof value, "%016llx",
             (unsigned long long)digestOf(trainer, i));
    visit(trainer, context, key, value);
  }
}

static void compareFact(const struct Trainer *trainer, void *differences,
                        const char *key, const char *value) {
  compareText(trainer, differences, key, value);
}

static void addFact(const struct Trainer *trainer, void *metadata,
                    const char *key, const char *value) {
  (void)trainer;
  addMetadata(metadata, key, "%s", value);
}

static void readPosition(struct Trainer *trainer) {
  struct Position *at = &trainer->at;
  at->epoch = trainer->history.rows + 1;
  at->done = integerOf(trainer, "done", 0, trainer->split.count);
  if (at->done % trainer->batch && at->done < trainer->split.count)
    failUser("`%s` has %lld for `done`, which ends within a batch of %lld",
             trainer->checkpoint, (long long)at->done,
             (long long)trainer->batch);
  /* The epoch and what is done of it say the rest. */
  int64_t examples = trainer->history.rows * trainer->split.count + at->done;
  int64_t steps = trainer->history.rows * trainer->progress.stepsPerEpoch +
                  (at->done + trainer->batch - 1) / trainer->batch;
  at->step = integerOf(trainer, "step", steps, steps);
  at->examples = integerOf(trainer, "examples", examples, examples);
  at->keptEpoch = integerOf(trainer, "kept_epoch", 0, trainer->history.rows);
  at->lossSum = numberOf(trainer, "loss_sum");
  at->loss = numberOf(trainer, "loss");
  at->epochLoss = numberOf(trainer, "epoch_loss");
  at->best = numberOf(trainer, "best");
  at->seconds = numberOf(trainer, "seconds");
  if (trainer->epochs < at->epoch - (at->done == 0))
    failUser("%lld for `--epochs`, the checkpoint `%s` is in epoch %lld",
             (long long)trainer->epochs, trainer->checkpoint,
             (long long)at->epoch);
}

void applyCheckpoint(struct Trainer *trainer) {
  struct Text differences = {0};
  if (!trainer->isResumed)
    return;
  describeData(trainer, compareFact, &differences);
  failDifferences(trainer, &differences);
  readPosition(trainer);
  if (!keepsOthers(trainer))
    memcpy(trainer->kept, trainer->machine.slots,
           (size_t)trainer->program->slot_bytes);
  trainer->schedule.lastStep = trainer->at.step;
  int64_t length = integerOf(trainer, "steps_log", -1, INT64_MAX);
  if (length >= 0)
    continueLog(&trainer->stepsLog, trainer->options->stepsLog, length);
  freeTensorFile(&trainer->resumed);
}

static void describeRun(struct Trainer *trainer, struct PairList *list) {
  const struct modelc_program *program = trainer->program;
  const struct Position *at = &trainer->at;
  addMetadata(list, "checkpoint", "1");
  addOrigin(list, &trainer->machine, &trainer->origin);
  addMetadata(list, "target", "%s", program->target);
  addMetadata(list, "optimization", "%u", program->optimization);
  addMetadata(list, "batch", "%lld", (long long)trainer->batch);
  addMetadata(list, "epochs", "%lld", (long long)trainer->epochs);
  if (trainer->folds->count)
    addMetadata(list, "rounds", "%s", roundsOf(trainer->folds));
  describeData(trainer, addFact, list);
  addMetadata(list, "done", "%lld", (long long)at->done);
  addMetadata(list, "step", "%lld", (long long)at->step);
  addMetadata(list, "examples", "%lld", (long long)at->examples);
  addMetadata(list, "kept", "%d", keepsOthers(trainer));
  addMetadata(list, "kept_epoch", "%lld", (long long)at->keptEpoch);
  addMetadata(list, "loss_sum", "%.17g", at->lossSum);
  addMetadata(list, "loss", "%.17g", at->loss);
  addMetadata(list, "epoch_loss", "%.17g", at->epochLoss);
  addMetadata(list, "best", "%.17g", at->best);
  addMetadata(list, "seconds", "%.17g", now() - trainer->progress.begin);
  addMetadata(list, "steps_log", "%lld",
              trainer->stepsLog.path ? (long long)trainer->stepsLog.length
                                     : -1ll);
}

/* The number of the error, or 0. */
static int tryCheckpoint(struct Trainer *trainer) {
  double begin = now();
  struct PairList metadata = {0};
  struct TensorList list = {0};
  struct OutputFile output;
  synchronizeLog(&trainer->stepsLog);
  describeRun(trainer, &metadata);
  listTensors(trainer, keepsOthers(trainer), &list);
  openTolerantOutput(&output, trainer->checkpoint);
  writeSafetensors(&output, metadata.pairs, metadata.count, list.tensors,
                   list.count);
  int problem = commitOutput(&output);
  freePairs(&metadata);
  freeTensors(&list);
  trainer->schedule.last = now();
  trainer->schedule.cost = trainer->schedule.last - begin;
  trainer->schedule.lastStep = trainer->at.step;
  trainer->schedule.isWritten |= !problem;
  return problem;
}

static int isDue(const struct Trainer *trainer, int isEpochEnd) {
  const struct Schedule *schedule = &trainer->schedule;
  if (!trainer->checkpoint)
    return 0;
  if (schedule->steps)
    return trainer->at.step - schedule->lastStep >= schedule->steps;
  if (schedule->seconds <= 0)
    return 0;
  double age = now() - schedule->last;
  double wanted = isEpochEnd && schedule->seconds > 1 ? 1 : schedule->seconds;
  return age >= wanted && schedule->cost <= longestShare * age;
}

void offerCheckpoint(struct Trainer *trainer, int isEpochEnd) {
  if (!isDue(trainer, isEpochEnd))
    return;
  /* A run that has diverged and does not know it yet keeps the last good one.
   */
  if (!areParametersFinite(&trainer->machine))
    return;
  int problem = tryCheckpoint(trainer);
  if (problem && !trainer->schedule.hasWarned) {
    warn("cannot write `%s`: %s; training goes on", trainer->checkpoint,
         strerror(problem));
    trainer->schedule.hasWarned = 1;
  }
}

void writeCheckpoint(struct Trainer *trainer) {
  int problem = tryCheckpoint(trainer);
  if (problem)
    failUser("cannot write `%s`: %s", trainer->checkpoint, strerror(problem));
}

int hasOldCheckpoint(const struct Trainer *trainer) {
  return trainer->checkpoint && access(trainer->checkpoint, F_OK) == 0;
}

void removeCheckpoint(const struct Trainer *trainer) {
  if (trainer->checkpoint && unlink(trainer->checkpoint) != 0 &&
      errno != ENOENT)
    warn("cannot remove `%s`: %s", trainer->checkpoint, strerror(errno));
}
