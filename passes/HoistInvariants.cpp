//===- HoistInvariants.cpp - what a scan need not repeat ------------------===//
//
//   model.scan <T> ... invariants(%w) { ^bb0(..., %w1): %a = model.exp %w1 ...
//   }
// becomes
//   %a = model.exp %w
//   model.scan <T> ... invariants(%w, %a) { ^bb0(..., %w1, %a1): ... }
//
// Movements, constants and cheap element-wise operations on them stay: kernels
// compute them where they are read, while outside they would need memory for
// the whole scan. A causal mask, a comparison of two `model.iota`, is one.
//
//===----------------------------------------------------------------------===//
#include "passes/HoistInvariants.h"
#include "dialect/Ops.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::model;

/// What an element of the result costs; nothing if it cannot be computed by
/// itself.
static std::optional<ElementCost> elementCost(Operation *op) {
  if (isa<ConstantOp>(op))
    return ElementCost::Free;
  auto element = dyn_cast<ElementOpInterface>(op);
  return element ? std::optional(element.getElementCost()) : std::nullopt;
}

namespace {
class Hoister {
public:
  explicit Hoister(ScanOp scan) : scan(scan), builder(scan) {}

  bool run() {
    findInvariant();
    if (hoisted.empty())
      return false;
    moveOut();
    for (Operation *op : hoisted)
      for (Value result : op->getResults())
        passIn(result);
    return true;
  }

private:
  /// Sorts the operations whose operands are all invariant.
  void findInvariant() {
    for (auto [operand, argument] :
         llvm::zip(scan.getInvariants(), scan.getInvariantArguments())) {
      invariant.insert(argument);
      inMemory.insert(argument);
      outside.map(argument, operand);
    }
    for (Operation &op : scan.getBlock().without_terminator()) {
      if (!isMemoryEffectFree(&op) ||
          !llvm::all_of(op.getOperands(),
                        [&](Value v) { return invariant.contains(v); }))
        continue;
      invariant.insert(op.result_begin(), op.result_end());
      std::optional<ElementCost> cost = elementCost(&op);
      if (cost == ElementCost::Free ||
          (cost == ElementCost::Cheap && !readsWhole(&op)))
        continue;
      inMemory.insert(op.result_begin(), op.result_end());
      hoisted.push_back(&op);
    }
  }

  /// Whether an array of the result's shape has to be loaded for `op` anyway.
  bool readsWhole(Operation *op) const {
    auto shapeOf = [](Value v) {
      return cast<ArrayType>(v.getType()).getShape();
    };
    return llvm::any_of(op->getOperands(), [&](Value operand) {
      return inMemory.contains(operand) &&
             shapeOf(operand) == shapeOf(op->getResult(0));
    });
  }

  /// Moves each hoisted operation before the scan, after copies of what it
  /// needs and of what stays in the block.
  void moveOut() {
    for (Operation *op : hoisted) {
      for (OpOperand &operand : op->getOpOperands())
        operand.set(valueOutside(operand.get()));
      op->moveBefore(scan);
    }
  }

  Value valueOutside(Value value) {
    if (Value known = outside.lookupOrNull(value))
      return known;
    Operation *definer = value.getDefiningOp();
    if (definer->getBlock() != &scan.getBlock()) // was hoisted already
      return value;
    for (Value operand : definer->getOperands())
      outside.map(operand, valueOutside(operand));
    builder.clone(*definer, outside);
    return outside.lookup(value);
  }

  /// Makes `value`, from before the scan, an invariant if the block uses it.
  void passIn(Value value) {
    auto isInside = [&](OpOperand &use) {
      return use.getOwner()->getBlock() == &scan.getBlock();
    };
    if (llvm::none_of(value.getUses(), isInside))
      return;
    scan.getInvariantsMutable().append(value);
    value.replaceUsesWithIf(
        scan.getBlock().addArgument(value.getType(), value.getLoc()), isInside);
  }

  ScanOp scan;
  OpBuilder builder;
  llvm::DenseSet<Value> invariant;
  /// Those that are loaded wherever they are read.
  llvm::DenseSet<Value> inMemory;
  SmallVector<Operation *> hoisted;
  /// What values of the block are called before the scan.
  IRMapping outside;
};
} // namespace

bool model::hoistInvariants(ScanOp scan) { return Hoister(scan).run(); }
