//===- AngleReduction.h - angles modulo pi / 2 ------------------*- C++ -*-===//
//
// Argument reduction of sin and cos.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_MATH_ANGLEREDUCTION_H
#define MODEL_CODEGEN_MATH_ANGLEREDUCTION_H

#include "codegen/math/Format.h"

namespace mlir::model::math_functions {

/// x = quadrant pi / 2 + angle, |angle| <= pi / 4 (a little more, by rounding).
struct ReducedAngle {
  /// In the format of x.
  Pair angle;
  /// An i64, the low two bits of which count.
  Lanes quadrant;
};

/// For every finite x; f32 is reduced in f64. Emits a branch that large
/// arguments take.
ReducedAngle reduceAngle(Lanes x);

} // namespace mlir::model::math_functions

#endif
