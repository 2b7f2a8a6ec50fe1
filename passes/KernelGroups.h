//===- KernelGroups.h - which operations share a kernel ---------*- C++ -*-===//
//
// Sorts the operations of a block into groups, each of which becomes one
// kernel.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_PASSES_KERNELGROUPS_H
#define MODEL_PASSES_KERNELGROUPS_H

#include "dialect/Model.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/PointerUnion.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <memory>
#include <vector>

namespace mlir::model {

/// Operations that one kernel computes. An operation that costs nothing may be
/// in several.
struct KernelGroup {
  KernelClass kind;
  /// In program order.
  std::vector<Operation *> ops;
  /// Those whose results are written to memory, in program order.
  SmallVector<Operation *> roots;

  /// The same operations as a set.
  llvm::DenseSet<Operation *> members = {};

  bool contains(Operation *op) const { return members.contains(op); }
  bool isRoot(Operation *op) const { return llvm::is_contained(roots, op); }
  /// Values from outside, in order of first use.
  SmallVector<Value> getOperands() const;
  /// Whether element `index` of `value` is read for element `index` of the
  /// roots alone.
  bool isAligned(Value value) const;
  /// Pairs (operand, root) that may share memory.
  SmallVector<int64_t> getInPlacePairs(ArrayRef<Value> operands) const;
};

/// Whether the elements of the operation's result can be computed one by one.
bool isElementFunction(Operation *op);

/// The groups of one block. Operations in no group stay as they are.
class KernelGroups {
public:
  /// Where `oneLine` is set, a group computes what one line of the program
  /// says, in one role.
  KernelGroups(Block &block, bool oneLine) : block(block), oneLine(oneLine) {}

  /// Grows groups from consumers to producers.
  void form();
  /// Joins map groups of one shape of which one reads what the other writes.
  void merge();

  SmallVector<KernelGroup *> getGroups() const;
  /// All operations that are in a group, in program order.
  std::vector<Operation *> getGroupedOps() const;
  bool isGrouped(Operation *op) const { return memberships.contains(op); }

private:
  using GroupSet = llvm::SmallSetVector<KernelGroup *, 2>;
  /// A group, or an operation that is in none.
  using Node = llvm::PointerUnion<KernelGroup *, Operation *>;
  using NodeSet = llvm::SmallSetVector<Node, 8>;
  void visit(Operation *op);
  KernelGroup *startGroup(Operation *root, KernelClass kind);
  void addTo(Operation *op, KernelGroup *group);
  NodeSet readersOf(Node node) const;
  void findPaths();
  bool mayMerge(KernelGroup *producer, KernelGroup *consumer) const;
  bool reachesIndirectly(KernelGroup *producer, KernelGroup *consumer) const;
  KernelGroup *findProducer(KernelGroup *consumer) const;
  void absorb(KernelGroup *producer, KernelGroup *consumer);

  bool areApart(Operation *op, KernelGroup *group) const;

  Block &block;
  bool oneLine;
  std::vector<std::unique_ptr<KernelGroup>> groups;
  DenseMap<Operation *, GroupSet> memberships;
  /// The group that writes the operation's result.
  DenseMap<Operation *, KernelGroup *> writers;
  /// Operations whose elements are read more than once for each element of a
  /// root.
  llvm::DenseSet<Operation *> repeated;

  // While groups merge:
  /// In reverse program order of what each wrote at first, as are the groups.
  std::vector<Node> nodes;
  DenseMap<Node, unsigned> numbers;
  /// For each node, itself and all that need its results.
  std::vector<llvm::BitVector> reachable;
  DenseMap<KernelGroup *, SmallVector<Value>> operandsOf;
};

} // namespace mlir::model

#endif
