/* Confusion.h: which class was predicted for examples of which class. */
#ifndef MODELC_RUNTIME_APP_CONFUSION_H
#define MODELC_RUNTIME_APP_CONFUSION_H

#include "runtime/app/Classes.h"
#include "runtime/app/Data.h"
#include "runtime/app/Text.h"

/* The matrix is row-major: row is the label, column the predicted class. */
struct Confusion {
  struct Classes classes; /* none: the program classifies nothing */
  int64_t *counts;
};

/* Predicts the rows of a split. The program classifies where its training data
 * have one field of labels, and the function `predict`, `logits` or the only
 * one makes of other fields, row by row, what the loss says to speak of these
 * classes, or else a score for each of them or an integer, the class. */
struct Confusion countConfusion(struct Machine *machine,
                                const struct Dataset *dataset, int32_t split);
void freeConfusion(struct Confusion *confusion);

/* Precision, recall, F1 and number of the examples of each class, then the
 * matrix, unless there are many classes. */
void appendConfusion(struct Text *text, const struct Confusion *confusion);
/* `,"classes":[{"name":...,"precision":...},...],"confusion":[[...],...]`; what
 * nothing is known of is null. */
void appendConfusionJson(struct Text *text, const struct Confusion *confusion);

#endif
