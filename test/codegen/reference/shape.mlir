// RUN: %model-opt %s --reference-lowering | FileCheck %s
// RUN: %python %S/inputs/execute.py --model-opt %model-opt --clang %clang --work %t %s

// CHECK-LABEL: func.func @broadcast
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<?x1xf32>) outs(%{{.*}} : tensor<2x?x3x4xf32>)
func.func @broadcast(%x: !model.array<N x 1 x f32>, %s: !model.array<i1>) -> (!model.array<2 x N x 3 x 4 x f32>, !model.array<N x N x f32>, !model.array<3 x N x i1>)
    attributes {model.entry = "function", model.symbols = {N = 6 : i64}} {
  %0 = model.broadcast %x to <2 x N x 3 x 4> axes [1, 2] : !model.array<N x 1 x f32>
  %1 = model.broadcast %x to <N x N> axes [0, 1] : !model.array<N x 1 x f32>
  %2 = model.broadcast %s to <3 x N> axes [] : !model.array<i1>
  return %0, %1, %2 : !model.array<2 x N x 3 x 4 x f32>, !model.array<N x N x f32>, !model.array<3 x N x i1>
}

// By the row-major position, whatever the shapes.
// CHECK-LABEL: func.func @reshape
// CHECK: %[[FLAT:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0, 1]] : tensor<?x4xf32> into tensor<?xf32>
// CHECK: tensor.extract %[[FLAT]]
func.func @reshape(%x: !model.array<N x 4 x f32>, %s: !model.array<i32>) -> (!model.array<2 x 2 * N x f32>, !model.array<2 x N x 1 x 2 x f32>, !model.array<1 x 1 x i32>, !model.array<i32>, !model.array<4 * N x f32>)
    attributes {model.entry = "function", model.symbols = {N = 6 : i64}} {
  %0 = model.reshape %x to <2 x 2 * N> : !model.array<N x 4 x f32>
  %1 = model.reshape %x to <2 x N x 1 x 2> : !model.array<N x 4 x f32>
  %2 = model.reshape %s to <1 x 1> : !model.array<i32>
  %3 = model.reshape %2 to <> : !model.array<1 x 1 x i32>
  %4 = model.reshape %0 to <4 * N> : !model.array<2 x 2 * N x f32>
  return %0, %1, %2, %3, %4 : !model.array<2 x 2 * N x f32>, !model.array<2 x N x 1 x 2 x f32>, !model.array<1 x 1 x i32>, !model.array<i32>, !model.array<4 * N x f32>
}
func.func @reshape_of_nothing_empty(%x: !model.array<0 x N x f32>) -> (!model.array<3 x 0 x f32>, !model.array<N x 0 x 2 x f32>)
    attributes {model.entry = "function", model.symbols = {N = 6 : i64}} {
  %0 = model.reshape %x to <3 x 0> : !model.array<0 x N x f32>
  %1 = model.reshape %0 to <N x 0 x 2> : !model.array<3 x 0 x f32>
  return %0, %1 : !model.array<3 x 0 x f32>, !model.array<N x 0 x 2 x f32>
}

func.func @transpose(%x: !model.array<2 x N x 3 x f32>) -> (!model.array<3 x 2 x N x f32>, !model.array<N x 3 x 2 x f32>)
    attributes {model.entry = "function", model.symbols = {N = 6 : i64}} {
  %0 = model.transpose %x permutation [2, 0, 1] : !model.array<2 x N x 3 x f32>
  %1 = model.transpose %x permutation [1, 2, 0] : !model.array<2 x N x 3 x f32>
  return %0, %1 : !model.array<3 x 2 x N x f32>, !model.array<N x 3 x 2 x f32>
}

