/* Array.c: dense arrays in memory and the conversion of their elements. */
#include "runtime/app/Array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/core/Dtype.h"

int32_t dtypeBytes(int32_t dtype) {
  switch (dtype) {
  case FileI16:
  case FileU16:
    return 2;
  case FileU32:
    return 4;
  case FileU64:
    return 8;
  default:
    return modelcDtypeBytes(dtype);
  }
}

const char *dtypeName(int32_t dtype) {
  static const char *const names[] = {"i16", "u16", "u32", "u64"};
  return dtype >= FileI16 && dtype <= FileU64 ? names[dtype - FileI16]
                                              : modelcDtypeName(dtype);
}

int isFloatDtype(int32_t dtype) {
  return dtype == MODELC_F32 || dtype == MODELC_F64 || dtype == MODELC_F16 ||
         dtype == MODELC_BF16;
}

void freeArrays(struct Array *arrays, int32_t count) {
  for (int32_t i = 0; i < count; ++i)
    free(arrays[i].data);
  free(arrays);
}

int computeCount(struct Array *array) {
  array->count = 1;
  for (int32_t i = 0; i < array->rank; ++i)
    array->count = modelcMultiply(array->count, array->extents[i]);
  return array->count >= 0 && modelcMultiply(array->count, 8) >= 0;
}

const char *shapeText(const int64_t *extents, int32_t rank) {
  static char texts[4][256];
  static int next;
  char *text = texts[next++ % 4];
  int length = snprintf(text, sizeof texts[0], "[");
  for (int32_t i = 0; i < rank && length < 220; ++i)
    length += snprintf(text + length, sizeof texts[0] - (size_t)length,
                       "%s%lld", i ? ", " : "", (long long)extents[i]);
  snprintf(text + length, sizeof texts[0] - (size_t)length, "]");
  return text;
}

static uint32_t bitsOfFloat(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static float floatOfBits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* IEEE half precision, by rebuilding sign, exponent and fraction. */
static float floatOfHalf(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  uint32_t exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
  if (exponent == 0) {
    float magnitude = (float)fraction * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  if (exponent == 0x1f)
    return floatOfBits(sign | 0x7f800000u | fraction << 13);
  return floatOfBits(sign | (exponent + 112) << 23 | fraction << 13);
}

/* Round to nearest, ties to even, of the bits below `shift`. */
static uint32_t roundBits(uint32_t value, int shift) {
  uint32_t half = 1u << (shift - 1);
  uint32_t rest = value & ((1u << shift) - 1), kept = value >> shift;
  return kept + (rest > half || (rest == half && (kept & 1)));
}

static uint16_t halfOfFloat(float value) {
  uint32_t bits = bitsOfFloat(value), sign = bits >> 16 & 0x8000;
  uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000)
    return (uint16_t)(sign | 0x7e00);
  if (magnitude >= 0x47800000)
    return (uint16_t)(sign | 0x7c00);
  if (magnitude < 0x33000000)
    return (uint16_t)sign;
  if (magnitude < 0x38800000) {
    int shift = 126 - (int)(magnitude >> 23);
    return (uint16_t)(sign |
                      roundBits((magnitude & 0x7fffff) | 0x800000, shift));
  }
  return (uint16_t)(sign | roundBits(magnitude - 0x38000000, 13));
}

static uint16_t brainOfFloat(float value) {
  uint32_t bits = bitsOfFloat(value);
  if ((bits & 0x7fffffff) > 0x7f800000)
    return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)roundBits(bits, 16);
}

#define STORE(type, value)                                                     \
  do {                                                                         \
    type stored = (type)(value);                                               \
    memcpy((char *)data + index * (int64_t)sizeof stored, &stored,             \
           sizeof stored);                                                     \
    return 1;                                                                  \
  } while (0)

