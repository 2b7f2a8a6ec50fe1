//===- NameValues.cpp - names for values that are like others -------------===//
//
//   %0:2 = model.scan <8> carries(%h) invariants(%w) : ... {
//   ^bb0(%arg5: ..., %arg6: ..., %arg7: ...): ...
// becomes
//   %0:2 = model.scan <8> carries(%h) invariants(%w) : ... {
//   ^bb0(%i: ..., %h.i: ..., %w.in: ...): ...
// and what is returned for `{model.slot = @w}` becomes `%new.w`. Values that have a name keep it.
//
//===----------------------------------------------------------------------===//
#include "dialect/Names.h"
#include "dialect/ops/Control.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_NAMEVALUES
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

static void nameNewSlots(func::FuncOp entry) {
  Operation *end = entry.getBody().back().getTerminator();
  for (auto [i, value] : llvm::enumerate(end->getOperands())) {
    auto slot = entry.getResultAttrOfType<FlatSymbolRefAttr>(i, "model.slot");
    Operation *made = value.getDefiningOp();
    if (slot && made && made->getNumResults() == 1 && nameOf(made->getLoc()).empty())
      made->setLoc(nameLocation(made->getLoc(), ("new." + slot.getValue()).str()));
  }
}

/// Of a result of another scan, what its body calls it.
static std::string nameOutside(Value operand) {
  auto result = dyn_cast<OpResult>(operand);
  auto scan = result ? dyn_cast<ScanOp>(result.getOwner()) : ScanOp();
  if (!scan)
    return nameOf(operand);
  Operation *yield = scan.getBody().front().getTerminator();
  return nameOf(yield->getOperand(result.getResultNumber()));
}

static void nameArguments(ScanOp scan) {
  Block &body = scan.getBody().front();
  auto name = [](BlockArgument argument, std::string name) {
    if (nameOf(argument.getLoc()).empty())
      argument.setLoc(nameLocation(argument.getLoc(), name));
  };
  name(body.getArgument(0), "i");
  size_t changing = scan.getCarries().size() + scan.getSlices().size();
  for (auto [number, operand] : llvm::enumerate(scan->getOperands())) {
    StringRef suffix = number < changing ? ".i" : ".in";
    std::string outer = nameOutside(operand);
    // Of a scan in a scan.
    bool isInner = StringRef(outer).ends_with(suffix);
    if (!outer.empty())
      name(body.getArgument(number + 1), isInner ? outer : outer + suffix.str());
  }
}

namespace {
struct NameValuesPass : model::impl::NameValuesBase<NameValuesPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      nameNewSlots(function);
      // Those around others first.
      function.walk<WalkOrder::PreOrder>([](ScanOp scan) { nameArguments(scan); });
    }
  }
};
} // namespace
