// Numbers are read correctly rounded; what is no number is refused.
// RUN: %clang %program-flags %s %program-libraries -o %t && %t
#include "runtime/app/Number.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/core/Random.h"
#include "runtime/core/abi.h"

const struct modelc_program modelc_program_descriptor;

static int isNumber(const char *text) {
  double value;
  return parseNumber(text, (int64_t)strlen(text), &value);
}
static int isInteger(const char *text) {
  int64_t value;
  return parseInteger(text, (int64_t)strlen(text), &value);
}

static void check(const char *text) {
  double value = -1;
  if (!parseNumber(text, (int64_t)strlen(text), &value) ||
      value != strtod(text, 0)) {
    printf("%s: %.17g, wanted %.17g\n", text, value, strtod(text, 0));
    exit(1);
  }
}

int main(void) {
  static const char *const good[] = {"0",
                                     "-0.0",
                                     "1",
                                     "+1.5",
                                     ".5",
                                     "5.",
                                     "1e3",
                                     "1E-3",
                                     "9007199254740993",
                                     "1e22",
                                     "1e23",
                                     "123456789012345678901234567890",
                                     "1.7976931348623157e308",
                                     "4.9e-324",
                                     "1e-400",
                                     "0.000000000000000000000000000001",
                                     "8.41e21",
                                     "3.14159265358979323846"};
  for (unsigned i = 0; i < sizeof good / sizeof *good; ++i)
    check(good[i]);
  static const char *const bad[] = {
      "",    "+",    "-",    ".",  "e5", "1e",  "1e+", "1.2.3", "nan",
      "inf", "-inf", "0x10", "1 ", " 1", "1,5", "--1", "1e400", "abc"};
  for (unsigned i = 0; i < sizeof bad / sizeof *bad; ++i)
    assert(!isNumber(bad[i]));
  // Random digits, points and exponents agree with the C library.
  for (uint64_t i = 0; i < 200000; ++i) {
    uint64_t bits = modelcRandom(1, 0, i), shape = modelcRandom(1, 1, i);
    char text[80];
    snprintf(text, sizeof text, "%s%llu.%llue%d", shape & 1 ? "-" : "",
             (unsigned long long)(bits >> (shape >> 8 & 63)),
             (unsigned long long)(shape >> 16 & 0xffff),
             (int)(shape >> 40 & 63) - 31);
    check(text);
  }
  int64_t value;
  assert(parseInteger("-9223372036854775808", 20, &value) &&
         value == INT64_MIN);
  assert(parseInteger("9223372036854775807", 19, &value) && value == INT64_MAX);
  assert(!isInteger("9223372036854775808") && !isInteger("1.0") &&
         !isInteger("") && !isInteger("-") &&
         !isInteger("99999999999999999999"));
  return 0;
}
