/* Classes.h: the classes that a result speaks of: their names, which one a row
 * says, and how probable each is. */
#ifndef MODELC_RUNTIME_APP_CLASSES_H
#define MODELC_RUNTIME_APP_CLASSES_H

#include "runtime/app/Array.h"
#include "runtime/app/Text.h"

/* Those of a field: the texts of its vocabulary, numbers where there are none.
 */
struct Classes {
  int64_t count; /* 0: the field has no classes */
  char **names;
};

/* Of a field with one column of labels or categories; the vocabulary is in the
 * slots' memory. */
struct Classes classesOfField(const struct modelc_program *program, char *slots,
                              const struct modelc_field *field);
void freeClasses(struct Classes *classes);

/* Whether each row of a result speaks of so many classes: a score for each, the
 * number of one, or, of two, a score of the second. */
int speaksOfClasses(const struct modelc_value *value, int64_t classes);

/* The class that a row says: the largest score, the first of equals; -1 where a
 * score is NaN or the number is of no class. */
int64_t classOfRow(const struct modelc_value *value, const void *data,
                   int64_t row, int64_t classes);

/* Whether a result says how probable each class is, and it, for one row. */
int hasProbabilities(const struct modelc_value *value);
void probabilitiesOfRow(const struct modelc_value *value, const void *data,
                        int64_t row, int64_t classes, double *probabilities);

/* `class,probability.a,probability.b`, where the program has one result;
 * otherwise each with the result's name before it. */
void appendClassHeader(struct Text *text, const struct modelc_value *value,
                       const struct Classes *classes, int isOnly);
void appendClassCells(struct Text *text, const struct modelc_value *value,
                      const struct Classes *classes, const void *data,
                      int64_t row);
/* `"class":"a","probabilities":{"a":0.9,"b":0.1}`; null where a score is NaN.
 */
void appendClassJson(struct Text *text, const struct modelc_value *value,
                     const struct Classes *classes, const void *data,
                     int64_t row);

#endif
