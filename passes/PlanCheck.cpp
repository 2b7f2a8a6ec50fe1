//===- PlanCheck.cpp - does every reader find what it reads? --------------===//
//
// Runs the program on labels: each byte of memory knows which value was written
// there last. A kernel must find its operands' labels where the plan says that
// they lie, so that liveness, offsets, copies and sharing are all judged by
// what they are for, whatever rule they came from. Bodies of scans run twice,
// for what one iteration does to the next.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "passes/MemoryPlan.h"
#include <map>

using namespace mlir;
using namespace mlir::model;

namespace {
class PlanCheck {
public:
  PlanCheck(func::FuncOp function, const MemoryPlan &plan)
      : function(function), plan(plan) {}

  LogicalResult run() {
    Block &entry = function.front();
    for (BlockArgument argument : entry.getArguments())
      write(storageOf(argument), argument);
    if (failed(runBlock(entry)))
      return failure();
    Operation *end = entry.getTerminator();
    for (OpOperand &result : end->getOpOperands())
      if (failed(checkResult(end, result)))
        return failure();
    return success();
  }

private:
  /// A piece of memory that nothing else shares: an argument, a result or the
  /// workspace.
  using Base = std::pair<Storage::Kind, unsigned>;
  struct Piece {
    int64_t end;
    Value label;
  };

  const Storage &storageOf(Value value) const {
    return *plan.getAccess(value).storage;
  }

  static Base baseOf(const Storage &storage) {
    bool isWorkspace = storage.kind == Storage::Kind::Workspace;
    return {storage.kind, isWorkspace ? 0 : storage.number};
  }

  static bool overlap(const Storage &a, const Storage &b) {
    return baseOf(a) == baseOf(b) && a.offset < b.offset + b.bytes &&
           b.offset < a.offset + a.bytes;
  }

  /// The value that was written for `value` to be read.
  static Value written(Value value) {
    value = resolveAlias(value);
    auto argument = dyn_cast<BlockArgument>(value);
    auto scan = argument ? dyn_cast<ScanOp>(argument.getOwner()->getParentOp())
                         : ScanOp();
    if (!scan)
      return value;
    for (auto [operand, inner] :
         llvm::zip(scan.getSlices(), scan.getSliceArguments()))
      if (inner == argument)
        return written(operand);
    for (auto [operand, inner] :
         llvm::zip(scan.getInvariants(), scan.getInvariantArguments()))
      if (inner == argument)
        return written(operand);
    return value; // a carry
  }

  /// Writes the label over all bytes of the storage.
  void write(const Storage &storage, Value label) {
    std::map<int64_t, Piece> &pieces = memory[baseOf(storage)];
    int64_t begin = storage.offset, end = begin + storage.bytes;
    auto piece = pieces.lower_bound(begin);
    if (piece != pieces.begin() && std::prev(piece)->second.end > begin)
      --piece;
    while (piece != pieces.end() && piece->first < end) {
      auto [from, old] = *piece;
      piece = pieces.erase(piece);
      if (from < begin)
        pieces[from] = {begin, old.label};
      if (old.end > end)
        pieces[end] = old;
    }
    if (begin < end)
      pieces[begin] = {end, label};
  }

  LogicalResult check(Operation *op, const Storage &storage, Value value) {
    value = written(value);
    auto pieces = memory.find(baseOf(storage));
    int64_t position = storage.offset, end = position + storage.bytes;
    while (position < end) {
      if (pieces == memory.end())
        return refuse(op, value);
      auto piece = pieces->second.find(position);
      if (piece == pieces->second.end() || piece->second.label != value)
        return refuse(op, value);
      position = piece->second.end;
    }
    return success();
  }

  static LogicalResult refuse(Operation *op, Value value) {
    InFlightDiagnostic error = op->emitOpError(
        "reads memory that the plan has given to another value");
    error.attachNote(value.getLoc()) << "the value that should be there";
    return error;
  }

  LogicalResult runBlock(Block &block) {
    for (Operation &op : block.without_terminator()) {
      if (auto kernel = dyn_cast<KernelOp>(op)) {
        if (failed(runKernel(kernel)))
          return failure();
      } else if (auto scan = dyn_cast<ScanOp>(op)) {
        if (failed(runScan(scan)))
          return failure();
      }
    }
    return success();
  }

  LogicalResult runKernel(KernelOp kernel) {
    for (OpOperand &operand : kernel->getOpOperands()) {
      if (!plan.hasMemory(operand.get()))
        continue; // the index of a scan
      const Storage &source = storageOf(operand.get());
      if (failed(check(kernel, source, operand.get())))
        return failure();
      for (OpResult result : kernel->getResults()) {
        const Storage &target = storageOf(result);
        if (overlap(source, target) &&
            (&source != &target || !kernel.mayShare(operand.getOperandNumber(),
                                                    result.getResultNumber())))
          return kernel.emitOpError("writes result ")
                 << result.getResultNumber() << " over operand "
                 << operand.getOperandNumber() << " while it is read";
      }
    }
    for (OpResult a : kernel->getResults()) {
      for (OpResult b : kernel->getResults())
        if (a != b && overlap(storageOf(a), storageOf(b)))
          return kernel.emitOpError("writes two results to the same memory");
      write(storageOf(a), a);
    }
    return success();
  }

  LogicalResult runScan(ScanOp scan) {
    for (auto [first, argument] :
         llvm::zip(scan.getCarries(), scan.getCarryArguments())) {
      if (failed(check(scan, storageOf(argument), first)))
        return failure();
      write(storageOf(argument), argument);
    }
    YieldOp yield = scan.getYield();
    for (int iteration = 0; iteration < 2; ++iteration) {
      if (failed(runBlock(scan.getBlock())))
        return failure();
      for (auto [value, result] :
           llvm::zip(yield.getOperands(), scan->getResults()))
        if (failed(check(yield, storageOf(result), value)))
          return failure();
      for (BlockArgument argument : scan.getCarryArguments())
        write(storageOf(argument), argument);
    }
    for (OpResult result : scan->getResults())
      write(storageOf(result), result);
    return success();
  }

  LogicalResult checkResult(Operation *end, OpOperand &result) {
    unsigned number = result.getOperandNumber();
    BlockArgument slot = slotArgument(function, number);
    const Storage &storage = storageOf(result.get());
    bool isInPlace = slot ? &storage == &storageOf(slot)
                          : storage.kind == Storage::Kind::Result &&
                                storage.number == number;
    if (!isInPlace)
      return end->emitOpError("returns result ")
             << number << " elsewhere than in its memory";
    return check(end, storage, result.get());
  }

  func::FuncOp function;
  const MemoryPlan &plan;
  std::map<Base, std::map<int64_t, Piece>> memory;
};
} // namespace

LogicalResult model::checkPlan(func::FuncOp function, const MemoryPlan &plan) {
  return PlanCheck(function, plan).run();
}
