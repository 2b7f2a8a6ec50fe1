//===- ExpandCopies.cpp - copies of memory become loops -------------------===//
//
//   memref.copy %a, %b : memref<?xf32> to memref<?xf32>
// becomes
//   linalg.copy ins(%a : memref<?xf32>) outs(%b : memref<?xf32>)
//
// of which `convert-linalg-to-loops` makes loops. Upstream makes a call of
// `memrefCopy`, a function of a library that no program is linked with.
//
//===----------------------------------------------------------------------===//
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_EXPANDCOPIES
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;

namespace {
struct ExpandCopiesPass : model::impl::ExpandCopiesBase<ExpandCopiesPass> {
  void runOnOperation() override {
    getOperation().walk([](memref::CopyOp copy) {
      OpBuilder builder(copy);
      builder.create<linalg::CopyOp>(copy.getLoc(), copy.getSource(),
                                     copy.getTarget());
      copy.erase();
    });
  }
};
} // namespace
