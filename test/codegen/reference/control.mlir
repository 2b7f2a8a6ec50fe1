// RUN: %model-opt %s --reference-lowering | FileCheck %s
// RUN: %python %S/inputs/execute.py --model-opt %model-opt --clang %clang --work %t %s

// CHECK-LABEL: func.func @sources
// CHECK: arith.constant dense<{{.*}}> : tensor<2x3xi32>
// CHECK: linalg.fill
// CHECK: arith.index_cast {{.*}} : index to i64
// CHECK: arith.sitofp
func.func @sources() -> (!model.array<2 x 3 x i32>, !model.array<5 x i1>, !model.array<N x 2 x f32>, !model.array<f32>, !model.array<i32>, !model.array<f64>)
    attributes {model.entry = "function", model.symbols = {N = 7 : i64}} {
  %0 = model.constant dense<[[1, 2, 3], [-4, 5, 6]]> : tensor<2x3xi32> : !model.array<2 x 3 x i32>
  %1 = model.constant dense<[true, false, false, true, true]> : tensor<5xi1> : !model.array<5 x i1>
  %2 = model.fill 0.25 : f32 : !model.array<N x 2 x f32>
  %3 = model.size <2 * N + -1> : !model.array<f32>
  %4 = model.size <((N) floordiv (2)) * 3> : !model.array<i32>
  %5 = model.constant dense<-2.5> : tensor<f64> : !model.array<f64>
  return %0, %1, %2, %3, %4, %5 : !model.array<2 x 3 x i32>, !model.array<5 x i1>, !model.array<N x 2 x f32>, !model.array<f32>, !model.array<i32>, !model.array<f64>
}

// The loop owns its carries and stacks: initial values are copied, new ones are copied before the
// first old one is overwritten, stacks are written in place.
// CHECK-LABEL: func.func @scan
// CHECK: %[[FIRST:.*]] = bufferization.alloc_tensor() copy(%{{.*}}) : tensor<?xf32>
// CHECK: %[[STACK:.*]] = tensor.empty(%[[T:.*]], %{{.*}}) : tensor<?x?xf32>
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %[[T]] step %{{.*}} iter_args(%[[CARRY:.*]] = %[[FIRST]], %[[ALL:.*]] = %[[STACK]])
// CHECK: %[[SLICE:.*]] = tensor.extract_slice %{{.*}}[%[[I]], 0] [1, %{{.*}}] [1, 1]
// CHECK: bufferization.alloc_tensor() copy(%[[SLICE]])
// CHECK: %[[NEXT:.*]] = bufferization.alloc_tensor() copy(
// CHECK: %[[LONGER:.*]] = tensor.insert_slice %{{.*}} into %[[ALL]][%[[I]], 0]
// CHECK: %[[OVER:.*]] = bufferization.materialize_in_destination %[[NEXT]] in %[[CARRY]]
// CHECK: scf.yield %[[OVER]], %[[LONGER]]
func.func @scan(%h: !model.array<N x f32>, %x: !model.array<T x N x f32>, %w: !model.array<f32>) -> (!model.array<N x f32>, !model.array<T x N x f32>, !model.array<N x f32>)
    attributes {model.entry = "function", model.symbols = {N = 3 : i64, T = 4 : i64}} {
  %last, %all = model.scan <T> carries(%h) slices(%x) invariants(%w) : (!model.array<N x f32>, !model.array<T x N x f32>, !model.array<f32>) -> (!model.array<N x f32>, !model.array<T x N x f32>) {
  ^bb0(%i: !model.array<i64>, %c: !model.array<N x f32>, %v: !model.array<N x f32>, %k: !model.array<f32>):
    %n = model.cast %i to f32 : !model.array<i64>
    %kn = model.add %k, %n : !model.array<f32>
    %b = model.broadcast %kn to <N> axes [] : !model.array<f32>
    %0 = model.mul %b, %v : !model.array<N x f32>
    %1 = model.add %c, %0 : !model.array<N x f32>
    model.yield %1, %c : !model.array<N x f32>, !model.array<N x f32>
  }
  // What a scan starts from does not change.
  %2 = model.neg %h : !model.array<N x f32>
  return %last, %all, %2 : !model.array<N x f32>, !model.array<T x N x f32>, !model.array<N x f32>
}

