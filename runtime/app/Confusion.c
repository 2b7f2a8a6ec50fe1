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

/* The class of one row of results; `classes` if it is none. */
static int64_t classOf(const struct modelc_array *type, const void *data,
                       int64_t row, int64_t classes) {
  if (type->rank == 1) {
    double value = loadNumber(type->dtype, data, row);
    return value >= 0 && value < (double)classes ? (int64_t)value : classes;
  }
  int64_t best = 0;
  for (int64_t i = 1; i < classes; ++i)
    if (loadNumber(type->dtype, data, row * classes + i) >
        loadNumber(type->dtype, data, row * classes + best))
      best = i;
  return best;
}

struct Confusion countConfusion(struct Machine *machine,
                                const struct Dataset *dataset, int32_t split) {
  struct Confusion confusion = {0, 0};
  int32_t labels = findLabels(dataset->description);
  int32_t index =
      labels < 0 ? -1 : findClassifier(machine->program, dataset, labels);
  if (index < 0)
    return confusion;
  const struct Rows *truth = &dataset->fields[labels];
  const struct Split *rows = &dataset->splits[split];
  confusion.classes = dataset->description->fields[labels].classes;
  confusion.counts =
      allocate(confusion.classes * confusion.classes, sizeof *confusion.counts);
  struct RowCall call;
  prepareRowCall(machine, index, dataset, -1, &call);
  const struct modelc_array *result = &call.invocation.entry->outputs[0].array;
  for (int64_t done = 0, count; done < rows->count; done += count) {
    count =
        rows->count - done < call.rowLimit ? rows->count - done : call.rowLimit;
    gatherRows(&call, dataset, 0, rows->first + done, count);
    invoke(&call.invocation, 0);
    for (int64_t i = 0; i < count; ++i) {
      int64_t label = (int64_t)loadNumber(
          truth->dtype, rowAt(truth, rows->first + done + i), 0);
      int64_t predicted =
          classOf(result, call.invocation.outputs[0], i, confusion.classes);
      if (label >= 0 && label < confusion.classes &&
          predicted < confusion.classes)
        ++confusion.counts[label * confusion.classes + predicted];
    }
  }
  freeRowCall(&call);
  return confusion;
}

/* What is known of one class; NaN where there is nothing to divide by. */
struct ClassScores {
  double precision, recall, f1;
  int64_t support;
};

static struct ClassScores scoreClass(const struct Confusion *confusion,
                                     int64_t index) {
  int64_t labelled = 0, predicted = 0;
  for (int64_t i = 0; i < confusion->classes; ++i) {
    labelled += confusion->counts[index * confusion->classes + i];
    predicted += confusion->counts[i * confusion->classes + index];
  }
  double right = (double)confusion->counts[index * confusion->classes + index];
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

void appendConfusion(struct Text *text, const struct Confusion *confusion) {
  if (!confusion->classes)
    return;
  if (confusion->classes > MostShown) {
    appendFormat(text, "%lld classes; `--json` tells of each\n",
                 (long long)confusion->classes);
    return;
  }
  appendText(text, "\nclass    precision    recall        f1  examples\n");
  for (int64_t i = 0; i < confusion->classes; ++i) {
    struct ClassScores scores = scoreClass(confusion, i);
    appendFormat(text, "%-8lld", (long long)i);
    appendScore(text, scores.precision);
    appendScore(text, scores.recall);
    appendScore(text, scores.f1);
    appendFormat(text, " %9lld\n", (long long)scores.support);
  }
  appendText(text, "\nlabel    predicted as\n        ");
  for (int64_t i = 0; i < confusion->classes; ++i)
    appendFormat(text, " %7lld", (long long)i);
  appendText(text, "\n");
  for (int64_t i = 0; i < confusion->classes; ++i) {
    appendFormat(text, "%-8lld", (long long)i);
    for (int64_t j = 0; j < confusion->classes; ++j)
      appendFormat(text, " %7lld",
                   (long long)confusion->counts[i * confusion->classes + j]);
    appendText(text, "\n");
  }
}

void appendConfusionJson(struct Text *text, const struct Confusion *confusion) {
  if (!confusion->classes)
    return;
  appendText(text, ",\"classes\":[");
  for (int64_t i = 0; i < confusion->classes; ++i) {
    struct ClassScores scores = scoreClass(confusion, i);
    appendText(text, i ? ",{\"precision\":" : "{\"precision\":");
    appendJsonNumber(text, scores.precision, 9);
    appendText(text, ",\"recall\":");
    appendJsonNumber(text, scores.recall, 9);
    appendText(text, ",\"f1\":");
    appendJsonNumber(text, scores.f1, 9);
    appendFormat(text, ",\"examples\":%lld}", (long long)scores.support);
  }
  appendText(text, "],\"confusion\":[");
  for (int64_t i = 0; i < confusion->classes; ++i) {
    for (int64_t j = 0; j < confusion->classes; ++j)
      appendFormat(text, "%s%lld",
                   j   ? ","
                   : i ? ",["
                       : "[",
                   (long long)confusion->counts[i * confusion->classes + j]);
    appendText(text, "]");
  }
  appendText(text, "]");
}
