//===- Scan.cpp - repetition ----------------------------------------------===//
//
// Verification of `model.scan`, and removal of parts that nobody needs.
//
//===----------------------------------------------------------------------===//
#include "dialect/ops/Control.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::model;

YieldOp ScanOp::getYield() { return cast<YieldOp>(getBlock().getTerminator()); }

/// The type of an array of `length` elements of type `element`.
static ArrayType stackedType(SizeAttr length, ArrayType element) {
  SmallVector<SizeAttr> shape = {length};
  shape.append(element.getShape().begin(), element.getShape().end());
  return element.withShape(shape);
}

static LogicalResult verifyTypes(ScanOp op, StringRef what, TypeRange seen,
                                 ArrayRef<Type> wanted) {
  if (seen.size() != wanted.size())
    return op.emitOpError("has ")
           << seen.size() << " " << what << "; wanted " << wanted.size();
  for (auto [i, a, b] : llvm::enumerate(seen, wanted))
    if (a != b)
      return op.emitOpError() << what << " number " << i << " has type " << a
                              << "; wanted " << b;
  return success();
}

LogicalResult ScanOp::verify() {
  Builder builder(getContext());
  if (getNumResults() < getCarryCount())
    return emitOpError("has fewer results than carries");
  auto yield = dyn_cast_or_null<YieldOp>(
      getBlock().empty() ? nullptr : &getBlock().back());
  if (!yield)
    return emitOpError("must end with `model.yield`");

  SmallVector<Type> arguments = {ArrayType::get({}, builder.getI64Type())};
  llvm::append_range(arguments, getCarries().getTypes());
  for (Value slice : getSlices()) {
    auto type = cast<ArrayType>(slice.getType());
    if (type.getRank() == 0 || type.getSize(0) != getLength())
      return emitOpError("slices an operand of type ")
             << type << "; its leading size must be the length, "
             << getLength().str();
    arguments.push_back(type.withShape(type.getShape().drop_front()));
  }
  llvm::append_range(arguments, getInvariants().getTypes());
  if (failed(verifyTypes(*this, "block arguments",
                         getBlock().getArgumentTypes(), arguments)))
    return failure();

  if (yield.getNumOperands() != getNumResults())
    return emitOpError("yields ") << yield.getNumOperands() << " values; has "
                                  << getNumResults() << " results";
  SmallVector<Type> results;
  for (auto [i, value] : llvm::enumerate(yield.getValues())) {
    auto type = cast<ArrayType>(value.getType());
    results.push_back(i < getCarryCount() ? type
                                          : stackedType(getLength(), type));
  }
  if (failed(verifyTypes(*this, "results", getResultTypes(), results)))
    return failure();
  return verifyTypes(*this, "carries", getCarries().getTypes(),
                     ArrayRef<Type>(results).take_front(getCarryCount()));
}

namespace {
/// Which parts of a scan to keep; the others are removed together with their
/// block arguments, yielded values and results.
struct ScanParts {
  llvm::BitVector carries, slices, invariants, stacks;

  explicit ScanParts(ScanOp op)
      : carries(op.getCarryCount(), true), slices(op.getSlices().size(), true),
        invariants(op.getInvariants().size(), true),
        stacks(op.getStackCount(), true) {}
  bool all() const {
    return carries.all() && slices.all() && invariants.all() && stacks.all();
  }
};
} // namespace

template <typename Range>
static SmallVector<Value> kept(Range &&range, const llvm::BitVector &keep) {
  SmallVector<Value> values;
  for (auto [i, value] : llvm::enumerate(range))
    if (keep[i])
      values.push_back(value);
  return values;
}

