//===- FormKernels.cpp - groups of operations that one loop nest computes -===//
//
//   %a = model.mul %x, %x : !model.array<N x 8 x f32>
//   %b = model.reduce_sum %a axes [1] : !model.array<N x 8 x f32>
//   %c = model.exp %b : !model.array<N x f32>
// becomes
//   %b = model.kernel row (%x) {  // mul and reduce_sum: %a is never in memory
//   %c = model.kernel map (%b) in_place [0, 0] {
//
// Element functions join the kernel of their only consumer; those that cost
// nothing (constants, movements) are repeated in every consumer. What costs
// something is never computed twice. Reshapes between kernels stay as they are:
// they name the same memory.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "passes/KernelGroups.h"
#include "passes/Locations.h"
#include "passes/Passes.h"
#include "llvm/ADT/MapVector.h"
#include <queue>

namespace mlir::model {
#define GEN_PASS_DEF_FORMKERNELS
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

namespace {
/// What is placed in the block: a kernel to be made, or an operation that
/// stays.
struct Unit {
  KernelGroup *group;
  Operation *op;
  SmallVector<unsigned> consumers = {};
  unsigned waitsFor = 0;
};

/// Makes the kernels of one block.
class BlockFormer {
public:
  BlockFormer(Block &block, bool oneLine)
      : block(block), groups(block, oneLine) {}

  void run() {
    groups.form();
    groups.merge();
    collectUnits();
    connectUnits();
    place();
    std::vector<Operation *> grouped = groups.getGroupedOps();
    for (Operation *op : llvm::reverse(grouped))
      op->erase();
  }

private:
  void collectUnits() {
    llvm::DenseSet<Operation *> grouped;
    for (Operation *op : groups.getGroupedOps())
      grouped.insert(op);
    DenseMap<Operation *, KernelGroup *> lastRoots;
    for (KernelGroup *group : groups.getGroups())
      lastRoots[group->roots.back()] = group;
    for (Operation &op : block.without_terminator()) {
      if (KernelGroup *group = lastRoots.lookup(&op))
        addUnit(group, nullptr, group->roots);
      else if (!grouped.contains(&op))
        addUnit(nullptr, &op, &op);
    }
  }

  void addUnit(KernelGroup *group, Operation *op,
               ArrayRef<Operation *> producers) {
    for (Operation *producer : producers)
      unitOf[producer] = units.size();
    units.push_back({group, op});
  }

  /// Values that a unit reads from memory.
  SmallVector<Value> operandsOf(const Unit &unit) {
    if (unit.group)
      return unit.group->getOperands();
    return SmallVector<Value>(unit.op->getOperands());
  }

  void connectUnits() {
    for (auto [i, unit] : llvm::enumerate(units)) {
      llvm::SmallSetVector<unsigned, 4> producers;
      for (Value operand : operandsOf(unit))
        if (Operation *definer = operand.getDefiningOp())
          producers.insert(unitOf.lookup(definer));
      for (unsigned producer : producers)
        units[producer].consumers.push_back(i);
      unit.waitsFor = producers.size();
    }
  }

  /// Puts units in an order that respects uses, as near to the program's as
  /// that allows.
  void place() {
    std::priority_queue<unsigned, std::vector<unsigned>, std::greater<>> ready;
    for (auto [i, unit] : llvm::enumerate(units))
      if (unit.waitsFor == 0)
        ready.push(i);
    while (!ready.empty()) {
      unsigned next = ready.top();
      ready.pop();
      if (units[next].group)
        makeKernel(*units[next].group);
      else
        units[next].op->moveBefore(block.getTerminator());
      for (unsigned consumer : units[next].consumers)
        if (--units[consumer].waitsFor == 0)
          ready.push(consumer);
    }
  }

  void makeKernel(KernelGroup &group) {
    OpBuilder builder(block.getTerminator());
    SmallVector<Value> operands = group.getOperands(), roots;
    for (Operation *root : group.roots)
      roots.push_back(root->getResult(0));
    // A constant serves many lines; it does not tell where the kernel belongs.
    Location location = builder.getUnknownLoc();
    for (Operation *op : group.ops)
      if (!isa<FillOp, ConstantOp, SizeOp, IotaOp>(op))
        location = fuseLocations(location, op->getLoc());
    if (isa<UnknownLoc>(location))
      location = group.ops.front()->getLoc();

    SmallVector<Value> current;
    for (Value operand : operands)
      current.push_back(replacements.lookup(operand)
                            ? replacements.lookup(operand)
                            : operand);
    auto kernel = builder.create<KernelOp>(
        location, ValueRange(roots).getTypes(), group.kind, current,
        group.getInPlacePairs(operands));
    Block &body = kernel.getBody().emplaceBlock();
    IRMapping mapping;
    for (Value operand : operands)
      mapping.map(operand,
                  body.addArgument(operand.getType(), operand.getLoc()));
    builder.setInsertionPointToStart(&body);
    for (Operation *op : group.ops)
      builder.clone(*op, mapping);
    SmallVector<Value> yields;
    for (Value root : roots)
      yields.push_back(mapping.lookup(root));
    builder.create<YieldOp>(location, yields);

    for (auto [root, result] : llvm::zip(roots, kernel.getResults())) {
      replacements[root] = result;
      root.replaceUsesWithIf(result, [&](OpOperand &use) {
        return !groups.isGrouped(use.getOwner());
      });
    }
  }

  Block &block;
  KernelGroups groups;
  std::vector<Unit> units;
  DenseMap<Operation *, unsigned> unitOf;
  DenseMap<Value, Value> replacements;
};

struct FormKernelsPass : model::impl::FormKernelsBase<FormKernelsPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      SmallVector<Block *> blocks;
      function.walk([&](Operation *op) {
        if (auto scan = dyn_cast<ScanOp>(op))
          blocks.push_back(&scan.getBlock());
      });
      if (!function.isExternal())
        blocks.push_back(&function.front());
      auto kind = function->getAttrOfType<StringAttr>("model.entry");
      bool oneLine = kind && kind.getValue() == "trap";
      for (Block *block : blocks)
        BlockFormer(*block, oneLine).run();
    }
  }
};
} // namespace
