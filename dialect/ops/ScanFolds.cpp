//===- ScanFolds.cpp - what scans slice and stack -------------------------===//
//
// A scan that stacks what does not change, or slices what repeats, moves memory
// for nothing: gradients make both when a block computes with invariants.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::model;

namespace {
/// A stack of the same value each time is that value repeated; the stack of the
/// slices of an array is the array, that of the indices counts.
///
///   model.scan <T> ... invariants(%w) { ... model.yield ..., %w1 }
/// gives, where its result is used, what
///   model.broadcast %w to <T x ...> axes [1, ...]
/// gives.
struct UnstackKnown : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp op,
                                PatternRewriter &rewriter) const override {
    bool changed = false;
    rewriter.setInsertionPoint(op);
    for (auto [i, stack] : llvm::enumerate(op.getStackResults())) {
      if (stack.use_empty())
        continue;
      Value yielded = op.getYield().getOperand(op.getCarryCount() + i);
      if (Value known = stackOf(op, yielded, stack.getType(), rewriter)) {
        rewriter.replaceAllUsesWith(stack, known);
        changed = true;
      }
    }
    return success(changed);
  }

private:
  static Value stackOf(ScanOp op, Value yielded, Type type,
                       PatternRewriter &rewriter) {
    auto array = cast<ArrayType>(type);
    if (auto fill = yielded.getDefiningOp<FillOp>())
      return rewriter.create<FillOp>(fill.getLoc(), array, fill.getValue());
    auto argument = dyn_cast<BlockArgument>(yielded);
    if (!argument)
      return nullptr;
    unsigned number = argument.getArgNumber();
    if (number == 0)
      return rewriter.create<IotaOp>(op.getLoc(), array, 0);
    number -= 1 + op.getCarryCount();
    if (number < op.getSlices().size())
      return op.getSlices()[number];
    number -= op.getSlices().size();
    if (number >= op.getInvariants().size())
      return nullptr;
    return rewriter.create<BroadcastOp>(
        op.getLoc(), op.getInvariants()[number],
        ShapeAttr::get(op.getContext(), array.getShape()),
        llvm::to_vector(llvm::seq<int64_t>(1, array.getRank())));
  }
};

/// Where each slice of an operand is the same, because the operand repeats an
/// array along its leading axis, the array is an invariant; what else is
/// repeated is repeated in the block.
struct InvariantSlice : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp op,
                                PatternRewriter &rewriter) const override {
    bool changed = false;
    for (unsigned i = 0; i < op.getSlices().size(); ++i) {
      BlockArgument slice = op.getSliceArguments()[i];
      Operation *definer = op.getSlices()[i].getDefiningOp();
      if (slice.use_empty() || !definer)
        continue;
      rewriter.setInsertionPointToStart(&op.getBlock());
      Value same;
      if (auto fill = dyn_cast<FillOp>(definer))
        same = rewriter.create<FillOp>(
            fill.getLoc(), cast<ArrayType>(slice.getType()), fill.getValue());
      else if (auto repeated = dyn_cast<BroadcastOp>(definer);
               repeated && !llvm::is_contained(repeated.getAxes(), 0))
        same = repeatInside(op, repeated, slice.getType(), rewriter);
      if (!same)
        continue;
      rewriter.replaceAllUsesWith(slice, same);
      changed = true;
    }
    return success(changed);
  }

private:
  static Value repeatInside(ScanOp op, BroadcastOp repeated, Type type,
                            PatternRewriter &rewriter) {
    Value source = repeated.getOperand(), inside;
    rewriter.modifyOpInPlace(op, [&] {
      op.getInvariantsMutable().append(source);
      inside = op.getBlock().addArgument(source.getType(), source.getLoc());
    });
    SmallVector<int64_t> axes(repeated.getAxes());
    for (int64_t &axis : axes)
      --axis;
    ArrayRef<SizeAttr> shape = cast<ArrayType>(type).getShape();
    return rewriter.create<BroadcastOp>(repeated.getLoc(), inside,
                                        ShapeAttr::get(op.getContext(), shape),
                                        axes);
  }
};
} // namespace

void model::populateScanFolds(RewritePatternSet &patterns) {
  patterns.add<UnstackKnown, InvariantSlice>(patterns.getContext());
}
