// RUN: %model-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @shapes
// CHECK: model.broadcast %arg0 to <T x N x 4> axes [1, 2]
// CHECK: model.reshape %arg0 to <4 * N>
// CHECK: model.transpose %arg0 permutation [1, 0]
// CHECK: model.slice %arg0 starts <0 x 1> counts <N x 2> steps [1, 2]
// CHECK: model.pad %arg0 low <1 x 0> high <0 x 2> interior [0, 1] value 0.000000e+00 : f32
// CHECK: model.concat %arg0, %arg0 axis 0 : !model.array<N x 4 x f32>, !model.array<N x 4 x f32>
// CHECK: model.iota axis 1 : <N x 4 x i32>
// CHECK: model.reverse %arg0 axes [0, 1]
// CHECK: model.gather %arg0[%arg1] axis 0 : <N x 4 x f32>, <3 x 2 x i32>
// CHECK: model.scatter_add %arg0[%arg1], %{{.*}} axis 0
func.func @shapes(%x: !model.array<N x 4 x f32>, %i: !model.array<3 x 2 x i32>)
    -> (!model.array<T x N x 4 x f32>, !model.array<4 * N x f32>, !model.array<4 x N x f32>, !model.array<N x 2 x f32>,
        !model.array<N + 1 x 9 x f32>, !model.array<2 * N x 4 x f32>, !model.array<N x 4 x i32>, !model.array<N x 4 x f32>,
        !model.array<3 x 2 x 4 x f32>, !model.array<N x 4 x f32>) {
  %0 = model.broadcast %x to <T x N x 4> axes [1, 2] : !model.array<N x 4 x f32>
  %1 = model.reshape %x to <4 * N> : !model.array<N x 4 x f32>
  %2 = model.transpose %x permutation [1, 0] : !model.array<N x 4 x f32>
  %3 = model.slice %x starts <0 x 1> counts <N x 2> steps [1, 2] : !model.array<N x 4 x f32>
  %4 = model.pad %x low <1 x 0> high <0 x 2> interior [0, 1] value 0.0 : f32 : !model.array<N x 4 x f32>
  %5 = model.concat %x, %x axis 0 : !model.array<N x 4 x f32>, !model.array<N x 4 x f32>
  %6 = model.iota axis 1 : !model.array<N x 4 x i32>
  %7 = model.reverse %x axes [0, 1] : !model.array<N x 4 x f32>
  %8 = model.gather %x[%i] axis 0 : !model.array<N x 4 x f32>, !model.array<3 x 2 x i32>
  %9 = model.scatter_add %x[%i], %8 axis 0 : !model.array<N x 4 x f32>, !model.array<3 x 2 x i32>, !model.array<3 x 2 x 4 x f32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9 : !model.array<T x N x 4 x f32>, !model.array<4 * N x f32>, !model.array<4 x N x f32>, !model.array<N x 2 x f32>,
        !model.array<N + 1 x 9 x f32>, !model.array<2 * N x 4 x f32>, !model.array<N x 4 x i32>, !model.array<N x 4 x f32>,
        !model.array<3 x 2 x 4 x f32>, !model.array<N x 4 x f32>
}

// -----

func.func @broadcast(%x: !model.array<3 x f32>) {
  // expected-error@+1 {{cannot repeat an axis of size 3 to 4}}
  %0 = model.broadcast %x to <4> axes [0] : !model.array<3 x f32>
  return
}

// -----

func.func @reshape(%x: !model.array<N x 4 x f32>) {
  // expected-error@+1 {{numbers of elements differ: 4 * N vs 2 * N}}
  %0 = model.reshape %x to <N x 2> : !model.array<N x 4 x f32>
  return
}

// -----

func.func @transpose(%x: !model.array<3 x 4 x f32>) {
  // expected-error@+1 {{each axis must occur once in the permutation}}
  %0 = model.transpose %x permutation [0, 0] : !model.array<3 x 4 x f32>
  return
}

// -----

func.func @slice(%x: !model.array<4 x f32>) {
  // expected-error@+1 {{slice from 1, 2 elements, does not fit an axis of size 4}}
  %0 = model.slice %x starts <1> counts <2> steps [3] : !model.array<4 x f32>
  return
}

// -----

func.func @concat(%x: !model.array<4 x 2 x f32>, %y: !model.array<4 x 3 x f32>) {
  // expected-error@+1 {{sizes of axis 1 differ: 2 vs 3}}
  %0 = model.concat %x, %y axis 0 : !model.array<4 x 2 x f32>, !model.array<4 x 3 x f32>
  return
}

// -----

func.func @scatter(%x: !model.array<4 x 2 x f32>, %i: !model.array<3 x i32>, %u: !model.array<3 x f32>) {
  // expected-error@+1 {{the updates' shape must be that of a gather with these indices}}
  %0 = model.scatter_add %x[%i], %u axis 0 : !model.array<4 x 2 x f32>, !model.array<3 x i32>, !model.array<3 x f32>
  return
}
