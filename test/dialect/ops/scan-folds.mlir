// RUN: %model-opt %s --canonicalize | FileCheck %s

// A stack of invariants is a broadcast, of slices what was sliced, of indices an iota.
// CHECK-LABEL: func.func @unstack
// CHECK-DAG: %[[B:.*]] = model.broadcast %arg1 to <T x 4> axes [1] : <4 x f32>
// CHECK-DAG: %[[I:.*]] = model.iota axis 0 : <T x i64>
// CHECK-DAG: %[[F:.*]] = model.fill 1.000000e+00 : f32 : <T x 4 x f32>
// CHECK-NOT: model.scan
// CHECK: return %[[B]], %arg0, %[[I]], %[[F]] :
func.func @unstack(%x: !model.array<T x 4 x f32>, %w: !model.array<4 x f32>)
    -> (!model.array<T x 4 x f32>, !model.array<T x 4 x f32>, !model.array<T x i64>, !model.array<T x 4 x f32>) {
  %0:4 = model.scan <T> slices(%x) invariants(%w) : (!model.array<T x 4 x f32>, !model.array<4 x f32>)
      -> (!model.array<T x 4 x f32>, !model.array<T x 4 x f32>, !model.array<T x i64>, !model.array<T x 4 x f32>) {
  ^bb0(%i: !model.array<i64>, %v: !model.array<4 x f32>, %u: !model.array<4 x f32>):
    %one = model.fill 1.0 : f32 : !model.array<4 x f32>
    model.yield %u, %v, %i, %one : !model.array<4 x f32>, !model.array<4 x f32>, !model.array<i64>, !model.array<4 x f32>
  }
  return %0#0, %0#1, %0#2, %0#3 : !model.array<T x 4 x f32>, !model.array<T x 4 x f32>, !model.array<T x i64>, !model.array<T x 4 x f32>
}

// What repeats along the time is an invariant; the other repetitions are inside.
// CHECK-LABEL: func.func @slices
// CHECK: model.scan <T> carries(%arg0) invariants(%arg1)
// CHECK: ^bb0(%{{.*}}: !model.array<i64>, %[[H:.*]]: !model.array<N x 4 x f32>, %[[W:.*]]: !model.array<4 x f32>)
// CHECK: %[[TWO:.*]] = model.fill 2.000000e+00
// CHECK: %[[B:.*]] = model.broadcast %[[W]] to <N x 4> axes [1]
// CHECK: %[[SUM:.*]] = model.add %[[H]], %[[B]]
// CHECK: model.mul %[[SUM]], %[[TWO]]
func.func @slices(%h: !model.array<N x 4 x f32>, %w: !model.array<4 x f32>) -> !model.array<N x 4 x f32> {
  %b = model.broadcast %w to <T x N x 4> axes [2] : !model.array<4 x f32>
  %two = model.fill 2.0 : f32 : !model.array<T x N x 4 x f32>
  %0 = model.scan <T> carries(%h) slices(%b, %two)
      : (!model.array<N x 4 x f32>, !model.array<T x N x 4 x f32>, !model.array<T x N x 4 x f32>) -> !model.array<N x 4 x f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<N x 4 x f32>, %v: !model.array<N x 4 x f32>, %u: !model.array<N x 4 x f32>):
    %s = model.add %c, %v : !model.array<N x 4 x f32>
    %p = model.mul %s, %u : !model.array<N x 4 x f32>
    model.yield %p : !model.array<N x 4 x f32>
  }
  return %0 : !model.array<N x 4 x f32>
}

// Along another axis than the leading one the slices differ.
// CHECK-LABEL: func.func @other_axis
// CHECK: model.scan <T> carries(%{{.*}}) slices(%{{.*}}) :
func.func @other_axis(%h: !model.array<4 x f32>, %w: !model.array<T x f32>) -> !model.array<4 x f32> {
  %b = model.broadcast %w to <T x 4> axes [0] : !model.array<T x f32>
  %0 = model.scan <T> carries(%h) slices(%b) : (!model.array<4 x f32>, !model.array<T x 4 x f32>) -> !model.array<4 x f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<4 x f32>, %v: !model.array<4 x f32>):
    %s = model.add %c, %v : !model.array<4 x f32>
    model.yield %s : !model.array<4 x f32>
  }
  return %0 : !model.array<4 x f32>
}
