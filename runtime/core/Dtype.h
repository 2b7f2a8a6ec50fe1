/* Dtype.h: sizes and names of element types, and checked sizes of arrays. */
#ifndef MODELC_RUNTIME_CORE_DTYPE_H
#define MODELC_RUNTIME_CORE_DTYPE_H

#include <stdint.h>

#include "runtime/core/abi.h"

/* Bytes of one element; 0 if `dtype` is not an enum modelc_dtype. */
int32_t modelcDtypeBytes(int32_t dtype);

/* As in programs: "f32"; "unknown" if `dtype` is not an enum modelc_dtype. */
const char *modelcDtypeName(int32_t dtype);

/* a * b, or -1 where it overflows or one of them is negative. */
int64_t modelcMultiply(int64_t a, int64_t b);

/* Elements of an array at its symbols' bounds; -1 if it has no valid size. */
int64_t modelcElements(const struct modelc_array *array);

#endif
