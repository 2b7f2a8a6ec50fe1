// RUN: %model-opt %s --form-kernels --schedule --plan-memory --outline-kernels --emit-loops --canonicalize --cse | FileCheck %s

// The last axis is reduced: an accumulator for each row, in order.
// CHECK-LABEL: func.func private @row_0
// CHECK: scf.for
// CHECK: scf.for {{.*}} iter_args(%[[SUM:.*]] = %{{.*}}) -> (f32)
// CHECK: arith.addf %[[SUM]], %{{.*}}
// CHECK: memref.store
func.func @rows(%x: !model.array<4 x 8 x f32>) -> !model.array<4 x f32> attributes {model.entry = "function"} {
  %0 = model.reduce_sum %x axes [1] : !model.array<4 x 8 x f32>
  return %0 : !model.array<4 x f32>
}

// The last axis is kept: rows are added to the result in memory.
// CHECK-LABEL: func.func private @row_1
// CHECK: %[[LOWEST:.*]] = arith.constant 0xFF800000 : f32
// CHECK: scf.for
// CHECK: memref.store %[[LOWEST]]
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.maximumf
// CHECK: memref.store
func.func @columns(%x: !model.array<4 x 8 x f32>) -> !model.array<8 x f32> attributes {model.entry = "function"} {
  %0 = model.reduce_max %x axes [0] : !model.array<4 x 8 x f32>
  return %0 : !model.array<8 x f32>
}

// The first of equals; NaN beats every number.
// CHECK-LABEL: func.func private @row_2
// CHECK: iter_args(%[[BEST:.*]] = %{{.*}}, %[[PLACE:.*]] = %{{.*}}) -> (f32, i32)
// CHECK: arith.cmpf ogt, %[[X:.*]], %[[BEST]]
// CHECK: arith.cmpf uno, %[[X]], %[[X]]
// CHECK: arith.cmpf ord, %[[BEST]], %[[BEST]]
func.func @argument(%x: !model.array<4 x 8 x f32>) -> !model.array<4 x i32> attributes {model.entry = "function"} {
  %0 = model.argmax %x axis 1 : !model.array<4 x 8 x f32>
  return %0 : !model.array<4 x i32>
}

// A long last axis: sixteen accumulators, the rest of the axis to the first ones, then a tree.
// CHECK-LABEL: func.func private @row_3
// CHECK: %[[SUMS:.*]] = memref.alloca() {alignment = 64 : i64} : memref<16xf32>
// CHECK: scf.for
// CHECK: memref.store %{{.*}}, %[[SUMS]]
// CHECK: scf.for %{{.*}} = %c0 to %c32 step %c16
// CHECK: scf.for %{{.*}} = %c0 to %c16 step %c1
// CHECK: arith.addf
// CHECK: scf.for %{{.*}} = %c0 to %c3 step %c1
// CHECK: scf.for %{{.*}} = %c0 to %c8 step %c1
// CHECK: arith.addf
func.func @lanes(%x: !model.array<4 x 35 x f32>) -> !model.array<4 x f32> attributes {model.entry = "function"} {
  %0 = model.reduce_sum %x axes [1] : !model.array<4 x 35 x f32>
  return %0 : !model.array<4 x f32>
}
