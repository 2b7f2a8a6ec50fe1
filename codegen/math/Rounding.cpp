//===- Rounding.cpp - floor, ceil and roundeven ---------------------------===//
//
// Adding 2^fraction to a number rounds it to an integer. x86-64 has
// instructions for this from SSE4.1 on only; before, LLVM calls libm.
//
//===----------------------------------------------------------------------===//
#include "codegen/math/Format.h"
#include "codegen/math/Functions.h"

using namespace mlir;
using namespace mlir::model;
using namespace mlir::model::math_functions;

/// All numbers from 2^fraction on are integers; NaN stays as it is.
Lanes math_functions::roundEven(Lanes x) {
  double first = pick(x, 0x1p23, 0x1p52);
  Lanes magnitude = abs(x);
  Lanes rounded = copySign((magnitude + first) - first, x);
  return select(magnitude < first, rounded, x);
}

Lanes math_functions::floor(Lanes x) {
  Lanes rounded = roundEven(x);
  return select(rounded > x, rounded - 1.0, rounded);
}

/// What is rounded up to 0 is -0.
Lanes math_functions::ceil(Lanes x) {
  Lanes rounded = roundEven(x);
  return select(rounded < x, copySign(rounded + 1.0, x), rounded);
}
