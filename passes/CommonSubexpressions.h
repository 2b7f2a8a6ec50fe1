//===- CommonSubexpressions.h - what is computed twice ----------*- C++ -*-===//
//
// Makes one operation of equal ones, with the locations of both.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_PASSES_COMMONSUBEXPRESSIONS_H
#define MODEL_PASSES_COMMONSUBEXPRESSIONS_H

#include "mlir/IR/Block.h"

namespace mlir::model {

/// Merges equal operations of `block`, and of each block that is nested in it
/// by itself. Returns whether there were any.
bool mergeCommonSubexpressions(Block &block);

} // namespace mlir::model

#endif
