// RUN: %model-opt %s --simplify -mlir-print-debuginfo -mlir-print-local-scope | FileCheck %s

// One operation, the lines of both; the order of a sum's terms does not matter.
// CHECK-LABEL: func.func @twice
// CHECK: %[[S:.*]] = model.add %arg0, %arg1 : <N x f32> loc(fused["a.model":1:1, "a.model":2:1])
// CHECK: return %[[S]], %[[S]]
func.func @twice(%x: !model.array<N x f32>, %y: !model.array<N x f32>) -> (!model.array<N x f32>, !model.array<N x f32>) {
  %0 = model.add %x, %y : !model.array<N x f32> loc("a.model":1:1)
  %1 = model.add %y, %x : !model.array<N x f32> loc("a.model":2:1)
  return %0, %1 : !model.array<N x f32>, !model.array<N x f32> loc("a.model":3:1)
}

// Equal scans are one, and each operation of the block has both lines. Blocks are merged within.
// CHECK-LABEL: func.func @scans
// CHECK: model.scan <T> carries(%arg0)
// CHECK: %[[E:.*]] = model.exp %{{.*}} loc(fused["a.model":4:1, "a.model":5:1, "a.model":8:1])
// CHECK: model.mul %[[E]], %[[E]] : <4 x f32> loc(fused["a.model":6:1, "a.model":9:1])
// CHECK: loc(fused["a.model":7:1, "a.model":10:1])
// CHECK-NOT: model.scan
// CHECK: return
func.func @scans(%h: !model.array<4 x f32>) -> (!model.array<4 x f32>, !model.array<4 x f32>) {
  %0 = model.scan <T> carries(%h) : (!model.array<4 x f32>) -> !model.array<4 x f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<4 x f32>):
    %a = model.exp %c : !model.array<4 x f32> loc("a.model":4:1)
    %b = model.exp %c : !model.array<4 x f32> loc("a.model":5:1)
    %p = model.mul %a, %b : !model.array<4 x f32> loc("a.model":6:1)
    model.yield %p : !model.array<4 x f32> loc("a.model":6:2)
  } loc("a.model":7:1)
  %1 = model.scan <T> carries(%h) : (!model.array<4 x f32>) -> !model.array<4 x f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<4 x f32>):
    %a = model.exp %c : !model.array<4 x f32> loc("a.model":8:1)
    %p = model.mul %a, %a : !model.array<4 x f32> loc("a.model":9:1)
    model.yield %p : !model.array<4 x f32> loc("a.model":9:2)
  } loc("a.model":10:1)
  return %0, %1 : !model.array<4 x f32>, !model.array<4 x f32> loc("a.model":11:1)
}

// Another attribute, another operation; a call is not known to give the same.
// CHECK-LABEL: func.func @different
// CHECK: model.compare lt
// CHECK: model.compare le
// CHECK: model.random_uniform %{{.*}} <4 x f32>
// CHECK: model.random_uniform %{{.*}} <5 x f32>
// CHECK: model.call
// CHECK: model.call
func.func @different(%x: !model.array<f32>, %y: !model.array<f32>, %key: !model.array<i64>)
    -> (!model.array<i1>, !model.array<i1>, !model.array<4 x f32>, !model.array<5 x f32>, !model.array<f32>, !model.array<f32>) {
  %0 = model.compare lt %x, %y : !model.array<f32>
  %1 = model.compare le %x, %y : !model.array<f32>
  %2 = model.random_uniform %key : !model.array<i64> -> !model.array<4 x f32>
  %3 = model.random_uniform %key : !model.array<i64> -> !model.array<5 x f32>
  %4 = model.call @f(%x) : (!model.array<f32>) -> !model.array<f32>
  %5 = model.call @f(%x) : (!model.array<f32>) -> !model.array<f32>
  return %0, %1, %2, %3, %4, %5 : !model.array<i1>, !model.array<i1>, !model.array<4 x f32>, !model.array<5 x f32>, !model.array<f32>, !model.array<f32>
}
func.func private @f(%x: !model.array<f32>) -> !model.array<f32> {
  return %x : !model.array<f32>
}
