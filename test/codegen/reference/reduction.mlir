// RUN: %model-opt %s --reference-lowering | FileCheck %s
// RUN: %python %S/inputs/execute.py --model-opt %model-opt --clang %clang --work %t %s

// Reduced axes are loops of their own, in order; the rest is kept.
// CHECK: #[[ALL:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK: #[[KEPT:.*]] = affine_map<(d0, d1, d2) -> (d1)>
// CHECK-LABEL: func.func @sums
// CHECK: linalg.generic {indexing_maps = [#[[ALL]], #[[KEPT]]], iterator_types = ["reduction", "parallel", "reduction"]}
func.func @sums(%x: !model.array<3 x N x 4 x f32>) -> (!model.array<N x f32>, !model.array<3 x 4 x f32>, !model.array<f32>)
    attributes {model.entry = "function", model.symbols = {N = 7 : i64}} {
  %0 = model.reduce_sum %x axes [0, 2] : !model.array<3 x N x 4 x f32>
  %1 = model.reduce_sum %x axes [1] : !model.array<3 x N x 4 x f32>
  %2 = model.reduce_sum %x axes [0, 1, 2] : !model.array<3 x N x 4 x f32>
  return %0, %1, %2 : !model.array<N x f32>, !model.array<3 x 4 x f32>, !model.array<f32>
}

// (((1 + 1e17) - 1e17) + 1) is 1; other orders give 0 or 2.
func.func @ordered() -> !model.array<f64> attributes {model.entry = "function"} {
  %x = model.constant dense<[[1.0, 1.0e17], [-1.0e17, 1.0]]> : tensor<2x2xf64> : !model.array<2 x 2 x f64>
  %0 = model.reduce_sum %x axes [0, 1] : !model.array<2 x 2 x f64>
  return %0 : !model.array<f64>
}

// No axis at all, and products.
func.func @products(%x: !model.array<3 x N x i64>) -> (!model.array<3 x N x i64>, !model.array<3 x i64>)
    attributes {model.entry = "function", model.symbols = {N = 5 : i64}} {
  %0 = model.reduce_prod %x axes [] : !model.array<3 x N x i64>
  %1 = model.reduce_prod %x axes [1] : !model.array<3 x N x i64>
  return %0, %1 : !model.array<3 x N x i64>, !model.array<3 x i64>
}

// CHECK-LABEL: func.func @extrema
// CHECK: arith.constant 0xFF800000 : f32
// CHECK: arith.maximumf
// CHECK: arith.constant 0x7F800000 : f32
// CHECK: arith.minimumf
func.func @extrema(%x: !model.array<6 x N x f32>) -> (!model.array<N x f32>, !model.array<6 x f32>)
    attributes {model.entry = "function", model.symbols = {N = 5 : i64}} {
  %0 = model.reduce_max %x axes [0] : !model.array<6 x N x f32>
  %1 = model.reduce_min %x axes [1] : !model.array<6 x N x f32>
  return %0, %1 : !model.array<N x f32>, !model.array<6 x f32>
}

// Reductions of nothing give the identity.
func.func @nothing_empty(%x: !model.array<3 x N x f32>, %i: !model.array<N x i8>)
    -> (!model.array<3 x f32>, !model.array<3 x f32>, !model.array<3 x f32>, !model.array<3 x f32>, !model.array<i8>, !model.array<i8>, !model.array<N x f32>)
    attributes {model.entry = "function", model.symbols = {N = 2 : i64}} {
  %0 = model.reduce_sum %x axes [1] : !model.array<3 x N x f32>
  %1 = model.reduce_prod %x axes [1] : !model.array<3 x N x f32>
  %2 = model.reduce_max %x axes [1] : !model.array<3 x N x f32>
  %3 = model.reduce_min %x axes [1] : !model.array<3 x N x f32>
  %4 = model.reduce_max %i axes [0] : !model.array<N x i8>
  %5 = model.reduce_min %i axes [0] : !model.array<N x i8>
  %6 = model.reduce_max %x axes [0] : !model.array<3 x N x f32>
  return %0, %1, %2, %3, %4, %5, %6 : !model.array<3 x f32>, !model.array<3 x f32>, !model.array<3 x f32>, !model.array<3 x f32>, !model.array<i8>, !model.array<i8>, !model.array<N x f32>
}

// The first of equals; NaN is further out than infinity, and the first one counts.
func.func @places(%x: !model.array<4 x N x 5 x f32>, %i: !model.array<N x 9 x i32>)
    -> (!model.array<4 x 5 x i32>, !model.array<N x 5 x i32>, !model.array<4 x N x i32>, !model.array<N x i32>, !model.array<9 x i32>)
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.argmax %x axis 1 : !model.array<4 x N x 5 x f32>
  %1 = model.argmin %x axis 0 : !model.array<4 x N x 5 x f32>
  %2 = model.argmax %x axis 2 : !model.array<4 x N x 5 x f32>
  %3 = model.argmin %i axis 1 : !model.array<N x 9 x i32>
  %4 = model.argmax %i axis 0 : !model.array<N x 9 x i32>
  return %0, %1, %2, %3, %4 : !model.array<4 x 5 x i32>, !model.array<N x 5 x i32>, !model.array<4 x N x i32>, !model.array<N x i32>, !model.array<9 x i32>
}

func.func @nan() -> (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<4 x i32>, !model.array<4 x i32>) attributes {model.entry = "function"} {
  %x = model.constant dense<[[1.0, 0x7FC00000, 0x7F800000, 0x7FC00000], [0x7FC00000, 2.0, 3.0, 0xFF800000],
                             [0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000], [0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000]]>
      : tensor<4x4xf32> : !model.array<4 x 4 x f32>
  %0 = model.reduce_max %x axes [1] : !model.array<4 x 4 x f32>
  %1 = model.reduce_min %x axes [1] : !model.array<4 x 4 x f32>
  %2 = model.argmax %x axis 1 : !model.array<4 x 4 x f32>
  %3 = model.argmin %x axis 1 : !model.array<4 x 4 x f32>
  return %0, %1, %2, %3 : !model.array<4 x f32>, !model.array<4 x f32>, !model.array<4 x i32>, !model.array<4 x i32>
}
