//===- SpecializeEntries.cpp - a training step for full batches -----------===//
//
//   func.func @step(%x: !model.array<N x 4 x f32> {model.input = "data"}, ...)
//       attributes {model.entry = "step", model.symbols = {N = 32 : i64}}
//   model.training on @d step @step ... options {batch = 32 : i64}
// becomes
//   func.func @step(...)  // as before, for the last, partial batch
//   func.func @step.full(%x: !model.array<32 x 4 x f32> {...}, ...)
//       attributes {model.entry = "step", model.symbols = {}}
//   model.training on @d step @step full @step.full ...
//
// The symbol of the batch is the leading size of the step's data. Other symbols
// stay, and of `model.requires` what is not decided by then.
//
//===----------------------------------------------------------------------===//
#include "dialect/Size.h"
#include "dialect/ops/Control.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_SPECIALIZEENTRIES
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

/// The symbol that the data's leading size is; null if it is none.
static StringAttr findBatchSymbol(func::FuncOp step) {
  for (unsigned i = 0; i < step.getNumArguments(); ++i) {
    auto input = step.getArgAttrOfType<StringAttr>(i, "model.input");
    auto type = dyn_cast<ArrayType>(step.getArgumentTypes()[i]);
    if (input && input.getValue() == "data" && type && type.getRank() > 0)
      if (StringAttr symbol = type.getSize(0).asSymbol())
        return symbol;
  }
  return nullptr;
}

/// Removes `symbol` from the symbols of `entry`; its bound, or nothing if the
/// entry does not declare it.
static std::optional<int64_t> takeSymbol(func::FuncOp entry,
                                         StringAttr symbol) {
  NamedAttrList symbols(entry->getAttrOfType<DictionaryAttr>("model.symbols"));
  auto bound = dyn_cast_or_null<IntegerAttr>(symbols.erase(symbol));
  if (!bound)
    return std::nullopt;
  entry->setAttr("model.symbols", symbols.getDictionary(entry.getContext()));
  return bound.getInt();
}

/// Drops the requirements that hold now; emits an error for those that cannot.
static LogicalResult decideRequirements(func::FuncOp full, func::FuncOp step,
                                        StringAttr symbol, int64_t batch) {
  auto before = step->getAttrOfType<ArrayAttr>("model.requires");
  if (!before)
    return success();
  auto bounds = full->getAttrOfType<DictionaryAttr>("model.symbols");
  auto boundOf = [&](StringAttr name) -> std::optional<int64_t> {
    auto bound = bounds.getAs<IntegerAttr>(name);
    return bound ? std::optional(bound.getInt()) : std::nullopt;
  };
  SmallVector<Attribute> open;
  auto after = full->getAttrOfType<ArrayAttr>("model.requires");
  for (auto [general, size] :
       llvm::zip(before.getAsRange<SizeAttr>(), after.getAsRange<SizeAttr>())) {
    std::optional<SizeRange> possible = range(size, boundOf);
    if (possible && possible->high < 0)
      return emitError(step.getLoc())
             << "size `" << general.str() << "` of `" << step.getSymName()
             << "` is negative where `" << symbol.getValue() << "` is " << batch
             << ", the batch";
    if (!(possible && possible->low >= 0) && !llvm::is_contained(open, size))
      open.push_back(size);
  }
  if (open.empty())
    full->removeAttr("model.requires");
  else
    full->setAttr("model.requires", ArrayAttr::get(full.getContext(), open));
  return success();
}

/// Makes the step for batches of `batch` examples.
static FailureOr<func::FuncOp> specialize(func::FuncOp step, StringAttr symbol,
                                          int64_t batch, SymbolTable &table) {
  func::FuncOp full = step.clone();
  full.setSymName((step.getSymName() + ".full").str());
  table.insert(full, std::next(Block::iterator(step)));
  std::optional<int64_t> bound = takeSymbol(full, symbol);
  if (!bound || *bound < batch)
    return emitError(step.getLoc())
           << "`" << symbol.getValue() << "` of `" << step.getSymName()
           << "` has "
           << (bound ? "bound " + std::to_string(*bound) : "no bound")
           << "; the batch is " << batch;
  SizeSubstitution map;
  map[symbol] = SizeAttr::getConstant(step.getContext(), batch);
  if (failed(substituteIn(full, map)) ||
      failed(decideRequirements(full, step, symbol, batch)))
    return failure();
  return full;
}

namespace {
struct SpecializeEntriesPass
    : model::impl::SpecializeEntriesBase<SpecializeEntriesPass> {
  using SpecializeEntriesBase::SpecializeEntriesBase;

  void runOnOperation() override {
    SymbolTable table(getOperation());
    for (auto training : getOperation().getOps<TrainingOp>()) {
      if (addTrap)
        addTrapStep(training, table);
      if (failed(addFullStep(training, table)))
        return signalPassFailure();
    }
  }

  static void addTrapStep(TrainingOp training, SymbolTable &table) {
    auto step = table.lookup<func::FuncOp>(training.getStep());
    if (training.getTrap() || !step)
      return;
    func::FuncOp trap = step.clone();
    trap.setSymName((step.getSymName() + ".trap").str());
    trap->setAttr("model.entry",
                  StringAttr::get(training.getContext(), "trap"));
    table.insert(trap, std::next(Block::iterator(step)));
    training.setTrap(trap.getSymName());
  }

  static LogicalResult addFullStep(TrainingOp training, SymbolTable &table) {
    if (training.getFullStep())
      return success();
    auto step = table.lookup<func::FuncOp>(training.getStep());
    auto batch = training.getOptions().getAs<IntegerAttr>("batch");
    if (!step || !batch)
      return emitError(training.getLoc())
             << (step ? "has no `batch` among its options"
                      : "names a step that is no function");
    StringAttr symbol = findBatchSymbol(step);
    if (!symbol)
      return success();
    FailureOr<func::FuncOp> full =
        specialize(step, symbol, batch.getInt(), table);
    if (succeeded(full))
      training.setFullStep(full->getSymName());
    return full;
  }
};
} // namespace
