// Element types have sizes and names; products that overflow are no sizes.
// RUN: %clang %program-flags %s %program-libraries -o %t && %t
#include "runtime/core/Dtype.h"

#include <assert.h>
#include <string.h>

int main(void) {
  static const int32_t bytes[] = {0, 4, 8, 8, 4, 1, 1, 1, 2, 2, 0};
  for (int32_t dtype = -1; dtype < 10; ++dtype)
    assert(modelcDtypeBytes(dtype) == (dtype < 0 ? 0 : bytes[dtype]));
  assert(!strcmp(modelcDtypeName(MODELC_BF16), "bf16"));
  assert(!strcmp(modelcDtypeName(0), "unknown") &&
         !strcmp(modelcDtypeName(10), "unknown"));
  assert(modelcMultiply(3, 4) == 12 && modelcMultiply(0, -1) == -1);
  assert(modelcMultiply(INT64_MAX, 2) == -1);
  struct modelc_dimension dimensions[] = {
      {1ll << 32, -1, 0}, {1ll << 32, -1, 0}, {0, -1, 0}};
  assert(modelcElements(&(struct modelc_array){MODELC_F32, 0, 0, 4}) == 1);
  assert(modelcElements(&(struct modelc_array){MODELC_F32, 1, dimensions, 0}) ==
         1ll << 32);
  assert(modelcElements(&(struct modelc_array){MODELC_F32, 2, dimensions, 0}) ==
         -1);
  return 0;
}
