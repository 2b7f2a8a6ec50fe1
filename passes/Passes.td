//===- Passes.td - the passes, in pipeline order ----------------*- tablegen -*-===//
//
// Every pass of the pipeline, in the order in which passes/Pipeline.cpp runs them.
//
//===----------------------------------------------------------------------------===//
#ifndef MODEL_PASSES_TD
#define MODEL_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------------===//
// model -> grad
//===----------------------------------------------------------------------------===//

def InlineCalls : Pass<"inline-calls", "::mlir::ModuleOp"> {
  let summary = "replaces calls by their callees' bodies";
  let description = [{
    Callees first; what `where` says of symbols is replaced in types and attributes. Calls of
    functions that have a gradient of their own stay while there are gradients to resolve.
  }];
}

def ResolveGradients : Pass<"resolve-gradients", "::mlir::ModuleOp"> {
  let summary = "replaces gradients of functions by the operations that compute them";
  let description = [{
    Reverse mode, innermost gradient first, by the rules of the operations and those that
    functions bring along. Wants calls to be inlined. Inlines those that are left, and erases the
    functions that are neither public nor named by a declaration: what remains are flat entries.
  }];
  let dependentDialects = ["::mlir::model::ModelDialect"];
}

def CollectRequirements : Pass<"collect-requirements", "::mlir::ModuleOp"> {
  let summary = "notes for each entry which sizes must not be negative";
  let description = [{
    Starts, counts and ends of slices, widths of padding, and sizes of arrays become the entry's
    `model.requires`, unless the symbols' bounds prove them; what the bounds refute is an error.
    The program checks them before an entry runs.
  }];
}

def Simplify : Pass<"simplify", "::mlir::ModuleOp"> {
  let summary = "folds, merges and removes operations, and moves invariants out of scans";
  let description = [{
    The operations' own folds and rewrites, which keep every bit of the results; merging of equal
    operations, which keeps the locations of both; removal of what nobody reads; invariants moved
    out of scans. Each operation that is left has a line of the user's program. As long as
    there is a `model.gradient` in the module, `model.stop_gradient` stays.
  }];
  let dependentDialects = ["::mlir::model::ModelDialect"];
}

def NameValues : Pass<"name-values", "::mlir::ModuleOp"> {
  let summary = "names values that are like others, for readers";
  let description = [{
    `%new.w` is what an entry returns for the slot `w`. In a scan, `%i` counts, and what is handed
    in is called after its operand: `%h.i` a carry or an element of a slice, `%w.in` an invariant.
    A carry whose operand has no name is called after what it becomes.
    Names come from locations; dialect/Names.h tells how.
  }];
}

def FindIndependentRows : Pass<"find-independent-rows", "::mlir::ModuleOp"> {
  let summary = "notes which entries make each row of their results of one row of their inputs";
  let description = [{
    The entry's `model.rowwise` names the symbol that counts such rows. The runtime computes more
    of them than the symbol's bound in parts.
  }];
}

def StripTraining : Pass<"strip-training", "::mlir::ModuleOp"> {
  let summary = "erases what only training needs: entries, slots, data and the plan";
  let description = [{
    Runs where a library is made without training. Exported functions and preprocessing stay.
  }];
}

//===----------------------------------------------------------------------------===//
// grad -> kernels
//===----------------------------------------------------------------------------===//

def SpecializeEntries : Pass<"specialize-entries", "::mlir::ModuleOp"> {
  let summary = "makes an instance of the training step for full batches";
  let description = [{
    `step` serves every batch up to the bound; in its copy the symbol of the batch is a constant.
    The copy becomes the `full` step of `model.training`. Another copy, if wanted, becomes its
    `trap`, of which `trap-not-finite` makes the step that finds where NaNs come from.
  }];
  let options = [
    Option<"addTrap", "trap", "bool", /*default=*/"false", "make a copy that finds NaNs">
  ];
}

def LayOutOperands : Pass<"lay-out-operands", "::mlir::ModuleOp"> {
  let summary = "transposes operands of contractions that would be read with strides";
  let description = [{
    A contraction computes neighbours along the last axis of its result, and reads neighbours of
    its right operand for them. Where that operand lies otherwise it is transposed once, outside
    of the scans that leave it as it is, if enough rows meet it.
  }];
  let dependentDialects = ["::mlir::model::ModelDialect"];
}

def FormKernels : Pass<"form-kernels", "::mlir::ModuleOp"> {
  let summary = "groups operations that one loop nest computes";
  let description = [{
    Element functions join the kernel of their only consumer; those that cost nothing are
    repeated in every consumer. What costs something is never computed twice. Maps of one shape
    of which one reads what the other writes become one kernel with several results. In the entry
    that finds NaNs a kernel computes what one line of the program says, so that it can be told.
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
           "fill each region with NaN after its last use; for tests">,
    Option<"overlapRegions", "overlap-regions", "bool", /*default=*/"false",
           "put all regions at one place, which must be found out; for tests">
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

def TrapNotFinite : Pass<"trap-not-finite", "::mlir::ModuleOp"> {
  let summary = "lets the `trap` of the training plan find where NaNs come from";
  let description = [{
    In the entry of kind `trap` a check follows each launch that writes floats, and there is one
    more output: the record of `model.check_finite`. Kernels that no other entry launches are not
    optimised, since nothing waits for them but the compiler.
  }];
  let dependentDialects = ["::mlir::model::ModelDialect"];
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

//===----------------------------------------------------------------------------===//
// loops -> llvm-dialect
//===----------------------------------------------------------------------------===//

def ExpandMath : Pass<"expand-math"> {
  let summary = "replaces functions such as exp by arithmetic of our own";
  let description = [{
    No libm, no fused multiply-add, no tables: the same bits on every target and for scalars and
    vectors alike. docs/numerics.md says how accurate the functions are. Of `math`, `sqrt`,
    `absf`, `copysign`, `fma` and operations on integers stay, for which there are instructions.
    Written in codegen/math.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def FuseExactly : Pass<"fuse-exactly"> {
  let summary = "makes fused multiplications and additions round once, everywhere";
  let description = [{ Written in codegen/program. }];
  let dependentDialects = ["::mlir::math::MathDialect"];
}

def MakeProgram : Pass<"make-program", "::mlir::ModuleOp"> {
  let summary = "describes the program, and wraps its entries, for the runtime";
  let description = [{
    Runs when functions are those of the LLVM dialect. Makes of each entry a function that the
    runtime calls, with checks of what it is given, and of all declarations the constant
    `modelc_program_descriptor` of runtime/core/abi.h. Declarations and attributes of the dialect
    are gone afterwards. Written in codegen/program.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect"];
}

def RestoreLocations : Pass<"restore-locations"> {
  let summary = "gives operations without a line of the user that of their users";
}

def VerifyLlvm : Pass<"verify-llvm", "::mlir::ModuleOp"> {
  let summary = "checks that nothing but the LLVM dialect is left";
  let description = [{ Written in codegen/program. }];
}

//===----------------------------------------------------------------------===//
// Every stage
//===----------------------------------------------------------------------===//

def CheckUserLines : Pass<"check-user-lines"> {
  let summary = "emits an error for each operation without a line of the user's program";
  let description = [{
    Changes nothing. Every pass keeps locations; tests hold each stage to it.
  }];
}

#endif
