//===- LayOutOperands.cpp - operands as contractions want them ------------===//
//
//   %c = model.contract %x, %w contract [1] x [1] : <N x 32>, <64 x 32>
// becomes
//   %t = model.transpose %w permutation [1, 0]   // 32 x 64
//   %c = model.contract %x, %t contract [1] x [0] : <N x 32>, <32 x 64>
//
// A contraction computes neighbours of its result together, for which it reads
// neighbours of the right operand. Where these lie apart, as in the gradient of
// a layer by its input, the operand is written once in the order in which it is
// read, if enough rows of the left operand meet it. What a scan does not change
// is laid out before the scan.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_LAYOUTOPERANDS
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

/// With fewer rows than this, or a narrower result, a copy costs more than it
/// saves.
static constexpr int64_t leastRows = 4, leastWidth = 8;

/// Whether the product of the sizes is at least `least`; symbols count as
/// large.
static bool isAtLeast(ArrayType type, ArrayRef<int64_t> axes, int64_t least) {
  int64_t product = 1;
  for (int64_t axis : axes) {
    std::optional<int64_t> size = type.getSize(axis).asConstant();
    if (!size)
      return true;
    product = std::min(product * std::min(*size, least), least);
  }
  return product >= least;
}

/// The order of axes in which the right operand should lie; empty if it lies
/// well, or too little is read of it.
static SmallVector<int64_t> wantedOrder(ContractOp op) {
  auto left = cast<ArrayType>(op.getLhs().getType()),
       right = cast<ArrayType>(op.getRhs().getType());
  SmallVector<int64_t> free = op.getRhsFree();
  auto isUnit = [&](int64_t axis) { return right.getSize(axis).isConstant(1); };
  SmallVector<int64_t> wide = free;
  llvm::erase_if(wide, isUnit);
  int64_t last = right.getRank() - 1;
  while (last >= 0 && isUnit(last))
    --last;
  if (wide.empty() || wide.back() == last ||
      !isAtLeast(right, wide.back(), leastWidth) ||
      !isAtLeast(left, op.getLhsFree(), leastRows))
    return {};
  SmallVector<int64_t> order(op.getRhsBatch());
  order.append(op.getRhsContract().begin(), op.getRhsContract().end());
  order.append(free);
  return order;
}

/// `value` with its axes in this order, made before the scans that do not
/// change it.
static Value layOut(Value value, ArrayRef<int64_t> order, OpBuilder &builder,
                    Location location) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto scan = argument ? dyn_cast<ScanOp>(argument.getOwner()->getParentOp())
                       : ScanOp();
  if (scan) {
    auto invariants = scan.getInvariantArguments();
    auto *found = llvm::find(invariants, argument);
    if (found != invariants.end()) {
      OpBuilder outside(scan);
      Value laid = layOut(scan.getInvariants()[found - invariants.begin()],
                          order, outside, location);
      scan.getInvariantsMutable().append(laid);
      return scan.getBlock().addArgument(laid.getType(), laid.getLoc());
    }
  }
  return builder.create<TransposeOp>(location, value,
                                     builder.getDenseI64ArrayAttr(order));
}

namespace {
struct LayOutOperandsPass
    : model::impl::LayOutOperandsBase<LayOutOperandsPass> {
  void runOnOperation() override {
    SmallVector<ContractOp> contractions;
    getOperation().walk([&](ContractOp op) { contractions.push_back(op); });
    // Contractions that read the same operand share its copy: all are in its
    // block, and the first is met first.
    DenseMap<std::pair<Value, Attribute>, Value> known;
    for (ContractOp op : contractions) {
      SmallVector<int64_t> order = wantedOrder(op);
      if (order.empty())
        continue;
      OpBuilder builder(op);
      Value right = op.getRhs();
      Value &laid = known[{right, builder.getDenseI64ArrayAttr(order)}];
      if (!laid)
        laid = layOut(right, order, builder, op.getLoc());
      int64_t batch = op.getRhsBatch().size(),
              contract = op.getRhsContract().size();
      op.getRhsMutable().assign(laid);
      op.setRhsBatch(llvm::to_vector(llvm::seq<int64_t>(0, batch)));
      op.setRhsContract(
          llvm::to_vector(llvm::seq<int64_t>(batch, batch + contract)));
    }
  }
};
} // namespace
