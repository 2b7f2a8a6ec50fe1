// RUN: %model-opt %s --reference-lowering | FileCheck %s
// RUN: %python %S/inputs/execute.py --model-opt %model-opt --clang %clang --work %t %s

// One loop for each axis of the result, then one for each contracted pair.
// CHECK: #[[LHS:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>
// CHECK: #[[RHS:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d3, d2)>
// CHECK: #[[RESULT:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
// CHECK-LABEL: func.func @batched
// CHECK: %[[ZERO:.*]] = linalg.fill
// CHECK: linalg.generic {indexing_maps = [#[[LHS]], #[[RHS]], #[[RESULT]]], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
// CHECK-SAME: outs(%[[ZERO]] : tensor<2x?x5xf32>)
// CHECK: arith.mulf
// CHECK: arith.addf
func.func @batched(%a: !model.array<2 x N x 4 x f32>, %b: !model.array<2 x 4 x 5 x f32>) -> !model.array<2 x N x 5 x f32>
    attributes {model.entry = "function", model.symbols = {N = 6 : i64}} {
  %0 = model.contract %a, %b batch [0] x [0] contract [2] x [1] : !model.array<2 x N x 4 x f32>, !model.array<2 x 4 x 5 x f32>
  return %0 : !model.array<2 x N x 5 x f32>
}

// Axes of each kind in any order.
func.func @any_axes(%a: !model.array<4 x 2 x 3 x N x f64>, %b: !model.array<N x 5 x 4 x 3 x f64>) -> !model.array<3 x N x 2 x 5 x f64>
    attributes {model.entry = "function", model.symbols = {N = 3 : i64}} {
  %0 = model.contract %a, %b batch [2, 3] x [3, 0] contract [0] x [2] : !model.array<4 x 2 x 3 x N x f64>, !model.array<N x 5 x 4 x 3 x f64>
  return %0 : !model.array<3 x N x 2 x 5 x f64>
}

func.func @two_contracted(%a: !model.array<4 x N x 3 x i32>, %b: !model.array<3 x 4 x i32>) -> !model.array<N x i32>
    attributes {model.entry = "function", model.symbols = {N = 3 : i64}} {
  %0 = model.contract %a, %b batch [] x [] contract [2, 0] x [0, 1] : !model.array<4 x N x 3 x i32>, !model.array<3 x 4 x i32>
  return %0 : !model.array<N x i32>
}

// In the order of the contracted axes: 1, 1e17, -1e17, 1.
func.func @ordered() -> !model.array<f64> attributes {model.entry = "function"} {
  %x = model.constant dense<[[1.0, -1.0e17], [1.0e17, 1.0]]> : tensor<2x2xf64> : !model.array<2 x 2 x f64>
  %one = model.fill 1.0 : f64 : !model.array<2 x 2 x f64>
  %0 = model.contract %x, %one batch [] x [] contract [1, 0] x [0, 1] : !model.array<2 x 2 x f64>, !model.array<2 x 2 x f64>
  return %0 : !model.array<f64>
}

// A scalar, an outer product, products alone, and sums of nothing.
func.func @inner(%a: !model.array<N x f64>, %b: !model.array<N x f64>) -> (!model.array<f64>, !model.array<N x N x f64>, !model.array<N x f64>)
    attributes {model.entry = "function", model.symbols = {N = 9 : i64}} {
  %0 = model.contract %a, %b batch [] x [] contract [0] x [0] : !model.array<N x f64>, !model.array<N x f64>
  %1 = model.contract %a, %b batch [] x [] contract [] x [] : !model.array<N x f64>, !model.array<N x f64>
  %2 = model.contract %a, %b batch [0] x [0] contract [] x [] : !model.array<N x f64>, !model.array<N x f64>
  return %0, %1, %2 : !model.array<f64>, !model.array<N x N x f64>, !model.array<N x f64>
}
func.func @sum_of_nothing_empty(%a: !model.array<2 x K x f32>, %b: !model.array<K x 3 x f32>) -> !model.array<2 x 3 x f32>
    attributes {model.entry = "function", model.symbols = {K = 2 : i64}} {
  %0 = model.contract %a, %b batch [] x [] contract [1] x [0] : !model.array<2 x K x f32>, !model.array<K x 3 x f32>
  return %0 : !model.array<2 x 3 x f32>
}
