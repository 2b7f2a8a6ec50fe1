/* Confusion.c: which class was predicted for examples of which class. */
#include "runtime/app/Confusion.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/app/Array.h"
#include "runtime/app/Report.h"

/* A table of more classes than this is no help on a screen. */
enum { MostShown = 20 };

/* The one field of labels, or -1. */
static int32_t findLabels(const struct modelc_data *data) {
  int32_t found = -1;
  for (int32_t i = 0; i < data->field_count; ++i)
    if (data->fields[i].classes > 0 && data->fields[i].rank == 1) {
      if (found >= 0)
        return -1;
      found = i;
    }
  return found;
}

/* Whether an input takes rows of a field that is not the labels. */
static int takesField(const struct modelc_value *input,
                      const struct Dataset *dataset, int32_t labels,
                      int32_t rowSymbol) {
  const struct modelc_data *data = dataset->description;
  int64_t elements = 1;
  if (input->array.rank < 1 || input->array.dimensions[0].symbol != rowSymbol)
    return 0;
  for (int32_t d = 1; d < input->array.rank; ++d) {
    if (input->array.dimensions[d].symbol != MODELC_CONSTANT)
      return 0;
    elements *= input->array.dimensions[d].extent;
  }
  for (int32_t i = 0; i < data->field_count; ++i)
    if (i != labels && !strcmp(data->fields[i].name, input->name))
      return dataset->fields[i].dtype == input->array.dtype &&
             dataset->fields[i].elements == elements;
  return 0;
}

static int classifies(const struct modelc_entry *entry,
                      const struct Dataset *dataset, int32_t labels) {
  if (entry->kind != MODELC_ENTRY_FUNCTION || !entry->row_symbol ||
      entry->symbol_count != 1 || entry->symbols[0].bound < 1 ||
      entry->output_count != 1)
    return 0;
  for (int32_t i = 0; i < entry->input_count; ++i)
    if (entry->inputs[i].role == MODELC_INPUT_DATA &&
        !takesField(&entry->inputs[i], dataset, labels, entry->row_symbol - 1))
      return 0;
  const struct modelc_array *result = &entry->outputs[0].array;
  if (entry->outputs[0].meaning)
    return entry->outputs[0].field == labels &&
           speaksOfClasses(&entry->outputs[0],
                           dataset->description->fields[labels].classes);
  if (result->rank == 1)
    return result->dtype == MODELC_I32 || result->dtype == MODELC_I64;
  return result->rank == 2 && isFloatDtype(result->dtype) &&
         result->dimensions[1].symbol == MODELC_CONSTANT &&
         result->dimensions[1].extent ==
             dataset->description->fields[labels].classes;
}

/* `predict`, else `logits`, else the only function; -1 if it does not classify.
 */
static int32_t findClassifier(const struct modelc_program *program,
                              const struct Dataset *dataset, int32_t labels) {
  static const char *const names[] = {"predict", "logits"};
  int32_t only = -1, count = 0;
  for (int32_t i = 0; i < program->entry_count; ++i)
    if (program->entries[i].kind == MODELC_ENTRY_FUNCTION) {
      only = i;
      ++count;
    }
  for (int j = 0; j < 2; ++j)
    for (int32_t i = 0; i < program->entry_count; ++i)
      if (!strcmp(program->entries[i].name, names[j]) &&
          classifies(&program->entries[i], dataset, labels))
        return i;
  return count == 1 && classifies(&program->entries[only], dataset, labels)
             ? only
             : -1;
}

/* Without a meaning, integers are classes and floats are scores. */
static struct modelc_value meaningfulResult(const struct modelc_value *result) {
  struct modelc_value value = *result;
  if (!value.meaning)
    value.meaning =
        value.array.rank == 1 ? MODELC_MEANING_CLASS : MODELC_MEANING_LOGITS;
  return value;
}

struct Confusion countConfusion(struct Machine *machine,
                                const struct Dataset *dataset, int32_t split) {
  struct Confusion confusion = {{0, 0}, 0};
  int32_t labels = findLabels(dataset->description);
  int32_t index =
      labels < 0 ? -1 : findClassifier(machine->program, dataset, labels);
  if (index < 0)
    return confusion;
  const struct Rows *truth = &dataset->fields[labels];
  const struct Split *rows = &dataset->splits[split];
  confusion.classes = classesOfField(machine->program, machine->slots,
                                     &dataset->description->fields[labels]);
  int64_t classes = confusion.classes.count;
  confusion.counts = allocate(classes * classes, sizeof *confusion.counts);
  struct RowCall call;
  prepareRowCall(machine, index, dataset, -1, &call);
  struct modelc_value result =
      meaningfulResult(&call.invocation.entry->outputs[0]);
  for (int64_t done = 0, count; done < rows->count; done += count) {
    count =
        rows->count - done < call.rowLimit ? rows->count - done : call.rowLimit;
    gatherRows(&call, dataset, 0, rows->first + done, count);
    invoke(&call.invocation, 0);
    for (int64_t i = 0; i < count; ++i) {
      int64_t label = (int64_t)loadNumber(
          truth->dtype, rowAt(truth, rows->first + done + i), 0);
      int64_t predicted =
          classOfRow(&result, call.invocation.outputs[0], i, classes);
      if (label >= 0 && label < classes && predicted >= 0)
        ++confusion.counts[label * classes + predicted];
    }
  }
  freeRowCall(&call);
  return confusion;
}

