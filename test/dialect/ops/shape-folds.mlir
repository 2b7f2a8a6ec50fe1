// RUN: %model-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: func.func @identities
// CHECK-NEXT: return %arg0, %arg0, %arg0, %arg0, %arg0, %arg0, %arg0 :
func.func @identities(%x: !model.array<N x 4 x f32>)
    -> (!model.array<N x 4 x f32>, !model.array<N x 4 x f32>, !model.array<N x 4 x f32>, !model.array<N x 4 x f32>, !model.array<N x 4 x f32>, !model.array<N x 4 x f32>, !model.array<N x 4 x f32>) {
  %0 = model.reshape %x to <N x 4> : !model.array<N x 4 x f32>
  %1 = model.transpose %x permutation [0, 1] : !model.array<N x 4 x f32>
  %2 = model.broadcast %x to <N x 4> axes [0, 1] : !model.array<N x 4 x f32>
  %3 = model.slice %x starts <0 x 0> counts <N x 4> steps [1, 1] : !model.array<N x 4 x f32>
  %4 = model.pad %x low <0 x 0> high <0 x 0> interior [0, 0] value 0.0 : f32 : !model.array<N x 4 x f32>
  %5 = model.concat %x axis 0 : !model.array<N x 4 x f32>
  %6 = model.reverse %x axes [] : !model.array<N x 4 x f32>
  return %0, %1, %2, %3, %4, %5, %6 : !model.array<N x 4 x f32>, !model.array<N x 4 x f32>, !model.array<N x 4 x f32>, !model.array<N x 4 x f32>, !model.array<N x 4 x f32>, !model.array<N x 4 x f32>, !model.array<N x 4 x f32>
}

// Whatever moves the elements of a constant gives the constant.
// CHECK-LABEL: func.func @constants
// CHECK-NOT: model.{{reshape|transpose|broadcast|slice|pad|concat|reverse|gather}}
// CHECK: return
func.func @constants(%i: !model.array<3 x i32>)
    -> (!model.array<4 * N x f32>, !model.array<4 x N x f32>, !model.array<T x N x 4 x f32>, !model.array<N x 2 x f32>, !model.array<N + 1 x 4 x f32>, !model.array<2 * N x 4 x f32>, !model.array<N x 4 x f32>, !model.array<3 x 4 x f32>) {
  %x = model.fill 2.0 : f32 : !model.array<N x 4 x f32>
  %0 = model.reshape %x to <4 * N> : !model.array<N x 4 x f32>
  %1 = model.transpose %x permutation [1, 0] : !model.array<N x 4 x f32>
  %2 = model.broadcast %x to <T x N x 4> axes [1, 2] : !model.array<N x 4 x f32>
  %3 = model.slice %x starts <0 x 1> counts <N x 2> steps [1, 2] : !model.array<N x 4 x f32>
  %4 = model.pad %x low <1 x 0> high <0 x 0> interior [0, 0] value 2.0 : f32 : !model.array<N x 4 x f32>
  %5 = model.concat %x, %x axis 0 : !model.array<N x 4 x f32>, !model.array<N x 4 x f32>
  %6 = model.reverse %x axes [0] : !model.array<N x 4 x f32>
  %7 = model.gather %x[%i] axis 0 : !model.array<N x 4 x f32>, !model.array<3 x i32>
  return %0, %1, %2, %3, %4, %5, %6, %7 : !model.array<4 * N x f32>, !model.array<4 x N x f32>, !model.array<T x N x 4 x f32>, !model.array<N x 2 x f32>, !model.array<N + 1 x 4 x f32>, !model.array<2 * N x 4 x f32>, !model.array<N x 4 x f32>, !model.array<3 x 4 x f32>
}

// A pad of another value is none of these, be it the other zero.
// CHECK-LABEL: func.func @other_zero
// CHECK: model.pad
func.func @other_zero() -> !model.array<N + 1 x f32> {
  %x = model.fill 0.0 : f32 : !model.array<N x f32>
  %0 = model.pad %x low <1> high <0> interior [0] value -0.0 : f32 : !model.array<N x f32>
  return %0 : !model.array<N + 1 x f32>
}

