// RUN: %model-opt %s --resolve-gradients --verify-each | FileCheck %s

// Each movement moves the cotangent, here `%arg2`, back.

// What was repeated is summed; an axis of size 1 comes back by a reshape.
// CHECK-LABEL: func.func @broadcast(
// CHECK: model.fill 1.0
// CHECK: %[[DY:.*]] = model.mul %{{.*}}, %arg2
// CHECK-NEXT: %[[S:.*]] = model.reduce_sum %[[DY]] axes [0, 2] : <3 x N x 4 x f32>
// CHECK-NEXT: %[[DX:.*]] = model.reshape %[[S]] to <N x 1> : <N x f32>
// CHECK-NEXT: return %[[DX]]
func.func private @broadcast.forward(%x: !model.array<N x 1 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<3 x N x 4 x f32>) -> !model.array<f32> {
  %0 = model.broadcast %x to <3 x N x 4> axes [1, 2] : <N x 1 x f32>
  %1 = model.mul %0, %dy : <3 x N x 4 x f32>
  %2 = model.reduce_sum %1 axes [0, 1, 2] : <3 x N x 4 x f32>
  return %2 : !model.array<f32>
}
func.func @broadcast(%x: !model.array<N x 1 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<3 x N x 4 x f32>) -> !model.array<N x 1 x f32> {
  %0:2 = model.gradient @broadcast.forward(%x, %t, %dy) wrt [0] : (!model.array<N x 1 x f32>, !model.array<3 x i32>, !model.array<3 x N x 4 x f32>) -> (!model.array<f32>, !model.array<N x 1 x f32>)
  return %0#1 : !model.array<N x 1 x f32>
}

// CHECK-LABEL: func.func @reshape(
// CHECK: model.fill 1.0
// CHECK: %[[DY:.*]] = model.mul %{{.*}}, %arg2
// CHECK-NEXT: %[[DX:.*]] = model.reshape %[[DY]] to <N x 4> : <4 * N x f32>
// CHECK-NEXT: return %[[DX]]
func.func private @reshape.forward(%x: !model.array<N x 4 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<4 * N x f32>) -> !model.array<f32> {
  %0 = model.reshape %x to <4 * N> : <N x 4 x f32>
  %1 = model.mul %0, %dy : <4 * N x f32>
  %2 = model.reduce_sum %1 axes [0] : <4 * N x f32>
  return %2 : !model.array<f32>
}
func.func @reshape(%x: !model.array<N x 4 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<4 * N x f32>) -> !model.array<N x 4 x f32> {
  %0:2 = model.gradient @reshape.forward(%x, %t, %dy) wrt [0] : (!model.array<N x 4 x f32>, !model.array<3 x i32>, !model.array<4 * N x f32>) -> (!model.array<f32>, !model.array<N x 4 x f32>)
  return %0#1 : !model.array<N x 4 x f32>
}

// The inverse permutation.
// CHECK-LABEL: func.func @transpose(
// CHECK: model.fill 1.0
// CHECK: %[[DY:.*]] = model.mul %{{.*}}, %arg2
// CHECK-NEXT: %[[DX:.*]] = model.transpose %[[DY]] permutation [2, 0, 1] : <N x 4 x 2 x f32>
// CHECK-NEXT: return %[[DX]]
func.func private @transpose.forward(%x: !model.array<2 x N x 4 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<N x 4 x 2 x f32>) -> !model.array<f32> {
  %0 = model.transpose %x permutation [1, 2, 0] : <2 x N x 4 x f32>
  %1 = model.mul %0, %dy : <N x 4 x 2 x f32>
  %2 = model.reduce_sum %1 axes [0, 1, 2] : <N x 4 x 2 x f32>
  return %2 : !model.array<f32>
}
func.func @transpose(%x: !model.array<2 x N x 4 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<N x 4 x 2 x f32>) -> !model.array<2 x N x 4 x f32> {
  %0:2 = model.gradient @transpose.forward(%x, %t, %dy) wrt [0] : (!model.array<2 x N x 4 x f32>, !model.array<3 x i32>, !model.array<N x 4 x 2 x f32>) -> (!model.array<f32>, !model.array<2 x N x 4 x f32>)
  return %0#1 : !model.array<2 x N x 4 x f32>
}

