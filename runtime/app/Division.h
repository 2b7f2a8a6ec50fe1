/* Division.h: which rows belong to which split. */
#ifndef MODELC_RUNTIME_APP_DIVISION_H
#define MODELC_RUNTIME_APP_DIVISION_H

#include <stdint.h>

/* Rows in an order, with the rule by which they are cut into parts. */
struct Division {
  int64_t rows;
  const int64_t *order; /* of the rows; null: as they are */
  const int64_t *keys;  /* of each row, for the rules that need one */
  int32_t rule;         /* enum modelc_split_rule */
  int32_t partCount;
  const double *bounds; /* where each part ends: shares added up */
};

/* Says for each row its part, or -1 where the shares leave it out. Bounds are
 * rounded, so that shares that add up to 1 take all rows. */
void divideRows(const struct Division *division, int32_t *parts);

#endif
