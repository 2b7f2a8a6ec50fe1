//===- LlvmPipeline.cpp - from loops to the LLVM dialect ------------------===//
//
// The list of passes, which is read from top to bottom.
//
//===----------------------------------------------------------------------===//
#include "codegen/program/Program.h"
#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVMPass.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Index/IR/IndexDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "passes/Passes.h"

using namespace mlir;
using namespace mlir::model;

void model::buildLlvmPipeline(OpPassManager &pm) {
  // Functions of real numbers; what `math` still holds afterwards (`fma`,
  // `abs`, `sqrt`, ...) is an instruction.
  OpPassManager &functions = pm.nest<func::FuncOp>();
  functions.addPass(createExpandMath());
  functions.addPass(createFuseExactly());
  functions.addPass(createConvertMathToLLVMPass());

  // Structure and data.
  functions.addPass(memref::createExpandStridedMetadataPass());
  functions.addPass(createLowerAffinePass());
  functions.addPass(createConvertVectorToLLVMPass());
  functions.addPass(createConvertSCFToCFPass());

  // Memory and calls. Arrays are bare pointers, so that what arguments are
  // known to be (`llvm.noalias` and the like) reaches LLVM.
  FinalizeMemRefToLLVMConversionPassOptions memory;
  memory.useGenericFunctions = true; // `make-program` names the real ones
  pm.addPass(createFinalizeMemRefToLLVMConversionPass(memory));
  ConvertFuncToLLVMPassOptions calls;
  calls.useBarePtrCallConv = true;
  pm.addPass(createConvertFuncToLLVMPass(calls));
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createMakeProgram());

  // What is left are numbers.
  OpPassManager &rest = pm.nest<LLVM::LLVMFuncOp>();
  rest.addPass(createArithToLLVMConversionPass());
  rest.addPass(createConvertIndexToLLVMPass());
  rest.addPass(createReconcileUnrealizedCastsPass());
  rest.addPass(createCanonicalizerPass());
  rest.addPass(createCSEPass());
  pm.addPass(createRestoreLocations());
  pm.addPass(createVerifyLlvm());
}

void model::registerLlvmDialects(DialectRegistry &registry) {
  registry
      .insert<affine::AffineDialect, arith::ArithDialect,
              cf::ControlFlowDialect, func::FuncDialect, index::IndexDialect,
              LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect,
              scf::SCFDialect, vector::VectorDialect>();
}

void model::registerLlvmPipeline() {
  PassPipelineRegistration<>("lower-to-llvm",
                             "from stage `loops` to stage `llvm-dialect`",
                             buildLlvmPipeline);
}
