//===- ScanGradient.cpp - the gradient of repetition ----------------------===//
//
// Reverse mode through `model.scan`: a scan in the other direction over stacked residuals.
//
// With carries c, slices x, invariants w and stacks y, the block computes
//   (c', y_i) = f(i, c, x_i, w).
// The reverse scan runs over the same indices in the other direction. Its carries are the
// cotangents of c and the sums of w's cotangents, its slices the cotangents of y and what f's
// derivative needs of the forward pass, its stacks the cotangents of x:
//   (dc, dx_i, dw_i) = f'(...)^T (dc', dy_i),   dw = sum of dw_i.
// What the derivative needs of the forward block is sorted into: the block's own arguments that
// can be had again (index, slices, invariants), constants (cloned), and the rest, which the
// forward scan, made again with extra results, stacks.
//
//===----------------------------------------------------------------------===//
#include "dialect/Gradient.h"
#include "dialect/ops/Control.h"
#include "dialect/ops/Elementwise.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::model;