void freeConfusion(struct Confusion *confusion) {
  freeClasses(&confusion->classes);
  free(confusion->counts);
}

/* What is known of one class; NaN where there is nothing to divide by. */
struct ClassScores {
  double precision, recall, f1;
  int64_t support;
};

static struct ClassScores scoreClass(const struct Confusion *confusion,
                                     int64_t index) {
  int64_t labelled = 0, predicted = 0, classes = confusion->classes.count;
  for (int64_t i = 0; i < classes; ++i) {
    labelled += confusion->counts[index * classes + i];
    predicted += confusion->counts[i * classes + index];
  }
  double right = (double)confusion->counts[index * classes + index];
  struct ClassScores scores = {.precision = NAN, NAN, NAN, labelled};
  if (predicted)
    scores.precision = right / (double)predicted;
  if (labelled)
    scores.recall = right / (double)labelled;
  if (labelled + predicted)
    scores.f1 = 2 * right / (double)(labelled + predicted);
  return scores;
}

static void appendScore(struct Text *text, double score) {
  if (isnan(score))
    appendFormat(text, " %9s", "-");
  else
    appendFormat(text, " %9.4f", score);
}

/* Characters of UTF-8 text. */
static int widthOf(const char *text) {
  int width = 0;
  for (; *text; ++text)
    width += (*text & 0xc0) != 0x80;
  return width;
}

/* A name in a column of the table: cut where it is longer, at the end of a
 * character. */
static void appendName(struct Text *text, const char *name, int width,
                       int isRight) {
  int64_t bytes = 0;
  int taken = 0;
  for (; name[bytes]; ++bytes) {
    if ((name[bytes] & 0xc0) != 0x80 && taken++ == width) {
      --taken;
      break;
    }
  }
  appendFormat(text, "%*s", isRight ? width - taken : 0, "");
  appendBytes(text, name, bytes);
  appendFormat(text, "%*s", isRight ? 0 : width - taken, "");
}

/* Columns are as wide as the longest name, within limits. */
static int chooseWidth(const struct Classes *classes, int least, int most) {
  int width = least;
  for (int64_t i = 0; i < classes->count; ++i)
    width =
        widthOf(classes->names[i]) > width ? widthOf(classes->names[i]) : width;
  return width < most ? width : most;
}

static void appendMatrix(struct Text *text, const struct Confusion *confusion) {
  const struct Classes *classes = &confusion->classes;
  int left = chooseWidth(classes, 8, 24), wide = chooseWidth(classes, 7, 12);
  appendText(text, "\n");
  appendName(text, "label", left, 0);
  appendText(text, " predicted as\n");
  appendName(text, "", left, 0);
  for (int64_t i = 0; i < classes->count; ++i) {
    appendText(text, " ");
    appendName(text, classes->names[i], wide, 1);
  }
  appendText(text, "\n");
  for (int64_t i = 0; i < classes->count; ++i) {
    appendName(text, classes->names[i], left, 0);
    for (int64_t j = 0; j < classes->count; ++j)
      appendFormat(text, " %*lld", wide,
                   (long long)confusion->counts[i * classes->count + j]);
    appendText(text, "\n");
  }
}

void appendConfusion(struct Text *text, const struct Confusion *confusion) {
  const struct Classes *classes = &confusion->classes;
  if (!classes->count)
    return;
  if (classes->count > MostShown) {
    appendFormat(text, "%lld classes; `--json` tells of each\n",
                 (long long)classes->count);
    return;
  }
  int left = chooseWidth(classes, 8, 24);
  appendText(text, "\n");
  appendName(text, "class", left, 0);
  appendText(text, " precision    recall        f1  examples\n");
  for (int64_t i = 0; i < classes->count; ++i) {
    struct ClassScores scores = scoreClass(confusion, i);
    appendName(text, classes->names[i], left, 0);
    appendScore(text, scores.precision);
    appendScore(text, scores.recall);
    appendScore(text, scores.f1);
    appendFormat(text, " %9lld\n", (long long)scores.support);
  }
  appendMatrix(text, confusion);
}

void appendConfusionJson(struct Text *text, const struct Confusion *confusion) {
  int64_t classes = confusion->classes.count;
  if (!classes)
    return;
  appendText(text, ",\"classes\":[");
  for (int64_t i = 0; i < classes; ++i) {
    struct ClassScores scores = scoreClass(confusion, i);
    appendText(text, i ? ",{\"name\":" : "{\"name\":");
    appendJsonString(text, confusion->classes.names[i]);
    appendText(text, ",\"precision\":");
    appendJsonNumber(text, scores.precision, 9);
    appendText(text, ",\"recall\":");
    appendJsonNumber(text, scores.recall, 9);
    appendText(text, ",\"f1\":");
    appendJsonNumber(text, scores.f1, 9);
    appendFormat(text, ",\"examples\":%lld}", (long long)scores.support);
  }
  appendText(text, "],\"confusion\":[");
  for (int64_t i = 0; i < classes; ++i) {
    for (int64_t j = 0; j < classes; ++j)
      appendFormat(text, "%s%lld",
                   j   ? ","
                   : i ? ",["
                       : "[",
                   (long long)confusion->counts[i * classes + j]);
    appendText(text, "]");
  }
  appendText(text, "]");
}
