// RUN: %model-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @shapes
// CHECK: model.reduce_sum %arg0 axes [0, 2] : <N x 4 x 8 x f32>
// CHECK: model.argmax %arg0 axis 1 : <N x 4 x 8 x f32>
func.func @shapes(%x: !model.array<N x 4 x 8 x f32>) -> (!model.array<4 x f32>, !model.array<N x 8 x i32>) {
  %0 = model.reduce_sum %x axes [0, 2] : !model.array<N x 4 x 8 x f32>
  %1 = model.argmax %x axis 1 : !model.array<N x 4 x 8 x f32>
  return %0, %1 : !model.array<4 x f32>, !model.array<N x 8 x i32>
}

// -----

func.func @sorted(%x: !model.array<4 x 8 x f32>) {
  // expected-error@+1 {{axes must be sorted and not repeated}}
  %0 = model.reduce_max %x axes [1, 0] : !model.array<4 x 8 x f32>
  return
}

// -----

func.func @range(%x: !model.array<4 x 8 x f32>) {
  // expected-error@+1 {{axis 2 is out of range; the operand has 2 axes}}
  %0 = model.argmin %x axis 2 : !model.array<4 x 8 x f32>
  return
}

// -----

func.func @empty(%x: !model.array<0 x f32>) {
  // expected-error@+1 {{the axis has no elements}}
  %0 = model.argmin %x axis 0 : !model.array<0 x f32>
  return
}
