/* Array.h: dense arrays in memory and the conversion of their elements. */
#ifndef MODELC_RUNTIME_APP_ARRAY_H
#define MODELC_RUNTIME_APP_ARRAY_H

#include <stdint.h>

#include "runtime/core/abi.h"

enum { MaximumRank = 16 };

/* Element types that files have and programs do not; they are only converted
 * from. */
enum FileDtype { FileI16 = 101, FileU16 = 102, FileU32 = 103, FileU64 = 104 };

/* A dense, row-major array. `data` is aligned for the boundary if this program
 * made it. */
struct Array {
  int32_t dtype; /* enum modelc_dtype or enum FileDtype */
  int32_t rank;
  int64_t extents[MaximumRank];
  int64_t count; /* elements */
  void *data;
};

/* Of both kinds of element types; 0 and "unknown" for others. */
int32_t dtypeBytes(int32_t dtype);
const char *dtypeName(int32_t dtype);
int isFloatDtype(int32_t dtype);

/* A list of arrays that own their elements. */
void freeArrays(struct Array *arrays, int32_t count);

/* Sets `count` from the extents; 0 if it does not fit memory. */
int computeCount(struct Array *array);
/* "[3, 4]"; valid until the fourth next call. */
const char *shapeText(const int64_t *extents, int32_t rank);

/* Stores `value` as element `index`. 0 if an integer type cannot hold it
 * exactly, or if f32 would make it infinite; floats round. */
int storeNumber(int32_t dtype, void *data, int64_t index, double value);
int storeInteger(int32_t dtype, void *data, int64_t index, int64_t value);
/* Element `index` as a double (exact but for large 64-bit integers). */
double loadNumber(int32_t dtype, const void *data, int64_t index);

/* Converts `count` elements, which need not be aligned. Returns -1, or the
 * index of the first element that the type cannot hold: floats that are no
 * integers or too large, integers out of range. */
int64_t convertElements(int32_t from, const void *source, int32_t to,
                        void *target, int64_t count);

#endif
