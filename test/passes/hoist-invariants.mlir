// RUN: %model-opt %s --simplify | FileCheck %s

// What is the same each time is computed once; movements stay with what reads them.
// CHECK-LABEL: func.func @hoist
// CHECK: %[[E:.*]] = model.exp %arg1 : <4 x 4 x f32>
// CHECK: %[[S:.*]] = model.reduce_sum %[[E]] axes [0]
// CHECK: model.scan <T> carries(%arg0) invariants(%[[E]], %[[S]]) :
// CHECK-NEXT: ^bb0(%{{.*}}: !model.array<i64>, %[[C:.*]]: !model.array<N x 4 x f32>, %[[W:.*]]: !model.array<4 x 4 x f32>, %[[V:.*]]: !model.array<4 x f32>):
// CHECK-NEXT: %[[P:.*]] = model.contract %[[C]], %[[W]]
// CHECK-NEXT: %[[B:.*]] = model.broadcast %[[V]] to <N x 4> axes [1]
// CHECK-NEXT: model.add %[[P]], %[[B]]
func.func @hoist(%h: !model.array<N x 4 x f32>, %w: !model.array<4 x 4 x f32>) -> !model.array<N x 4 x f32> {
  %0 = model.scan <T> carries(%h) invariants(%w) : (!model.array<N x 4 x f32>, !model.array<4 x 4 x f32>) -> !model.array<N x 4 x f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<N x 4 x f32>, %u: !model.array<4 x 4 x f32>):
    %e = model.exp %u : !model.array<4 x 4 x f32>
    %s = model.reduce_sum %e axes [0] : !model.array<4 x 4 x f32>
    %p = model.contract %c, %e batch [] x [] contract [1] x [0] : !model.array<N x 4 x f32>, !model.array<4 x 4 x f32>
    %b = model.broadcast %s to <N x 4> axes [1] : !model.array<4 x f32>
    %n = model.add %p, %b : !model.array<N x 4 x f32>
    model.yield %n : !model.array<N x 4 x f32>
  }
  return %0 : !model.array<N x 4 x f32>
}

// A movement before a hoisted operation is repeated outside, and out of two scans.
// CHECK-LABEL: func.func @nested
// CHECK: %[[T:.*]] = model.reverse %arg1 axes [0]
// CHECK: %[[E:.*]] = model.tanh %[[T]]
// CHECK: model.scan <T> carries(%arg0) invariants(%[[E]]) :
// CHECK: model.scan <3> carries(%{{.*}}) invariants(%{{.*}}) :
// CHECK-NOT: model.tanh
// CHECK: return
func.func @nested(%h: !model.array<4 x f32>, %w: !model.array<4 x f32>) -> !model.array<4 x f32> {
  %0 = model.scan <T> carries(%h) invariants(%w) : (!model.array<4 x f32>, !model.array<4 x f32>) -> !model.array<4 x f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<4 x f32>, %u: !model.array<4 x f32>):
    %1 = model.scan <3> carries(%c) invariants(%u) : (!model.array<4 x f32>, !model.array<4 x f32>) -> !model.array<4 x f32> {
    ^bb0(%j: !model.array<i64>, %d: !model.array<4 x f32>, %v: !model.array<4 x f32>):
      %r = model.reverse %v axes [0] : !model.array<4 x f32>
      %t = model.tanh %r : !model.array<4 x f32>
      %n = model.add %d, %t : !model.array<4 x f32>
      model.yield %n : !model.array<4 x f32>
    }
    model.yield %1 : !model.array<4 x f32>
  }
  return %0 : !model.array<4 x f32>
}

// A mask costs less to compute than to load, and a sum with it is different each time.
// CHECK-LABEL: func.func @mask
// CHECK-NOT: model.compare
// CHECK: model.scan <L> carries(%arg0) :
// CHECK: model.compare le
// CHECK: model.select
func.func @mask(%h: !model.array<T x T x f32>) -> !model.array<T x T x f32> {
  %0 = model.scan <L> carries(%h) : (!model.array<T x T x f32>) -> !model.array<T x T x f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<T x T x f32>):
    %row = model.iota axis 0 : !model.array<T x T x i32>
    %column = model.iota axis 1 : !model.array<T x T x i32>
    %mask = model.compare le %column, %row : !model.array<T x T x i32>
    %none = model.fill 0.0 : f32 : !model.array<T x T x f32>
    %n = model.select %mask, %c, %none : !model.array<T x T x i1>, !model.array<T x T x f32>
    model.yield %n : !model.array<T x T x f32>
  }
  return %0 : !model.array<T x T x f32>
}

// A block that only stacks what does not change leaves nothing to repeat.
// CHECK-LABEL: func.func @stack
// CHECK-NEXT: %[[E:.*]] = model.exp %arg0
// CHECK-NEXT: %[[B:.*]] = model.broadcast %[[E]] to <T x 4> axes [1]
// CHECK-NEXT: return %[[B]]
func.func @stack(%w: !model.array<4 x f32>) -> !model.array<T x 4 x f32> {
  %0 = model.scan <T> invariants(%w) : (!model.array<4 x f32>) -> !model.array<T x 4 x f32> {
  ^bb0(%i: !model.array<i64>, %u: !model.array<4 x f32>):
    %e = model.exp %u : !model.array<4 x f32>
    model.yield %e : !model.array<4 x f32>
  }
  return %0 : !model.array<T x 4 x f32>
}
