// Rows in order, by strata and by groups.
// RUN: %clang %program-flags %s %program-libraries -o %t && %t
#include "runtime/app/Division.h"

#include <assert.h>
#include <string.h>

#include "runtime/core/abi.h"

const struct modelc_program modelc_program_descriptor;

enum { Rows = 12 };

static void divide(int32_t rule, const int64_t *keys, const int64_t *order,
                   const char *wanted) {
  static const double bounds[] = {0.5, 0.75, 1};
  struct Division division = {Rows, order, keys, rule, 3, bounds};
  int32_t parts[Rows];
  char found[Rows + 1] = {0};
  divideRows(&division, parts);
  for (int i = 0; i < Rows; ++i)
    found[i] = (char)('a' + parts[i]);
  assert(!strcmp(found, wanted));
}

int main(void) {
  static const int64_t keys[Rows] = {7, 7, 7, 7, 9, 9, 9, 9, 7, 7, 7, 7};
  static const int64_t reversed[Rows] = {11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
  divide(MODELC_SPLIT_IN_ORDER, 0, 0, "aaaaaabbbccc");
  divide(MODELC_SPLIT_IN_ORDER, 0, reversed, "cccbbbaaaaaa");
  // Eight rows of 7 by halves and quarters, then four of 9.
  divide(MODELC_SPLIT_STRATIFIED, keys, 0, "aaaaaabcbbcc");
  // The group of 7 ends at row 8, its middle is in the first half.
  divide(MODELC_SPLIT_GROUPED, keys, 0, "aaaaccccaaaa");
  double share = 0.5;
  struct Division part = {Rows, 0, 0, MODELC_SPLIT_IN_ORDER, 1, &share};
  int32_t parts[Rows];
  divideRows(&part, parts);
  assert(parts[5] == 0 && parts[6] == -1);
  return 0;
}
