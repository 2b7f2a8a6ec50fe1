//===- MemoryCopies.cpp - copies that memory planning needs ---------------===//
//
// After this every value that must end up in a given place (a result, a slot, a
// carry, a stack) can be computed there.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "passes/Locations.h"
#include "passes/MemoryPlan.h"

using namespace mlir;
using namespace mlir::model;

Value model::resolveAlias(Value value) {
  while (auto reshape = value.getDefiningOp<ReshapeOp>())
    value = reshape.getOperand();
  return value;
}

void model::collectReaders(Value value, SmallVectorImpl<Operation *> &readers) {
  for (Operation *user : value.getUsers()) {
    if (isa<ReshapeOp>(user))
      collectReaders(user->getResult(0), readers);
    else
      readers.push_back(user);
  }
}

BlockArgument model::slotArgument(func::FuncOp function, unsigned result) {
  auto slot =
      function.getResultAttrOfType<FlatSymbolRefAttr>(result, "model.slot");
  for (unsigned i = 0; slot && i < function.getNumArguments(); ++i)
    if (function.getArgAttr(i, "model.slot") == slot)
      return function.getArgument(i);
  return nullptr;
}

SmallVector<std::pair<Value, Value>> model::updatesOf(Block &block) {
  SmallVector<std::pair<Value, Value>> updates;
  if (auto scan = dyn_cast<ScanOp>(block.getParentOp())) {
    for (auto [i, argument] : llvm::enumerate(scan.getCarryArguments()))
      updates.push_back({argument, scan.getYield().getOperand(i)});
    return updates;
  }
  auto function = cast<func::FuncOp>(block.getParentOp());
  for (OpOperand &operand : block.getTerminator()->getOpOperands())
    if (BlockArgument argument =
            slotArgument(function, operand.getOperandNumber()))
      updates.push_back({argument, operand.get()});
  return updates;
}

/// A kernel before `place` that copies `value`.
static Value copyBefore(Operation *place, Value value, Location location) {
  OpBuilder builder(place);
  auto copy = builder.create<KernelOp>(location, TypeRange(value.getType()),
                                       KernelClass::map, value,
                                       ArrayRef<int64_t>{0, 0});
  Block &body = copy.getBody().emplaceBlock();
  Value argument = body.addArgument(value.getType(), location);
  builder.setInsertionPointToStart(&body);
  builder.create<YieldOp>(location, argument);
  return copy.getResult(0);
}

/// Whether `value` is computed in `block` into memory that nothing else
/// prescribes.
static bool isComputedIn(Value value, Block &block) {
  Operation *definer = value.getDefiningOp();
  return definer && definer->getBlock() == &block &&
         isa<KernelOp, ScanOp>(definer);
}

Operation *model::firstWriter(Value value) {
  value = resolveAlias(value);
  auto scan = value.getDefiningOp<ScanOp>();
  if (scan && cast<OpResult>(value).getResultNumber() < scan.getCarryCount())
    return firstWriter(
        scan.getCarries()[cast<OpResult>(value).getResultNumber()]);
  return value.getDefiningOp();
}

/// Whether the kernel that computes `fresh` reads `old` only where it writes.
static bool readsInPlace(Operation *writer, Value old, Value fresh) {
  auto kernel = dyn_cast<KernelOp>(writer);
  if (!kernel)
    return false;
  // `fresh` may be the result of a scan whose first value the kernel computes.
  unsigned result = 0;
  while (fresh.getDefiningOp() != writer) {
    auto scan = cast<ScanOp>(fresh.getDefiningOp());
    fresh = scan.getCarries()[cast<OpResult>(fresh).getResultNumber()];
  }
  result = cast<OpResult>(fresh).getResultNumber();
  for (OpOperand &operand : kernel->getOpOperands())
    if (resolveAlias(operand.get()) == old &&
        !kernel.mayShare(operand.getOperandNumber(), result))
      return false;
  return true;
}

/// An operation that reads `old` when its memory may already hold `fresh`; null
/// if there is none.
static Operation *findLateReader(Value old, Value fresh) {
  Operation *writer = firstWriter(fresh);
  SmallVector<Operation *> readers;
  collectReaders(old, readers);
  for (Operation *reader : readers)
    if (reader == writer ? !readsInPlace(writer, old, fresh)
                         : writer->isBeforeInBlock(reader))
      return reader;
  return nullptr;
}

/// Whether result number `i` of the function is the unchanged slot.
static bool isUnchangedSlot(Operation *terminator, unsigned i) {
  auto function = dyn_cast<func::FuncOp>(terminator->getParentOp());
  return function && slotArgument(function, i) == terminator->getOperand(i) &&
         terminator->getOperand(i);
}

static void copyFirstCarries(Block &block) {
  for (auto scan : llvm::make_early_inc_range(block.getOps<ScanOp>()))
    for (OpOperand &operand : scan.getCarriesMutable())
      if (!isComputedIn(operand.get(), block) || !operand.get().hasOneUse())
        operand.set(copyBefore(scan, operand.get(), scan.getLoc()));
}

static void copyShared(Block &block) {
  Operation *terminator = block.getTerminator();
  llvm::DenseSet<Value> claimed;
  for (OpOperand &operand : terminator->getOpOperands()) {
    if (isUnchangedSlot(terminator, operand.getOperandNumber()))
      continue;
    if (!isComputedIn(operand.get(), block) || claimed.contains(operand.get()))
      operand.set(copyBefore(terminator, operand.get(), terminator->getLoc()));
    claimed.insert(operand.get());
  }
}

static void reportCopy(Block &block, BlockArgument old, Operation *reader) {
  auto function = dyn_cast<func::FuncOp>(block.getParentOp());
  if (!function)
    return;
  auto slot = function.getArgAttrOfType<FlatSymbolRefAttr>(old.getArgNumber(),
                                                           "model.slot");
  InFlightDiagnostic remark =
      emitRemark(reader->getLoc())
      << "the old value of `" << slot.getValue()
      << "` is still read here when the new one is known; `"
      << function.getName() << "` copies the new one at its end";
}

static void copyLateUpdates(Block &block) {
  Operation *terminator = block.getTerminator();
  for (auto [old, fresh] : updatesOf(block)) {
    if (old == fresh)
      continue;
    Operation *reader = findLateReader(old, fresh);
    if (!reader)
      continue;
    reportCopy(block, cast<BlockArgument>(old), reader);
    Value copy = copyBefore(terminator, fresh, fresh.getLoc());
    for (OpOperand &operand : terminator->getOpOperands())
      if (operand.get() == fresh)
        operand.set(copy);
  }
}

void model::insertCopies(func::FuncOp function) {
  SmallVector<Block *> blocks;
  function.walk([&](ScanOp scan) { blocks.push_back(&scan.getBlock()); });
  blocks.push_back(&function.front());
  for (Block *block : blocks) {
    copyFirstCarries(*block);
    copyShared(*block);
    copyLateUpdates(*block);
  }
}
