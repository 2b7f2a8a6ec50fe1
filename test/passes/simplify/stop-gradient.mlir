// RUN: %model-opt %s --simplify | FileCheck %s

// As long as a gradient is to be resolved, what stops it stays.
// CHECK-LABEL: func.func @entry
// CHECK: model.gradient
// CHECK-LABEL: func.func private @f
// CHECK: model.stop_gradient
func.func @entry(%x: !model.array<f32>) -> (!model.array<f32>, !model.array<f32>) {
  %0:2 = model.gradient @f(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#0, %0#1 : !model.array<f32>, !model.array<f32>
}
func.func private @f(%x: !model.array<f32>) -> !model.array<f32> {
  %0 = model.stop_gradient %x : !model.array<f32>
  %1 = model.mul %0, %x : !model.array<f32>
  return %1 : !model.array<f32>
}
