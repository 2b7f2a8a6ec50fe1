/* Differences.c: fourth-order central differences,
 *
 *   f'(x) = (8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h))) / 12h + O(h^4)
 *
 * (Abramowitz and Stegun, 25.3.6), at h and h / 2. What these disagree by says
 * how far they can be trusted; where it is too much, a kink may be between the
 * points, and a smaller h goes past it. */
#include "runtime/check/Differences.h"

#include <float.h>
#include <math.h>

/* Steps are powers of two, so that x + h is exact where x is a round number. */
enum { FirstStep = -9, LastStep = -21, StepsBetween = 4 };

/* A rounding of the function is taken for this many of a single operation. */
static const double roundings = 32;

struct Estimate {
  double value; /* at h / 2 */
  double error; /* what the step sizes disagree by, at least `noise` */
  double noise; /* what rounding makes of it */
};

static double larger(double a, double b) { return a > b ? a : b; }

static double scaleOf(double x) {
  int exponent;
  frexp(x, &exponent);
  return exponent > 0 ? ldexp(1, exponent) : 1;
}

static struct Estimate estimate(const struct Curve *curve, double x, double h) {
  double odd[3], largest = 0; /* f(x + k) - f(x - k) at h / 2, h, 2 h */
  for (int i = 0; i < 3; ++i) {
    double step = ldexp(h, i - 1);
    double after = curve->evaluate(curve->context, x + step);
    double before = curve->evaluate(curve->context, x - step);
    odd[i] = after - before;
    largest = larger(largest, larger(fabs(after), fabs(before)));
  }
  double coarse = (8 * odd[1] - odd[2]) / (12 * h);
  struct Estimate result = {.value = (8 * odd[0] - odd[1]) / (6 * h),
                            .noise = roundings * DBL_EPSILON * largest / h};
  result.error = larger(fabs(result.value - coarse), result.noise);
  if (!isfinite(result.value) || !isfinite(coarse))
    result.error = INFINITY;
  return result;
}

/* The most certain of several step sizes; the largest that is good enough is
 * taken, as smaller ones lose digits. */
static struct Estimate bestEstimate(const struct Curve *curve, double x) {
  struct Estimate best = {.error = INFINITY};
  for (int step = FirstStep; step >= LastStep; step -= StepsBetween) {
    struct Estimate next = estimate(curve, x, ldexp(scaleOf(x), step));
    if (next.error < best.error)
      best = next;
    if (best.error <= GRADIENT_TOLERANCE * fabs(best.value) ||
        best.error <= best.noise)
      break;
  }
  return best;
}

/* Whether the slopes on both sides of x differ, and `gradient` lies between
 * them. The slopes of a smooth function meet as h goes to 0, those at a kink
 * keep their distance; central differences agree there, on the mean of both. */
static int isBetweenSlopes(const struct Curve *curve, double x, double value,
                           double gradient) {
  double jumps[2], low = 0, high = 0;
  for (int i = 0; i < 2; ++i) {
    double h = ldexp(scaleOf(x), -16 - i);
    double left = (value - curve->evaluate(curve->context, x - h)) / h;
    double right = (curve->evaluate(curve->context, x + h) - value) / h;
    jumps[i] = fabs(right - left);
    low = left < right ? left : right;
    high = left < right ? right : left;
  }
  double slack = 1e-3 * jumps[1];
  return jumps[1] > 0.75 * jumps[0] && gradient >= low - slack &&
         gradient <= high + slack;
}

struct Comparison compareGradient(const struct Curve *curve, double x,
                                  double value, double gradient) {
  struct Estimate slope = bestEstimate(curve, x);
  struct Comparison result = {.difference = slope.value};
  double distance = fabs(gradient - slope.value);
  double magnitude = larger(fabs(gradient), fabs(slope.value));
  double least = larger(magnitude, slope.error / GRADIENT_TOLERANCE);
  result.relativeError = distance == 0 ? 0 : distance / least;
  if (!isfinite(gradient)) {
    result.verdict = VerdictDiffers;
    result.relativeError = INFINITY;
    return result;
  }
  int isCertain =
      slope.error <= 1e-3 * magnitude || slope.error <= 10 * slope.noise;
  if (!isfinite(slope.error) || !isCertain)
    result.verdict = VerdictKink;
  else if (distance <= GRADIENT_TOLERANCE * magnitude + 4 * slope.error)
    result.verdict = VerdictAgrees;
  else
    result.verdict = isBetweenSlopes(curve, x, value, gradient)
                         ? VerdictKink
                         : VerdictDiffers;
  return result;
}
