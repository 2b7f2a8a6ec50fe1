//===- ContractionFolds.cpp - contractions without transposes -------------===//
//
// A contraction reads its operands in any order of axes and writes its result
// in several, so that most transposes beside it are renumberings of its axes.
//
// The contracted axes stay in their order, and so do the terms of each sum. The
// factors of a term may change sides: products do not depend on it.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"

using namespace mlir;
using namespace mlir::model;

static SmallVector<int64_t> renumber(ArrayRef<int64_t> axes,
                                     ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> renumbered;
  for (int64_t axis : axes)
    renumbered.push_back(permutation[axis]);
  return renumbered;
}

/// Reads a transposed operand as it was. The result has the free axes in the
/// operand's order, which must not change.
OpFoldResult ContractOp::fold(FoldAdaptor) {
  auto left = getLhs().getDefiningOp<TransposeOp>(),
       right = getRhs().getDefiningOp<TransposeOp>();
  bool changed = false;
  if (left && llvm::is_sorted(renumber(getLhsFree(), left.getPermutation()))) {
    setLhsBatch(renumber(getLhsBatch(), left.getPermutation()));
    setLhsContract(renumber(getLhsContract(), left.getPermutation()));
    getLhsMutable().assign(left.getOperand());
    changed = true;
  }
  if (right &&
      llvm::is_sorted(renumber(getRhsFree(), right.getPermutation()))) {
    setRhsBatch(renumber(getRhsBatch(), right.getPermutation()));
    setRhsContract(renumber(getRhsContract(), right.getPermutation()));
    getRhsMutable().assign(right.getOperand());
    changed = true;
  }
  return changed ? OpFoldResult(getResult()) : OpFoldResult();
}

namespace {
/// A transpose that moves batch axes among themselves, or the free axes of the
/// one operand before those of the other, is a contraction with its batch axes
/// or operands in another order.
struct TransposeOfContract : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto contract = op.getOperand().getDefiningOp<ContractOp>();
    if (!contract || !contract->hasOneUse())
      return failure();
    int64_t batch = contract.getLhsBatch().size(),
            left = contract.getLhsFree().size(), rank = op.getType().getRank();
    ArrayRef<int64_t> leading = op.getPermutation().take_front(batch),
                      rest = op.getPermutation().drop_front(batch);
    if (llvm::any_of(leading, [&](int64_t axis) { return axis >= batch; }))
      return failure();
    bool swapped = !llvm::is_sorted(rest);
    for (auto [position, axis] : llvm::enumerate(rest)) {
      int64_t wanted = batch + position;
      if (swapped) // the right operand's axes, then the left one's
        wanted += wanted + left < rank ? left : left - (rank - batch);
      if (axis != wanted)
        return failure();
    }
    SmallVector<int64_t> lhsBatch, rhsBatch;
    for (int64_t axis : leading) {
      lhsBatch.push_back(contract.getLhsBatch()[axis]);
      rhsBatch.push_back(contract.getRhsBatch()[axis]);
    }
    Value lhs = contract.getLhs(), rhs = contract.getRhs();
    ArrayRef<int64_t> lhsContract = contract.getLhsContract(),
                      rhsContract = contract.getRhsContract();
    if (swapped) {
      std::swap(lhs, rhs);
      std::swap(lhsBatch, rhsBatch);
      std::swap(lhsContract, rhsContract);
    }
    // The multiplications are the contraction's, and so is the line.
    auto fresh =
        rewriter.create<ContractOp>(contract.getLoc(), lhs, rhs, lhsBatch,
                                    rhsBatch, lhsContract, rhsContract);
    rewriter.replaceOp(op, fresh);
    return success();
  }
};
} // namespace

void model::populateContractionFolds(RewritePatternSet &patterns) {
  patterns.add<TransposeOfContract>(patterns.getContext());
}
