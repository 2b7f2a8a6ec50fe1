//===- FuseExactly.cpp - fused multiplication and addition rounds once ----===//
//
//   %0 = vector.fma %a, %b, %c : vector<16xf32>
// becomes
//   %0 = math.fma %a, %b, %c : vector<16xf32>
//
// Upstream lowers `vector.fma` to LLVM's `fmuladd`, which fuses where the code
// generator likes to. Here it is an operation of its own meaning, with the same
// bits on every processor: `llvm.intr.fma`, which `math.fma` becomes.
//
//===----------------------------------------------------------------------===//
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_FUSEEXACTLY
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;

namespace {
struct FuseExactlyPass : model::impl::FuseExactlyBase<FuseExactlyPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](vector::FMAOp op) {
      rewriter.setInsertionPoint(op);
      rewriter.replaceOpWithNewOp<math::FmaOp>(op, op.getLhs(), op.getRhs(),
                                               op.getAcc());
    });
  }
};
} // namespace
