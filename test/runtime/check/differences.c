// The derivative by differences on functions that are smooth, steep, bent, broken, constant and noisy.
// RUN: %clang %program-flags -Wno-unused-parameter %s %lib/libmodelc_check.a -lm -o %t && %t | FileCheck %s
#include "runtime/check/Differences.h"

#include <math.h>
#include <stdio.h>

static double cubic(void *context, double x) { return x * x * x - 2 * x; }
static double wave(void *context, double x) { return sin(1e4 * x); }
static double constant(void *context, double x) { return 1e6; }
static double bend(void *context, double x) { return fabs(x - 1e-3); }
static double root(void *context, double x) { return sqrt(x); }
static double rough(void *context, double x) {
  return x + 1e-3 * sin(1e9 * x);
}
static double offset(void *context, double x) { return 1e9 + x; }

static void compare(const char *name, double (*function)(void *, double),
                    double x, double gradient) {
  static const char *const verdicts[] = {"agrees", "kink", "differs"};
  struct Curve curve = {function, 0};
  struct Comparison found =
      compareGradient(&curve, x, function(0, x), gradient);
  printf("%s %g %s %s\n", name, gradient, verdicts[found.verdict],
         found.relativeError < 1e-6 ? "close" : "far");
}

int main(void) {
  // CHECK: cubic 10 agrees close
  compare("cubic", cubic, 2, 10);
  // CHECK-NEXT: cubic 10.0001 differs far
  compare("cubic", cubic, 2, 10.0001);
  // CHECK-NEXT: cubic -10 differs far
  compare("cubic", cubic, 2, -10);
  // CHECK-NEXT: cubic nan differs far
  compare("cubic", cubic, 2, NAN);
  // Too steep for the first steps.
  // CHECK-NEXT: wave 10000 agrees close
  compare("wave", wave, 0, 1e4);
  // CHECK-NEXT: wave 9999 differs far
  compare("wave", wave, 0, 9999);
  // CHECK-NEXT: constant 0 agrees close
  compare("constant", constant, 1, 0);
  // CHECK-NEXT: constant 0.1 differs far
  compare("constant", constant, 1, 0.1);
  // Beside the kink, closer than the first steps; then on it, where any slope between both is one.
  // CHECK-NEXT: bend 1 agrees close
  compare("bend", bend, 2e-3, 1);
  // CHECK-NEXT: bend -1 kink
  compare("bend", bend, 1e-3, -1);
  // CHECK-NEXT: bend 0.5 kink
  compare("bend", bend, 1e-3, 0.5);
  // CHECK-NEXT: bend 1.5 differs far
  compare("bend", bend, 1e-3, 1.5);
  // The edge of where the function is finite.
  // CHECK-NEXT: root 1 kink
  compare("root", root, 0, 1);
  // CHECK-NEXT: root 50 agrees close
  compare("root", root, 1e-4, 50);
  // CHECK-NEXT: rough 1 kink
  compare("rough", rough, 1, 1);
  // Only as many digits as the sum has.
  // CHECK-NEXT: offset 1 agrees
  compare("offset", offset, 1, 1);
  return 0;
}
