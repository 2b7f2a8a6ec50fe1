//===- Format.h - the two float formats, polynomials, pairs -----*- C++ -*-===//
//
// What the functions of codegen/math share.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_MATH_FORMAT_H
#define MODEL_CODEGEN_MATH_FORMAT_H

#include "dialect/Lanes.h"

namespace mlir::model::math_functions {

/// IEEE 754 binary32 or binary64.
struct Format {
  /// Bits of the fraction, the leading one not counted.
  unsigned fraction;
  int64_t bias;
  /// 3/2 2^fraction: adding it rounds to an integer, ties to even, which then
  /// stands in the low bits.
  double magic;
  double smallestNormal;

  int64_t fractionMask() const { return (int64_t(1) << fraction) - 1; }
  int64_t oneBits() const { return bias << fraction; }
  /// The bits of `magic`.
  int64_t magicBits() const {
    return ((bias + fraction) << fraction) | int64_t(1) << (fraction - 1);
  }
};

Format formatOf(Lanes x);
inline bool isSingle(Lanes x) { return x.width() == 32; }

/// One of two constants, as the format demands.
inline double pick(Lanes x, double single, double wide) {
  return isSingle(x) ? single : wide;
}

/// c[0] + c[1] x + ..., the even and the odd powers by Horner's rule each.
Lanes polynomial(Lanes x, ArrayRef<double> coefficients);
Lanes polynomial(Lanes x, ArrayRef<double> single, ArrayRef<double> wide);

/// `bound` where x is beyond it; NaN stays.
Lanes atMost(Lanes x, double bound);
Lanes atLeast(Lanes x, double bound);

/// The unevaluated sum of two numbers, the second below half a unit in the last
/// place of the first.
struct Pair {
  Lanes high, low;
};

/// a + b and its rounding error, where |a| >= |b| or a is 0 (Dekker 1971).
Pair sumOrdered(Lanes a, Lanes b);
/// The same for any two (Knuth).
Pair sum(Lanes a, Lanes b);
/// a * b and its rounding error, by halves (Dekker 1971). f64 only.
Pair product(Lanes a, Lanes b);

} // namespace mlir::model::math_functions

#endif
