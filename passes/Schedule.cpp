//===- Schedule.cpp - the order of kernels --------------------------------===//
//
//   %a = model.kernel map (%x)     %a = model.kernel map (%x)
//   %b = model.kernel map (%x)     %c = model.kernel row (%a)   // frees %a
//   %c = model.kernel row (%a)     %b = model.kernel map (%x)
//
// List scheduling: what frees more memory than it takes goes first, then the
// program's order. The new order is kept if its peak is lower. Where uses leave
// the choice, the new value of a slot (or of a scan's carry) is computed after
// all reads of the old one, so that it can be written over it.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/MemoryPlan.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_SCHEDULE
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

namespace {
/// Schedules one block.
class BlockScheduler {
public:
  BlockScheduler(Block &block, func::FuncOp function) : block(block) {
    for (Operation &op : block.without_terminator()) {
      numbers[&op] = nodes.size();
      nodes.push_back({&op});
      for (Value result : op.getResults())
        sizes[result] =
            bytesAtBounds(cast<ArrayType>(result.getType()), function)
                .value_or(0);
    }
    for (Operation *op :
         llvm::map_range(nodes, [](Node &node) { return node.op; }))
      for (Value operand : op->getOperands())
        if (Operation *definer = operand.getDefiningOp())
          addEdge(numbers.lookup(definer), numbers.lookup(op));
  }

  void run() {
    addWritesAfterReads();
    std::vector<unsigned> order = listSchedule(/*freeEarly=*/false);
    std::vector<unsigned> frugal = listSchedule(/*freeEarly=*/true);
    if (peak(frugal) < peak(order))
      order = frugal;
    for (unsigned node : order)
      nodes[node].op->moveBefore(block.getTerminator());
  }

private:
  struct Node {
    Operation *op;
    llvm::SmallSetVector<unsigned, 4> successors = {};
    unsigned predecessors = 0;
  };

  void addEdge(unsigned from, unsigned to) {
    if (nodes[from].successors.insert(to))
      ++nodes[to].predecessors;
  }

  bool reaches(unsigned from, unsigned to) const {
    llvm::BitVector seen(nodes.size());
    SmallVector<unsigned> work = {from};
    while (!work.empty()) {
      unsigned node = work.pop_back_val();
      if (node == to)
        return true;
      if (seen.test(node))
        continue;
      seen.set(node);
      work.append(nodes[node].successors.begin(), nodes[node].successors.end());
    }
    return false;
  }

  void addWritesAfterReads() {
    for (auto [old, fresh] : updatesOf(block)) {
      Operation *writer = firstWriter(fresh);
      if (!writer || writer->getBlock() != &block)
        continue;
      unsigned write = numbers.lookup(writer);
      SmallVector<Operation *> readers;
      collectReaders(old, readers);
      for (Operation *reader : readers) {
        if (reader == writer || reader->hasTrait<OpTrait::IsTerminator>())
          continue;
        unsigned read = numbers.lookup(reader);
        if (!reaches(write, read))
          addEdge(read, write);
      }
    }
  }

  int64_t bytesOf(Value value) const { return sizes.lookup(value); }

  /// Memory that running `op` takes and gives back, given how many reads each
  /// value still has.
  int64_t growth(Operation *op, const DenseMap<Value, unsigned> &reads) const {
    if (isa<ReshapeOp>(op))
      return 0;
    int64_t bytes = 0;
    for (Value result : op->getResults())
      bytes += bytesOf(result);
    DenseMap<Value, unsigned> own;
    for (Value operand : op->getOperands())
      ++own[resolveAlias(operand)];
    for (auto [value, count] : own)
      if (value.getDefiningOp() && reads.lookup(value) == count)
        bytes -= bytesOf(value);
    return bytes;
  }

  DenseMap<Value, unsigned> countReads() const {
    DenseMap<Value, unsigned> reads;
    for (Operation &op : block)
      if (!isa<ReshapeOp>(op))
        for (Value operand : op.getOperands())
          ++reads[resolveAlias(operand)];
    return reads;
  }

  static void consume(Operation *op, DenseMap<Value, unsigned> &reads) {
    if (!isa<ReshapeOp>(op))
      for (Value operand : op->getOperands())
        --reads[resolveAlias(operand)];
  }

  std::vector<unsigned> listSchedule(bool freeEarly) const {
    DenseMap<Value, unsigned> reads = countReads();
    std::vector<unsigned> waits, ready, order;
    for (auto [i, node] : llvm::enumerate(nodes)) {
      waits.push_back(node.predecessors);
      if (node.predecessors == 0)
        ready.push_back(i);
    }
    while (!ready.empty()) {
      // `ready` is sorted by the program's order.
      size_t best = 0;
      int64_t least = 0;
      for (size_t i = 0; freeEarly && i < ready.size(); ++i) {
        int64_t bytes = growth(nodes[ready[i]].op, reads);
        if (bytes < least) {
          least = bytes;
          best = i;
        }
      }
      unsigned next = ready[best];
      ready.erase(ready.begin() + best);
      order.push_back(next);
      consume(nodes[next].op, reads);
      for (unsigned successor : nodes[next].successors)
        if (--waits[successor] == 0)
          ready.insert(llvm::upper_bound(ready, successor), successor);
    }
    return order;
  }

  int64_t peak(ArrayRef<unsigned> order) const {
    DenseMap<Value, unsigned> reads = countReads();
    int64_t now = 0, most = 0;
    for (unsigned node : order) {
      Operation *op = nodes[node].op;
      int64_t taken = 0;
      if (!isa<ReshapeOp>(op))
        for (Value result : op->getResults())
          taken += bytesOf(result);
      most = std::max(most, now + taken);
      now += growth(op, reads);
      consume(op, reads);
    }
    return most;
  }

  Block &block;
  std::vector<Node> nodes;
  /// Bytes of each result, which scheduling asks for again and again.
  DenseMap<Value, int64_t> sizes;
  DenseMap<Operation *, unsigned> numbers;
};

struct SchedulePass : model::impl::ScheduleBase<SchedulePass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      function.walk([&](ScanOp scan) {
        BlockScheduler(scan.getBlock(), function).run();
      });
      BlockScheduler(function.front(), function).run();
    }
  }
};
} // namespace
