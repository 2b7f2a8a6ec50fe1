/* entry.h: calling an entry of a compiled program from a test, with guarded memory.
 *
 * What harnesses share: memory filled with 0xff (NaN as a float) with a guard behind it, elements
 * as doubles, and the sizes of an entry's arrays where its symbols have given values. */
#ifndef MODELC_TEST_JUDGE_ENTRY_H
#define MODELC_TEST_JUDGE_ENTRY_H

#include "runtime/core/abi.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GUARD_BYTES = 256, MAXIMAL_COUNT = 64 };

static inline void fail(const char *entry, const char *what) {
  fprintf(stderr, "%s: %s\n", entry, what);
  exit(1);
}

static inline int64_t element_bytes(int dtype) {
  switch (dtype) {
  case MODELC_F64:
  case MODELC_I64:
    return 8;
  case MODELC_F32:
  case MODELC_I32:
    return 4;
  default:
    return 1;
  }
}

static inline double read_element(const void *memory, int dtype, int64_t i) {
  switch (dtype) {
  case MODELC_F64:
    return ((const double *)memory)[i];
  case MODELC_F32:
    return ((const float *)memory)[i];
  case MODELC_I64:
    return (double)((const int64_t *)memory)[i];
  case MODELC_I32:
    return ((const int32_t *)memory)[i];
  case MODELC_BOOL:
    return ((const uint8_t *)memory)[i];
  default:
    return ((const int8_t *)memory)[i];
  }
}

/* The number must be one that the element type has. */
static inline void write_element(void *memory, int dtype, int64_t i, double number) {
  switch (dtype) {
  case MODELC_F64:
    ((double *)memory)[i] = number;
    break;
  case MODELC_F32:
    ((float *)memory)[i] = (float)number;
    break;
  case MODELC_I64:
    ((int64_t *)memory)[i] = (int64_t)number;
    break;
  case MODELC_I32:
    ((int32_t *)memory)[i] = (int32_t)number;
    break;
  case MODELC_BOOL:
    ((uint8_t *)memory)[i] = number != 0;
    break;
  default:
    ((int8_t *)memory)[i] = (int8_t)number;
  }
}

/* Memory of `bytes` with a guard behind it; both hold 0xff. */
static inline unsigned char *allocate(int64_t bytes) {
  size_t total = ((size_t)bytes + GUARD_BYTES + 63) / 64 * 64;
  unsigned char *memory = aligned_alloc(64, total);
  if (!memory)
    fail("harness", "out of memory");
  memset(memory, 0xff, total);
  return memory;
}

static inline void check_guard(const char *entry, const unsigned char *memory, int64_t bytes) {
  for (int i = 0; i < GUARD_BYTES; ++i)
    if (memory[bytes + i] != 0xff)
      fail(entry, "wrote behind the end of its memory");
}

/* Elements of an array where symbols have the given values; `derived` are the derived extents,
 * of which those of this array are taken. */
static inline int64_t count_elements(const struct modelc_array *array, const int64_t *symbols,
                              const int64_t **derived) {
  int64_t count = 1;
  for (int i = 0; i < array->rank; ++i) {
    const struct modelc_dimension *dimension = &array->dimensions[i];
    if (dimension->symbol == MODELC_CONSTANT)
      count *= dimension->extent;
    else if (dimension->symbol == MODELC_DERIVED)
      count *= *(*derived)++;
    else
      count *= symbols[dimension->symbol];
  }
  return count;
}

#endif