// Carries that change places, and one that is a part of another; one value twice.
func.func @swap(%a: !model.array<4 x f32>, %b: !model.array<4 x f32>) -> (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<2 x f32>, !model.array<4 x f32>, !model.array<3 x 4 x f32>, !model.array<3 x 4 x f32>)
    attributes {model.entry = "function"} {
  %s = model.slice %a starts <0> counts <2> steps [1] : !model.array<4 x f32>
  %0:6 = model.scan <3> carries(%a, %b, %s, %b) : (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<2 x f32>, !model.array<4 x f32>) -> (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<2 x f32>, !model.array<4 x f32>, !model.array<3 x 4 x f32>, !model.array<3 x 4 x f32>) {
  ^bb0(%i: !model.array<i64>, %p: !model.array<4 x f32>, %q: !model.array<4 x f32>, %r: !model.array<2 x f32>, %t: !model.array<4 x f32>):
    %part = model.slice %q starts <1> counts <2> steps [2] : !model.array<4 x f32>
    %sum = model.add %p, %t : !model.array<4 x f32>
    model.yield %q, %p, %part, %sum, %sum, %sum : !model.array<4 x f32>, !model.array<4 x f32>, !model.array<2 x f32>, !model.array<4 x f32>, !model.array<4 x f32>, !model.array<4 x f32>
  }
  return %0#0, %0#1, %0#2, %0#3, %0#4, %0#5 : !model.array<4 x f32>, !model.array<4 x f32>, !model.array<2 x f32>, !model.array<4 x f32>, !model.array<3 x 4 x f32>, !model.array<3 x 4 x f32>
}

// A reversed scan counts down and stacks at the index; no step at all gives the initial values.
func.func @reversed_empty(%h: !model.array<f32>, %x: !model.array<T x f32>) -> (!model.array<f32>, !model.array<T x f32>, !model.array<T x i64>, !model.array<T x i1>)
    attributes {model.entry = "function", model.symbols = {T = 5 : i64}} {
  %0:4 = model.scan <T> reverse carries(%h) slices(%x) : (!model.array<f32>, !model.array<T x f32>) -> (!model.array<f32>, !model.array<T x f32>, !model.array<T x i64>, !model.array<T x i1>) {
  ^bb0(%i: !model.array<i64>, %c: !model.array<f32>, %v: !model.array<f32>):
    %half = model.fill 0.5 : f32 : !model.array<f32>
    %0 = model.mul %c, %half : !model.array<f32>
    %1 = model.add %0, %v : !model.array<f32>
    %2 = model.compare gt %1, %v : !model.array<f32>
    model.yield %1, %c, %i, %2 : !model.array<f32>, !model.array<f32>, !model.array<i64>, !model.array<i1>
  }
  return %0#0, %0#1, %0#2, %0#3 : !model.array<f32>, !model.array<T x f32>, !model.array<T x i64>, !model.array<T x i1>
}

// Scans in scans: the inner one carries what the outer one carries, slices, and holds fixed.
func.func @nested(%h: !model.array<N x f32>, %x: !model.array<T x 3 x N x f32>, %w: !model.array<N x f32>) -> (!model.array<N x f32>, !model.array<T x 3 x N x f32>)
    attributes {model.entry = "function", model.symbols = {N = 2 : i64, T = 3 : i64}} {
  %last, %all = model.scan <T> carries(%h) slices(%x) invariants(%w) : (!model.array<N x f32>, !model.array<T x 3 x N x f32>, !model.array<N x f32>) -> (!model.array<N x f32>, !model.array<T x 3 x N x f32>) {
  ^bb0(%i: !model.array<i64>, %c: !model.array<N x f32>, %v: !model.array<3 x N x f32>, %k: !model.array<N x f32>):
    %inner, %rows = model.scan <3> reverse carries(%c) slices(%v) invariants(%k) : (!model.array<N x f32>, !model.array<3 x N x f32>, !model.array<N x f32>) -> (!model.array<N x f32>, !model.array<3 x N x f32>) {
    ^bb0(%j: !model.array<i64>, %d: !model.array<N x f32>, %u: !model.array<N x f32>, %m: !model.array<N x f32>):
      %0 = model.max %d, %u : !model.array<N x f32>
      %1 = model.sub %0, %m : !model.array<N x f32>
      model.yield %1, %d : !model.array<N x f32>, !model.array<N x f32>
    }
    %sum = model.add %inner, %c : !model.array<N x f32>
    model.yield %sum, %rows : !model.array<N x f32>, !model.array<3 x N x f32>
  }
  return %last, %all : !model.array<N x f32>, !model.array<T x 3 x N x f32>
}

// Nothing is carried, nothing is stacked.
func.func @only_stacks(%x: !model.array<T x 2 x f32>) -> !model.array<T x 2 x f32> attributes {model.entry = "function", model.symbols = {T = 4 : i64}} {
  %0 = model.scan <T> slices(%x) : (!model.array<T x 2 x f32>) -> (!model.array<T x 2 x f32>) {
  ^bb0(%i: !model.array<i64>, %v: !model.array<2 x f32>):
    model.yield %v : !model.array<2 x f32>
  }
  model.scan <T> slices(%x) : (!model.array<T x 2 x f32>) -> () {
  ^bb0(%i: !model.array<i64>, %v: !model.array<2 x f32>):
    model.yield
  }
  return %0 : !model.array<T x 2 x f32>
}