// A slice of a tensor, in memory of its own.
// CHECK-LABEL: func.func @slice
// CHECK: %[[VIEW:.*]] = tensor.extract_slice %{{.*}}[1, %{{.*}}] [3, 2] [2, 1] : tensor<7x?xf32> to tensor<3x2xf32>
// CHECK: bufferization.alloc_tensor() copy(%[[VIEW]])
func.func @slice(%x: !model.array<7 x N + 2 x f32>) -> (!model.array<3 x 2 x f32>, !model.array<7 x N x f32>, !model.array<0 x N + 2 x f32>)
    attributes {model.entry = "function", model.symbols = {N = 6 : i64}} {
  %0 = model.slice %x starts <1 x N> counts <3 x 2> steps [2, 1] : !model.array<7 x N + 2 x f32>
  %1 = model.slice %x starts <0 x 2> counts <7 x N> steps [1, 1] : !model.array<7 x N + 2 x f32>
  %2 = model.slice %x starts <7 x 0> counts <0 x N + 2> steps [1, 1] : !model.array<7 x N + 2 x f32>
  return %0, %1, %2 : !model.array<3 x 2 x f32>, !model.array<7 x N x f32>, !model.array<0 x N + 2 x f32>
}

// Interior padding; a symbolic width that turns out negative cuts off; an operand without elements.
// CHECK-LABEL: func.func @pad
// CHECK: %[[ALL:.*]] = linalg.fill
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[ALL]])
// CHECK: scf.if
// CHECK: tensor.insert
func.func @pad(%x: !model.array<3 x N x f32>) -> (!model.array<8 x N + 5 x f32>, !model.array<N x 2 * N + -1 x f32>, !model.array<3 x 7 x f32>)
    attributes {model.entry = "function", model.symbols = {N = 6 : i64}} {
  %0 = model.pad %x low <1 x 2> high <2 x 3> interior [1, 0] value 0.5 : f32 : !model.array<3 x N x f32>
  %1 = model.pad %x low <N + -3 x 0> high <0 x 0> interior [0, 1] value -1.0 : f32 : !model.array<3 x N x f32>
  %2 = model.pad %x low <0 x 4> high <0 x 3 + -1 * N> interior [0, 0] value 2.0 : f32 : !model.array<3 x N x f32>
  return %0, %1, %2 : !model.array<8 x N + 5 x f32>, !model.array<N x 2 * N + -1 x f32>, !model.array<3 x 7 x f32>
}
func.func @pad_nothing_empty(%x: !model.array<N x i1>) -> !model.array<2 * N + 2 x i1>
    attributes {model.entry = "function", model.symbols = {N = 3 : i64}} {
  %0 = model.pad %x low <1> high <2> interior [1] value true : !model.array<N x i1>
  return %0 : !model.array<2 * N + 2 x i1>
}

func.func @concat(%x: !model.array<2 x N x f32>, %y: !model.array<2 x 3 x f32>, %b: !model.array<2 x i1>) -> (!model.array<2 x 2 * N + 3 x f32>, !model.array<6 x N x f32>, !model.array<4 x i1>)
    attributes {model.entry = "function", model.symbols = {N = 4 : i64}} {
  %0 = model.concat %x, %y, %x axis 1 : !model.array<2 x N x f32>, !model.array<2 x 3 x f32>, !model.array<2 x N x f32>
  %1 = model.concat %x, %x, %x axis 0 : !model.array<2 x N x f32>, !model.array<2 x N x f32>, !model.array<2 x N x f32>
  %2 = model.concat %b, %b axis 0 : !model.array<2 x i1>, !model.array<2 x i1>
  return %0, %1, %2 : !model.array<2 x 2 * N + 3 x f32>, !model.array<6 x N x f32>, !model.array<4 x i1>
}

func.func @iota() -> (!model.array<N x 3 x f64>, !model.array<N x 3 x i8>) attributes {model.entry = "function", model.symbols = {N = 4 : i64}} {
  %0 = model.iota axis 0 : !model.array<N x 3 x f64>
  %1 = model.iota axis 1 : !model.array<N x 3 x i8>
  return %0, %1 : !model.array<N x 3 x f64>, !model.array<N x 3 x i8>
}

