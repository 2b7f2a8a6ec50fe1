/* Classes.c: the classes that a result speaks of: their names, which one a row
 * says, and how probable each is. */
#include "runtime/app/Classes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/app/Real.h"
#include "runtime/app/Report.h"
#include "runtime/app/Source.h"

struct Classes classesOfField(const struct modelc_program *program, char *slots,
                              const struct modelc_field *field) {
  struct Classes classes = {0, 0};
  struct modelc_part part = partOfField(field, 0);
  if (countParts(field) != 1 || part.kind == MODELC_NUMBERS ||
      columnsOfPart(&part) != 1)
    return classes;
  struct Vocabulary vocabulary = vocabularyOf(program, slots, &part, 0);
  classes.count = part.classes;
  classes.names = allocate(classes.count, sizeof *classes.names);
  for (int64_t i = 0; i < classes.count; ++i) {
    struct Text name = {0};
    const char *text =
        vocabulary.texts ? vocabulary.texts + i * vocabulary.bytes : "";
    if (*text)
      appendFormat(&name, "%.*s", (int)vocabulary.bytes, text);
    else
      appendFormat(&name, "%lld", (long long)i);
    classes.names[i] = name.data;
  }
  return classes;
}

void freeClasses(struct Classes *classes) {
  for (int64_t i = 0; i < classes->count; ++i)
    free(classes->names[i]);
  free(classes->names);
  *classes = (struct Classes){0, 0};
}

/* Whether a row is one number that says how likely the second class is. */
static int isOfSecond(const struct modelc_value *value) {
  return value->meaning == MODELC_MEANING_LOGIT ||
         value->meaning == MODELC_MEANING_PROBABILITY;
}

int speaksOfClasses(const struct modelc_value *value, int64_t classes) {
  const struct modelc_array *array = &value->array;
  if (classes < 1 || array->rank < 1 || array->rank > 2)
    return 0;
  int64_t columns = 1;
  if (array->rank == 2) {
    if (array->dimensions[1].symbol != MODELC_CONSTANT)
      return 0;
    columns = array->dimensions[1].extent;
  }
  switch (value->meaning) {
  case MODELC_MEANING_LOGITS:
  case MODELC_MEANING_LOG_PROBABILITIES:
  case MODELC_MEANING_PROBABILITIES:
    return array->rank == 2 && columns == classes;
  case MODELC_MEANING_CLASS:
    return columns == 1;
  case MODELC_MEANING_LOGIT:
  case MODELC_MEANING_PROBABILITY:
    return columns == 1 && classes == 2;
  }
  return 0;
}

int64_t classOfRow(const struct modelc_value *value, const void *data,
                   int64_t row, int64_t classes) {
  int32_t dtype = value->array.dtype;
  if (value->meaning == MODELC_MEANING_CLASS) {
    double number = loadNumber(dtype, data, row);
    return number >= 0 && number < (double)classes ? (int64_t)number : -1;
  }
  if (isOfSecond(value)) {
    double score = loadNumber(dtype, data, row);
    double middle = value->meaning == MODELC_MEANING_LOGIT ? 0 : 0.5;
    return isnan(score) ? -1 : score > middle;
  }
  int64_t best = 0;
  for (int64_t i = 0; i < classes; ++i) {
    double score = loadNumber(dtype, data, row * classes + i);
    if (isnan(score))
      return -1;
    if (score > loadNumber(dtype, data, row * classes + best))
      best = i;
  }
  return best;
}

int hasProbabilities(const struct modelc_value *value) {
  return value->meaning != MODELC_MEANING_NONE &&
         value->meaning != MODELC_MEANING_NUMBER &&
         value->meaning != MODELC_MEANING_CLASS;
}

/* The largest score is taken from all, so that nothing overflows. */
static void applySoftmax(double *scores, int64_t count) {
  double largest = scores[0], total = 0;
  for (int64_t i = 1; i < count; ++i)
    largest = scores[i] > largest ? scores[i] : largest;
  for (int64_t i = 0; i < count; ++i)
    total += scores[i] = realExp(scores[i] - largest);
  for (int64_t i = 0; i < count; ++i)
    scores[i] /= total;
}

void probabilitiesOfRow(const struct modelc_value *value, const void *data,
                        int64_t row, int64_t classes, double *probabilities) {
  int32_t dtype = value->array.dtype;
  if (isOfSecond(value)) {
    double score = loadNumber(dtype, data, row);
    int isLogit = value->meaning == MODELC_MEANING_LOGIT;
    probabilities[0] = isLogit ? 1 / (1 + realExp(score)) : 1 - score;
    probabilities[1] = isLogit ? 1 / (1 + realExp(-score)) : score;
    return;
  }
  for (int64_t i = 0; i < classes; ++i)
    probabilities[i] = loadNumber(dtype, data, row * classes + i);
  if (value->meaning == MODELC_MEANING_LOGITS)
    applySoftmax(probabilities, classes);
  for (int64_t i = 0;
       i < classes && value->meaning == MODELC_MEANING_LOG_PROBABILITIES; ++i)
    probabilities[i] = realExp(probabilities[i]);
}

/* A cell of a csv: in quotes where it would be read otherwise (RFC 4180). */
static void appendCell(struct Text *text, const char *cell) {
  if (!strpbrk(cell, ",\"\r\n")) {
    appendText(text, cell);
    return;
  }
  appendText(text, "\"");
  for (const char *c = cell; *c; ++c)
    appendBytes(text, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
  appendText(text, "\"");
}

void appendClassHeader(struct Text *text, const struct modelc_value *value,
                       const struct Classes *classes, int isOnly) {
  const char *name = isOnly ? "" : value->name, *point = isOnly ? "" : ".";
  appendFormat(text, "%s%sclass", name, point);
  for (int64_t i = 0; i < classes->count && hasProbabilities(value); ++i) {
    struct Text cell = {0};
    appendFormat(&cell, "%s%sprobability.%s", name, point, classes->names[i]);
    appendText(text, ",");
    appendCell(text, cell.data);
    freeText(&cell);
  }
}

static int digitsOf(const struct modelc_value *value) {
  return value->array.dtype == MODELC_F64 ? 17 : 9;
}

void appendClassCells(struct Text *text, const struct modelc_value *value,
                      const struct Classes *classes, const void *data,
                      int64_t row) {
  int64_t class = classOfRow(value, data, row, classes->count);
  if (class >= 0)
    appendCell(text, classes->names[class]);
  if (!hasProbabilities(value))
    return;
  double *probabilities = allocate(classes->count, sizeof *probabilities);
  probabilitiesOfRow(value, data, row, classes->count, probabilities);
  for (int64_t i = 0; i < classes->count; ++i)
    appendFormat(text, ",%.*g", digitsOf(value), probabilities[i]);
  free(probabilities);
}

void appendClassJson(struct Text *text, const struct modelc_value *value,
                     const struct Classes *classes, const void *data,
                     int64_t row) {
  int64_t class = classOfRow(value, data, row, classes->count);
  appendText(text, "\"class\":");
  if (class >= 0)
    appendJsonString(text, classes->names[class]);
  else
    appendText(text, "null");
  if (!hasProbabilities(value))
    return;
  double *probabilities = allocate(classes->count, sizeof *probabilities);
  probabilitiesOfRow(value, data, row, classes->count, probabilities);
  for (int64_t i = 0; i < classes->count; ++i) {
    appendText(text, i ? "," : ",\"probabilities\":{");
    appendJsonString(text, classes->names[i]);
    appendText(text, ":");
    appendJsonNumber(text, probabilities[i], digitsOf(value));
  }
  appendText(text, "}");
  free(probabilities);
}
