/* accuracy.c: measures functions on f32 and f64 against more precise ones.
 *
 * usage: accuracy [STRIDE [COUNT]]: every STRIDE-th of all f32, COUNT random
 * f64 of each kind. f32 is compared with the C library's f64, f64 with its
 * 64-bit `long double`. Vectors must agree with scalars to the bit. Prints the
 * largest error in units in the last place, and fails beyond the allowed one.
 */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*Function)(const void *, const void *, void *);

struct Tested {
  const char *name, *type;
  double allowed;
  Function forms[3];
  double (*unaryFloat)(double);
  long double (*unaryDouble)(long double);
  double (*binaryFloat)(double, double);
  long double (*binaryDouble)(long double, long double);
};

double referenceRsqrt(double x) { return 1 / sqrt(x); }
long double referenceRsqrtl(long double x) { return 1 / sqrtl(x); }

#include "table.h"

static const int lanes[] = {1, 3, 8};
enum { Batch = 24 };

struct Worst {
  double error, x, y;
  int failures;
  uint64_t hash;
};

static void fail(const struct Tested *t, struct Worst *worst, double x,
                 double y, double got, long double expected, const char *what) {
  if (++worst->failures <= 5)
    printf("%s %s(%a, %a): %a, expected %La: %s\n", t->name, t->type, x, y, got,
           expected, what);
}

/* One unit in the last place of a format of `digits` digits at x. */
static long double unit(long double x, int digits, int smallest) {
  int exponent;
  frexpl(x, &exponent);
  return ldexpl(1, exponent - digits > smallest ? exponent - digits : smallest);
}

static void judge(const struct Tested *t, struct Worst *worst, double x,
                  double y, double got, long double expected, int isFloat) {
  uint64_t bits = 0;
  if (!isnan(got))
    memcpy(&bits, &got, sizeof bits);
  worst->hash = (worst->hash ^ bits) * 0x9E3779B97F4A7C15u;
  worst->hash ^= worst->hash >> 32;
  int digits = isFloat ? FLT_MANT_DIG : DBL_MANT_DIG;
  int smallest = isFloat ? -149 : -1074;
  long double limit = ldexpl(1, isFloat ? 128 : 1024);
  if (isnan(expected) || isnan(got)) {
    if (!isnan(expected) || !isnan(got))
      fail(t, worst, x, y, got, expected, "one is NaN");
    return;
  }
  if (signbit(got) != signbit(expected))
    fail(t, worst, x, y, got, expected, "the sign");
  if (got == expected)
    return;
  /* Infinity stands for the first number that is too large. */
  long double from = isinf(got) ? copysignl(limit, got) : got;
  long double to =
      fabsl(expected) > limit ? copysignl(limit, expected) : expected;
  double error = (double)(fabsl(from - to) /
                          unit(fminl(fabsl(to), limit / 2), digits, smallest));
  if (error > worst->error) {
    worst->error = error;
    worst->x = x;
    worst->y = y;
  }
  if (error > t->allowed)
    fail(t, worst, x, y, got, expected, "the error is too large");
}

static void runFloat(const struct Tested *t, struct Worst *worst,
                     const float *x, const float *y) {
  float results[3][Batch];
  for (int form = 0; form < 3; ++form)
    for (int i = 0; i < Batch; i += lanes[form])
      t->forms[form](x + i, y + i, results[form] + i);
  for (int i = 0; i < Batch; ++i) {
    float got = results[0][i];
    double expected =
        t->binaryFloat ? t->binaryFloat(x[i], y[i]) : t->unaryFloat(x[i]);
    judge(t, worst, x[i], y[i], got, expected, 1);
    for (int form = 1; form < 3; ++form)
      if (memcmp(&results[form][i], &got, sizeof got) &&
          !(isnan(got) && isnan(results[form][i])))
        fail(t, worst, x[i], y[i], results[form][i], got, "vector and scalar");
  }
}

static void runDouble(const struct Tested *t, struct Worst *worst,
                      const double *x, const double *y) {
  double results[3][Batch];
  for (int form = 0; form < 3; ++form)
    for (int i = 0; i < Batch; i += lanes[form])
      t->forms[form](x + i, y + i, results[form] + i);
  for (int i = 0; i < Batch; ++i) {
    double got = results[0][i];
    long double expected =
        t->binaryDouble ? t->binaryDouble(x[i], y[i]) : t->unaryDouble(x[i]);
    judge(t, worst, x[i], y[i], got, expected, 0);
    for (int form = 1; form < 3; ++form)
      if (memcmp(&results[form][i], &got, sizeof got) &&
          !(isnan(got) && isnan(results[form][i])))
        fail(t, worst, x[i], y[i], results[form][i], got, "vector and scalar");
  }
}

/*===- Arguments ----------------------------------------------------------===*/

static uint64_t state;

