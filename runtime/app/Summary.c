/* Summary.c: what a run of training says before its first epoch and after its
 * last, and what it leaves. */
#include "runtime/app/Summary.h"

#include <math.h>
#include <string.h>

#include "runtime/app/Checkpoint.h"
#include "runtime/app/Curves.h"
#include "runtime/app/Report.h"
#include "runtime/app/Trap.h"

static int64_t countParameters(const struct modelc_program *program) {
  int64_t count = 0;
  for (int32_t i = 0; i < program->slot_count; ++i)
    if (program->slots[i].kind == MODELC_SLOT_PARAMETER)
      count += program->slots[i].array.bytes /
               dtypeBytes(program->slots[i].array.dtype);
  return count;
}

static int hasOptimizerSlots(const struct modelc_program *program) {
  for (int32_t i = 0; i < program->slot_count; ++i)
    if (program->slots[i].kind == MODELC_SLOT_OPTIMIZER)
      return 1;
  return 0;
}

/* Where training begins, unless that is what is expected. */
static void appendBeginning(const struct Trainer *trainer, struct Text *text) {
  const struct Options *options = trainer->options;
  if (trainer->isResumed) {
    appendFormat(text, "resumed from `%s`: epoch %lld, %lld of %lld examples\n",
                 trainer->checkpoint, (long long)trainer->at.epoch,
                 (long long)trainer->at.done, (long long)trainer->split.count);
    return;
  }
  if (!trainer->isFirst)
    return;
  if (options->resume)
    appendFormat(text, "no checkpoint `%s`, training begins anew\n",
                 trainer->checkpoint);
  if (options->weights)
    appendFormat(text, "weights of `%s`%s\n", options->weights,
                 hasOptimizerSlots(trainer->program)
                     ? "; the optimizer begins anew"
                     : "");
  if (!options->resume && hasOldCheckpoint(trainer))
    appendFormat(text,
                 "training begins anew and will replace `%s`; `--resume` goes "
                 "on from it\n",
                 trainer->checkpoint);
}

static void appendBeginningJson(const struct Trainer *trainer,
                                struct Text *text) {
  if (!trainer->options->resume || !trainer->isFirst)
    return;
  appendText(text, "{\"event\":\"resume\",\"checkpoint\":");
  if (trainer->isResumed)
    appendJsonString(text, trainer->checkpoint);
  else
    appendText(text, "null");
  appendFormat(text, ",\"epoch\":%lld,\"examples\":%lld,\"steps\":%lld}\n",
               (long long)trainer->at.epoch, (long long)trainer->at.done,
               (long long)trainer->at.step);
}

/* Which fold is left out. */
static void appendRound(struct Text *text, const struct Folds *folds) {
  if (folds->left)
    appendFormat(text, "fold %d of %d\n", folds->left, folds->count);
  else if (folds->count)
    appendText(text, "all folds\n");
}

void showStart(struct Trainer *trainer) {
  struct Text text = {0};
  if (trainer->options->json) {
    appendBeginningJson(trainer, &text);
  } else {
    appendRound(&text, trainer->folds);
    appendFormat(&text, "%s: %lld parameters, %lld rows (",
                 trainer->program->name,
                 (long long)countParameters(trainer->program),
                 (long long)trainer->dataset.rows);
    for (int32_t i = 0; i < trainer->dataset.description->split_count; ++i)
      appendFormat(&text, "%s%s %lld", i ? ", " : "",
                   trainer->dataset.splits[i].name,
                   (long long)trainer->dataset.splits[i].count);
    appendFormat(&text, "), batch %lld, %lld epochs\n",
                 (long long)trainer->batch, (long long)trainer->epochs);
    appendBeginning(trainer, &text);
  }
  if (text.length)
    printText(&text);
  freeText(&text);
}

static void restoreWeights(struct Trainer *trainer) {
  memcpy(trainer->machine.slots, trainer->kept,
         (size_t)trainer->program->slot_bytes);
}

/* The loss or a weight is not finite: the weights are those of the last good
 * epoch, if there is one. */
