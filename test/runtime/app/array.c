// Elements convert exactly or are refused; small floats round to even.
// RUN: %clang %program-flags %s %program-libraries -o %t && %t
#include "runtime/app/Array.h"

#include <assert.h>
#include <math.h>
#include <string.h>

const struct modelc_program modelc_program_descriptor;

static uint16_t half(double value) {
  uint16_t bits;
  assert(storeNumber(MODELC_F16, &bits, 0, value));
  return bits;
}
static uint16_t brain(double value) {
  uint16_t bits;
  assert(storeNumber(MODELC_BF16, &bits, 0, value));
  return bits;
}

static void testSmallFloats(void) {
  assert(half(1) == 0x3c00 && half(-2) == 0xc000 && half(65504) == 0x7bff);
  assert(half(65520) == 0x7c00 && half(-INFINITY) == 0xfc00 &&
         half(0x1p-24) == 1);
  assert(half(0x1p-25) == 0 && half(0x1.8p-25) == 1 && half(0x1.8p-24) == 2);
  assert(half(1 + 0x1p-11) == 0x3c00 && half(1 + 0x3p-11) == 0x3c02);
  assert(brain(1) == 0x3f80 && brain(1 + 0x1p-8) == 0x3f80 &&
         brain(1 + 0x3p-8) == 0x3f82);
  // Every half survives the way to a double and back.
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    uint16_t source = (uint16_t)bits;
    double value = loadNumber(MODELC_F16, &source, 0);
    assert(isnan(value)
               ? (source & 0x7c00) == 0x7c00 && (half(value) & 0x3ff) != 0
               : half(value) == source);
    value = loadNumber(MODELC_BF16, &source, 0);
    assert(isnan(value) || brain(value) == source);
  }
}

static void testIntegers(void) {
  int8_t small;
  int64_t wide;
  uint8_t truth;
  assert(storeNumber(MODELC_I8, &small, 0, -128) && small == -128);
  assert(!storeNumber(MODELC_I8, &small, 0, 128) &&
         !storeNumber(MODELC_I8, &small, 0, 0.5));
  assert(!storeNumber(MODELC_I64, &wide, 0, NAN) &&
         !storeNumber(MODELC_I64, &wide, 0, 0x1p63));
  assert(storeNumber(MODELC_I64, &wide, 0, -0x1p63) && wide == INT64_MIN);
  assert(!storeNumber(MODELC_BOOL, &truth, 0, 2) &&
         storeNumber(MODELC_BOOL, &truth, 0, 1));
  assert(!storeInteger(MODELC_U8, &truth, 0, -1) &&
         storeInteger(MODELC_U8, &truth, 0, 255));
}

static void testConversion(void) {
  int64_t wide[] = {1, INT64_MAX, 3};
  int32_t narrow[3];
  double doubles[3];
  uint64_t huge[] = {5, 1ull << 63};
  assert(convertElements(MODELC_I64, wide, MODELC_I32, narrow, 3) == 1);
  assert(convertElements(MODELC_I64, wide, MODELC_I64, wide, 3) == -1 &&
         wide[1] == INT64_MAX);
  assert(convertElements(FileU64, huge, MODELC_I64, wide, 2) == 1 &&
         wide[0] == 5);
  assert(convertElements(FileU64, huge, MODELC_F64, doubles, 2) == -1 &&
         doubles[1] == 0x1p63);
  float floats[] = {1, 2, 2.5f};
  assert(convertElements(MODELC_F32, floats, MODELC_I32, narrow, 3) == 2);
  assert(convertElements(MODELC_F32, floats, MODELC_F64, doubles, 3) == -1 &&
         doubles[2] == 2.5);
  // What is finite stays finite.
  double large[] = {INFINITY, 3.4028235e38, 3.5e38};
  assert(convertElements(MODELC_F64, large, MODELC_F32, floats, 3) == 2 &&
         isinf(floats[0]));
  // A byte that is neither 0 nor 1 is no bool.
  uint8_t bytes[] = {0, 1, 7};
  assert(convertElements(MODELC_BOOL, bytes, MODELC_BOOL, bytes, 3) == 2);
}

int main(void) {
  testSmallFloats();
  testIntegers();
  testConversion();
  struct Array array = {.rank = 2, .extents = {1ll << 40, 1ll << 40}};
  assert(!computeCount(&array));
  array.extents[1] = 0;
  assert(computeCount(&array) && array.count == 0);
  assert(!strcmp(shapeText(array.extents, 2), "[1099511627776, 0]"));
  return 0;
}
