/* Main.c: the program that `modelc check-gradients` makes and runs: it compares
 * the gradient of each trained loss by each parameter with differences. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/app/Array.h"
#include "runtime/app/Data.h"
#include "runtime/app/Load.h"
#include "runtime/app/Machine.h"
#include "runtime/app/Number.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"
#include "runtime/check/Differences.h"
#include "runtime/core/Check.h"
#include "runtime/core/Random.h"

/* The stream of random numbers that says which elements are looked at. */
static const uint64_t sampleStream = 5ull << 59;

/* A loss as a function of one element of one parameter. */
struct Loss {
  struct RowCall call, gradient;
  double value; /* at the weights as they are */
};

struct Checker {
  const struct modelc_program *program;
  struct Options options;
  struct Machine machine;
  struct Dataset dataset;
  int64_t first, rows; /* of the batch */
  int64_t elements;    /* how many of a parameter are looked at */
};

/* What is found of one parameter. */
struct Finding {
  const struct modelc_slot *slot;
  int64_t count, checked, kinks, wrong;
  double worst;
  int64_t worstElement; /* of those that differ */
  double gradient, difference;
};

//===----------------------------------------------------------------------===//
// The command line
//===----------------------------------------------------------------------===//

static int64_t integerOf(const char *option, const char *value) {
  int64_t number;
  if (!parseInteger(value, (int64_t)strlen(value), &number))
    failUser("`%s` for `%s`, an integer is wanted", value, option);
  return number;
}

/* modelc passes on what it was given, each option with its value behind it. */
static void readArguments(struct Checker *checker, int count, char **words) {
  const struct modelc_program *program = checker->program;
  struct Options *options = &checker->options;
  options->seed = program->training->seed;
  options->hypers = allocate(program->hyper_count, sizeof *options->hypers);
  options->hasHyper = allocate(program->hyper_count, 1);
  options->data = allocate(count, sizeof *options->data);
  for (int32_t i = 0; i < program->hyper_count; ++i)
    options->hypers[i] = program->hypers[i].value;
  for (int i = 1; i + 1 < count; i += 2) {
    char *value = words[i + 1];
    if (!strcmp(words[i], "--seed")) {
      options->seed = integerOf(words[i], value);
    } else if (!strcmp(words[i], "--elements")) {
      checker->elements = integerOf(words[i], value);
    } else if (!strcmp(words[i], "--data")) {
      char *equals = strchr(value, '=');
      if (equals)
        *equals = 0;
      options->data[options->dataCount++] =
          equals ? (struct NamedPath){value, equals + 1}
                 : (struct NamedPath){0, value};
    } else {
      failInternal("the check has no option `%s`", words[i]);
    }
  }
}

//===----------------------------------------------------------------------===//
// The batch
//===----------------------------------------------------------------------===//

/* The same fields, made at random: enough rows for a batch of windows. */
static struct modelc_data *randomData(const struct modelc_data *written,
                                      const struct modelc_training *training,
                                      int64_t seed) {
  static const struct modelc_split whole = {.name = "train", .share = 1};
  struct modelc_data *data = allocate(1, sizeof *data);
  int64_t span = 1;
  for (int32_t i = 0; i < written->field_count; ++i)
    span += written->fields[i].window + written->fields[i].ahead;
  *data = (struct modelc_data){.name = written->name,
                               .format = "random",
                               .fields = written->fields,
                               .field_count = written->field_count,
                               .splits = &whole,
                               .split_count = 1,
                               .rows = training->batch + span,
                               .seed = seed};
  return data;
}

static void prepareBatch(struct Checker *checker) {
  const struct modelc_training *training = checker->program->training;
  const struct modelc_data *data = &checker->program->data[training->data];
  if (!checker->options.dataCount &&
      !areSourcesThere(data, &checker->options)) {
    warn("the data `%s` is not there, its rows are made at random", data->name);
    data = randomData(data, training, checker->options.seed);
  }
  struct Cut cut = {checker->options.seed, .isShuffled = 1};
  checker->dataset = loadDataset(data, &checker->options, &cut);
  int32_t split = findSplit(&checker->dataset, "train");
  if (split < 0 || !checker->dataset.splits[split].count)
    failUser("split `train` of `%s` has no rows", data->name);
  fitFields(&checker->machine, &checker->dataset, split);
  preprocessFields(&checker->machine, &checker->dataset);
  checker->first = checker->dataset.splits[split].first;
  checker->rows = checker->dataset.splits[split].count;
  if (checker->rows > training->batch)
    checker->rows = training->batch;
}

//===----------------------------------------------------------------------===//
// Losses
//===----------------------------------------------------------------------===//

