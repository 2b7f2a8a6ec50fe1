//===- Logarithm.h - the parts of log ---------------------------*- C++ -*-===//
//
// Taking a number apart, which log, log1p and pow share.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_MATH_LOGARITHM_H
#define MODEL_CODEGEN_MATH_LOGARITHM_H

#include "codegen/math/Format.h"

namespace mlir::model::math_functions {

/// x = 2^count (1 + fraction), sqrt(1/2) <= 1 + fraction < sqrt(2), exactly.
struct Decomposed {
  Lanes count;
  Lanes fraction;
};
/// Of a positive, finite number; of others something.
Decomposed decompose(Lanes x);
/// The same for normal numbers only.
Decomposed decomposeNormal(Lanes x);

/// count * log(2), exact, and the rest of it.
Pair multipleOfLog2(Lanes count);

/// `result` where x is positive and finite; else what a logarithm is at x.
Lanes withLogarithmEdges(Lanes x, Lanes result);

} // namespace mlir::model::math_functions

#endif
