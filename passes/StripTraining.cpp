//===- StripTraining.cpp - programs that only predict ---------------------===//
//
//   model.slot @w : !model.array<4 x f32> "parameter" file "w"
//   model.slot @m : !model.array<4 x f32> "optimizer" file "m.w"
//   model.data @d ...
//   model.training on @d step @step ...
//   func.func @step(...) attributes {model.entry = "step", ...}
//   func.func @predict(%w: ... {model.slot = @w}, ...)
//       attributes {model.entry = "function", ...}
// becomes
//   model.slot @w : !model.array<4 x f32> "parameter" file "w"
//   func.func @predict(...)
//
// What is left are exported functions, the preprocessing of fields and the way
// back, and the
// slots and hyperparameters that these need.
//
//===----------------------------------------------------------------------===//
#include "dialect/ops/Control.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_STRIPTRAINING
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

namespace {
struct StripTrainingPass : model::impl::StripTrainingBase<StripTrainingPass> {
  void runOnOperation() override {
    for (Operation &op : llvm::make_early_inc_range(*getOperation().getBody()))
      if (isa<TrainingOp, DataOp>(op) || onlyTrains(&op))
        op.erase();
    for (auto function : getOperation().getOps<func::FuncOp>())
      see(function);
    for (Operation &op : llvm::make_early_inc_range(*getOperation().getBody()))
      if (isUnused<SlotOp>(op, slots) || isUnused<HyperOp>(op, hypers))
        op.erase();
  }

  static bool onlyTrains(Operation *op) {
    auto kind = op->getAttrOfType<StringAttr>("model.entry");
    return kind && kind != "function" && kind != "preprocess" &&
           kind != "restore";
  }

  /// Notes what an entry needs.
  void see(func::FuncOp function) {
    auto seeValue = [&](DictionaryAttr attributes) {
      if (!attributes)
        return;
      if (auto slot = attributes.getAs<FlatSymbolRefAttr>("model.slot"))
        slots.insert(slot.getAttr());
      if (attributes.get("model.input") ==
          StringAttr::get(&getContext(), "hyper"))
        hypers.insert(attributes.getAs<StringAttr>("model.name"));
    };
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      seeValue(function.getArgAttrDict(i));
    for (unsigned i = 0; i < function.getNumResults(); ++i)
      seeValue(function.getResultAttrDict(i));
  }

  template <typename Declaration>
  static bool isUnused(Operation &op, const DenseSet<StringAttr> &used) {
    auto declaration = dyn_cast<Declaration>(op);
    return declaration && !used.contains(declaration.getSymNameAttr());
  }

  DenseSet<StringAttr> slots, hypers;
};
} // namespace
