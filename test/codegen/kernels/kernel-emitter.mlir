// RUN: %model-opt %s --form-kernels --schedule --plan-memory --outline-kernels --emit-loops --canonicalize --cse | FileCheck %s

// Where all arrays have one shape, positions in memory are indices: one loop.
// CHECK-LABEL: func.func private @map_0
// CHECK: %[[COUNT:.*]] = arith.muli
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %[[COUNT]]
// CHECK-NEXT: %[[A:.*]] = memref.load %{{.*}}[%[[I]]]
// CHECK-NEXT: %[[B:.*]] = memref.load %{{.*}}[%[[I]]]
// CHECK-NEXT: %[[C:.*]] = arith.addf %[[A]], %[[B]]
// CHECK-NEXT: memref.store %[[C]], %{{.*}}[%[[I]]]
func.func @flat(%x: !model.array<N x 8 x f32>, %y: !model.array<N x 8 x f32>) -> !model.array<N x 8 x f32>
    attributes {model.entry = "function", model.symbols = {N = 4 : i64}} {
  %0 = model.add %x, %y : !model.array<N x 8 x f32>
  return %0 : !model.array<N x 8 x f32>
}

// Element functions compose: the sum of a row and of what was transposed, in one nest.
// CHECK-LABEL: func.func private @map_1
// CHECK: scf.for %[[I:.*]] =
// CHECK: scf.for %[[J:.*]] =
// CHECK: memref.load
// CHECK: memref.load %{{.*}}[%[[J]]]
// CHECK: arith.addf
// CHECK: memref.store
func.func @composed(%x: !model.array<8 x 4 x f32>, %y: !model.array<8 x f32>) -> !model.array<4 x 8 x f32>
    attributes {model.entry = "function"} {
  %t = model.transpose %x permutation [1, 0] : !model.array<8 x 4 x f32>
  %b = model.broadcast %y to <4 x 8> axes [1] : !model.array<8 x f32>
  %s = model.add %t, %b : !model.array<4 x 8 x f32>
  return %s : !model.array<4 x 8 x f32>
}

// All elements are computed before the first one is stored.
// CHECK-LABEL: func.func private @map_2
// CHECK: arith.addf
// CHECK: arith.mulf
// CHECK: memref.store
// CHECK: memref.store
func.func @several(%x: !model.array<8 x f32> {model.slot = @x}, %y: !model.array<8 x f32> {model.slot = @y})
    -> (!model.array<8 x f32> {model.slot = @x}, !model.array<8 x f32> {model.slot = @y}) attributes {model.entry = "function"} {
  %s = model.add %x, %y : !model.array<8 x f32>
  %p = model.mul %s, %y : !model.array<8 x f32>
  return %p, %s : !model.array<8 x f32>, !model.array<8 x f32>
}

// A bool is a byte; a constant is a global.
// CHECK-LABEL: func.func private @map_3
// CHECK: memref.get_global @kernel.constant_0 : memref<2xf32>
// CHECK: %[[C:.*]] = arith.cmpf ogt
// CHECK: %[[E:.*]] = arith.extui %[[C]] : i1 to i8
// CHECK: memref.store %[[E]], %{{.*}} : memref<2xi8>
func.func @bools(%x: !model.array<2 x f32>) -> !model.array<2 x i1> attributes {model.entry = "function"} {
  %k = model.constant dense<[1.0, 2.0]> : tensor<2xf32> : !model.array<2 x f32>
  %c = model.compare gt %x, %k : !model.array<2 x f32>
  return %c : !model.array<2 x i1>
}
