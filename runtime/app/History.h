/* History.h: loss and metrics of all epochs of a run, from which logs and plots
 * are made. */
#ifndef MODELC_RUNTIME_APP_HISTORY_H
#define MODELC_RUNTIME_APP_HISTORY_H

#include "runtime/app/Text.h"
#include "runtime/core/abi.h"

/* Row i is epoch i + 1. */
struct History {
  char **names; /* of the columns: "loss", "valid.rmse" */
  int32_t columns;
  int64_t rows, capacity;
  double *values; /* rows x columns */
  double *times;  /* when each epoch ended, in seconds since 1970 */
};

void addColumn(struct History *history, const char *split, const char *name);
/* The values of a new row, not a number until they are set. Valid until the
 * next call. */
double *addRow(struct History *history, double time);
void freeHistory(struct History *history);

/* `epoch,loss,valid.rmse` and then a line for each row from `first` on, with
 * digits that tell all floats of the program apart. */
void appendHeader(struct Text *text, const struct History *history);
void appendRow(struct Text *text, const struct History *history, int64_t row,
               int digits);

#endif
