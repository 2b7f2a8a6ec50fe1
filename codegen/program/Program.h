//===- Program.h - from loops to a described program ------------*- C++ -*-===//
//
// The passes from stage `loops` to stage `llvm-dialect`.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_PROGRAM_PROGRAM_H
#define MODEL_CODEGEN_PROGRAM_PROGRAM_H

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"

namespace mlir::model {

/// Adds what makes the LLVM dialect of a module over loops: its functions, and
/// the descriptor that the runtime reads. What a driver knows comes as
/// attributes of the module, each of which may be absent: the strings
/// `model.source_file`, `model.source_hash`, `model.target`, `model.compiler`
/// and the integer `model.optimization`.
void buildLlvmPipeline(OpPassManager &pm);

/// What these passes read and make.
void registerLlvmDialects(DialectRegistry &registry);

/// Makes the pipeline known to tools as `lower-to-llvm`.
void registerLlvmPipeline();

} // namespace mlir::model

#endif
