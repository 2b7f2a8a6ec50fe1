//===- Contraction.h - sums of products -------------------------*- C++ -*-===//
//
// Declarations of the contraction family.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_OPS_CONTRACTION_H
#define MODEL_DIALECT_OPS_CONTRACTION_H

#include "dialect/Model.h"
#include "mlir/IR/PatternMatch.h"

#define GET_OP_CLASSES
#include "dialect/ops/Contraction.h.inc"

namespace mlir::model {
/// Rewrites of contractions.
void populateContractionFolds(RewritePatternSet &patterns);
} // namespace mlir::model

#endif
