//===- VerifyLoops.cpp - checks that nothing but loops is left ------------===//
//
// What comes after stage `loops` leaves alone what it does not know, and says
// nothing: a function with an argument of type `memref<?xf32>` stays
// `func.func`, and `memref.copy` calls a function that does not exist.
//
//===----------------------------------------------------------------------===//
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_VERIFYLOOPS
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;

namespace {
/// Whether `op` has a place at stage `loops`; the module's own declarations
/// have.
bool isLoopOperation(Operation *op) {
  if (isa<memref::CopyOp>(op))
    return false;
  if (isa<model::ModelDialect>(op->getDialect()))
    return isa<ModuleOp>(op->getParentOp());
  return isa<func::FuncDialect, scf::SCFDialect, arith::ArithDialect,
             math::MathDialect, memref::MemRefDialect, vector::VectorDialect>(
      op->getDialect());
}

struct VerifyLoopsPass : model::impl::VerifyLoopsBase<VerifyLoopsPass> {
  void runOnOperation() override {
    WalkResult result =
        getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
          if (op != getOperation() && failed(verify(op)))
            return WalkResult::interrupt();
          return WalkResult::advance();
        });
    if (result.wasInterrupted())
      signalPassFailure();
  }

  static LogicalResult verify(Operation *op) {
    if (!isLoopOperation(op))
      return op->emitOpError("is left at stage `loops`: internal error");
    auto isLeft = [](Type type) {
      return isa<TensorType, model::ArrayType, model::BufferType>(type);
    };
    if (llvm::any_of(op->getOperandTypes(), isLeft) ||
        llvm::any_of(op->getResultTypes(), isLeft))
      return op->emitOpError(
          "has an operand or a result that is no memory at stage `loops`: "
          "internal error");
    if (auto function = dyn_cast<func::FuncOp>(op))
      return verifySignature(function);
    return success();
  }

  /// Arrays are passed as bare pointers, memrefs of rank 0.
  static LogicalResult verifySignature(func::FuncOp function) {
    for (Type type : llvm::concat<const Type>(function.getArgumentTypes(),
                                              function.getResultTypes())) {
      auto memory = dyn_cast<MemRefType>(type);
      if (memory ? memory.getRank() != 0 : !type.isIntOrIndexOrFloat())
        return function.emitOpError("takes or returns ")
               << type << " at stage `loops`: internal error";
    }
    return success();
  }
};
} // namespace
