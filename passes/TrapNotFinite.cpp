//===- TrapNotFinite.cpp - a training step that finds NaNs ----------------===//
//
//   func.func @step.trap(..., %workspace: ...)
//       attributes {model.entry = "trap"} {
//     model.launch @map_0(%x, %y) id 3
//   }
// becomes
//   func.func @step.trap(..., %not_finite: !model.buffer<2 x i64>,
//                        %workspace: ...)
//       attributes {model.entry = "trap"} {
//     model.launch @map_0(%x, %y) id 3
//     model.check_finite %y shape <N x 8> in %not_finite id 3
//   }
//
// A check follows each array of floats that a launch writes; `form-kernels` has
// made kernels that compute what one line says. How much memory the step needs,
// and which operations it has, is no matter of the program's, and is forgotten.
//
//===----------------------------------------------------------------------===//
#include "dialect/ops/Control.h"
#include "dialect/ops/Kernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Passes.h"
#include "llvm/ADT/StringSet.h"

namespace mlir::model {
#define GEN_PASS_DEF_TRAPNOTFINITE
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

static bool isTrap(func::FuncOp function) {
  auto kind = function->getAttrOfType<StringAttr>("model.entry");
  return kind && kind.getValue() == "trap";
}

/// Adds checks of what `launch` writes, which `kernel` says.
static LogicalResult checkWrites(LaunchOp launch, func::FuncOp kernel,
                                 Value record) {
  OpBuilder builder(launch);
  builder.setInsertionPointAfter(launch);
  // What the launch hands in for an argument of the kernel.
  auto given = [&](Value value) -> Value {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument && argument.getOwner() == &kernel.front()
               ? launch.getArguments()[argument.getArgNumber()]
               : Value();
  };
  for (auto write : kernel.front().getOps<WriteOp>()) {
    ArrayType array = write.getValue().getType();
    if (!array.isFloat())
      continue;
    Value buffer = given(write.getBuffer());
    SmallVector<Value> indices = llvm::map_to_vector(write.getIndices(), given);
    if (!buffer || llvm::is_contained(indices, Value()))
      return launch.emitOpError(
          "has a kernel that writes where its arguments do not say");
    builder.create<CheckFiniteOp>(
        launch.getLoc(), buffer, indices,
        ShapeAttr::get(builder.getContext(), array.getShape()), record,
        launch.getIdAttr());
  }
  return success();
}

/// The record of what was found, an argument before the workspace.
static Value addRecord(func::FuncOp trap) {
  Builder builder(trap.getContext());
  unsigned place = trap.getNumArguments() - 1;
  auto type = BufferType::get({SizeAttr::getConstant(trap.getContext(), 2)},
                              builder.getI64Type());
  trap.insertArgument(
      place, type,
      builder.getDictionaryAttr(
          {builder.getNamedAttr("model.name",
                                builder.getStringAttr("not_finite")),
           builder.getNamedAttr("model.output",
                                builder.getStringAttr("trap"))}),
      trap.getLoc());
  return trap.getArgument(place);
}

namespace {
struct TrapNotFinitePass : model::impl::TrapNotFiniteBase<TrapNotFinitePass> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    llvm::StringSet<> others; // kernels of other entries
    SmallVector<func::FuncOp> traps;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (isTrap(function))
        traps.push_back(function);
      else
        function.walk(
            [&](LaunchOp launch) { others.insert(launch.getKernel()); });
    for (func::FuncOp trap : traps)
      if (failed(addChecks(trap, symbols, others)))
        return signalPassFailure();
  }

  static LogicalResult addChecks(func::FuncOp trap, SymbolTable &symbols,
                                 const llvm::StringSet<> &others) {
    auto unoptimised = ArrayAttr::get(
        trap.getContext(), {StringAttr::get(trap.getContext(), "noinline"),
                            StringAttr::get(trap.getContext(), "optnone")});
    unsigned count = trap.getNumArguments();
    if (count == 0 || !trap.getArgAttr(count - 1, "model.workspace"))
      return trap.emitOpError("has no workspace as its last argument");
    if (count > 1 && trap.getArgAttr(count - 2, "model.output") ==
                         StringAttr::get(trap.getContext(), "trap"))
      return success(); // has been here before
    Value record = addRecord(trap);
    SmallVector<LaunchOp> launches;
    trap.walk([&](LaunchOp launch) { launches.push_back(launch); });
    for (LaunchOp launch : launches) {
      auto kernel = symbols.lookup<func::FuncOp>(launch.getKernel());
      if (failed(checkWrites(launch, kernel, record)))
        return failure();
      if (!others.contains(launch.getKernel()))
        kernel->setAttr("passthrough", unoptimised);
    }
    trap->setAttr("passthrough", unoptimised);
    trap->removeAttr("model.regions");
    trap->removeAttr("model.operations");
    return success();
  }
};
} // namespace
