//===- Power.cpp - pow ----------------------------------------------------===//
//
// |x|^y = exp(y log|x|). In f32 it is computed in f64. In f64 the logarithm is
// a pair of numbers, good to 2^-65: with s = f / (2 + f), z = s^2,
//   log(1 + f) = 2 s (1 + z / 3 + z^2 p(z)).
// Signs, zeros, infinities and NaN are those of IEEE 754's pow.
//
//===----------------------------------------------------------------------===//
#include "codegen/math/Exponential.h"
#include "codegen/math/Functions.h"
#include "codegen/math/Logarithm.h"
#include <limits>

using namespace mlir;
using namespace mlir::model;
using namespace mlir::model::math_functions;

static constexpr double infinity = std::numeric_limits<double>::infinity();

// Made by coefficients.py.
static const double pow64[] = {0.19999999999999987,  0.14285714285723336,
                               0.11111111108610043,  0.090909094517964376,
                               0.076922774423328899, 0.066681926671779315,
                               0.058367890023448707, 0.059992016147760369};

/// s = f / (2 + f): the quotient and what division lost.
static Pair quotient(Lanes f) {
  Pair divisor = sumOrdered(f.constant(2.0), f);
  Lanes inverse = 1.0 / divisor.high;
  Lanes s = f * inverse;
  Pair back = product(s, divisor.high);
  Lanes error = ((f - back.high) - back.low) - s * divisor.low;
  return sumOrdered(s, error * inverse);
}

/// log(x) of a positive, finite x in f64.
static Pair logarithm(Lanes x) {
  auto [count, f] = decompose(x);
  Pair s = quotient(f);
  Pair z = product(s.high, s.high);
  Lanes zLow = z.low + (2.0 * s.high) * s.low;
  // z / 3 + z^2 p(z).
  Lanes third = z.high.constant(0x1.5555555555555p-2);
  Pair first = product(z.high, third);
  Lanes firstLow = first.low + (z.high * 0x1.5555555555555p-56 + zLow * third);
  Lanes rest = z.high * z.high * polynomial(z.high, pow64);
  Pair bracket = sumOrdered(first.high, rest);
  // 2 s + 2 s (bracket).
  Pair twice = {2.0 * s.high, 2.0 * s.low};
  Pair tail = product(twice.high, bracket.high);
  Lanes tailLow = tail.low + (twice.high * (bracket.low + firstLow) +
                              twice.low * bracket.high);
  Pair one = sumOrdered(twice.high, tail.high);
  Lanes oneLow = one.low + (tailLow + twice.low);
  Pair multiple = multipleOfLog2(count);
  Pair whole = sumOrdered(multiple.high, one.high);
  return sumOrdered(whole.high, whole.low + (oneLow + multiple.low));
}

/// x^y for a positive x; in f64.
static Lanes positivePower(Lanes x, Lanes y) {
  Pair log = logarithm(x);
  Lanes high = withLogarithmEdges(x, log.high);
  Pair exponent = product(y, high);
  Lanes low = exponent.low + y * log.low;
  // Beyond the range of exp, and next to infinities, there is no low part.
  Lanes inRange = abs(exponent.high) < 800.0;
  return expOfSum(exponent.high, select(inRange, low, low.constant(0.0)));
}

/// y / 2 is an integer where y is an even integer.
static Lanes isInteger(Lanes y) { return roundEven(y) == y; }

Lanes math_functions::pow(Lanes x, Lanes y) {
  Lanes magnitude = abs(x), result = magnitude;
  if (isSingle(x)) {
    FloatType wide = x.getBuilder().getF64Type();
    Lanes exponent = resize(y, wide) * log(resize(magnitude, wide));
    result = resize(exp(exponent), x.getBuilder().getF32Type());
  } else {
    result = positivePower(magnitude, y);
  }
  Lanes isOdd = isInteger(y) & ~isInteger(y * 0.5);
  // The sign of x, also of a zero, for odd y; a negative number has no power
  // that is not an integer.
  result = select(isOdd, copySign(result, x), result);
  Lanes isUndefined = (x < 0.0) & (abs(x) < infinity) & ~isInteger(y);
  result = select(isUndefined,
                  x.constant(std::numeric_limits<double>::quiet_NaN()), result);
  // (-1)^infinity is 1; so is what is the same for every y or every x.
  Lanes isOne = (magnitude == 1.0) & (abs(y) == infinity);
  return select(isOne | (y == 0.0) | (x == 1.0), x.constant(1.0), result);
}
