//===- HoistInvariants.h - what a scan need not repeat ----------*- C++ -*-===//
//
// Moves operations that give the same in each iteration out of scans.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_PASSES_HOISTINVARIANTS_H
#define MODEL_PASSES_HOISTINVARIANTS_H

#include "dialect/ops/Control.h"

namespace mlir::model {

/// Moves what is worth it before `scan`, which receives the results as
/// invariants. Returns whether there was anything.
bool hoistInvariants(ScanOp scan);

} // namespace mlir::model

#endif