static uint64_t nextBits(void) {
  uint64_t x = state += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

static double uniform(double low, double high) {
  return low + (high - low) * ((double)(nextBits() >> 11) * 0x1p-53);
}

static double ofBits(uint64_t bits, int isFloat) {
  if (isFloat) {
    uint32_t narrow = (uint32_t)(bits >> 32);
    float x;
    memcpy(&x, &narrow, sizeof x);
    return x;
  }
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* Where functions of one argument change their ways, and their limits. */
static const double places[] = {
    0, 1, -1, 0.5, -0.5, 2, 2.5, 3.5, -2.5, 4, 6, 20, -20, 40, -40, /**/
    0.34657359, 0.5625, 0.84375, M_SQRT2, M_SQRT1_2, M_PI, M_PI_2, M_PI_4,
    88.7228, 709.783, -103.97, -745.133, -87.3366, -708.396, 32768, -32768,
    /* The closest to multiples of pi / 2, in f64 and in f32. */
    0x1.6ac5b262ca1ffp849, 0x1.f37c8ap95,
    /* Limits of the formats. */
    0x1p23, 0x1p52, 0x1p-126, 0x1p-1022, 0x1p-149, 0x1p-1074, 0x1.fffffep127,
    DBL_MAX, INFINITY, -INFINITY, NAN};
enum { Places = sizeof places / sizeof *places };

/* Kinds of arguments for a function of one operand. */
static double unaryArgument(int kind, int isFloat) {
  switch (kind) {
  case 0:
    return ofBits(nextBits(), isFloat);
  case 1:
    return uniform(-2, 2);
  case 2:
    return uniform(-750, 750);
  case 3: /* near a multiple of pi / 2 */
    return (double)(int64_t)uniform(-1e6, 1e6) * M_PI_2;
  case 4: /* any exponent, near 0 in the logarithm */
    return 1 + ldexp(uniform(-1, 1), -(int)(nextBits() % 60));
  default: {
    double place = places[nextBits() % Places];
    int steps = (int)(nextBits() % 9) - 4;
    for (; steps > 0; --steps)
      place = isFloat ? (double)nextafterf((float)place, INFINITY)
                      : nextafter(place, INFINITY);
    for (; steps < 0; ++steps)
      place = isFloat ? (double)nextafterf((float)place, -INFINITY)
                      : nextafter(place, -INFINITY);
    return place;
  }
  }
}

/* Pairs for pow. */
static void binaryArguments(int kind, int isFloat, double *x, double *y) {
  static const double special[] = {
      0,   -0.0, 1,        -1,        2,    -2,   0.5, -0.5,   3,      -3,
      1.5, -1.5, INFINITY, -INFINITY, NAN,  1e30, 7,   0x1p24, 0x1p53, 0x1p-140,
      -7,  1023, 0x1.8p1,  -0x1p-130, 33333};
  enum { Specials = sizeof special / sizeof *special };
  double range = isFloat ? 160 : 1100;
  switch (kind) {
  case 0:
    *x = ofBits(nextBits(), isFloat), *y = ofBits(nextBits(), isFloat);
    break;
  case 1: /* results of all exponents */
    *x = fabs(ofBits(nextBits(), isFloat));
    *y = uniform(-range, range) / log2(*x);
    break;
  case 2: /* near 1 */
    *x = 1 + ldexp(uniform(-1, 1), -(int)(nextBits() % (isFloat ? 24 : 53)));
    *y = uniform(-range, range) / log2(*x);
    break;
  case 3: /* integer powers of negative numbers */
    *x = uniform(-4, 4), *y = (double)(int64_t)uniform(-80, 80);
    break;
  case 4:
    *x = uniform(0, 10), *y = uniform(-10, 10);
    break;
  default:
    *x = special[nextBits() % Specials], *y = special[nextBits() % Specials];
  }
}

static void runRandom(const struct Tested *t, struct Worst *worst,
                      int64_t count) {
  int isFloat = t->unaryFloat || t->binaryFloat;
  int isBinary = t->binaryFloat || t->binaryDouble;
  for (int kind = 0; kind < 6; ++kind)
    for (int64_t done = 0; done < count; done += Batch) {
      double x[Batch], y[Batch] = {0};
      float narrowX[Batch], narrowY[Batch];
      for (int i = 0; i < Batch; ++i) {
        if (isBinary)
          binaryArguments(kind, isFloat, &x[i], &y[i]);
        else
          x[i] = unaryArgument(kind, isFloat);
        narrowX[i] = (float)x[i], narrowY[i] = (float)y[i];
      }
      if (isFloat)
        runFloat(t, worst, narrowX, narrowY);
      else
        runDouble(t, worst, x, y);
    }
}

static void runAllFloats(const struct Tested *t, struct Worst *worst,
                         uint64_t stride) {
  for (uint64_t first = 0; first < 1ull << 32; first += stride * Batch) {
    float x[Batch];
    for (int i = 0; i < Batch; ++i) {
      uint32_t bits = (uint32_t)(first + (uint64_t)i * stride);
      memcpy(&x[i], &bits, sizeof bits);
    }
    runFloat(t, worst, x, x);
  }
}

int main(int argc, char **argv) {
  uint64_t stride = argc > 1 ? strtoull(argv[1], NULL, 10) : 4093;
  int64_t count = argc > 2 ? atoll(argv[2]) : 48000;
  int failures = 0;
  for (size_t i = 0; i < sizeof tested / sizeof *tested; ++i) {
    const struct Tested *t = &tested[i];
    struct Worst worst = {0};
    state = i;
    if (t->unaryFloat)
      runAllFloats(t, &worst, stride);
    runRandom(t, &worst, count);
    printf("%-6s %s: %.3f units in the last place at (%a, %a), %g allowed; "
           "results %016llx\n",
           t->name, t->type, worst.error, worst.x, worst.y, t->allowed,
           (unsigned long long)worst.hash);
    failures += worst.failures;
  }
  return failures != 0;
}