/// Rebuilds `op` with the parts to keep, and without the operations that only
/// computed the others.
static void rebuild(PatternRewriter &rewriter, ScanOp op,
                    const ScanParts &keep) {
  llvm::BitVector arguments(1, false), results;
  for (const llvm::BitVector *part :
       {&keep.carries, &keep.slices, &keep.invariants})
    for (unsigned i = 0; i < part->size(); ++i)
      arguments.push_back(!(*part)[i]);
  for (const llvm::BitVector *part : {&keep.carries, &keep.stacks})
    for (unsigned i = 0; i < part->size(); ++i)
      results.push_back((*part)[i]);

  YieldOp yield = op.getYield();
  SmallVector<Value> values = kept(yield.getValues(), results);
  rewriter.modifyOpInPlace(yield,
                           [&] { yield.getValuesMutable().assign(values); });
  for (Operation &inner :
       llvm::make_early_inc_range(llvm::reverse(op.getBlock())))
    if (isOpTriviallyDead(&inner))
      rewriter.eraseOp(&inner);
  SmallVector<Type> types;
  for (Value result : kept(op.getResults(), results))
    types.push_back(result.getType());
  auto fresh = rewriter.create<ScanOp>(
      op.getLoc(), types, op.getLength(), op.getReverse(),
      kept(op.getCarries(), keep.carries), kept(op.getSlices(), keep.slices),
      kept(op.getInvariants(), keep.invariants));
  fresh->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  rewriter.inlineRegionBefore(op.getBody(), fresh.getBody(),
                              fresh.getBody().end());
  fresh.getBlock().eraseArguments(arguments);
  SmallVector<Value> replacements(op.getNumResults());
  for (unsigned i = 0, next = 0; i < op.getNumResults(); ++i)
    if (results[i])
      replacements[i] = fresh.getResult(next++);
  rewriter.replaceOp(op, replacements);
}

namespace {
/// Removes what nobody needs: stacks without uses, operands whose block
/// argument has no use, carries that only feed themselves.
struct RemoveDeadParts : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp op,
                                PatternRewriter &rewriter) const override {
    ScanParts keep(op);
    for (auto [i, stack] : llvm::enumerate(op.getStackResults()))
      keep.stacks[i] = !stack.use_empty();
    for (auto [i, argument] : llvm::enumerate(op.getSliceArguments()))
      keep.slices[i] = !argument.use_empty();
    for (auto [i, argument] : llvm::enumerate(op.getInvariantArguments()))
      keep.invariants[i] = !argument.use_empty();
    markLiveCarries(op, keep);
    if (keep.all())
      return failure();
    rebuild(rewriter, op, keep);
    return success();
  }

private:
  /// A carry is live if its result is used, or if its argument reaches a live
  /// yielded value.
  static void markLiveCarries(ScanOp op, ScanParts &keep) {
    keep.carries.reset();
    YieldOp yield = op.getYield();
    SmallVector<Value> work;
    auto keepCarry = [&](unsigned i) {
      if (keep.carries[i])
        return;
      keep.carries.set(i);
      work.push_back(yield.getOperand(i));
    };
    for (auto [i, result] : llvm::enumerate(op.getCarryResults()))
      if (!result.use_empty())
        keepCarry(i);
    for (unsigned i : keep.stacks.set_bits())
      work.push_back(yield.getOperand(op.getCarryCount() + i));
    for (Operation &inner : op.getBlock().without_terminator())
      if (!isMemoryEffectFree(&inner)) // it stays, whether it is needed or not
        llvm::append_range(work, inner.getOperands());
    DenseSet<Value> reached;
    while (!work.empty()) {
      Value value = work.pop_back_val();
      if (!reached.insert(value).second)
        continue;
      if (Operation *definer = value.getDefiningOp()) {
        llvm::append_range(work, definer->getOperands());
        continue;
      }
      unsigned number = cast<BlockArgument>(value).getArgNumber() -
                        1; // the index comes first
      if (number < op.getCarryCount())
        keepCarry(number);
    }
  }
};