/* The entry `check.loss.0`, or -1. */
static int32_t findCheck(const struct modelc_program *program, const char *what,
                         int32_t number) {
  struct Text name = {0};
  appendFormat(&name, "check.%s.%d", what, number);
  int32_t found = -1;
  for (int32_t i = 0; i < program->entry_count; ++i)
    if (!strcmp(program->entries[i].name, name.data))
      found = i;
  freeText(&name);
  return found;
}

/* Both calls have the loss as their first output. */
static void prepareCall(struct Checker *checker, int32_t entry,
                        struct RowCall *call) {
  prepareRowCall(&checker->machine, entry, &checker->dataset, -1, call);
  gatherRows(call, &checker->dataset, 0, checker->first, checker->rows);
}

static double lossOf(struct RowCall *call) {
  invoke(&call->invocation, 1);
  return scalarOutput(&call->invocation, 0);
}

static void prepareLoss(struct Checker *checker, int32_t number,
                        struct Loss *loss) {
  prepareCall(checker, findCheck(checker->program, "loss", number),
              &loss->call);
  prepareCall(checker, findCheck(checker->program, "gradient", number),
              &loss->gradient);
  loss->value = lossOf(&loss->call);
  double again = lossOf(&loss->gradient);
  if (!isfinite(loss->value))
    failUser("the loss is %g at the initial weights", loss->value);
  if (fabs(again - loss->value) > 1e-9 * (1 + fabs(loss->value)))
    failInternal("the loss is %.17g, and %.17g beside its gradient",
                 loss->value, again);
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

struct Element {
  struct Loss *loss;
  double *place;
};

static double lossAt(void *context, double x) {
  struct Element *element = context;
  double kept = *element->place;
  *element->place = x;
  double loss = lossOf(&element->loss->call);
  *element->place = kept;
  return loss;
}

/* Element number `index` of the sample: one of each of equal shares, so that
 * none comes twice. */
static int64_t sampledElement(const struct Checker *checker, int64_t count,
                              int64_t wanted, int64_t index) {
  if (wanted == count)
    return index;
  int64_t first = index * count / wanted, next = (index + 1) * count / wanted;
  return first + (int64_t)modelcRandomBelow((uint64_t)checker->options.seed,
                                            sampleStream, (uint64_t)index,
                                            (uint64_t)(next - first));
}

static void compareElement(struct Finding *finding, struct Loss *loss,
                           double *values, const double *gradients,
                           int64_t index) {
  struct Element element = {loss, values + index};
  struct Curve curve = {lossAt, &element};
  struct Comparison found =
      compareGradient(&curve, values[index], loss->value, gradients[index]);
  ++finding->checked;
  if (found.verdict == VerdictKink) {
    ++finding->kinks;
    return;
  }
  if (found.verdict == VerdictDiffers &&
      (!finding->wrong || found.relativeError > finding->worst)) {
    finding->worstElement = index;
    finding->gradient = gradients[index];
    finding->difference = found.difference;
  }
  finding->wrong += found.verdict == VerdictDiffers;
  if (found.relativeError > finding->worst)
    finding->worst = found.relativeError;
}

static const struct modelc_slot *findSlot(const struct modelc_program *program,
                                          const char *name) {
  for (int32_t i = 0; i < program->slot_count; ++i)
    if (!strcmp(program->slots[i].name, name))
      return &program->slots[i];
  failInternal("a gradient is by `%s`, which the program lacks", name);
}

static void checkParameter(struct Checker *checker, struct Loss *loss,
                           int32_t output, struct Finding *finding) {
  const struct modelc_slot *slot = finding->slot;
  const struct modelc_entry *entry = loss->gradient.invocation.entry;
  finding->count = slot->array.bytes / dtypeBytes(slot->array.dtype);
  if (slot->array.dtype != MODELC_F64) /* too few digits for differences */
    return;
  if (entry->outputs[output].array.bytes != slot->array.bytes)
    failInternal("`%s` and its gradient differ in size", slot->name);
  int64_t wanted =
      finding->count < checker->elements ? finding->count : checker->elements;
  for (int64_t i = 0; i < wanted; ++i)
    compareElement(finding, loss,
                   (double *)(checker->machine.slots + slot->offset),
                   loss->gradient.invocation.outputs[output],
                   sampledElement(checker, finding->count, wanted, i));
}

//===----------------------------------------------------------------------===//
// The report
//===----------------------------------------------------------------------===//

static const char *shapeOf(const struct modelc_array *array) {
  int64_t extents[MaximumRank];
  for (int32_t i = 0; i < array->rank; ++i)
    extents[i] = array->dimensions[i].extent;
  return shapeText(extents, array->rank);
}

/* `[3, 2]` of an element. */
static const char *placeOf(const struct modelc_array *array, int64_t index) {
  int64_t place[MaximumRank];
  for (int32_t i = array->rank - 1; i >= 0; --i) {
    place[i] = index % array->dimensions[i].extent;
    index /= array->dimensions[i].extent;
  }
  return shapeText(place, array->rank);
}

/* `differs` rather than `WRONG` where the program says itself what the gradient
 * is. */
static void appendVerdict(struct Text *text, const struct Finding *finding,
                          int isOwn) {
  int64_t compared = finding->checked - finding->kinks;
  if (finding->slot->array.dtype != MODELC_F64) {
    appendFormat(text, "not checked: it is %s whatever `float` is\n",
                 dtypeName(finding->slot->array.dtype));
    return;
  }
  if (compared)
    appendFormat(text, "worst %7.1e  ", finding->worst);
  else
    appendFormat(text, "%13s  ", "");
  if (finding->wrong)
    appendText(text, isOwn ? "differs" : "WRONG");
  else
    appendText(text, compared || !finding->checked ? "ok" : "kink");
  if (finding->kinks && compared)
    appendFormat(text, " (%lld at kinks)", (long long)finding->kinks);
  appendText(text, "\n");
  if (finding->wrong)
    appendFormat(text,
                 "    %lld of %lld differ; at %s the gradient is %.9g, the "
                 "difference %.9g\n",
                 (long long)finding->wrong, (long long)compared,
                 placeOf(&finding->slot->array, finding->worstElement),
                 finding->gradient, finding->difference);
}

static int widthOf(int width, const char *text) {
  int length = (int)strlen(text);
  return length > width ? length : width;
}

static void showFindings(const struct Finding *findings, int32_t count,
                         const char *own) {
  int nameWidth = 0, shapeWidth = 0;
  for (int32_t i = 0; i < count; ++i) {
    nameWidth = widthOf(nameWidth, findings[i].slot->name);
    shapeWidth = widthOf(shapeWidth, shapeOf(&findings[i].slot->array));
  }
  struct Text text = {0};
  int64_t differing = 0;
  for (int32_t i = 0; i < count; ++i) {
    const struct Finding *finding = &findings[i];
    appendFormat(&text, "  %-*s  %-*s  %5lld of %-8lld  ", nameWidth,
                 finding->slot->name, shapeWidth,
                 shapeOf(&finding->slot->array), (long long)finding->checked,
                 (long long)finding->count);
    appendVerdict(&text, finding, *own);
    differing += finding->wrong > 0;
  }
  if (differing && *own)
    appendFormat(&text, "  this may be meant: the loss has %s\n", own);
  printText(&text);
  freeText(&text);
}

/* Whether all of its gradients agree. */
static int checkLoss(struct Checker *checker, int32_t number) {
  struct Loss loss;
  prepareLoss(checker, number, &loss);
  const struct modelc_entry *entry = loss.gradient.invocation.entry;
  struct Text text = {0};
  appendFormat(&text, "%s = %.9g on %lld rows of `%s`\n",
               loss.call.invocation.entry->documentation, loss.value,
               (long long)checker->rows, checker->dataset.description->name);
  printText(&text);
  freeText(&text);
  struct Finding *findings = allocate(entry->output_count, sizeof *findings);
  int32_t count = 0;
  int agree = 1;
  for (int32_t i = 1; i < entry->output_count; ++i) {
    struct Finding *finding = &findings[count++];
    finding->slot = findSlot(checker->program, entry->outputs[i].name);
    checkParameter(checker, &loss, i, finding);
    agree &= !finding->wrong;
  }
  showFindings(findings, count, entry->documentation);
  free(findings);
  freeRowCall(&loss.call);
  freeRowCall(&loss.gradient);
  return agree;
}

int main(int argumentCount, char **arguments) {
  const struct modelc_program *program = &modelc_program_descriptor;
  struct ModelcMessage message = {.length = 0};
  if (modelcCheckProgram(program, &message))
    failInternal("the compiled program is inconsistent: %s", message.text);
  if (!program->training || findCheck(program, "loss", 0) < 0)
    failInternal("the compiled program has no loss to check");
  struct Checker checker = {.program = program, .elements = 64};
  readArguments(&checker, argumentCount, arguments);
  startMachine(&checker.machine, program, &checker.options);
  checker.machine.steps = 1;
  initializeSlots(&checker.machine);
  prepareBatch(&checker);
  int agree = 1;
  for (int32_t i = 0; findCheck(program, "loss", i) >= 0; ++i)
    agree &= checkLoss(&checker, i);
  return agree ? ExitSuccess : ExitUser;
}
