/* TensorBoard.h: the records that TensorBoard reads. */
#ifndef MODELC_RUNTIME_APP_TENSOR_BOARD_H
#define MODELC_RUNTIME_APP_TENSOR_BOARD_H

#include "runtime/app/History.h"

/* The record that an event file begins with. */
void appendVersionEvent(struct Text *text, double time);
/* The values of one epoch as scalars: `valid.rmse` is shown as `valid/rmse`, so
 * that splits are groups. */
void appendScalarEvent(struct Text *text, const struct History *history,
                       int64_t row);
/* Where the events of this model go in a folder, which is made if it is not
 * there; to be freed. Fails if it cannot be made. */
char *eventPath(const char *folder, const char *model);

#endif
