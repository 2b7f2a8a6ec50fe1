/* real.c: functions of real numbers against those of the C library.
 *
 * RUN: %clang %program-flags %s %program-libraries -lm -o %t && %t | FileCheck %s
 * CHECK: exp within 2 units, sqrt within 2 units
 */
#include "runtime/app/Real.h"
#include "runtime/core/abi.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

/* The program that the libraries want. */
const struct modelc_program modelc_program_descriptor = {.struct_size = 0};

static double unitsApart(double found, double wanted) {
  if (found == wanted)
    return 0;
  return fabs(found - wanted) / (nextafter(fabs(wanted), INFINITY) - fabs(wanted));
}

int main(void) {
  double most[2] = {0, 0};
  for (double x = -700; x < 709; x += 0.01234567)
    most[0] = fmax(most[0], unitsApart(realExp(x), exp(x)));
  for (double x = 1e-300; x < 1e300; x *= 1.2345678)
    most[1] = fmax(most[1], unitsApart(realSqrt(x), sqrt(x)));
  assert(realExp(0) == 1 && realExp(-1e9) == 0 && isinf(realExp(1e9)) && isnan(realExp(NAN)));
  assert(realSqrt(0) == 0 && realSqrt(16) == 4 && isinf(realSqrt(INFINITY)) && isnan(realSqrt(-1)));
  printf("exp within %.0f units, sqrt within %.0f units\n", ceil(fmax(most[0], 1.5)), ceil(fmax(most[1], 1.5)));
  return 0;
}
