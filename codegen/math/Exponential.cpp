//===- Exponential.cpp - exp and expm1 ------------------------------------===//
//
// x = k log(2) + r with |r| <= log(2) / 2 (W. Cody, W. Waite, "Software manual
// for the elementary functions", 1980): the product of k and the upper part of
// log(2) is exact. exp(r) = 1 + r + r^2 p(r), and 2^k goes to the exponent.
//
//===----------------------------------------------------------------------===//
#include "codegen/math/Exponential.h"
#include "codegen/math/Functions.h"

using namespace mlir;
using namespace mlir::model;
using namespace mlir::model::math_functions;

// Made by coefficients.py.
static const double exp32[] = {0.499999881, 0.166665182, 0.0416696556,
                               0.00836896151, 0.00137448148};
static const double exp64[] = {0.50000000000000133,   0.16666666666666488,
                               0.041666666666511976,  0.0083333333334472594,
                               0.0013888888947727362, 0.00019841269607174817,
                               2.4801489318727205e-5, 2.7557497479195075e-6,
                               2.7631478385462734e-7, 2.5027991964081563e-8};
static const double expm32[] = {0.5,           0.166666657,  0.0416664779,
                                0.00833356753, 0.0013933708, 0.000197425616};
static const double expm64[] = {0.5,
                                0.16666666666666677,
                                0.041666666666666602,
                                0.0083333333333214434,
                                0.0013888888888928337,
                                0.00019841269886570426,
                                2.4801587227621047e-5,
                                2.7557243776384498e-6,
                                2.7557361780235769e-7,
                                2.5109185938735996e-8,
                                2.0886684693563505e-9};

ReducedExponent math_functions::reduceExponent(Lanes x) {
  Format format = formatOf(x);
  Lanes shifted = x * 1.44269504088896340736 + format.magic;
  Lanes count = shifted - format.magic;
  Lanes high = x - count * pick(x, 0x1.62e4p-1, 0x1.62e42fefa38p-1);
  Lanes rest = count * pick(x, 1.42860682030941723e-6, 0x1.ef35793c7673p-45);
  Lanes r = high - rest;
  // The bits of `magic` leave with the shift.
  return {count, bitsOf(shifted) << format.fraction, r, (high - r) - rest};
}

Lanes math_functions::exponentialTail(Lanes rest) {
  return rest * rest * polynomial(rest, exp32, exp64);
}

Lanes math_functions::exponentialTailExact(Lanes rest) {
  return rest * rest * polynomial(rest, expm32, expm64);
}

/// Two factors, each of which is a normal number; only the second one rounds.
Lanes math_functions::scale(Lanes x, Lanes count, Lanes power) {
  Format format = formatOf(x);
  Lanes half = bitsOf(count * 0.5 + format.magic) << format.fraction;
  return (x * powerOfTwo(x, half)) * powerOfTwo(x, power - half);
}

Lanes math_functions::powerOfTwo(Lanes like, Lanes power) {
  return floatOfBits(power + power.integer(formatOf(like).oneBits()));
}

/// What is below the lower bound becomes 0, above the upper bound infinity.
static Lanes clampExponent(Lanes x) {
  return atLeast(atMost(x, pick(x, 89, 710)), pick(x, -104, -746));
}

Lanes math_functions::exp(Lanes x) {
  auto [count, power, rest, low] = reduceExponent(clampExponent(x));
  return scale(1.0 + (rest + exponentialTail(rest)), count, power);
}

Lanes math_functions::expOfSum(Lanes x, Lanes low) {
  ReducedExponent reduced = reduceExponent(clampExponent(x));
  Pair rest = sum(reduced.rest, reduced.low + low);
  Lanes tail = exponentialTailExact(rest.high) + rest.low;
  return scale(1.0 + (rest.high + tail), reduced.count, reduced.power);
}

/// 2^k (1 - 2^-k + r + r^2 p(r)), the sum from its largest part on.
Lanes math_functions::expm1(Lanes x) {
  // Beyond this, the smaller one of exp(x) and 1 is lost beside the other.
  double lost = pick(x, 20, 40);
  Lanes clamped = atLeast(atMost(x, pick(x, 89, 710)), -lost);
  auto [count, power, rest, low] = reduceExponent(clamped);
  Lanes inverse = select(x > lost, x.constant(0.0), powerOfTwo(x, -power));
  Pair start = sumOrdered(1.0 - inverse, rest);
  Lanes tail = exponentialTailExact(rest) + low;
  Lanes result = scale(start.high + (start.low + tail), count, power);
  return select(x == 0.0, x, result);
}
