/* Number.c: numbers from text, exact where digits and exponent are small, else
 * by the C library. */
#include "runtime/app/Number.h"

#include <stdlib.h>
#include <string.h>

static int isDigit(char c) { return c >= '0' && c <= '9'; }

int parseInteger(const char *text, int64_t length, int64_t *value) {
  int64_t i = 0;
  int isNegative = length > 0 && text[0] == '-';
  i += length > 0 && (text[0] == '-' || text[0] == '+');
  if (i == length)
    return 0;
  int64_t result = 0;
  for (; i < length; ++i) {
    /* Downwards, so that the smallest integer can be read. */
    if (!isDigit(text[i]) || __builtin_mul_overflow(result, 10, &result) ||
        __builtin_sub_overflow(result, text[i] - '0', &result))
      return 0;
  }
  if (!isNegative && result == INT64_MIN)
    return 0;
  *value = isNegative ? result : -result;
  return 1;
}

/* What a decimal number consists of. */
struct Decimal {
  uint64_t digits; /* all digits as one integer, if `isExact` */
  int64_t exponent;
  int isNegative, isExact;
};

/* [+-] digits [. digits] [e [+-] digits], with a digit before or after the
 * point. */
static int scanDecimal(const char *text, int64_t length,
                       struct Decimal *decimal) {
  const char *end = text + length;
  int count = 0, significant = 0;
  *decimal = (struct Decimal){0, 0, text < end && *text == '-', 1};
  text += text < end && (*text == '-' || *text == '+');
  for (int isFraction = 0; text < end; ++text) {
    if (*text == '.' && !isFraction) {
      isFraction = 1;
      continue;
    }
    if (!isDigit(*text))
      break;
    ++count;
    significant += significant || *text != '0';
    if (significant <= 18)
      decimal->digits = decimal->digits * 10 + (uint64_t)(*text - '0');
    decimal->exponent -= isFraction;
  }
  if (!count)
    return 0;
  decimal->isExact = significant <= 18;
  if (text == end)
    return 1;
  if (*text != 'e' && *text != 'E')
    return 0;
  int64_t exponent;
  if (!parseInteger(text + 1, end - text - 1, &exponent))
    return 0;
  if (exponent > 400 || exponent < -400)
    decimal->isExact = 0;
  else
    decimal->exponent += exponent;
  return 1;
}

int parseNumber(const char *text, int64_t length, double *value) {
  /* Exact in a double, so one product or quotient of exact numbers is correctly
   * rounded. */
  static const double powers[] = {
      1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  struct Decimal decimal;
  if (!scanDecimal(text, length, &decimal))
    return 0;
  int64_t exponent = decimal.exponent;
  if (decimal.isExact && decimal.digits <= (1ull << 53) && exponent >= -22 &&
      exponent <= 22) {
    double magnitude = (double)decimal.digits;
    magnitude = exponent < 0 ? magnitude / powers[-exponent]
                             : magnitude * powers[exponent];
    *value = decimal.isNegative ? -magnitude : magnitude;
    return 1;
  }
  char *end;
  *value = strtod(text, &end);
  return end == text + length && *value - *value == 0;
}
