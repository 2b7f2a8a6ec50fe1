//===- MemoryPlan.h - where every array of an entry lives -------*- C++ -*-===//
//
// Storage of arrays: what shares memory, how long it is needed, and at which
// offset it lies.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_PASSES_MEMORYPLAN_H
#define MODEL_PASSES_MEMORYPLAN_H

#include "dialect/Model.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include <memory>
#include <vector>

namespace mlir::model {
class ScanOp;

/// Every region of the workspace starts at a multiple of this, in bytes.
constexpr int64_t regionAlignment = 64;

/// Bytes of an array where the function's symbols are at their bounds; nothing
/// if a symbol has no bound or the number overflows.
std::optional<int64_t> bytesAtBounds(ArrayType type, func::FuncOp function);

/// The value whose memory `value` names: looks through reshapes.
Value resolveAlias(Value value);
/// Operations of the value's block that read its memory; reshapes count by
/// their users.
void collectReaders(Value value, SmallVectorImpl<Operation *> &readers);

/// The operation that first writes the memory of `value`, the result of a
/// kernel or scan: that of a scan's carry is written by what computes its first
/// value. Null for an argument.
Operation *firstWriter(Value value);

/// Pairs (old, new) of values that should share memory: the argument and the
/// result of a slot, the argument and the yielded value of a scan's carry.
SmallVector<std::pair<Value, Value>> updatesOf(Block &block);
/// The argument that reads the slot which the function's result `result`
/// writes; or null.
BlockArgument slotArgument(func::FuncOp function, unsigned result);

/// Inserts copies until every returned or yielded value, and every first value
/// of a carry, has memory of its own that can be the final one, and every slot
/// or carry that is written over its old value is proved to be read before.
/// Reports copies of slots as remarks.
void insertCopies(func::FuncOp function);

/// Memory that one or more values share, one after another.
struct Storage {
  enum class Kind { Argument, Result, Workspace };
  Kind kind;
  /// In order of creation.
  unsigned id;
  /// Of the argument or result.
  unsigned number;
  int64_t bytes = 0;
  /// First and last position of the schedule at which it is needed.
  int64_t begin = 0, end = 0;
  int64_t offset = 0;
  Location location;
  std::vector<Value> values = {};
};

/// How a value is found: in `storage`, seen as an array with `leading` axes
/// before the value's own, at the element that `indices` (of the scans around)
/// select.
struct Access {
  Storage *storage = nullptr;
  SmallVector<SizeAttr> leading = {};
  SmallVector<Value> indices = {};
};

/// Plans the memory of one function on which `insertCopies` has run.
class MemoryPlan {
public:
  explicit MemoryPlan(func::FuncOp function) : function(function) {}

  LogicalResult run();
  /// Moves all regions to the start of the workspace; for tests of `checkPlan`.
  void overlapRegions();
  /// All values have memory but the indices of scans.
  bool hasMemory(Value value) const { return accesses.count(value); }
  const Access &getAccess(Value value) const {
    auto found = accesses.find(value);
    assert(found != accesses.end() && "a value without memory");
    return found->second;
  }
  /// Whether `op` is the last operation that needs the storage.
  bool endsAt(const Storage &storage, Operation *op) const {
    return positions.find(op)->second.second == storage.end;
  }
  int64_t getWorkspaceBytes() const { return workspaceBytes; }
  /// The regions of the workspace, in order of their begin.
  std::vector<const Storage *> getRegions() const;

private:
  Storage *makeStorage(Storage::Kind kind, unsigned number, Location location);
  void assign(Value value, Access access);
  void assignResults();
  void assignBlock(Block &block);
  void assignKernel(Operation *kernel);
  bool diesAt(const Storage &storage, Operation *op) const;
  void numberPositions(Block &block);
  LogicalResult measure();
  LogicalResult place();

  func::FuncOp function;
  std::vector<std::unique_ptr<Storage>> storages;
  DenseMap<Value, Access> accesses;
  /// First and last position of each operation; they differ for scans.
  DenseMap<Operation *, std::pair<int64_t, int64_t>> positions;
  int64_t nextPosition = 0;
  int64_t workspaceBytes = 0;
};

/// Whether each kernel of the function finds its operands where the plan puts
/// them. An error here is a mistake of the planner.
LogicalResult checkPlan(func::FuncOp function, const MemoryPlan &plan);

} // namespace mlir::model

#endif
