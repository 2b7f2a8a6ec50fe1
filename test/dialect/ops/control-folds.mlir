// RUN: %model-opt %s --canonicalize | FileCheck %s

// A size as a float is rounded once. By way of f64, which takes 2^60 + 2^36 + 1 to a tie between
// two f32, the other one would come out: the one below.
// CHECK-LABEL: func.func @size
// CHECK-DAG: %[[N:.*]] = model.fill 12 : i32 : <i32>
// CHECK-DAG: %[[X:.*]] = model.fill 1.15292164E+18 : f32 : <f32>
// CHECK-DAG: %[[M:.*]] = model.size <2 * N> : !model.array<f32>
// CHECK: return %[[N]], %[[X]], %[[M]]
func.func @size() -> (!model.array<i32>, !model.array<f32>, !model.array<f32>) {
  %0 = model.size <12> : !model.array<i32>
  %1 = model.size <1152921573326323713> : !model.array<f32>
  %2 = model.size <2 * N> : !model.array<f32>
  return %0, %1, %2 : !model.array<i32>, !model.array<f32>, !model.array<f32>
}

// CHECK-LABEL: func.func @splat
// CHECK: %[[FILL:.*]] = model.fill 2.000000e+00 : f32 : <2 x 2 x f32>
// CHECK: return %[[FILL]]
func.func @splat() -> !model.array<2 x 2 x f32> {
  %0 = model.constant dense<2.0> : tensor<2x2xf32> : !model.array<2 x 2 x f32>
  return %0 : !model.array<2 x 2 x f32>
}
