//===- Functions.h - mathematical functions of our own ----------*- C++ -*-===//
//
// What `math` operations become: `arith` operations on f32 or f64, on scalars
// and vectors alike, without libm, without fused multiply-add and without
// tables, so that every target computes the same bits. docs/numerics.md says
// how accurate they are.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_MATH_FUNCTIONS_H
#define MODEL_CODEGEN_MATH_FUNCTIONS_H

#include "dialect/Lanes.h"

namespace mlir::model::math_functions {

Lanes exp(Lanes x);
Lanes expm1(Lanes x);
Lanes log(Lanes x);
Lanes log1p(Lanes x);
Lanes pow(Lanes x, Lanes y);
Lanes tanh(Lanes x);
Lanes erf(Lanes x);
Lanes sin(Lanes x);
Lanes cos(Lanes x);
Lanes floor(Lanes x);
Lanes ceil(Lanes x);
/// The nearest integer, ties to even.
Lanes roundEven(Lanes x);

} // namespace mlir::model::math_functions

#endif