// Zeros around and between, up to the size of the operand.
// CHECK-LABEL: func.func @slice(
// CHECK: model.fill 1.0
// CHECK: %[[DY:.*]] = model.mul %{{.*}}, %arg2
// CHECK-NEXT: %[[DX:.*]] = model.pad %[[DY]] low <1 x 0> high <0 x 1> interior [0, 1] value 0.000000e+00 : f32 : <N + -1 x 2 x f32>
// CHECK-NEXT: return %[[DX]]
func.func private @slice.forward(%x: !model.array<N x 4 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<N + -1 x 2 x f32>) -> !model.array<f32> {
  %0 = model.slice %x starts <1 x 0> counts <N + -1 x 2> steps [1, 2] : <N x 4 x f32>
  %1 = model.mul %0, %dy : <N + -1 x 2 x f32>
  %2 = model.reduce_sum %1 axes [0, 1] : <N + -1 x 2 x f32>
  return %2 : !model.array<f32>
}
func.func @slice(%x: !model.array<N x 4 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<N + -1 x 2 x f32>) -> !model.array<N x 4 x f32> {
  %0:2 = model.gradient @slice.forward(%x, %t, %dy) wrt [0] : (!model.array<N x 4 x f32>, !model.array<3 x i32>, !model.array<N + -1 x 2 x f32>) -> (!model.array<f32>, !model.array<N x 4 x f32>)
  return %0#1 : !model.array<N x 4 x f32>
}

// CHECK-LABEL: func.func @pad(
// CHECK: model.fill 1.0
// CHECK: %[[DY:.*]] = model.mul %{{.*}}, %arg2
// CHECK-NEXT: %[[DX:.*]] = model.slice %[[DY]] starts <1 x 0> counts <N x 4> steps [1, 2] : <N + 1 x 9 x f32>
// CHECK-NEXT: return %[[DX]]
func.func private @pad.forward(%x: !model.array<N x 4 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<N + 1 x 9 x f32>) -> !model.array<f32> {
  %0 = model.pad %x low <1 x 0> high <0 x 2> interior [0, 1] value 5.0 : f32 : <N x 4 x f32>
  %1 = model.mul %0, %dy : <N + 1 x 9 x f32>
  %2 = model.reduce_sum %1 axes [0, 1] : <N + 1 x 9 x f32>
  return %2 : !model.array<f32>
}
func.func @pad(%x: !model.array<N x 4 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<N + 1 x 9 x f32>) -> !model.array<N x 4 x f32> {
  %0:2 = model.gradient @pad.forward(%x, %t, %dy) wrt [0] : (!model.array<N x 4 x f32>, !model.array<3 x i32>, !model.array<N + 1 x 9 x f32>) -> (!model.array<f32>, !model.array<N x 4 x f32>)
  return %0#1 : !model.array<N x 4 x f32>
}

// CHECK-LABEL: func.func @reverse(
// CHECK: model.fill 1.0
// CHECK: %[[DY:.*]] = model.mul %{{.*}}, %arg2
// CHECK-NEXT: %[[DX:.*]] = model.reverse %[[DY]] axes [1] : <N x 4 x f32>
// CHECK-NEXT: return %[[DX]]
func.func private @reverse.forward(%x: !model.array<N x 4 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<N x 4 x f32>) -> !model.array<f32> {
  %0 = model.reverse %x axes [1] : <N x 4 x f32>
  %1 = model.mul %0, %dy : <N x 4 x f32>
  %2 = model.reduce_sum %1 axes [0, 1] : <N x 4 x f32>
  return %2 : !model.array<f32>
}
func.func @reverse(%x: !model.array<N x 4 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<N x 4 x f32>) -> !model.array<N x 4 x f32> {
  %0:2 = model.gradient @reverse.forward(%x, %t, %dy) wrt [0] : (!model.array<N x 4 x f32>, !model.array<3 x i32>, !model.array<N x 4 x f32>) -> (!model.array<f32>, !model.array<N x 4 x f32>)
  return %0#1 : !model.array<N x 4 x f32>
}

