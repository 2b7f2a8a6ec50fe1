//===- Reduction.h - combining along axes -----------------------*- C++ -*-===//
//
// Declarations of the reduction family and its shape functions.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_OPS_REDUCTION_H
#define MODEL_DIALECT_OPS_REDUCTION_H

#include "dialect/Model.h"

namespace mlir::model {
FailureOr<ArrayType> inferReducedShape(Value operand, DenseI64ArrayAttr axes,
                                       ShapeError &error);
FailureOr<ArrayType> inferArgumentShape(Value operand, IntegerAttr axis,
                                        ShapeError &error);
} // namespace mlir::model

#define GET_OP_CLASSES
#include "dialect/ops/Reduction.h.inc"

#endif
