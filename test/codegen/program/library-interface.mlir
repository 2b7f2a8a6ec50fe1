// RUN: %model-opt %s --make-program --split-input-file --verify-diagnostics | FileCheck %s

// Nothing is seen from outside but functions that begin as the library is called; no descriptor.
// CHECK-NOT: llvm.mlir.global external
module attributes {model.library = "net", model.name = "Net"} {
  model.slot @w : !model.array<3 x f32> "parameter" file "w"
  llvm.func @predict(%w: !llvm.ptr {model.slot = @w}, %x: !llvm.ptr {model.input = "data", model.name = "x"},
                     %rate: !llvm.ptr {model.input = "hyper", model.name = "rate"}, %y: !llvm.ptr {model.name = "y", model.output = "result"},
                     %workspace: !llvm.ptr {model.workspace}, %n: i64)
      attributes {model.entry = "function", model.symbols = {N = 8 : i64}, model.types = [!model.array<3 x f32>, !model.array<N x f32>, !model.array<f32>, !model.array<N x f32>]} {
    llvm.return
  }

  // CHECK: llvm.mlir.global internal constant @modelc_program_descriptor()
  // Slots, workspace, symbols, inputs (a hyperparameter is a number), results.
  // CHECK: llvm.func @net_predict(%arg0: !llvm.ptr, %arg1: !llvm.ptr, %arg2: i64, %arg3: !llvm.ptr, %arg4: f32, %arg5: !llvm.ptr) -> i32 {
  // CHECK: llvm.store %arg2, %{{.*}} : i64, !llvm.ptr
  // CHECK: llvm.store %arg4, %[[SCALAR:.*]] : f32, !llvm.ptr
  // CHECK: llvm.store %[[SCALAR]], %{{.*}} : !llvm.ptr, !llvm.ptr
  // CHECK: %[[STATUS:.*]] = llvm.call @call.predict(%{{.*}}) : (!llvm.ptr) -> i32
  // CHECK: llvm.return %[[STATUS]] : i32

  // CHECK: llvm.func @net_load(%arg0: !llvm.ptr, %arg1: !llvm.ptr, %arg2: i64, %arg3: !llvm.ptr, %arg4: i64) -> i32 {
  // CHECK: llvm.call @modelcLoadWeights(
  // CHECK: llvm.func @net_describe(%arg0: i32) -> !llvm.ptr {
  // CHECK: llvm.call @modelcDescribeStatus(%arg0)
}

// -----

module attributes {model.library = "net", model.name = "Net"} {
  llvm.func @a.b(%workspace: !llvm.ptr) attributes {model.entry = "function", model.symbols = {}, model.types = []} {
    llvm.return
  }
  // expected-error @below {{a library has two functions `net_a_b`; `a_b` needs another name}}
  llvm.func @a_b(%workspace: !llvm.ptr) attributes {model.entry = "function", model.symbols = {}, model.types = []} {
    llvm.return
  }
}
