//===- Elementwise.h - element-wise operations ------------------*- C++ -*-===//
//
// Declarations of the element-wise family and what its operations share.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_OPS_ELEMENTWISE_H
#define MODEL_DIALECT_OPS_ELEMENTWISE_H

#include "dialect/Model.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::model {
/// The operands' common shape, with `element` (or the first operand's element
/// type if null).
FailureOr<ArrayType> inferElementwiseShape(ValueRange operands, Type element,
                                           ShapeError &error);
/// Loads each operand at `index` and emits the operation on the elements.
Value emitElementwiseElement(ElementwiseOpInterface op, OpBuilder &builder,
                             Location location, ValueRange index,
                             ElementSource &source);
/// Folds splat constants through `emitScalar`, and the identities that hold for
/// every IEEE value.
OpFoldResult foldElementwise(ElementwiseOpInterface op,
                             ArrayRef<Attribute> operands);
/// Rewrites of element-wise operations.
void populateElementwiseFolds(RewritePatternSet &patterns);
} // namespace mlir::model

#define GET_OP_CLASSES
#include "dialect/ops/Elementwise.h.inc"

#endif
