//===- CommonSubexpressions.cpp - what is computed twice ------------------===//
//
//   %a = model.exp %x   loc(line 1)
//   %b = model.exp %x   loc(line 2)
// becomes
//   %a = model.exp %x   loc(fused[line 1, line 2])
// and so for scans with equal blocks. Upstream's pass keeps the first location
// alone.
//
//===----------------------------------------------------------------------===//
#include "passes/CommonSubexpressions.h"
#include "mlir/IR/Operation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "passes/Locations.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace mlir::model;

namespace {
/// Operations are the same if they differ in their locations only.
struct ByMeaning : llvm::DenseMapInfo<Operation *> {
  static unsigned getHashValue(const Operation *op) {
    return OperationEquivalence::computeHash(
        const_cast<Operation *>(op), OperationEquivalence::directHashValue,
        OperationEquivalence::ignoreHashValue,
        OperationEquivalence::IgnoreLocations);
  }
  static bool isEqual(const Operation *a, const Operation *b) {
    if (a == b)
      return true;
    if (isSpecial(a) || isSpecial(b))
      return false;
    return OperationEquivalence::isEquivalentTo(
        const_cast<Operation *>(a), const_cast<Operation *>(b),
        OperationEquivalence::IgnoreLocations);
  }
  static bool isSpecial(const Operation *op) {
    return op == getEmptyKey() || op == getTombstoneKey();
  }
};
} // namespace

static SmallVector<Operation *> allWithin(Operation *op) {
  SmallVector<Operation *> all;
  op->walk([&](Operation *inner) { all.push_back(inner); });
  return all;
}

/// Gives `kept`, and the operations of its blocks, the locations of `dropped`
/// as well.
static void mergeLocations(Operation *kept, Operation *dropped) {
  for (auto [to, from] : llvm::zip_equal(allWithin(kept), allWithin(dropped)))
    if (to->getLoc() != from->getLoc())
      to->setLoc(fuseLocations(to->getLoc(), from->getLoc()));
}

bool model::mergeCommonSubexpressions(Block &block) {
  llvm::DenseSet<Operation *, ByMeaning> seen;
  bool changed = false;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        changed |= mergeCommonSubexpressions(inner);
    if (op.getNumResults() == 0 || !isMemoryEffectFree(&op))
      continue;
    auto [known, isNew] = seen.insert(&op);
    if (isNew)
      continue;
    mergeLocations(*known, &op);
    op.replaceAllUsesWith(*known);
    op.erase();
    changed = true;
  }
  return changed;
}
