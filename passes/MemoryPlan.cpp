//===- MemoryPlan.cpp - where every array of an entry lives ---------------===//
//
// Storage, liveness and offsets (greedy by size, arXiv 2001.03288).
//
//===----------------------------------------------------------------------===//
#include "passes/MemoryPlan.h"
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::model;

std::optional<int64_t> model::bytesAtBounds(ArrayType type,
                                            func::FuncOp function) {
  auto bounds = function->getAttrOfType<DictionaryAttr>("model.symbols");
  auto bound = [&](StringAttr symbol) -> std::optional<int64_t> {
    auto value = bounds ? bounds.getAs<IntegerAttr>(symbol) : nullptr;
    return value ? std::optional(value.getInt()) : std::nullopt;
  };
  SizeAttr count = type.getElementCount();
  std::optional<SizeRange> elements =
      count ? range(count, bound) : std::nullopt;
  int64_t bytes;
  if (!elements ||
      llvm::MulOverflow(elements->high, BufferType::get(type).getElementBytes(),
                        bytes))
    return std::nullopt;
  return bytes;
}

//===----------------------------------------------------------------------===//
// What shares memory
//===----------------------------------------------------------------------===//

Storage *MemoryPlan::makeStorage(Storage::Kind kind, unsigned number,
                                 Location location) {
  storages.push_back(std::make_unique<Storage>(
      Storage{kind, unsigned(storages.size()), number, 0, 0, 0, 0, location}));
  return storages.back().get();
}

/// An element of an access, for the body of `scan`.
static Access elementOf(Access access, ScanOp scan) {
  access.leading.push_back(scan.getLength());
  access.indices.push_back(scan.getIndex());
  return access;
}

/// Places `value` and, if it is the result of a scan, what it is computed from.
void MemoryPlan::assign(Value value, Access access) {
  access.storage->values.push_back(value);
  accesses[value] = access;
  auto scan = value.getDefiningOp<ScanOp>();
  if (!scan)
    return;
  unsigned number = cast<OpResult>(value).getResultNumber();
  if (number >= scan.getCarryCount()) {
    assign(scan.getYield().getOperand(number), elementOf(access, scan));
    return;
  }
  assign(scan.getCarries()[number], access);
  assign(scan.getCarryArguments()[number], access);
  assign(scan.getYield().getOperand(number), access);
}

void MemoryPlan::assignResults() {
  SmallVector<Storage *> arguments;
  for (BlockArgument argument : function.getArguments()) {
    arguments.push_back(makeStorage(
        Storage::Kind::Argument, argument.getArgNumber(), argument.getLoc()));
    assign(argument, {arguments.back()});
  }
  for (OpOperand &operand : function.front().getTerminator()->getOpOperands()) {
    unsigned number = operand.getOperandNumber();
    BlockArgument slot = slotArgument(function, number);
    if (slot && slot == operand.get())
      continue;
    Storage *storage = slot ? arguments[slot.getArgNumber()]
                            : makeStorage(Storage::Kind::Result, number,
                                          operand.get().getLoc());
    assign(operand.get(), {storage});
  }
}

/// Whether nothing reads the storage after `op`, and all of its values are made
/// in the block.
bool MemoryPlan::diesAt(const Storage &storage, Operation *op) const {
  Block *block = op->getBlock();
  for (Value value : storage.values) {
    Operation *maker = value.getDefiningOp();
    if (!maker)
      maker = value.getParentBlock()->getParentOp();
    if (!block->findAncestorOpInBlock(*maker) || maker == op)
      return false;
    for (Operation *user : value.getUsers()) {
      Operation *ancestor = block->findAncestorOpInBlock(*user);
      if (!ancestor || (ancestor != op && !ancestor->isBeforeInBlock(op)))
        return false;
    }
  }
  return true;
}

/// Gives each result the memory of an operand that dies here, or memory of its
/// own.
void MemoryPlan::assignKernel(Operation *op) {
  auto kernel = cast<KernelOp>(op);
  auto findDying = [&](OpResult result) -> Storage * {
    for (OpOperand &operand : kernel->getOpOperands()) {
      auto found = accesses.find(operand.get());
      if (found == accesses.end() || !found->second.indices.empty())
        continue;
      Storage *storage = found->second.storage;
      bool shares =
          llvm::all_of(kernel->getOpOperands(), [&](OpOperand &other) {
            auto access = accesses.find(other.get());
            return access == accesses.end() ||
                   access->second.storage != storage ||
                   kernel.mayShare(other.getOperandNumber(),
                                   result.getResultNumber());
          });
      if (shares && storage->kind == Storage::Kind::Workspace &&
          diesAt(*storage, op))
        return storage;
    }
    return nullptr;
  };
  for (OpResult result : kernel->getResults()) {
    if (accesses.count(result))
      continue;
    Storage *storage = findDying(result);
    if (!storage)
      storage = makeStorage(Storage::Kind::Workspace, 0, op->getLoc());
    assign(result, {storage});
  }
}

