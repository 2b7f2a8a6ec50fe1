// RUN: %model-opt %s --reference-lowering --split-input-file --verify-diagnostics | FileCheck %s
// RUN: sed '/^.. -----/,$d' %s > %t.mlir
// RUN: %python %S/inputs/execute.py --model-opt %model-opt --clang %clang --work %t %t.mlir

// Pointers to arguments and results, the workspace, the symbols by name; declarations stay.
// CHECK: model.slot @a :
// CHECK-LABEL: func.func @entry
// CHECK-SAME: (%[[A:.*]]: memref<f32> {model.slot = @a}, %[[B:.*]]: memref<f32> {model.slot = @b}, %[[X:.*]]: memref<i8> {model.input = "data", model.name = "x"},
// CHECK-SAME: %[[NEXT:.*]]: memref<f32> {model.slot = @b}, %{{.*}}: memref<f32> {model.slot = @a}, %[[Y:.*]]: memref<i8> {model.name = "y", model.output = "result"},
// CHECK-SAME: %{{.*}}: memref<i8> {model.workspace}, %[[M:.*]]: index, %[[N:.*]]: index)
// CHECK-SAME: attributes {model.documentation = "swaps", model.entry = "step", model.regions = [], model.symbols = {M = 3 : i64, N = 8 : i64},
// CHECK-SAME: model.types = [!model.array<N x f32>, !model.array<N x f32>, !model.array<M x N x i1>, !model.array<N x f32>, !model.array<N x f32>, !model.array<M x N x i1>],
// CHECK-SAME: model.workspace_bytes = 0 : i64}
// Arguments are copied first: a slot's two pointers are one.
// CHECK: %[[MEMORY:.*]] = memref.reinterpret_cast %[[A]] to offset: [0], sizes: [%[[N]]], strides: [1] : memref<f32> to memref<?xf32>
// CHECK: %[[OLD:.*]] = bufferization.to_tensor %[[MEMORY]] restrict : memref<?xf32>
// CHECK: %[[COPY:.*]] = linalg.generic
// CHECK: tensor.extract %[[OLD]]
// CHECK: tensor.extract %{{.*}} : tensor<?xi8>
// CHECK: arith.trunci %{{.*}} : i8 to i1
// CHECK-NOT: memref.store
// CHECK: %[[TO:.*]] = memref.reinterpret_cast %[[NEXT]]
// CHECK: scf.for
// CHECK: %[[ELEMENT:.*]] = tensor.extract %[[COPY]]
// CHECK: memref.store %[[ELEMENT]], %[[TO]]
// CHECK: arith.extui %{{.*}} : i1 to i8
// CHECK-NOT: {{model.(add|not)}}
model.slot @a : !model.array<8 x f32> "parameter" file "a"
model.slot @b : !model.array<8 x f32> "parameter" file "b"
func.func @entry(%a: !model.array<N x f32> {model.slot = @a}, %b: !model.array<N x f32> {model.slot = @b}, %x: !model.array<M x N x i1> {model.input = "data", model.name = "x"})
    -> (!model.array<N x f32> {model.slot = @b}, !model.array<N x f32> {model.slot = @a}, !model.array<M x N x i1> {model.output = "result", model.name = "y"})
    attributes {model.entry = "step", model.documentation = "swaps", model.symbols = {M = 3 : i64, N = 8 : i64}} {
  %0 = model.add %a, %b : !model.array<N x f32>
  %1 = model.not %x : !model.array<M x N x i1>
  return %a, %0, %1 : !model.array<N x f32>, !model.array<N x f32>, !model.array<M x N x i1>
}

// One value in two results, an argument that is one, an argument without a use.
func.func @shared(%x: !model.array<2 x f32>, %unused: !model.array<3 x f32>) -> (!model.array<2 x f32>, !model.array<2 x f32>, !model.array<2 x f32>) attributes {model.entry = "function"} {
  %0 = model.neg %x : !model.array<2 x f32>
  return %0, %x, %0 : !model.array<2 x f32>, !model.array<2 x f32>, !model.array<2 x f32>
}

// -----

// A function without arrays is left alone.
// CHECK-LABEL: func.func private @plain(index) -> index
func.func private @plain(index) -> index

// -----

// expected-error@+1 {{is a function over arrays and no entry; calls are inlined before `reference-lowering`}}
func.func private @helper(%x: !model.array<2 x f32>) -> !model.array<2 x f32> {
  return %x : !model.array<2 x f32>
}

// -----

// expected-error@+1 {{needs the symbol `N`, which `model.symbols` lacks}}
func.func @symbol(%x: !model.array<N x f32>) -> !model.array<N x f32> attributes {model.entry = "function"} {
  return %x : !model.array<N x f32>
}

// -----

// expected-error@+1 {{takes or returns a value of type 'index'; wanted arrays}}
func.func @index(%x: !model.array<2 x f32>, %i: index) -> !model.array<2 x f32> attributes {model.entry = "function"} {
  return %x : !model.array<2 x f32>
}
