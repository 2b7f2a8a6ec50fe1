//===- Shape.h - movements of data ------------------------------*- C++ -*-===//
//
// Declarations of the shape family.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_OPS_SHAPE_H
#define MODEL_DIALECT_OPS_SHAPE_H

#include "dialect/Model.h"
#include "mlir/IR/PatternMatch.h"

#define GET_OP_CLASSES
#include "dialect/ops/Shape.h.inc"

namespace mlir::model {
/// `number`, of an integer type, as an index into an axis of `extent` elements,
/// clamped.
Value clampIndex(OpBuilder &builder, Location location, Value number,
                 Value extent);
/// Rewrites of movements.
void populateShapeFolds(RewritePatternSet &patterns);
} // namespace mlir::model

#endif
