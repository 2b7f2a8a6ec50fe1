//===- Passes.td - the passes, in pipeline order ----------------*- tablegen -*-===//
//
// Every pass of the pipeline, in the order in which passes/Pipeline.cpp runs them.
//
//===----------------------------------------------------------------------------===//
#ifndef MODEL_PASSES_TD
#define MODEL_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------------===//
// grad -> kernels
//===----------------------------------------------------------------------------===//

def FormKernels : Pass<"form-kernels", "::mlir::ModuleOp"> {
  let summary = "groups operations that one loop nest computes";
  let description = [{
    Element functions join the kernel of their only consumer; those that cost nothing are
    repeated in every consumer. What costs something is never computed twice. Maps of one shape
    of which one reads what the other writes become one kernel with several results.
  }];
  let dependentDialects = ["::mlir::model::ModelDialect"];
}

def Schedule : Pass<"schedule", "::mlir::ModuleOp"> {
  let summary = "orders kernels so that memory is given back early";
  let description = [{
    The program's order, or the order of a list scheduler that prefers what frees memory,
    whichever needs less. The new value of a slot comes after the reads of the old one where
    uses allow it.
  }];
}

//===----------------------------------------------------------------------------===//
// kernels -> planned
//===----------------------------------------------------------------------------===//

def PlanMemory : Pass<"plan-memory", "::mlir::ModuleOp"> {
  let summary = "places every array: arguments, results, and regions of one workspace";
  let description = [{
    Liveness over the schedule, then offsets, largest region first. The new value of a slot, or
    of a scan's carry, is written over the old one where no read of the old one follows;
    elsewhere it is copied, and for slots a remark says so. Scans become loops over views.
    Symbolic sizes are planned at their bounds.
  }];
  let options = [
    Option<"poisonDead", "poison-dead", "bool", /*default=*/"false",
           "fill each region with NaN after its last use; for tests">
  ];
}

def VerifyPlan : Pass<"verify-plan", "::mlir::ModuleOp"> {
  let summary = "checks that no two regions overlap while both are needed";
}

def OutlineKernels : Pass<"outline-kernels", "::mlir::ModuleOp"> {
  let summary = "makes a function of each kernel, and one of equal kernels";
  let description = [{
    Equal means: but for locations. Arguments are `llvm.noalias` where the plan keeps them apart
    from all others. The module's `model.launches` describes each launch: its kernel, the user's
    lines, role, operations and bytes.
  }];
}

//===----------------------------------------------------------------------------===//
// planned -> loops
//===----------------------------------------------------------------------------===//

def EmitLoops : Pass<"emit-loops", "::mlir::ModuleOp"> {
  let summary = "makes loops of kernels, and calls of launches";
  let description = [{
    Arrays become bare pointers (memrefs of rank 0), sizes arithmetic on the entry's symbols.
    Written in codegen/kernels.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

//===----------------------------------------------------------------------------===//
// grad -> loops, at -O0
//===----------------------------------------------------------------------------===//

def ReferenceLowering : Pass<"reference-lowering", "::mlir::ModuleOp"> {
  let summary = "makes simple tensor code of entries over arrays";
  let description = [{
    Each operation becomes `linalg`, `scf`, `tensor` and `arith` operations on tensors; the
    entry's arguments become bare pointers, as `emit-loops` makes them. Arguments are copied
    before results are written. Written in codegen/reference.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def ExpandCopies : Pass<"expand-copies", "::mlir::ModuleOp"> {
  let summary = "makes `linalg.copy` of `memref.copy`, so that it becomes loops";
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def VerifyLoops : Pass<"verify-loops", "::mlir::ModuleOp"> {
  let summary = "checks that a module is at stage `loops`";
  let description = [{
    In functions: `func`, `scf`, `arith`, `math`, `memref` without `memref.copy`, and `vector`;
    no tensors. Functions take numbers and memrefs of rank 0.
  }];
}

#endif