/// Makes one stack or carry of several that yield the same value, and one block
/// argument of several that are given the same operand.
struct MergeEqualParts : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp op,
                                PatternRewriter &rewriter) const override {
    bool changed =
        mergeArguments(op.getSlices(), op.getSliceArguments(), rewriter);
    changed |= mergeArguments(op.getInvariants(), op.getInvariantArguments(),
                              rewriter);
    changed |= mergeCarries(op, rewriter);
    YieldOp yield = op.getYield();
    DenseMap<Value, Value> seen;
    for (unsigned i = op.getCarryCount(); i < yield.getNumOperands(); ++i) {
      auto [entry, inserted] =
          seen.try_emplace(yield.getOperand(i), op.getResult(i));
      if (!inserted && !op.getResult(i).use_empty()) {
        rewriter.replaceAllUsesWith(op.getResult(i), entry->second);
        changed = true;
      }
    }
    return success(changed);
  }

private:
  /// Carries that start and go on with the same value are the same.
  static bool mergeCarries(ScanOp op, PatternRewriter &rewriter) {
    DenseMap<std::pair<Value, Value>, unsigned> seen;
    bool changed = false;
    for (auto [i, initial] : llvm::enumerate(op.getCarries())) {
      auto [entry, inserted] =
          seen.try_emplace({initial, op.getYield().getOperand(i)}, i);
      BlockArgument argument = op.getCarryArguments()[i];
      if (inserted || (argument.use_empty() && op.getResult(i).use_empty()))
        continue;
      rewriter.replaceAllUsesWith(argument,
                                  op.getCarryArguments()[entry->second]);
      rewriter.replaceAllUsesWith(op.getResult(i), op.getResult(entry->second));
      changed = true;
    }
    return changed;
  }

  static bool mergeArguments(ValueRange operands,
                             ArrayRef<BlockArgument> arguments,
                             PatternRewriter &rewriter) {
    DenseMap<Value, Value> seen;
    bool changed = false;
    for (auto [operand, argument] : llvm::zip(operands, arguments)) {
      auto [entry, inserted] = seen.try_emplace(operand, argument);
      if (!inserted && !argument.use_empty()) {
        rewriter.replaceAllUsesWith(argument, entry->second);
        changed = true;
      }
    }
    return changed;
  }
};

/// Moves what does not change out of the carries: a carry that is yielded as it
/// came in is an invariant, and its result is its initial value.
struct CarryToInvariant : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp op,
                                PatternRewriter &rewriter) const override {
    bool changed = false;
    for (unsigned i = 0; i < op.getCarryCount(); ++i) {
      BlockArgument argument = op.getCarryArguments()[i];
      if (op.getYield().getOperand(i) != argument)
        continue;
      if (argument.hasOneUse() && op.getResult(i).use_empty())
        continue; // dead; the other pattern removes it
      changed = true;
      rewriter.modifyOpInPlace(op, [&] {
        op.getInvariantsMutable().append(op.getCarries()[i]);
        Value fresh =
            op.getBlock().addArgument(argument.getType(), argument.getLoc());
        rewriter.replaceUsesWithIf(argument, fresh, [&](OpOperand &use) {
          return use.getOwner() != op.getYield() || use.getOperandNumber() != i;
        });
      });
      rewriter.replaceAllUsesWith(op.getResult(i), op.getCarries()[i]);
    }
    return success(changed);
  }
};

/// Clones a constant operand into the block, where it can fold.
struct SinkConstants : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp op,
                                PatternRewriter &rewriter) const override {
    bool changed = false;
    for (auto [operand, argument] :
         llvm::zip(op.getInvariants(), op.getInvariantArguments())) {
      Operation *constant = operand.getDefiningOp();
      if (!constant || !isa<FillOp, SizeOp>(constant) || argument.use_empty())
        continue;
      rewriter.setInsertionPointToStart(&op.getBlock());
      rewriter.replaceAllUsesWith(argument,
                                  rewriter.clone(*constant)->getResult(0));
      changed = true;
    }
    return success(changed);
  }
};
} // namespace

void ScanOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                         MLIRContext *context) {
  populateScanFolds(patterns);
  patterns
      .add<RemoveDeadParts, MergeEqualParts, CarryToInvariant, SinkConstants>(
          context);
}