static _Noreturn void failDiverged(struct Trainer *trainer) {
  struct Text text = {0};
  const struct Position *at = &trainer->at;
  const char *what = isfinite(at->loss) ? "a weight is not finite"
                     : isnan(at->loss)  ? "the loss is not a number"
                                        : "the loss is infinite";
  appendFormat(&text, "%s %s step %lld of epoch %lld", what,
               isfinite(at->loss) ? "after" : "at", (long long)at->step,
               (long long)at->epoch);
  appendTrap(&text, trainer);
  appendText(&text, "; ");
  if (at->keptEpoch && !isMeasured(trainer->folds)) {
    restoreWeights(trainer);
    saveWeights(&trainer->machine, trainer->output, &trainer->origin);
    appendFormat(&text, "`%s` has the weights of epoch %lld", trainer->output,
                 (long long)at->keptEpoch);
  } else {
    appendText(&text, "no weights are written");
  }
  failUser("%s; try a smaller learning rate", text.data);
}

/* Epochs that were begun. */
static int64_t countEpochs(const struct Trainer *trainer) {
  return trainer->at.epoch - (trainer->at.done == 0);
}

static int hasBest(const struct Trainer *trainer) {
  return stopsEarly(trainer) && trainer->at.keptEpoch;
}

/* Zero of a run without steps. */
static double examplesPerSecond(const struct Trainer *trainer, double seconds) {
  return trainer->at.examples && seconds > 0
             ? (double)trainer->at.examples / seconds
             : 0;
}

/* Whether each fold was left out once, and then none. */
static int hasAllFolds(const struct Trainer *trainer, enum Outcome outcome) {
  return trainer->folds->count && !trainer->folds->left &&
         outcome != OutcomeInterrupted;
}

static void appendSummaryJson(const struct Trainer *trainer, struct Text *text,
                              enum Outcome outcome, double seconds,
                              const struct Text *test) {
  static const char *const outcomes[] = {"completed", "stopped_early",
                                         "interrupted"};
  int digits = digitsOfProgram(trainer->program);
  appendFormat(
      text,
      "{\"event\":\"end\",\"outcome\":\"%s\",\"epochs\":%lld,\"steps\":%lld,",
      outcomes[outcome], (long long)countEpochs(trainer),
      (long long)trainer->at.step);
  if (hasBest(trainer)) {
    appendFormat(text, "\"best_epoch\":%lld,\"best\":",
                 (long long)trainer->at.keptEpoch);
    appendJsonNumber(text, trainer->at.best, digits);
    appendText(text, ",");
  }
  appendFormat(text, "\"seconds\":%.6f,\"examples_per_second\":%.0f,\"loss\":",
               seconds, examplesPerSecond(trainer, seconds));
  appendJsonNumber(text, trainer->at.epochLoss, digits);
  appendText(text, ",\"step_loss\":");
  appendJsonNumber(text, trainer->at.loss, digits);
  if (test->length) {
    appendText(text, ",");
    appendBytes(text, test->data, test->length);
  }
  if (hasAllFolds(trainer, outcome)) {
    appendText(text, ",");
    appendFoldsJson(text, trainer->folds, trainer->program);
  }
  appendText(text, ",\"weights\":");
  if (isMeasured(trainer->folds))
    appendText(text, "null");
  else
    appendJsonString(text, trainer->output);
  if (outcome == OutcomeInterrupted && trainer->checkpoint) {
    appendText(text, ",\"checkpoint\":");
    appendJsonString(text, trainer->checkpoint);
  }
  appendText(text, "}\n");
}