// CHECK-LABEL: func.func @dense
// CHECK: model.constant dense<{{\[\[}}1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00]]> : tensor<2x2xf32>
func.func @dense() -> !model.array<2 x 2 x f32> {
  %0 = model.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : !model.array<4 x f32>
  %1 = model.reshape %0 to <2 x 2> : !model.array<4 x f32>
  return %1 : !model.array<2 x 2 x f32>
}

// CHECK-LABEL: func.func @twice
// CHECK-DAG: %[[R:.*]] = model.reshape %arg0 to <2 x 12>
// CHECK-DAG: %[[T:.*]] = model.transpose %arg0 permutation [2, 0, 1] : <2 x 3 x 4 x f32>
// CHECK-DAG: %[[B:.*]] = model.broadcast %arg1 to <T x 2 x N x 3> axes [3] : <3 x f32>
// CHECK-DAG: %[[S:.*]] = model.slice %arg0 starts <0 x 2 x 1> counts <2 x 1 x 2> steps [1, 2, 2]
// CHECK-DAG: %[[P:.*]] = model.pad %arg1 low <N + 1> high <2>
// CHECK: return %[[R]], %[[T]], %[[B]], %[[S]], %[[P]], %arg0 :
func.func @twice(%x: !model.array<2 x 3 x 4 x f32>, %y: !model.array<3 x f32>)
    -> (!model.array<2 x 12 x f32>, !model.array<4 x 2 x 3 x f32>, !model.array<T x 2 x N x 3 x f32>, !model.array<2 x 1 x 2 x f32>, !model.array<N + 6 x f32>, !model.array<2 x 3 x 4 x f32>) {
  %0 = model.reshape %x to <24> : !model.array<2 x 3 x 4 x f32>
  %1 = model.reshape %0 to <2 x 12> : !model.array<24 x f32>
  %2 = model.transpose %x permutation [1, 2, 0] : !model.array<2 x 3 x 4 x f32>
  %3 = model.transpose %2 permutation [1, 2, 0] : !model.array<3 x 4 x 2 x f32>
  %4 = model.broadcast %y to <1 x N x 3> axes [2] : !model.array<3 x f32>
  %5 = model.broadcast %4 to <T x 2 x N x 3> axes [1, 2, 3] : !model.array<1 x N x 3 x f32>
  %6 = model.slice %x starts <0 x 0 x 1> counts <2 x 2 x 2> steps [1, 2, 2] : !model.array<2 x 3 x 4 x f32>
  %7 = model.slice %6 starts <0 x 1 x 0> counts <2 x 1 x 2> steps [1, 1, 1] : !model.array<2 x 2 x 2 x f32>
  %8 = model.pad %y low <N> high <0> interior [0] value 0.0 : f32 : !model.array<3 x f32>
  %9 = model.pad %8 low <1> high <2> interior [0] value 0.0 : f32 : !model.array<N + 3 x f32>
  %10 = model.reverse %x axes [2, 0] : !model.array<2 x 3 x 4 x f32>
  %11 = model.reverse %10 axes [0, 2] : !model.array<2 x 3 x 4 x f32>
  return %1, %3, %5, %7, %9, %11 : !model.array<2 x 12 x f32>, !model.array<4 x 2 x 3 x f32>, !model.array<T x 2 x N x 3 x f32>, !model.array<2 x 1 x 2 x f32>, !model.array<N + 6 x f32>, !model.array<2 x 3 x 4 x f32>
}

// Axes of size 1 come and go by reshapes, and by broadcasts without them.
// CHECK-LABEL: func.func @unit_axes
// CHECK-DAG: %[[A:.*]] = model.reshape %arg0 to <1 x N>
// CHECK-DAG: %[[B:.*]] = model.broadcast %arg0 to <N x 4> axes [0] : <N x f32>
// CHECK-DAG: %[[C:.*]] = model.reshape %arg1 to <4 x 1 x N>
// CHECK: return %[[A]], %[[B]], %[[C]], %arg0
func.func @unit_axes(%x: !model.array<N x f32>, %y: !model.array<1 x 4 x N x f32>)
    -> (!model.array<1 x N x f32>, !model.array<N x 4 x f32>, !model.array<4 x 1 x N x f32>, !model.array<N x f32>) {
  %0 = model.broadcast %x to <1 x N> axes [1] : !model.array<N x f32>
  %1 = model.reshape %x to <N x 1> : !model.array<N x f32>
  %2 = model.broadcast %1 to <N x 4> axes [0, 1] : !model.array<N x 1 x f32>
  %3 = model.transpose %y permutation [1, 0, 2] : !model.array<1 x 4 x N x f32>
  %4 = model.reshape %1 to <N> : !model.array<N x 1 x f32>
  return %0, %2, %3, %4 : !model.array<1 x N x f32>, !model.array<N x 4 x f32>, !model.array<4 x 1 x N x f32>, !model.array<N x f32>
}

