//===- InlineCalls.h - replacing calls by callees' bodies -------*- C++ -*-===//
//
// What the passes `inline-calls` and `resolve-gradients` share.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_PASSES_INLINECALLS_H
#define MODEL_PASSES_INLINECALLS_H

#include "dialect/ops/Control.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::model {

/// A function with more operations than this is refused: calls and gradients of
/// calls double with each level, and nothing else would end that.
constexpr size_t maximumOperations = 200000;

/// The operations of a function, those of regions included.
size_t countOperations(func::FuncOp function);

/// Replaces `call` by a copy of the callee's body, with the sizes that the call
/// gives; returns what stands for its results.
FailureOr<SmallVector<Value>> inlineCall(CallOp call, func::FuncOp callee);

/// Inlines the calls within functions, callees first.
class CallInliner {
public:
  /// With `keepCustomGradients`, calls of functions that have a gradient of
  /// their own stay.
  CallInliner(const SymbolTable &symbols, bool keepCustomGradients)
      : symbols(symbols), keepCustomGradients(keepCustomGradients) {}

  /// Does nothing where it has been called before.
  LogicalResult inlineInto(func::FuncOp function);

private:
  /// Adds what replaces the call to `size`, the operations of the caller.
  LogicalResult inlineAt(CallOp call, size_t &size);

  const SymbolTable &symbols;
  bool keepCustomGradients;
  /// The operations of each function; 0 while it is being worked on.
  DenseMap<Operation *, size_t> finished;
};

} // namespace mlir::model

#endif
