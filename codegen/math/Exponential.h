//===- Exponential.h - the parts of exp -------------------------*- C++ -*-===//
//
// Argument reduction and scaling, which exp, expm1, pow, tanh and erf share.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_MATH_EXPONENTIAL_H
#define MODEL_CODEGEN_MATH_EXPONENTIAL_H

#include "codegen/math/Format.h"

namespace mlir::model::math_functions {

/// x = count log(2) + rest + low, |rest| <= log(2) / 2.
struct ReducedExponent {
  Lanes count;
  /// `count` shifted to where the exponent is; an integer.
  Lanes power;
  Lanes rest;
  /// What rounding took from `rest`.
  Lanes low;
};
ReducedExponent reduceExponent(Lanes x);

/// (exp(rest) - 1 - rest) without the contribution of `low`; for exp.
Lanes exponentialTail(Lanes rest);
/// The same with an error that is relative to expm1(rest).
Lanes exponentialTailExact(Lanes rest);

/// x 2^count, also where that overflows to infinity or underflows gradually.
Lanes scale(Lanes x, Lanes count, Lanes power);
/// 2^count, a normal number.
Lanes powerOfTwo(Lanes like, Lanes power);

/// exp(x + low) for low far below x, within 0.6 units in the last place.
Lanes expOfSum(Lanes x, Lanes low);

} // namespace mlir::model::math_functions

#endif
