//===- NameValues.cpp - names for values that are like others -------------===//
//
//   %0 = model.scan <8> carries(%h) invariants(%w) : ... {
//   ^bb0(%arg5: ..., %arg6: ..., %arg7: ...): ...
// becomes
//   %0 = model.scan <8> carries(%h) invariants(%w) : ... {
//   ^bb0(%i: ..., %h.i: ..., %w.in: ...): ...
// and what is returned for `{model.slot = @w}` becomes `%new.w`. Values that
// have a name keep it, but for those that an optimizer has named.
//
//===----------------------------------------------------------------------===//
#include "dialect/Names.h"
#include "dialect/ops/Control.h"
#include "dialect/ops/Shape.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Locations.h"
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
    if (!slot || !made)
      continue;
    std::string name = ("new." + slot.getValue()).str();
    // What optimizers call it says less.
    bool isUpdate =
        locationRole(made->getLoc()) == "update" && made->getNumResults() == 1;
    if (isUpdate && !made->hasTrait<OpTrait::ConstantLike>())
      made->setLoc(nameLocation(made->getLoc(), name));
    else
      nameValue(value, name);
  }
}

/// Of what is only laid out for the scan, what was laid out.
static std::string nameOutside(Value operand) {
  std::string name = nameOf(operand);
  while (name.empty() &&
         isa_and_nonnull<TransposeOp, ReshapeOp>(operand.getDefiningOp())) {
    operand = operand.getDefiningOp()->getOperand(0);
    name = nameOf(operand);
  }
  return name;
}

static void nameArguments(ScanOp scan) {
  Block &body = scan.getBody().front();
  auto name = [](BlockArgument argument, std::string name) {
    if (nameOf(argument.getLoc()).empty())
      argument.setLoc(nameLocation(argument.getLoc(), name));
  };
  name(body.getArgument(0), "i");
  size_t carries = scan.getCarries().size(),
         changing = carries + scan.getSlices().size();
  for (auto [number, operand] : llvm::enumerate(scan->getOperands())) {
    StringRef suffix = number < changing ? ".i" : ".in";
    std::string outer = nameOutside(operand);
    // Zeros, say, become what the body makes of them.
    if (outer.empty() && number < carries)
      outer = nameOf(scan.getResult(number));
    StringRef base = outer;
    // Of what another scan stacked, and of a scan in a scan.
    base.consume_back(".all");
    base.consume_back(suffix);
    if (!base.empty())
      name(body.getArgument(number + 1), (base + suffix).str());
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
      function.walk<WalkOrder::PreOrder>(
          [](ScanOp scan) { nameArguments(scan); });
    }
  }
};
} // namespace