void MemoryPlan::assignBlock(Block &block) {
  // Results of scans prescribe where the carries' first values are computed;
  // last scans first, since a carry may go from one scan to the next.
  for (Operation &op : llvm::reverse(block))
    if (isa<ScanOp>(op))
      for (Value result : op.getResults())
        if (!accesses.count(result))
          assign(result,
                 {makeStorage(Storage::Kind::Workspace, 0, op.getLoc())});
  for (Operation &op : block.without_terminator()) {
    if (isa<KernelOp>(op)) {
      assignKernel(&op);
      continue;
    }
    if (auto reshape = dyn_cast<ReshapeOp>(op)) {
      assign(reshape, Access(getAccess(reshape.getOperand())));
      continue;
    }
    auto scan = cast<ScanOp>(op);
    for (auto [operand, argument] :
         llvm::zip(scan.getSlices(), scan.getSliceArguments()))
      assign(argument, elementOf(getAccess(operand), scan));
    for (auto [operand, argument] :
         llvm::zip(scan.getInvariants(), scan.getInvariantArguments()))
      if (accesses.count(operand)) // the index of a scan around is in no memory
        assign(argument, Access(getAccess(operand)));
    assignBlock(scan.getBlock());
  }
}

//===----------------------------------------------------------------------===//
// How long it is needed, and where it lies
//===----------------------------------------------------------------------===//

void MemoryPlan::numberPositions(Block &block) {
  for (Operation &op : block) {
    int64_t first = nextPosition++;
    if (auto scan = dyn_cast<ScanOp>(op)) {
      numberPositions(scan.getBlock());
      ++nextPosition;
    }
    positions[&op] = {first, nextPosition - 1};
  }
}

/// `[N, 64]`, as in the user's program.
static std::string shapeText(ArrayType type) {
  std::string text;
  for (SizeAttr size : type.getShape())
    text += (text.empty() ? "" : ", ") + size.str();
  return "[" + text + "]";
}

LogicalResult MemoryPlan::measure() {
  for (auto &storage : storages) {
    storage->begin = INT64_MAX;
    for (Value value : storage->values) {
      Operation *maker = value.getDefiningOp();
      if (!maker)
        maker = value.getParentBlock()->getParentOp();
      if (positions.count(maker))
        storage->begin = std::min(storage->begin, positions[maker].first);
      for (Operation *user : value.getUsers()) {
        // What a scan's block yields is needed until the scan ends.
        Operation *reader = isa<YieldOp>(user) ? user->getParentOp() : user;
        storage->end = std::max(storage->end, positions[reader].second);
      }
      auto type = cast<ArrayType>(value.getType());
      std::optional<int64_t> bytes = bytesAtBounds(type, function);
      if (!bytes || *bytes > INT64_MAX - regionAlignment)
        return emitError(value.getLoc())
               << "the memory of an array of shape `" << shapeText(type)
               << "` does not fit 64 bits, or one of its sizes has no bound";
      storage->bytes = std::max(storage->bytes, *bytes);
    }
    storage->end = std::max(storage->end, storage->begin);
    storage->bytes = llvm::alignTo(storage->bytes, regionAlignment);
  }
  return success();
}

LogicalResult MemoryPlan::place() {
  SmallVector<Storage *> order;
  for (auto &storage : storages)
    if (storage->kind == Storage::Kind::Workspace)
      order.push_back(storage.get());
  llvm::sort(order, [](Storage *a, Storage *b) {
    return std::make_pair(-a->bytes, a->id) < std::make_pair(-b->bytes, b->id);
  });

  std::vector<Storage *> placed; // by offset
  for (Storage *storage : order) {
    int64_t offset = 0, bestOffset = -1, bestGap = INT64_MAX;
    for (Storage *other : placed) {
      if (other->end < storage->begin || storage->end < other->begin)
        continue;
      int64_t gap = other->offset - offset;
      if (gap >= storage->bytes && gap < bestGap) {
        bestGap = gap;
        bestOffset = offset;
      }
      offset = std::max(offset, other->offset + other->bytes);
    }
    storage->offset = bestOffset < 0 ? offset : bestOffset;
    int64_t end;
    if (llvm::AddOverflow(storage->offset, storage->bytes, end))
      return emitError(storage->location)
             << "the workspace of `" << function.getName()
             << "` does not fit 64 bits";
    workspaceBytes = std::max(workspaceBytes, end);
    placed.insert(llvm::upper_bound(placed, storage,
                                    [](Storage *a, Storage *b) {
                                      return a->offset < b->offset;
                                    }),
                  storage);
  }
  return success();
}

LogicalResult MemoryPlan::run() {
  assignResults();
  assignBlock(function.front());
  numberPositions(function.front());
  if (failed(measure()))
    return failure();
  return place();
}

void MemoryPlan::overlapRegions() {
  for (auto &storage : storages)
    storage->offset = 0;
}

std::vector<const Storage *> MemoryPlan::getRegions() const {
  std::vector<const Storage *> regions;
  for (const auto &storage : storages)
    if (storage->kind == Storage::Kind::Workspace)
      regions.push_back(storage.get());
  llvm::sort(regions, [](const Storage *a, const Storage *b) {
    return std::make_pair(a->begin, a->id) < std::make_pair(b->begin, b->id);
  });
  return regions;
}