static void appendSummary(const struct Trainer *trainer, struct Text *text,
                          enum Outcome outcome, double seconds,
                          const struct Text *test) {
  static const char *const outcomes[] = {"trained", "stopped early after",
                                         "interrupted in"};
  const struct modelc_training *training = trainer->training;
  appendFormat(text, "%s %s%lld%s, %lld steps in %.3f s, %.0f examples/s\n",
               outcomes[outcome], outcome == OutcomeInterrupted ? "epoch " : "",
               (long long)countEpochs(trainer),
               outcome == OutcomeInterrupted ? "" : " epochs",
               (long long)trainer->at.step, seconds,
               examplesPerSecond(trainer, seconds));
  if (hasBest(trainer))
    appendFormat(text, "best: epoch %lld with %s.%s %.6g; %s\n",
                 (long long)trainer->at.keptEpoch,
                 trainer->dataset.splits[training->monitor_split].name,
                 training->metrics[training->monitor].name, trainer->at.best,
                 "the weights are those of this epoch");
  if (test->length)
    appendFormat(text, "%s\n", test->data + 2);
  if (hasAllFolds(trainer, outcome))
    appendFolds(text, trainer->folds, training);
  if (!isMeasured(trainer->folds))
    appendFormat(text, "weights: %s\n", trainer->output);
  if (outcome == OutcomeInterrupted && trainer->checkpoint)
    appendFormat(text, "checkpoint: %s; `train --resume` goes on from it\n",
                 trainer->checkpoint);
}

/* Metrics of the test split, as text or JSON; nothing where the run was cut
 * short or the split is empty. */
static void evaluateTest(struct Trainer *trainer, enum Outcome outcome,
                         struct Text *text) {
  int32_t split = findSplit(&trainer->dataset, "test");
  if (split < 0 || !trainer->evaluator.isPresent ||
      !trainer->dataset.splits[split].count || outcome == OutcomeInterrupted)
    return;
  evaluateSplit(&trainer->evaluator, split, trainer->metrics);
  if (trainer->options->json)
    appendMetricsJson(text, trainer->program, "test", trainer->metrics);
  else
    appendMetrics(text, trainer->training, "test", trainer->metrics);
}

/* The checkpoint comes first: whatever happens then, it is there to go on from.
 */
static void writeResults(struct Trainer *trainer, enum Outcome outcome) {
  int isKept = outcome == OutcomeInterrupted || trainer->options->checkpoint;
  if (trainer->checkpoint && isKept)
    writeCheckpoint(trainer);
  if (hasBest(trainer))
    restoreWeights(trainer);
  if (!isMeasured(trainer->folds))
    saveWeights(&trainer->machine, trainer->output, &trainer->origin);
  closeLog(&trainer->stepsLog);
  finishCurves(trainer);
  if (!isKept)
    removeCheckpoint(trainer);
}

void finishTraining(struct Trainer *trainer, enum Outcome outcome) {
  double seconds = now() - trainer->progress.begin;
  struct Text text = {0}, test = {0};
  if (outcome == OutcomeDiverged) {
    closeLog(&trainer->stepsLog);
    finishCurves(trainer);
    failDiverged(trainer);
  }
  writeResults(trainer, outcome);
  evaluateTest(trainer, outcome, &test);
  if (trainer->progress.isTerminal)
    appendText(&text, "\r\033[K");
  if (trainer->options->json)
    appendSummaryJson(trainer, &text, outcome, seconds, &test);
  else
    appendSummary(trainer, &text, outcome, seconds, &test);
  setLineOpen(0);
  printText(&text);
  freeText(&text);
  freeText(&test);
}

void finishFold(struct Trainer *trainer) {
  int32_t split = findSplit(&trainer->dataset, "valid");
  double *results = resultsOfFold(trainer->folds);
  struct Text text = {0};
  if (hasBest(trainer))
    restoreWeights(trainer);
  results[0] =
      (double)(hasBest(trainer) ? trainer->at.keptEpoch : countEpochs(trainer));
  if (split >= 0 && trainer->evaluator.isPresent)
    evaluateSplit(&trainer->evaluator, split, results + 1);
  if (trainer->options->json) {
    appendFormat(&text, "{\"event\":\"fold\",\"fold\":%d,\"epochs\":%lld,",
                 trainer->folds->left, (long long)countEpochs(trainer));
    appendMetricsJson(&text, trainer->program, "valid", results + 1);
    appendText(&text, "}\n");
  } else {
    appendText(&text, trainer->progress.isTerminal ? "\r\033[K" : "");
    appendFormat(&text, "fold %d of %d: %lld epochs", trainer->folds->left,
                 trainer->folds->count, (long long)countEpochs(trainer));
    appendMetrics(&text, trainer->training, "valid", results + 1);
    appendText(&text, "\n");
  }
  setLineOpen(0);
  printText(&text);
  freeText(&text);
}
