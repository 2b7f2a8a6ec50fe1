//===- Control.h - constants, calls, repetition, declarations ---*- C++ -*-===//
//
// Declarations of the control family.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_OPS_CONTROL_H
#define MODEL_DIALECT_OPS_CONTROL_H

#include "dialect/Model.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"

#define GET_OP_CLASSES
#include "dialect/ops/Control.h.inc"

namespace mlir::model {
/// Rewrites of what scans slice and stack.
void populateScanFolds(RewritePatternSet &patterns);
} // namespace mlir::model

#endif
