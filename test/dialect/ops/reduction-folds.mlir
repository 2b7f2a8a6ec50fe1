// RUN: %model-opt %s --canonicalize | FileCheck %s

// Sums start from +0, so the sum of -0 alone is no copy of it.
// CHECK-LABEL: func.func @unit_axes
// CHECK-DAG: %[[ZERO:.*]] = model.fill 0.000000e+00 : f32 : <N x f32>
// CHECK-DAG: %[[X:.*]] = model.reshape %arg0 to <N>
// CHECK-DAG: %[[SUM:.*]] = model.add %[[X]], %[[ZERO]]
// CHECK-DAG: %[[I:.*]] = model.reshape %arg1 to <N>
// CHECK-NOT: model.reduce
// CHECK: return %[[SUM]], %{{.*}}, %[[I]] :
func.func @unit_axes(%x: !model.array<N x 1 x f32>, %i: !model.array<1 x N x 1 x i32>)
    -> (!model.array<N x f32>, !model.array<N x f32>, !model.array<N x i32>) {
  %0 = model.reduce_sum %x axes [1] : !model.array<N x 1 x f32>
  %1 = model.reduce_max %x axes [1] : !model.array<N x 1 x f32>
  %2 = model.reduce_sum %i axes [0, 2] : !model.array<1 x N x 1 x i32>
  return %0, %1, %2 : !model.array<N x f32>, !model.array<N x f32>, !model.array<N x i32>
}

// CHECK-LABEL: func.func @constants
// CHECK-DAG: %[[ZERO:.*]] = model.fill 0.000000e+00 : f32 : <4 x f32>
// CHECK-DAG: %[[ONE:.*]] = model.fill 1.000000e+00 : f32 : <4 x f32>
// CHECK-DAG: %[[SEVEN:.*]] = model.fill 7.000000e+00 : f32 : <N x f32>
// CHECK: return %[[ZERO]], %[[ONE]], %[[SEVEN]]
func.func @constants() -> (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<N x f32>) {
  %minus_zero = model.fill -0.0 : f32 : !model.array<N x 4 x f32>
  %one = model.fill 1.0 : f32 : !model.array<N x 4 x f32>
  %seven = model.fill 7.0 : f32 : !model.array<N x 4 x f32>
  %0 = model.reduce_sum %minus_zero axes [0] : !model.array<N x 4 x f32>
  %1 = model.reduce_prod %one axes [0] : !model.array<N x 4 x f32>
  %2 = model.reduce_max %seven axes [1] : !model.array<N x 4 x f32>
  return %0, %1, %2 : !model.array<4 x f32>, !model.array<4 x f32>, !model.array<N x f32>
}

// There may be no elements, and the sum depends on how many there are.
// CHECK-LABEL: func.func @unknown
// CHECK: model.reduce_max
// CHECK: model.reduce_sum
func.func @unknown() -> (!model.array<4 x f32>, !model.array<4 x f32>) {
  %seven = model.fill 7.0 : f32 : !model.array<N x 4 x f32>
  %0 = model.reduce_max %seven axes [0] : !model.array<N x 4 x f32>
  %1 = model.reduce_sum %seven axes [0] : !model.array<N x 4 x f32>
  return %0, %1 : !model.array<4 x f32>, !model.array<4 x f32>
}

// The order matters to sums of floats alone.
// CHECK-LABEL: func.func @nested
// CHECK-DAG: %[[MAX:.*]] = model.reduce_max %arg0 axes [1, 2]
// CHECK-DAG: %[[COUNT:.*]] = model.reduce_sum %arg1 axes [0, 2]
// CHECK-DAG: %[[PART:.*]] = model.reduce_sum %arg0 axes [1]
// CHECK-DAG: %[[SUM:.*]] = model.reduce_sum %[[PART]] axes [1]
// CHECK: return %[[MAX]], %[[COUNT]], %[[SUM]]
func.func @nested(%x: !model.array<2 x N x 4 x f32>, %i: !model.array<2 x N x 4 x i32>)
    -> (!model.array<2 x f32>, !model.array<N x i32>, !model.array<2 x f32>) {
  %0 = model.reduce_max %x axes [1] : !model.array<2 x N x 4 x f32>
  %1 = model.reduce_max %0 axes [1] : !model.array<2 x 4 x f32>
  %2 = model.reduce_sum %i axes [2] : !model.array<2 x N x 4 x i32>
  %3 = model.reduce_sum %2 axes [0] : !model.array<2 x N x i32>
  %4 = model.reduce_sum %x axes [1] : !model.array<2 x N x 4 x f32>
  %5 = model.reduce_sum %4 axes [1] : !model.array<2 x 4 x f32>
  return %1, %3, %5 : !model.array<2 x f32>, !model.array<N x i32>, !model.array<2 x f32>
}
