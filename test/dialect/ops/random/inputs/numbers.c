/* numbers.c: compares compiled random operations with the runtime's generator,
 * and their distributions with what they should be. */
#include "runtime/core/Random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { Rows = 4000, Columns = 5, Count = Rows * Columns };

void uniform(const int64_t *key, float *flat, double *wide, float *transposed,
             void *workspace, int64_t n);
void fold_in(const int64_t *key, const int64_t *data, int64_t *result,
             void *workspace);
void bernoulli(const int64_t *key, const float *p, const double *q,
               uint8_t *first, uint8_t *second, void *workspace);
void normal(const int64_t *key, float *single, double *wide, void *workspace);

static float single[Count], transposed[Count];
static double wide[Count];
static uint8_t first[Count], second[Count];

static void check(int holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "%s\n", what);
    exit(1);
  }
}

/* Mean, variance, skewness and kurtosis, each with `sigmas` of its error. */
static void checkMoments(const double *x, const double expected[4],
                         const char *what) {
  double mean = 0, moments[5] = {0};
  for (int i = 0; i < Count; ++i)
    mean += x[i] / Count;
  for (int i = 0; i < Count; ++i)
    for (int power = 2; power <= 4; ++power)
      moments[power] += pow(x[i] - mean, power) / Count;
  double deviation = sqrt(moments[2]), error = 1 / sqrt(Count);
  double skewness = moments[3] / pow(deviation, 3);
  double kurtosis = moments[4] / pow(deviation, 4);
  int fine = fabs(mean - expected[0]) < 4 * deviation * error &&
             fabs(moments[2] - expected[1]) < 6 * expected[1] * error &&
             fabs(skewness - expected[2]) < 10 * error &&
             fabs(kurtosis - expected[3]) < 20 * error;
  if (!fine)
    fprintf(stderr, "mean %g, variance %g, skewness %g, kurtosis %g\n", mean,
            moments[2], skewness, kurtosis);
  check(fine, what);
  double neighbours = 0;
  for (int i = 1; i < Count; ++i)
    neighbours += (x[i] - mean) * (x[i - 1] - mean) / Count;
  check(fabs(neighbours / expected[1]) < 4 * error, "neighbours correlate");
}

static void checkUniform(int64_t key) {
  uniform(&key, single, wide, transposed, NULL, Rows);
  for (int row = 0; row < Rows; ++row)
    for (int column = 0; column < Columns; ++column) {
      int i = row * Columns + column;
      uint64_t bits = modelcRandom((uint64_t)key, 0, (uint64_t)i);
      double f32 = modelcRandomUniform((uint64_t)key, 0, (uint64_t)i);
      check(single[i] == f32, "uniform f32 is not the runtime's");
      check(transposed[column * Rows + row] == f32, "transposed");
      check(wide[i] == (double)(bits >> 11) * 0x1p-53, "uniform f64");
    }
  const double expected[4] = {0.5, 1.0 / 12, 0, 1.8};
  checkMoments(wide, expected, "uniform numbers are not uniform");
}

static void checkFold(int64_t key, int64_t data) {
  int64_t result;
  fold_in(&key, &data, &result, NULL);
  check((uint64_t)result ==
            modelcRandom((uint64_t)key, 1ull << 62, (uint64_t)data),
        "fold_in");
}

static int countTrue(int64_t key, double p) {
  float narrow = (float)p;
  bernoulli(&key, &narrow, &p, first, second, NULL);
  int count = 0, differences = 0;
  for (int i = 0; i < Count; ++i) {
    check(first[i] < 2 && second[i] < 2, "a bool is neither 0 nor 1");
    count += first[i];
    differences += first[i] != second[i];
  }
  check(differences <= 2, "f32 and f64 disagree");
  return count;
}

static void checkNormal(int64_t key) {
  normal(&key, single, wide, NULL);
  for (int i = 0; i < Count; ++i)
    check(fabs(single[i] - wide[i]) < 1e-3 && fabs(wide[i]) < 10,
          "normal f32 differs from f64");
  const double expected[4] = {0, 1, 0, 3};
  checkMoments(wide, expected, "normal numbers are not normal");
  /* The distribution function, against erf (Kolmogorov and Smirnov). */
  for (double x = -3; x <= 3; x += 0.25) {
    int below = 0;
    for (int i = 0; i < Count; ++i)
      below += wide[i] < x;
    double expectedBelow = 0.5 + 0.5 * erf(x * sqrt(0.5));
    check(fabs((double)below / Count - expectedBelow) < 2.0 / sqrt(Count),
          "the normal distribution function is off");
  }
}

int main(void) {
  const int64_t keys[] = {0, 1, -1, 0x299f31d0a4093822};
  for (int i = 0; i < 4; ++i) {
    checkUniform(keys[i]);
    checkNormal(keys[i]);
    for (int j = 0; j < 4; ++j)
      checkFold(keys[i], keys[j]);
    check(countTrue(keys[i], 0) == 0, "p = 0 gave true");
    check(countTrue(keys[i], NAN) == 0, "p = NaN gave true");
    check(countTrue(keys[i], 1) == Count, "p = 1 gave false");
    double share = (double)countTrue(keys[i], 0.1) / Count;
    check(fabs(share - 0.1) < 4 * sqrt(0.09 / Count), "p = 0.1");
  }
  return 0;
}
