//===- Simplify.cpp - the same program, with less to do -------------------===//
//
//   %0 = model.fill 1.0 : f32 : !model.array<N x f32>   loc(line 1)
//   %1 = model.mul %x, %0                               loc(line 2)
//   %2 = model.exp %1                                   loc(line 3)
//   %3 = model.exp %x                                   loc(line 4)
//   %4 = model.add %2, %3                               loc(line 5)
// becomes
//   %2 = model.exp %x                                   loc(fused[line 3, line
//   4]) %4 = model.add %2, %2                               loc(line 5)
//
// The operations' own folds and rewrites, equal operations merged, what nobody
// reads removed, invariants moved out of scans: again and again until nothing
// changes. Each operation that is left has a line of the user's if those that
// it stands for had one; upstream's passes, which this one is in place of, lose
// some of them.
//
//===----------------------------------------------------------------------===//
#include "dialect/Names.h"
#include "dialect/Ops.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/CommonSubexpressions.h"
#include "passes/HoistInvariants.h"
#include "passes/Locations.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_SIMPLIFY
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

/// Programs settle after two or three rounds; the last of them finds nothing.
static constexpr int maximalRounds = 10;

/// Rewrites for each operation, in one round, before it counts as a loop.
static constexpr int64_t maximalRewrites = 32;

namespace {
/// Once gradients are resolved nothing asks for it any more.
struct RemoveStopGradient : OpRewritePattern<StopGradientOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(StopGradientOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, op.getOperand());
    return success();
  }
};

/// Gives each operation that a rewrite makes the location of the operation that
/// was rewritten, if its own leads to no line of the user's; and what stands
/// for a value its name, if it has none.
class KeepUserLines : public RewriterBase::Listener {
public:
  void notifyPatternBegin(const Pattern &, Operation *op) override {
    rewritten = op->getLoc();
  }
  void notifyPatternEnd(const Pattern &, LogicalResult) override {
    rewritten.reset();
  }
  void notifyOperationInserted(Operation *op,
                               OpBuilder::InsertPoint previous) override {
    bool isNew = !previous.isSet();
    if (isNew && rewritten && !hasUserLine(op->getLoc()))
      op->setLoc(*rewritten);
  }
  void notifyOperationReplaced(Operation *op, ValueRange values) override {
    std::string name = op->getNumResults() == 1 ? nameOf(op->getResult(0)) : "";
    // What is computed on the way there is no cotangent, even if it equals one.
    if (!name.empty() &&
        locationRole(op->getLoc()) == locationRole(values.front().getLoc()))
      nameValue(values.front(), name);
  }

private:
  std::optional<Location> rewritten;
};

struct SimplifyPass : model::impl::SimplifyBase<SimplifyPass> {
  LogicalResult initialize(MLIRContext *context) override {
    patterns = collectPatterns(context);
    RewritePatternSet last = collectPatterns(context);
    last.add<RemoveStopGradient>(context);
    lastPatterns = std::move(last);
    return success();
  }

  void runOnOperation() override {
    WalkResult gradients =
        getOperation().walk([](GradientOp) { return WalkResult::interrupt(); });
    const FrozenRewritePatternSet &set =
        gradients.wasInterrupted() ? patterns : lastPatterns;
    for (auto function : getOperation().getOps<func::FuncOp>())
      for (int round = 0; round < maximalRounds; ++round)
        if (!simplifyOnce(function, set))
          break;
  }

private:
  static RewritePatternSet collectPatterns(MLIRContext *context) {
    RewritePatternSet patterns(context);
    context->getLoadedDialect<ModelDialect>()->getCanonicalizationPatterns(
        patterns);
    for (RegisteredOperationName name : context->getRegisteredOperations())
      if (name.getDialectNamespace() == ModelDialect::getDialectNamespace())
        name.getCanonicalizationPatterns(patterns, context);
    return patterns;
  }

  static bool simplifyOnce(func::FuncOp function,
                           const FrozenRewritePatternSet &patterns) {
    bool changed = rewrite(function, patterns);
    for (Block &block : function.getBody())
      changed |= mergeCommonSubexpressions(block);
    // Inner scans first: what leaves them may leave the outer ones too.
    SmallVector<ScanOp> scans;
    function.walk([&](ScanOp scan) { scans.push_back(scan); });
    for (ScanOp scan : scans)
      changed |= hoistInvariants(scan);
    return changed;
  }

  /// Folds and rewrites operations, and removes those that nobody reads.
  static bool rewrite(func::FuncOp function,
                      const FrozenRewritePatternSet &patterns) {
    // The driver takes the last one first. Operands before their users, so that
    // a fold sees what its operands became.
    SmallVector<Operation *> ops;
    function.getBody().walk([&](Operation *op) { ops.push_back(op); });
    std::reverse(ops.begin(), ops.end());
    KeepUserLines listener;
    GreedyRewriteConfig config;
    config.listener = &listener;
    config.scope = &function.getBody();
    config.maxNumRewrites = maximalRewrites * (ops.size() + 1);
    bool changed = false;
    // Failure means that the limit was reached, and harms nothing.
    (void)applyOpPatternsAndFold(ops, patterns, config, &changed);
    return changed;
  }

  FrozenRewritePatternSet patterns, lastPatterns;
};
} // namespace
