//===- Reference.h - the -O0 path -------------------------------*- C++ -*-===//
//
// From stage `grad` to stage `loops` by simple lowerings and upstream
// bufferization: slow, and the judge of the optimised path.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_REFERENCE_REFERENCE_H
#define MODEL_CODEGEN_REFERENCE_REFERENCE_H

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"

namespace mlir::model {

/// Takes a module from stage `grad` to stage `loops`. Buffers are
/// `memref.alloc` and `memref.dealloc`. The context needs what
/// `registerReferenceDialects` registers.
void buildReferencePipeline(OpPassManager &manager);

/// The dialects on the way and their models of bufferization interfaces.
void registerReferenceDialects(DialectRegistry &registry);

/// Makes the pipeline known to model-opt as `--reference-path`.
void registerReferencePipeline();

} // namespace mlir::model

#endif
