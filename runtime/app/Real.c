/* Real.c: functions of real numbers. */
#include "runtime/app/Real.h"

#include <math.h>

/* x = k log(2) + r with |r| <= log(2) / 2, and exp(r) by its series, which ends
 * where terms are less than half a unit of the last place. */
double realExp(double x) {
  /* log(2) in two parts: products of the first with k are exact. */
  static const double high = 0x1.62e42fee00000p-1, low = 0x1.a39ef35793c76p-33;
  if (isnan(x))
    return x;
  if (x > 709.8)
    return INFINITY;
  if (x < -745.2)
    return 0;
  int k = (int)(x / (high + low) + (x < 0 ? -0.5 : 0.5));
  double r = x - k * high - k * low, sum = 1;
  for (int i = 17; i > 0; --i)
    sum = 1 + r / i * sum;
  return ldexp(sum, k);
}

/* Newton's method (Heron's), from a guess with half of the exponent. */
double realSqrt(double x) {
  int exponent;
  if (isnan(x) || x < 0)
    return NAN;
  if (x == 0 || isinf(x))
    return x;
  frexp(x, &exponent);
  double root = ldexp(1, exponent / 2);
  for (int i = 0; i < 7; ++i)
    root = 0.5 * (root + x / root);
  return root;
}
