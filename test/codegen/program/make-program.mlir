// RUN: %model-opt %s --make-program | FileCheck %s
// RUN: %model-opt %s --make-program | FileCheck %s --check-prefix=GONE --implicit-check-not="model."

// GONE: module

module attributes {model.name = "Net", model.documentation = "Says.", model.stage = "loops", model.compiler = "modelc 7"} {
  model.slot @w : !model.array<3 x f32> "parameter" file "w"
  model.slot @v : !model.array<f32> "optimizer" file "v"

  // The function keeps its body under a name that nobody else gives a meaning to, and is not seen from outside.
  // CHECK-LABEL: llvm.func internal @entry.memcpy(
  // CHECK-SAME: %arg0: !llvm.ptr, %arg1: !llvm.ptr, %arg2: !llvm.ptr, %arg3: !llvm.ptr {llvm.noalias}, %arg4: !llvm.ptr, %arg5: i64) {
  llvm.func @memcpy(%x: !llvm.ptr {model.input = "data", model.name = "x"}, %v: !llvm.ptr {model.slot = @v},
                    %w: !llvm.ptr {model.slot = @w}, %y: !llvm.ptr {model.name = "y", model.output = "result", llvm.noalias},
                    %workspace: !llvm.ptr {model.workspace}, %n: i64)
      attributes {model.documentation = "Copies.", model.entry = "function", model.symbols = {N = 8 : i64}, model.workspace_bytes = 192 : i64,
                  model.types = [!model.array<N x f32>, !model.array<f32>, !model.array<3 x f32>, !model.array<2 * N x f32>]} {
    llvm.return
  }

  // CHECK-LABEL: llvm.func internal @call.memcpy(%arg0: !llvm.ptr) -> i32
  // CHECK: llvm.call @entry.memcpy(
  // CHECK-LABEL: llvm.func internal @resolve.memcpy(%arg0: !llvm.ptr, %arg1: !llvm.ptr) -> i32

  // Other functions are hidden, too; what is defined elsewhere is not.
  // CHECK: llvm.func internal @kernel()
  llvm.func @kernel() attributes {model.kernel} {
    llvm.return
  }
  // CHECK: llvm.func @elsewhere()
  llvm.func @elsewhere()

  // Everything that is declared is in one constant.
  // CHECK: llvm.mlir.global internal constant @program.text.{{[0-9]+}}("Net\00")
  // CHECK: llvm.mlir.global internal constant @program.slots()
  // CHECK: llvm.mlir.global internal constant @program.entries()
  // CHECK: llvm.mlir.global external constant @modelc_program_descriptor()
}
