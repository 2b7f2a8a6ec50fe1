// RUN: %model-opt %s --form-kernels --schedule --plan-memory --outline-kernels --emit-loops --canonicalize --cse | FileCheck %s

// The operand first, then the updates, each to the clamped index.
// CHECK-LABEL: func.func private @scatter_0
// CHECK: scf.for
// CHECK: memref.store
// CHECK: scf.for
// CHECK: arith.minsi
// CHECK: arith.maxsi
// CHECK: memref.load
// CHECK: memref.load
// CHECK: arith.addf
// CHECK: memref.store
func.func @scatter(%x: !model.array<8 x 4 x f32>, %i: !model.array<3 x i32>, %u: !model.array<3 x 4 x f32>) -> !model.array<8 x 4 x f32>
    attributes {model.entry = "function"} {
  %0 = model.scatter_add %x[%i], %u axis 0 : !model.array<8 x 4 x f32>, !model.array<3 x i32>, !model.array<3 x 4 x f32>
  return %0 : !model.array<8 x 4 x f32>
}
