//===- Reduction.h - combining along axes -----------------------*- C++ -*-===//
//
// Declarations of the reduction family and its shape functions.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_OPS_REDUCTION_H
#define MODEL_DIALECT_OPS_REDUCTION_H

#include "dialect/Model.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::model {
FailureOr<ArrayType> inferReducedShape(Value operand, DenseI64ArrayAttr axes,
                                       ShapeError &error);
FailureOr<ArrayType> inferArgumentShape(Value operand, IntegerAttr axis,
                                        ShapeError &error);
/// Folds reductions of constants, and of reductions where the order does not
/// matter.
OpFoldResult foldReduction(Operation *op, Attribute operand);
/// Rewrites of reductions.
void populateReductionFolds(RewritePatternSet &patterns);
} // namespace mlir::model

#define GET_OP_CLASSES
#include "dialect/ops/Reduction.h.inc"

#endif
