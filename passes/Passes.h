//===- Passes.h - the passes' constructors and registration -----*- C++ -*-===//
//
// Generated from Passes.td.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_PASSES_PASSES_H
#define MODEL_PASSES_PASSES_H

#include "dialect/Model.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::model {
#define GEN_PASS_DECL
#include "passes/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/Passes.h.inc"
} // namespace mlir::model

#endif