// CHECK-LABEL: func.func @slices
// CHECK-DAG: %[[INSIDE:.*]] = model.slice %arg1 starts <1> counts <2> steps [1] : <4 x f32>
// CHECK-DAG: %[[ACROSS:.*]] = model.slice %{{.*}} starts <3> counts <2> steps [1] : <N + 8 x f32>
// CHECK: return %arg0, %arg2, %[[INSIDE]], %[[ACROSS]], %arg1 :
func.func @slices(%x: !model.array<N x f32>, %y: !model.array<4 x f32>, %z: !model.array<4 x f32>)
    -> (!model.array<N x f32>, !model.array<4 x f32>, !model.array<2 x f32>, !model.array<2 x f32>, !model.array<4 x f32>) {
  %0 = model.concat %y, %z, %x axis 0 : !model.array<4 x f32>, !model.array<4 x f32>, !model.array<N x f32>
  %1 = model.slice %0 starts <8> counts <N> steps [1] : !model.array<N + 8 x f32>
  %2 = model.slice %0 starts <4> counts <4> steps [1] : !model.array<N + 8 x f32>
  %3 = model.slice %0 starts <1> counts <2> steps [1] : !model.array<N + 8 x f32>
  %4 = model.slice %0 starts <3> counts <2> steps [1] : !model.array<N + 8 x f32>
  %5 = model.pad %y low <N> high <1> interior [1] value 0.0 : f32 : !model.array<4 x f32>
  %6 = model.slice %5 starts <N> counts <4> steps [2] : !model.array<N + 8 x f32>
  return %1, %2, %3, %4, %6 : !model.array<N x f32>, !model.array<4 x f32>, !model.array<2 x f32>, !model.array<2 x f32>, !model.array<4 x f32>
}

// CHECK-LABEL: func.func @concats
// CHECK-NEXT: %[[C:.*]] = model.concat %arg0, %arg1, %arg0 axis 0
// CHECK-NEXT: return %[[C]]
func.func @concats(%x: !model.array<N x f32>, %y: !model.array<4 x f32>, %nothing: !model.array<0 x f32>) -> !model.array<2 * N + 4 x f32> {
  %0 = model.concat %x, %nothing, %y axis 0 : !model.array<N x f32>, !model.array<0 x f32>, !model.array<4 x f32>
  %1 = model.concat %0, %x axis 0 : !model.array<N + 4 x f32>, !model.array<N x f32>
  return %1 : !model.array<2 * N + 4 x f32>
}

// Indices are clamped. Where the size is not known, neither is the index.
// CHECK-LABEL: func.func @gathers
// CHECK-DAG: %[[S:.*]] = model.slice %arg0 starts <0 x 3> counts <N x 1> steps [1, 1]
// CHECK-DAG: %[[R:.*]] = model.reshape %[[S]] to <N>
// CHECK-DAG: %[[G:.*]] = model.gather %arg0[%{{.*}}] axis 0
// CHECK-DAG: %[[I:.*]] = model.fill 0 : i32 : <N x 1 x i32>
// CHECK: return %[[R]], %[[G]], %[[I]]
func.func @gathers(%x: !model.array<N x 4 x f32>) -> (!model.array<N x f32>, !model.array<4 x f32>, !model.array<N x 1 x i32>) {
  %i = model.fill 9 : i32 : !model.array<i32>
  %0 = model.gather %x[%i] axis 1 : !model.array<N x 4 x f32>, !model.array<i32>
  %1 = model.gather %x[%i] axis 0 : !model.array<N x 4 x f32>, !model.array<i32>
  %2 = model.iota axis 1 : !model.array<N x 1 x i32>
  return %0, %1, %2 : !model.array<N x f32>, !model.array<4 x f32>, !model.array<N x 1 x i32>
}
