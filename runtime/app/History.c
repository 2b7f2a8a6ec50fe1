/* History.c: loss and metrics of all epochs of a run. */
#include "runtime/app/History.h"

#include <math.h>
#include <stdlib.h>

#include "runtime/app/Report.h"

/* Grows in doublings; what is there stays. */
static void *grow(void *memory, int64_t bytes) {
  void *grown = realloc(memory, (size_t)bytes);
  if (!grown)
    failUser("not enough memory for the history of the epochs");
  return grown;
}

void addColumn(struct History *history, const char *split, const char *name) {
  struct Text text = {0};
  appendFormat(&text, "%s%s%s", split, *split ? "." : "", name);
  history->names = grow(history->names, (history->columns + 1) *
                                            (int64_t)sizeof *history->names);
  history->names[history->columns++] = text.data;
}

double *addRow(struct History *history, double time) {
  if (history->rows == history->capacity) {
    history->capacity = history->capacity ? 2 * history->capacity : 64;
    history->values =
        grow(history->values, history->capacity * history->columns *
                                  (int64_t)sizeof *history->values);
    history->times = grow(history->times,
                          history->capacity * (int64_t)sizeof *history->times);
  }
  double *row = history->values + history->rows * history->columns;
  history->times[history->rows++] = time;
  for (int32_t i = 0; i < history->columns; ++i)
    row[i] = NAN;
  return row;
}

void freeHistory(struct History *history) {
  for (int32_t i = 0; i < history->columns; ++i)
    free(history->names[i]);
  free(history->names);
  free(history->values);
  free(history->times);
  *history = (struct History){0};
}

void appendHeader(struct Text *text, const struct History *history) {
  appendText(text, "epoch");
  for (int32_t i = 0; i < history->columns; ++i)
    appendFormat(text, ",%s", history->names[i]);
  appendText(text, "\n");
}

void appendRow(struct Text *text, const struct History *history, int64_t row,
               int digits) {
  const double *values = history->values + row * history->columns;
  appendFormat(text, "%lld", (long long)row + 1);
  for (int32_t i = 0; i < history->columns; ++i)
    if (isnan(values[i])) /* whose sign means nothing */
      appendText(text, ",nan");
    else
      appendFormat(text, ",%.*g", digits, values[i]);
  appendText(text, "\n");
}
