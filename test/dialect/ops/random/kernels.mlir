// Random operations as element functions of map kernels.
// RUN: %model-opt %s --form-kernels --schedule --plan-memory --outline-kernels --emit-loops --canonicalize --cse | FileCheck %s

// One loop over positions, which are the elements' numbers.
// CHECK-LABEL: func.func private @map_0
// CHECK: %[[COUNT:.*]] = arith.muli
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %[[COUNT]]
// CHECK: %[[NUMBER:.*]] = arith.index_cast %[[I]] : index to i64
// CHECK: arith.andi %[[NUMBER]], %{{.*}} : i64
// CHECK-NOT: scf.for
// CHECK: memref.store %{{.*}}[%[[I]]]
func.func @flat(%key: !model.array<i64>, %x: !model.array<N x 5 x f32>) -> !model.array<N x 5 x f32>
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.random_uniform %key : !model.array<i64> -> !model.array<N x 5 x f32>
  %1 = model.mul %0, %x : !model.array<N x 5 x f32>
  return %1 : !model.array<N x 5 x f32>
}

// The result is transposed, but the number is that of the element of the random array.
// CHECK-LABEL: func.func private @map_1
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %c5
// CHECK: scf.for %[[J:.*]] = %{{.*}} to %c3
// CHECK: %[[ROW:.*]] = arith.muli %[[J]], %c5
// CHECK: %[[POSITION:.*]] = arith.addi %[[ROW]], %[[I]]
// CHECK: arith.index_cast %[[POSITION]] : index to i64
func.func @transposed(%key: !model.array<i64>, %p: !model.array<f32>) -> !model.array<5 x 3 x i1> attributes {model.entry = "function"} {
  %0 = model.random_bernoulli %key, %p : !model.array<i64>, !model.array<f32> -> !model.array<3 x 5 x i1>
  %1 = model.transpose %0 permutation [1, 0] : !model.array<3 x 5 x i1>
  return %1 : !model.array<5 x 3 x i1>
}

// Numbers that two kernels need are drawn once: the kernel of the sum reads what the other wrote.
// CHECK-LABEL: func.func private @map_2
// CHECK: memref.store
// CHECK-LABEL: func.func private @row_3
// CHECK-NOT: arith.shrui
// CHECK: arith.addf
func.func @twice(%key: !model.array<i64>) -> (!model.array<4 x f32>, !model.array<4 x 8 x f32>) attributes {model.entry = "function"} {
  %0 = model.random_uniform %key : !model.array<i64> -> !model.array<4 x 8 x f32>
  %1 = model.reduce_sum %0 axes [1] : !model.array<4 x 8 x f32>
  return %1, %0 : !model.array<4 x f32>, !model.array<4 x 8 x f32>
}
