//===- Format.cpp - the two float formats, polynomials, pairs -------------===//
//
// T. Dekker, "A floating-point technique for extending the available
// precision", Numerische Mathematik 18, 1971.
//
//===----------------------------------------------------------------------===//
#include "codegen/math/Format.h"

using namespace mlir;
using namespace mlir::model;
using namespace mlir::model::math_functions;

Format math_functions::formatOf(Lanes x) {
  if (isSingle(x))
    return {23, 127, 0x1.8p23, 0x1p-126};
  return {52, 1023, 0x1.8p52, 0x1p-1022};
}

static Lanes horner(Lanes x, ArrayRef<double> coefficients, size_t first) {
  size_t i = first;
  while (i + 2 < coefficients.size())
    i += 2;
  Lanes result = x.constant(coefficients[i]);
  while (i > first) {
    i -= 2;
    result = result * x + coefficients[i];
  }
  return result;
}

Lanes math_functions::polynomial(Lanes x, ArrayRef<double> coefficients) {
  Lanes square = x * x;
  return horner(square, coefficients, 0) + x * horner(square, coefficients, 1);
}

Lanes math_functions::polynomial(Lanes x, ArrayRef<double> single,
                                 ArrayRef<double> wide) {
  return polynomial(x, isSingle(x) ? single : wide);
}

Lanes math_functions::atMost(Lanes x, double bound) {
  return select(x > bound, x.constant(bound), x);
}

Lanes math_functions::atLeast(Lanes x, double bound) {
  return select(x < bound, x.constant(bound), x);
}

Pair math_functions::sumOrdered(Lanes a, Lanes b) {
  Lanes high = a + b;
  return {high, (a - high) + b};
}

Pair math_functions::sum(Lanes a, Lanes b) {
  Lanes high = a + b;
  Lanes part = high - a;
  return {high, (a - (high - part)) + (b - part)};
}

/// The upper half of the digits; the rest fits into the other half.
static Lanes upperHalf(Lanes x) {
  return floatOfBits(bitsOf(x) & ~int64_t(0x7FFFFFF));
}

Pair math_functions::product(Lanes a, Lanes b) {
  Lanes high = a * b;
  Lanes a0 = upperHalf(a), b0 = upperHalf(b);
  Lanes a1 = a - a0, b1 = b - b0;
  return {high, (((a0 * b0 - high) + a0 * b1) + a1 * b0) + a1 * b1};
}