int storeInteger(int32_t dtype, void *data, int64_t index, int64_t value) {
  switch (dtype) {
  case MODELC_I64:
    STORE(int64_t, value);
  case MODELC_I32:
    if (value < INT32_MIN || value > INT32_MAX)
      return 0;
    STORE(int32_t, value);
  case MODELC_I8:
    if (value < INT8_MIN || value > INT8_MAX)
      return 0;
    STORE(int8_t, value);
  case MODELC_U8:
    if (value < 0 || value > UINT8_MAX)
      return 0;
    STORE(uint8_t, value);
  case MODELC_BOOL:
    if (value != 0 && value != 1)
      return 0;
    STORE(uint8_t, value);
  default:
    return storeNumber(dtype, data, index, (double)value);
  }
}

int storeNumber(int32_t dtype, void *data, int64_t index, double value) {
  switch (dtype) {
  case MODELC_F32:
    /* What is finite and would become infinite. */
    if (isfinite(value) && !isfinite((float)value))
      return 0;
    STORE(float, value);
  case MODELC_F64:
    STORE(double, value);
  case MODELC_F16:
    STORE(uint16_t, halfOfFloat((float)value));
  case MODELC_BF16:
    STORE(uint16_t, brainOfFloat((float)value));
  default:
    /* NaN fails both comparisons. */
    if (!(value >= -0x1p63 && value < 0x1p63) ||
        (double)(int64_t)value != value)
      return 0;
    return dtypeBytes(dtype) && !isFloatDtype(dtype) &&
           storeInteger(dtype, data, index, (int64_t)value);
  }
}

#define LOAD(type, result)                                                     \
  do {                                                                         \
    type loaded;                                                               \
    memcpy(&loaded, (const char *)data + index * (int64_t)sizeof loaded,       \
           sizeof loaded);                                                     \
    return result;                                                             \
  } while (0)

double loadNumber(int32_t dtype, const void *data, int64_t index) {
  switch (dtype) {
  case MODELC_F32:
    LOAD(float, loaded);
  case MODELC_F64:
    LOAD(double, loaded);
  case MODELC_F16:
    LOAD(uint16_t, floatOfHalf(loaded));
  case MODELC_BF16:
    LOAD(uint16_t, floatOfBits((uint32_t)loaded << 16));
  case MODELC_I64:
    LOAD(int64_t, (double)loaded);
  case MODELC_I32:
    LOAD(int32_t, loaded);
  case MODELC_I8:
    LOAD(int8_t, loaded);
  case MODELC_U8:
  case MODELC_BOOL:
    LOAD(uint8_t, loaded);
  case FileI16:
    LOAD(int16_t, loaded);
  case FileU16:
    LOAD(uint16_t, loaded);
  case FileU32:
    LOAD(uint32_t, loaded);
  case FileU64:
    LOAD(uint64_t, (double)loaded);
  default:
    return 0;
  }
}

/* The 64-bit integers go this way, since a double does not hold all of them. */
static int loadWideInteger(int32_t dtype, const void *data, int64_t index,
                           int64_t *value) {
  uint64_t bits;
  memcpy(&bits, (const char *)data + index * 8, sizeof bits);
  *value = (int64_t)bits;
  return dtype == MODELC_I64 || bits <= INT64_MAX;
}

int64_t convertElements(int32_t from, const void *source, int32_t to,
                        void *target, int64_t count) {
  if (from == to && to != MODELC_BOOL) {
    if (count)
      memcpy(target, source, (size_t)(count * dtypeBytes(from)));
    return -1;
  }
  int isWide = (from == MODELC_I64 || from == FileU64) && !isFloatDtype(to);
  for (int64_t i = 0; i < count; ++i) {
    int64_t wide;
    int isHeld = isWide
                     ? loadWideInteger(from, source, i, &wide) &&
                           storeInteger(to, target, i, wide)
                     : storeNumber(to, target, i, loadNumber(from, source, i));
    if (!isHeld)
      return i;
  }
  return -1;
}
