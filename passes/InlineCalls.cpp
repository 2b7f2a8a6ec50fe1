//===- InlineCalls.cpp - replaces calls by their callees' bodies ----------===//
//
//   func.func private @twice(%x: !model.array<M x f32>) {
//     %0 = model.add %x, %x : <M x f32>
//     return %0
//   }
//   %a = model.call @twice(%b) where {M = #model.size<2 * N>}
// becomes
//   %a = model.add %b, %b : <2 * N x f32>
//
// Callees come first, so that each function is complete before it is copied.
// The location of what is copied says where it was called. Calls of functions
// that have a gradient of their own stay as long as the module has gradients to
// resolve; `resolve-gradients` inlines them when it has used their rules.
//
//===----------------------------------------------------------------------===//
#include "passes/InlineCalls.h"
#include "dialect/Names.h"
#include "dialect/Size.h"
#include "mlir/IR/IRMapping.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_INLINECALLS
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

static SizeSubstitution readWhere(DictionaryAttr where) {
  SizeSubstitution map;
  for (NamedAttribute entry :
       where ? where.getValue() : ArrayRef<NamedAttribute>())
    map[entry.getName()] = cast<SizeAttr>(entry.getValue());
  return map;
}

/// A symbol that a nested call does not name is the caller's of the same name;
/// now that this one is replaced, the nested call must say so.
template <typename Op>
static void extendWhere(Op op, const SizeSubstitution &map) {
  NamedAttrList where(op.getWhereAttr());
  for (auto [symbol, size] : map)
    if (!where.get(symbol))
      where.set(symbol, size);
  op.setWhereAttr(where.getDictionary(op.getContext()));
}

/// Turns a copied operation into one of the caller.
static LogicalResult adapt(Operation *copy, const SizeSubstitution &map,
                           Location caller) {
  if (failed(substituteIn(copy, map)))
    return failure();
  copy->walk([&](Operation *op) {
    op->setLoc(CallSiteLoc::get(op->getLoc(), caller));
    for (Region &region : op->getRegions())
      for (BlockArgument argument : region.getArguments())
        argument.setLoc(CallSiteLoc::get(argument.getLoc(), caller));
    if (map.empty())
      return;
    if (auto call = dyn_cast<CallOp>(op))
      extendWhere(call, map);
    else if (auto gradient = dyn_cast<GradientOp>(op))
      extendWhere(gradient, map);
  });
  return success();
}

/// The first result of a call is called as the caller calls it; others are
/// elements of a tuple, new values of slots and messages.
static void nameResult(CallOp call, ArrayRef<Value> results) {
  Operation *made = results.empty() ? nullptr : results.front().getDefiningOp();
  if (made && made->getNumResults() == 1 &&
      isa<CallSiteLoc>(made->getLoc())) // of the copy
    made->setLoc(nameLocation(made->getLoc(), nameOf(call.getLoc())));
}

FailureOr<SmallVector<Value>> model::inlineCall(CallOp call,
                                                func::FuncOp callee) {
  if (!llvm::hasSingleElement(callee.getBody()))
    return emitError(call.getLoc())
           << "`" << callee.getSymName()
           << "` has no body; only functions of one block are called";
  SizeSubstitution map = readWhere(call.getWhereAttr());
  Block &body = callee.getBody().front();
  IRMapping mapping;
  mapping.map(body.getArguments(), call.getArguments());
  OpBuilder builder(call);
  for (Operation &op : body.without_terminator())
    if (failed(adapt(builder.clone(op, mapping), map, call.getLoc())))
      return failure();
  SmallVector<Value> results;
  for (Value returned : body.getTerminator()->getOperands())
    results.push_back(mapping.lookup(returned));
  nameResult(call, results);
  call.replaceAllUsesWith(results);
  call.erase();
  return results;
}

size_t model::countOperations(func::FuncOp function) {
  size_t count = 0;
  function.walk([&](Operation *) { ++count; });
  return count;
}

LogicalResult CallInliner::inlineInto(func::FuncOp function) {
  if (!finished.try_emplace(function, 0).second)
    return success();
  SmallVector<CallOp> calls;
  size_t size = 0;
  function.walk([&](Operation *op) {
    ++size;
    if (auto call = dyn_cast<CallOp>(op))
      calls.push_back(call);
  });
  for (CallOp call : calls)
    if (failed(inlineAt(call, size)))
      return failure();
  finished[function] = size;
  return success();
}

LogicalResult CallInliner::inlineAt(CallOp call, size_t &size) {
  auto callee = symbols.lookup<func::FuncOp>(call.getCallee());
  auto known = finished.find(callee);
  if (known != finished.end() && known->second == 0)
    return emitError(call.getLoc())
           << "`" << call.getCallee()
           << "` calls itself; calls are inlined, so recursion has no end";
  if (failed(inlineInto(callee)))
    return failure();
  if (keepCustomGradients && callee->hasAttr(customGradientName))
    return success();
  size += finished[callee];
  if (size > maximumOperations)
    return emitError(call.getLoc())
           << "with this call of `" << call.getCallee()
           << "` there are more than " << maximumOperations
           << " operations in one function: each call is a copy of what it "
              "calls";
  return inlineCall(call, callee);
}

namespace {
struct InlineCallsPass : model::impl::InlineCallsBase<InlineCallsPass> {
  void runOnOperation() override {
    bool hasGradients =
        getOperation()
            .walk([](GradientOp) { return WalkResult::interrupt(); })
            .wasInterrupted();
    SymbolTable symbols(getOperation());
    CallInliner inliner(symbols, /*keepCustomGradients=*/hasGradients);
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(inliner.inlineInto(function)))
        return signalPassFailure();
  }
};
} // namespace
