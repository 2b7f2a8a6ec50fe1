/* Differences.h: whether a number is the derivative of a function, judged by
 * differences. */
#ifndef MODELC_RUNTIME_CHECK_DIFFERENCES_H
#define MODELC_RUNTIME_CHECK_DIFFERENCES_H

/* A function of one number. */
struct Curve {
  double (*evaluate)(void *context, double x);
  void *context;
};

enum Verdict {
  VerdictAgrees,
  VerdictKink, /* differences do not say: the function has a kink or a jump */
  VerdictDiffers
};

struct Comparison {
  enum Verdict verdict;
  double difference;    /* the derivative by differences */
  double relativeError; /* of the gradient; infinite if that is not finite */
};

/* How much of the larger of both a gradient may be off beyond what differences
 * can tell. */
#define GRADIENT_TOLERANCE 1e-6

/* Compares `gradient` with differences of `curve` at `x`, where the curve is
 * `value`. */
struct Comparison compareGradient(const struct Curve *curve, double x,
                                  double value, double gradient);

#endif