func.func @reverse(%x: !model.array<3 x N x f32>) -> (!model.array<3 x N x f32>, !model.array<3 x N x f32>)
    attributes {model.entry = "function", model.symbols = {N = 4 : i64}} {
  %0 = model.reverse %x axes [0, 1] : !model.array<3 x N x f32>
  %1 = model.reverse %x axes [1] : !model.array<3 x N x f32>
  return %0, %1 : !model.array<3 x N x f32>, !model.array<3 x N x f32>
}

// Indices outside of the axis (inputs go from -4 to 8) are clamped.
func.func @gather(%x: !model.array<2 x N x 3 x f32>, %i: !model.array<4 x 2 x i32>, %s: !model.array<i8>)
    -> (!model.array<2 x 4 x 2 x 3 x f32>, !model.array<N x 3 x f32>)
    attributes {model.entry = "function", model.symbols = {N = 5 : i64}} {
  %0 = model.gather %x[%i] axis 1 : !model.array<2 x N x 3 x f32>, !model.array<4 x 2 x i32>
  %1 = model.gather %x[%s] axis 0 : !model.array<2 x N x 3 x f32>, !model.array<i8>
  return %0, %1 : !model.array<2 x 4 x 2 x 3 x f32>, !model.array<N x 3 x f32>
}

// Updates are added in order; what is added to must not change its operand.
// CHECK-LABEL: func.func @scatter_add
// CHECK: %[[START:.*]] = bufferization.alloc_tensor() copy(
// CHECK: scf.for {{.*}} iter_args(%[[OUTER:.*]] = %[[START]])
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[OUTER]])
// CHECK: arith.addf
// CHECK: tensor.insert
func.func @scatter_add(%x: !model.array<2 x 3 x f32>, %i: !model.array<9 x i64>, %u: !model.array<2 x 9 x f32>, %j: !model.array<N x 2 x i32>, %v: !model.array<N x 2 x 3 x f32>)
    -> (!model.array<2 x 3 x f32>, !model.array<2 x 3 x f32>, !model.array<2 x 3 x f32>)
    attributes {model.entry = "function", model.symbols = {N = 5 : i64}} {
  %0 = model.scatter_add %x[%i], %u axis 1 : !model.array<2 x 3 x f32>, !model.array<9 x i64>, !model.array<2 x 9 x f32>
  %1 = model.scatter_add %x[%j], %v axis 0 : !model.array<2 x 3 x f32>, !model.array<N x 2 x i32>, !model.array<N x 2 x 3 x f32>
  %2 = model.neg %x : !model.array<2 x 3 x f32>
  return %0, %1, %2 : !model.array<2 x 3 x f32>, !model.array<2 x 3 x f32>, !model.array<2 x 3 x f32>
}

// (((1 + 1e17) - 1e17) + 1) is 1; other orders give 0 or 2.
func.func @ordered() -> !model.array<1 x f64> attributes {model.entry = "function"} {
  %x = model.fill 1.0 : f64 : !model.array<1 x f64>
  %i = model.fill 0 : i32 : !model.array<3 x i32>
  %u = model.constant dense<[1.0e17, -1.0e17, 1.0]> : tensor<3xf64> : !model.array<3 x f64>
  %0 = model.scatter_add %x[%i], %u axis 0 : !model.array<1 x f64>, !model.array<3 x i32>, !model.array<3 x f64>
  return %0 : !model.array<1 x f64>
}

// An axis that turns out to have no elements is neither read nor written.
func.func @nowhere_empty(%x: !model.array<N x f32>, %i: !model.array<3 x i32>, %u: !model.array<3 x f32>) -> (!model.array<3 x f32>, !model.array<N x f32>)
    attributes {model.entry = "function", model.symbols = {N = 4 : i64}} {
  %0 = model.gather %x[%i] axis 0 : !model.array<N x f32>, !model.array<3 x i32>
  %1 = model.scatter_add %x[%i], %u axis 0 : !model.array<N x f32>, !model.array<3 x i32>, !model.array<3 x f32>
  return %0, %1 : !model.array<3 x f32>, !model.array<N x f32>
}
