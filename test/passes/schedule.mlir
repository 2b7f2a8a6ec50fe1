// RUN: %model-opt %s --form-kernels --schedule | FileCheck %s

// The sum gives back the large array before the second one is made.
// CHECK-LABEL: func.func @frees
// CHECK: model.exp
// CHECK: model.reduce_sum
// CHECK: model.tanh
// CHECK: model.reduce_sum
func.func @frees(%x: !model.array<8 x f32>) -> !model.array<f32> {
  %a = model.exp %x : !model.array<8 x f32>
  %a1 = model.broadcast %a to <64 x 8> axes [1] : !model.array<8 x f32>
  %a2 = model.contract %a1, %a1 batch [] x [] contract [0] x [0] : !model.array<64 x 8 x f32>, !model.array<64 x 8 x f32>
  %b = model.tanh %x : !model.array<8 x f32>
  %b1 = model.broadcast %b to <64 x 8> axes [1] : !model.array<8 x f32>
  %b2 = model.contract %b1, %b1 batch [] x [] contract [0] x [0] : !model.array<64 x 8 x f32>, !model.array<64 x 8 x f32>
  %s = model.reduce_sum %a2 axes [0, 1] : !model.array<8 x 8 x f32>
  %t = model.reduce_sum %b2 axes [0, 1] : !model.array<8 x 8 x f32>
  %u = model.add %s, %t : !model.array<f32>
  return %u : !model.array<f32>
}

// The new value of a slot comes after the reads of the old one.
// CHECK-LABEL: func.func @slot
// CHECK: model.reduce_sum
// CHECK: model.exp
func.func @slot(%w: !model.array<8 x f32> {model.slot = @w}) -> (!model.array<8 x f32> {model.slot = @w}, !model.array<f32>) {
  %e = model.exp %w : !model.array<8 x f32>
  %s = model.reduce_sum %w axes [0] : !model.array<8 x f32>
  return %e, %s : !model.array<8 x f32>, !model.array<f32>
}