// Rows that were taken more than once add up.
// CHECK-LABEL: func.func @gather(
// CHECK: model.fill 1.0
// CHECK: %[[DY:.*]] = model.mul %{{.*}}, %arg2
// CHECK-NEXT: %[[ZERO:.*]] = model.fill 0.000000e+00 : f32 : <N x 4 x f32>
// CHECK-NEXT: %[[DX:.*]] = model.scatter_add %[[ZERO]][%arg1], %[[DY]] axis 1 : <N x 4 x f32>, <3 x i32>, <N x 3 x f32>
// CHECK-NEXT: return %[[DX]]
func.func private @gather.forward(%x: !model.array<N x 4 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<N x 3 x f32>) -> !model.array<f32> {
  %0 = model.gather %x [%t] axis 1 : <N x 4 x f32>, <3 x i32>
  %1 = model.mul %0, %dy : <N x 3 x f32>
  %2 = model.reduce_sum %1 axes [0, 1] : <N x 3 x f32>
  return %2 : !model.array<f32>
}
func.func @gather(%x: !model.array<N x 4 x f32>, %t: !model.array<3 x i32>, %dy: !model.array<N x 3 x f32>) -> !model.array<N x 4 x f32> {
  %0:2 = model.gradient @gather.forward(%x, %t, %dy) wrt [0] : (!model.array<N x 4 x f32>, !model.array<3 x i32>, !model.array<N x 3 x f32>) -> (!model.array<f32>, !model.array<N x 4 x f32>)
  return %0#1 : !model.array<N x 4 x f32>
}

// Each part receives its own slice; one that is not wanted has none.
// CHECK-LABEL: func.func @concat(
// CHECK: model.fill 1.0
// CHECK: %[[DY:.*]] = model.mul %{{.*}}, %arg3
// CHECK-NEXT: %[[DX:.*]] = model.slice %[[DY]] starts <0> counts <N> steps [1] : <N + 5 x f32>
// CHECK-NEXT: %[[DZ:.*]] = model.slice %[[DY]] starts <N + 2> counts <3> steps [1] : <N + 5 x f32>
// CHECK-NEXT: return %[[DX]], %[[DZ]]
func.func private @concat.forward(%x: !model.array<N x f32>, %y: !model.array<2 x f32>, %z: !model.array<3 x f32>, %dy: !model.array<N + 5 x f32>) -> !model.array<f32> {
  %0 = model.concat %x, %y, %z axis 0 : !model.array<N x f32>, !model.array<2 x f32>, !model.array<3 x f32>
  %1 = model.mul %0, %dy : <N + 5 x f32>
  %2 = model.reduce_sum %1 axes [0] : <N + 5 x f32>
  return %2 : !model.array<f32>
}
func.func @concat(%x: !model.array<N x f32>, %y: !model.array<2 x f32>, %z: !model.array<3 x f32>, %dy: !model.array<N + 5 x f32>) -> (!model.array<N x f32>, !model.array<3 x f32>) {
  %0:3 = model.gradient @concat.forward(%x, %y, %z, %dy) wrt [0, 2] : (!model.array<N x f32>, !model.array<2 x f32>, !model.array<3 x f32>, !model.array<N + 5 x f32>) -> (!model.array<f32>, !model.array<N x f32>, !model.array<3 x f32>)
  return %0#1, %0#2 : !model.array<N x f32>, !model.array<3 x f32>
}

// What was added to receives the cotangent as it is, the updates what was put where they went.
// CHECK-LABEL: func.func @scatter_add(
// CHECK: model.fill 1.0
// CHECK: %[[DY:.*]] = model.mul %{{.*}}, %arg3
// CHECK-NEXT: %[[DU:.*]] = model.gather %[[DY]][%arg1] axis 0 : <4 x f32>, <N x i32>
// CHECK-NEXT: return %[[DY]], %[[DU]]
func.func private @scatter_add.forward(%x: !model.array<4 x f32>, %t: !model.array<N x i32>, %u: !model.array<N x f32>, %dy: !model.array<4 x f32>) -> !model.array<f32> {
  %0 = model.scatter_add %x[%t], %u axis 0 : <4 x f32>, <N x i32>, <N x f32>
  %1 = model.mul %0, %dy : <4 x f32>
  %2 = model.reduce_sum %1 axes [0] : <4 x f32>
  return %2 : !model.array<f32>
}
func.func @scatter_add(%x: !model.array<4 x f32>, %t: !model.array<N x i32>, %u: !model.array<N x f32>, %dy: !model.array<4 x f32>) -> (!model.array<4 x f32>, !model.array<N x f32>) {
  %0:3 = model.gradient @scatter_add.forward(%x, %t, %u, %dy) wrt [0, 2] : (!model.array<4 x f32>, !model.array<N x i32>, !model.array<N x f32>, !model.array<4 x f32>) -> (!model.array<f32>, !model.array<4 x f32>, !model.array<N x f32>)
  return %0#1, %0#2 : !model.array<4 x f32>, !model.array<N x f32>
}
