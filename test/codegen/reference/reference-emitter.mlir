// RUN: %model-opt %s --reference-lowering --split-input-file --verify-diagnostics | FileCheck %s

// A constant size is static in tensors, any other one a value; elements are found by their
// row-major position.
// CHECK-LABEL: func.func @sizes
// CHECK: %[[TWICE:.*]] = arith.muli %{{.*}}, %[[N:.*]] : index
// CHECK: %[[EMPTY:.*]] = tensor.empty(%{{.*}}) : tensor<3x?xf32>
// CHECK: linalg.generic {{.*}} outs(%[[EMPTY]] : tensor<3x?xf32>)
// CHECK: %[[I:.*]] = linalg.index 0
// CHECK: %[[J:.*]] = linalg.index 1
// CHECK: arith.addi %{{.*}}, %[[I]]
// CHECK: %[[POSITION:.*]] = arith.addi %{{.*}}, %[[J]]
// CHECK: tensor.extract %{{.*}}[%[[POSITION]]]
func.func @sizes(%x: !model.array<3 x 2 * N x f32>) -> !model.array<3 x 2 * N x f32> attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  return %x : !model.array<3 x 2 * N x f32>
}

// -----

func.func private @callee(%x: !model.array<2 x f32>) -> !model.array<2 x f32> attributes {model.entry = "function"} {
  return %x : !model.array<2 x f32>
}
func.func @caller(%x: !model.array<2 x f32>) -> !model.array<2 x f32> attributes {model.entry = "function"} {
  // expected-error@+1 {{has no reference lowering}}
  %0 = model.call @callee(%x) : (!model.array<2 x f32>) -> !model.array<2 x f32>
  return %0 : !model.array<2 x f32>
}
