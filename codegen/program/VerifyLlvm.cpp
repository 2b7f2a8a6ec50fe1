//===- VerifyLlvm.cpp - nothing but the LLVM dialect is left --------------===//
//
// Upstream's conversions leave what they cannot convert as it is, without an
// error; a function with an argument of dynamic size, for example. This check
// comes after all of them.
//
//===----------------------------------------------------------------------===//
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_VERIFYLLVM
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;

namespace {
struct VerifyLlvmPass : model::impl::VerifyLlvmBase<VerifyLlvmPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    WalkResult result = module.walk([&](Operation *op) {
      if (op == module.getOperation() ||
          isa_and_nonnull<LLVM::LLVMDialect>(op->getDialect()))
        return WalkResult::advance();
      op->emitOpError("is left after the lowering to the LLVM dialect");
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
