// RUN: %model-opt %s --resolve-gradients --verify-each | FileCheck %s

// What the reverse scan needs of the forward one comes from where it can be had: the index counts the other way,
// constants are cloned, slices and invariants are passed again, and only the rest (here sin's cosine needs %a) is
// stacked. A reverse scan becomes a forward one.
// CHECK-LABEL: func.func @captures(
// CHECK: %[[F:.*]]:2 = model.scan <T> reverse carries(%arg0) slices(%arg1) invariants(%arg2)
// CHECK: %[[A:.*]] = model.add
// CHECK: model.yield %{{.*}}, %[[A]] : !model.array<f32>, !model.array<f32>
// CHECK: model.scan <T> carries(%{{.*}}) slices(%arg1, %[[F]]#1) invariants(%arg2) :
// CHECK-NEXT: ^bb0(%[[I:.*]]: !model.array<i64>, %[[DC:.*]]: !model.array<f32>, %[[SUM:.*]]: !model.array<T x f32>, %[[X:.*]]: !model.array<f32>, %[[A1:.*]]: !model.array<f32>, %[[V:.*]]: !model.array<T x f32>):
// CHECK: %[[TWO:.*]] = model.fill 2.0
// CHECK: model.mul %[[DC]], %[[TWO]]
// CHECK: model.cos %[[A1]]
// CHECK: model.mul %{{.*}}, %[[X]]
// CHECK: %[[DV:.*]] = model.scatter_add %{{.*}}[%[[I]]],
// CHECK: %[[TWICE:.*]] = model.mul %{{.*}}, %[[V]]
// CHECK: model.add %[[SUM]], %{{.*}}
func.func private @captures.forward(%h: !model.array<f32>, %xs: !model.array<T x f32>, %w: !model.array<T x f32>) -> !model.array<f32> {
  %0 = model.scan <T> reverse carries(%h) slices(%xs) invariants(%w) : (!model.array<f32>, !model.array<T x f32>, !model.array<T x f32>) -> !model.array<f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<f32>, %x: !model.array<f32>, %v: !model.array<T x f32>):
    %square = model.mul %v, %v : <T x f32>
    %k = model.gather %square[%i] axis 0 : <T x f32>, <i64>
    %1 = model.mul %c, %x : <f32>
    %a = model.add %1, %k : <f32>
    %s = model.sin %a : <f32>
    %two = model.fill 2.0 : f32 : <f32>
    %r = model.mul %s, %two : <f32>
    model.yield %r : !model.array<f32>
  }
  return %0 : !model.array<f32>
}
func.func @captures(%h: !model.array<f32>, %xs: !model.array<T x f32>, %w: !model.array<T x f32>) -> (!model.array<f32>, !model.array<T x f32>) {
  %0:3 = model.gradient @captures.forward(%h, %xs, %w) wrt [0, 2] : (!model.array<f32>, !model.array<T x f32>, !model.array<T x f32>) -> (!model.array<f32>, !model.array<f32>, !model.array<T x f32>)
  return %0#1, %0#2 : !model.array<f32>, !model.array<T x f32>
}

// A carry whose initial value is not wanted still passes the gradient on where the body makes it depend on something
// wanted; one that never does (the second) has no cotangent.
// CHECK-LABEL: func.func @varied(
// CHECK: model.scan <4> carries(%arg0, %arg0) invariants(%arg1)
// CHECK: %[[R:.*]]:2 = model.scan <4> reverse carries(%{{.*}}, %{{.*}}) slices(%{{.*}}) :
// CHECK-NEXT: ^bb0(%{{.*}}: !model.array<i64>, %[[DC:.*]]: !model.array<f32>, %[[SUM:.*]]: !model.array<f32>, %[[D:.*]]: !model.array<f32>):
// CHECK-NEXT: %[[DV:.*]] = model.mul %[[DC]], %[[D]]
// CHECK-NEXT: %[[NEXT:.*]] = model.add %[[SUM]], %[[DV]]
// CHECK-NEXT: model.yield %[[DC]], %[[NEXT]]
// CHECK: return %[[R]]#1
func.func private @varied.forward(%h: !model.array<f32>, %w: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.scan <4> carries(%h, %h) invariants(%w) : (!model.array<f32>, !model.array<f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<f32>) {
  ^bb0(%i: !model.array<i64>, %c: !model.array<f32>, %d: !model.array<f32>, %v: !model.array<f32>):
    %1 = model.mul %v, %d : <f32>
    %2 = model.add %c, %1 : <f32>
    %3 = model.exp %d : <f32>
    model.yield %2, %3 : !model.array<f32>, !model.array<f32>
  }
  return %0#0 : !model.array<f32>
}
func.func @varied(%h: !model.array<f32>, %w: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @varied.forward(%h, %w) wrt [1] : (!model.array<f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}

// A result into which nothing flows gets zeros for a carry and nothing for a stack.
// CHECK-LABEL: func.func @unused_results(
// CHECK: %[[F:.*]]:3 = model.scan <4> carries(%arg0) slices(%arg1)
// CHECK: %[[DY:.*]] = model.broadcast %{{.*}} to <4> axes []
// CHECK: %[[ZERO:.*]] = model.fill 0.0
// CHECK: %[[R:.*]]:2 = model.scan <4> reverse carries(%[[ZERO]]) slices(%[[DY]]) :
// CHECK: return %[[R]]#1
func.func private @unused_results.forward(%h: !model.array<f32>, %xs: !model.array<4 x f32>) -> !model.array<f32> {
  %last, %used, %unused = model.scan <4> carries(%h) slices(%xs) : (!model.array<f32>, !model.array<4 x f32>) -> (!model.array<f32>, !model.array<4 x f32>, !model.array<4 x f32>) {
  ^bb0(%i: !model.array<i64>, %c: !model.array<f32>, %x: !model.array<f32>):
    %1 = model.add %c, %x : <f32>
    %2 = model.exp %1 : <f32>
    model.yield %1, %1, %2 : !model.array<f32>, !model.array<f32>, !model.array<f32>
  }
  %s = model.reduce_sum %used axes [0] : <4 x f32>
  return %s : !model.array<f32>
}
func.func @unused_results(%h: !model.array<f32>, %xs: !model.array<4 x f32>) -> !model.array<4 x f32> {
  %0:2 = model.gradient @unused_results.forward(%h, %xs) wrt [1] : (!model.array<f32>, !model.array<4 x f32>) -> (!model.array<f32>, !model.array<4 x f32>)
  return %0#1 : !model.array<4 x f32>
}
