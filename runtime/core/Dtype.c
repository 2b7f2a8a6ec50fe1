/* Dtype.c: sizes and names of element types, and checked sizes of arrays. */
#include "runtime/core/Dtype.h"

static const struct {
  int32_t bytes;
  const char *name;
} dtypes[] = {
    [MODELC_F32] = {4, "f32"},   [MODELC_F64] = {8, "f64"},
    [MODELC_I64] = {8, "i64"},   [MODELC_I32] = {4, "i32"},
    [MODELC_I8] = {1, "i8"},     [MODELC_U8] = {1, "u8"},
    [MODELC_BOOL] = {1, "bool"}, [MODELC_F16] = {2, "f16"},
    [MODELC_BF16] = {2, "bf16"},
};

static int isDtype(int32_t dtype) {
  return dtype >= MODELC_F32 && dtype <= MODELC_BF16;
}

int32_t modelcDtypeBytes(int32_t dtype) {
  return isDtype(dtype) ? dtypes[dtype].bytes : 0;
}

const char *modelcDtypeName(int32_t dtype) {
  return isDtype(dtype) ? dtypes[dtype].name : "unknown";
}

int64_t modelcMultiply(int64_t a, int64_t b) {
  int64_t product;
  if (a < 0 || b < 0 || __builtin_mul_overflow(a, b, &product))
    return -1;
  return product;
}

int64_t modelcElements(const struct modelc_array *array) {
  int64_t elements = 1;
  for (int32_t i = 0; i < array->rank; ++i) {
    elements = modelcMultiply(elements, array->dimensions[i].extent);
    if (elements < 0)
      return -1;
  }
  return elements;
}
