// RUN: %model-opt %s --resolve-gradients --verify-each | FileCheck %s

// The gradient of a scan is a scan in the other direction over stacked residuals. The cotangent of the invariant is
// summed in a carry, that of the slices is stacked; the integer carry has none. The initial value's is not wanted.
// CHECK-LABEL: func.func @first(
// CHECK: %[[F:.*]]:5 = model.scan <T> carries(%arg0, %arg3) slices(%arg1) invariants(%arg2)
// CHECK: ^bb0(%[[I:.*]]: !model.array<i64>, %[[H:.*]]: !model.array<f32>, %[[K:.*]]: !model.array<i64>, %[[X:.*]]: !model.array<f32>, %[[V:.*]]: !model.array<f32>):
// CHECK: %[[Y:.*]] = model.tanh
// CHECK: model.yield %[[Y]], %{{.*}}, %[[Y]], %[[Y]], %[[H]] :
// CHECK: %[[ONE:.*]] = model.fill 1.0
// CHECK: %[[ONES:.*]] = model.broadcast %[[ONE]] to <T>
// CHECK: %[[ZERO:.*]] = model.fill 0.0
// CHECK: %[[R:.*]]:3 = model.scan <T> reverse carries(%[[ONE]], %[[ZERO]]) slices(%[[ONES]], %[[F]]#3, %[[F]]#4) invariants(%arg2)
// CHECK: ^bb0(%{{.*}}: !model.array<i64>, %[[DH:.*]]: !model.array<f32>, %[[SUM:.*]]: !model.array<f32>, %[[DY:.*]]: !model.array<f32>, %[[Y1:.*]]: !model.array<f32>, %[[H1:.*]]: !model.array<f32>, %[[V1:.*]]: !model.array<f32>):
// CHECK: model.add %[[DH]], %[[DY]]
// CHECK: model.mul %[[Y1]], %[[Y1]]
// CHECK: %[[DX:.*]] = model.mul
// CHECK: %[[DC:.*]] = model.mul %[[DX]], %[[V1]]
// CHECK: %[[DV:.*]] = model.mul %[[DX]], %[[H1]]
// CHECK: %[[DW:.*]] = model.add %[[SUM]], %[[DV]]
// CHECK: model.yield %[[DC]], %[[DW]], %[[DX]] :
// CHECK: return %[[R]]#2, %[[R]]#1
func.func private @f(%h0: !model.array<f32>, %xs: !model.array<T x f32>, %w: !model.array<f32>, %n: !model.array<i64>) -> !model.array<f32> {
  %last, %count, %all = model.scan <T> carries(%h0, %n) slices(%xs) invariants(%w) : (!model.array<f32>, !model.array<i64>, !model.array<T x f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<i64>, !model.array<T x f32>) {
  ^bb0(%i: !model.array<i64>, %h: !model.array<f32>, %k: !model.array<i64>, %x: !model.array<f32>, %v: !model.array<f32>):
    %0 = model.mul %h, %v : <f32>
    %1 = model.add %0, %x : <f32>
    %2 = model.tanh %1 : <f32>
    %3 = model.add %k, %i : <i64>
    model.yield %2, %3, %2 : !model.array<f32>, !model.array<i64>, !model.array<f32>
  }
  %s = model.reduce_sum %all axes [0] : <T x f32>
  %y = model.add %s, %last : <f32>
  return %y : !model.array<f32>
}
func.func @first(%h: !model.array<f32>, %xs: !model.array<T x f32>, %w: !model.array<f32>, %n: !model.array<i64>) -> (!model.array<T x f32>, !model.array<f32>) {
  %0:3 = model.gradient @f(%h, %xs, %w, %n) wrt [1, 2] : (!model.array<f32>, !model.array<T x f32>, !model.array<f32>, !model.array<i64>) -> (!model.array<f32>, !model.array<T x f32>, !model.array<f32>)
  return %0#1, %0#2 : !model.array<T x f32>, !model.array<f32>
}

// Second order: the reverse scan of the reverse scan runs forwards, and then the forward scan backwards.
// CHECK-LABEL: func.func @second(
// CHECK: %[[F:.*]]:{{[0-9]+}} = model.scan <T> carries(
// CHECK: %[[R:.*]]:{{[0-9]+}} = model.scan <T> reverse carries(
// CHECK: %[[RR:.*]]:{{[0-9]+}} = model.scan <T> carries(
// CHECK: %[[RF:.*]]:{{[0-9]+}} = model.scan <T> reverse carries(
// CHECK: %[[DW:.*]] = model.add %[[RR]]#{{[0-9]+}}, %[[RF]]#{{[0-9]+}}
// CHECK-NOT: model.scan
// CHECK: return %[[DW]]
func.func private @slope(%h: !model.array<f32>, %xs: !model.array<T x f32>, %w: !model.array<f32>, %n: !model.array<i64>) -> !model.array<f32> {
  %0:2 = model.gradient @f(%h, %xs, %w, %n) wrt [2] : (!model.array<f32>, !model.array<T x f32>, !model.array<f32>, !model.array<i64>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}
func.func @second(%h: !model.array<f32>, %xs: !model.array<T x f32>, %w: !model.array<f32>, %n: !model.array<i64>) -> !model.array<f32> {
  %0:2 = model.gradient @slope(%h, %xs, %w, %n) wrt [2] : (!model.array<f32>, !model.array<T x f32>, !model.array<f32>, !model.array<i64>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}

// Nested: the reverse scan contains a reverse scan, over stacks of the inner scan's stacks.
// CHECK-LABEL: func.func @nested(
// CHECK: %[[F:.*]]:2 = model.scan <T> carries(%arg0) invariants(%arg1) : {{.*}} -> (!model.array<f32>, !model.array<T x 3 x f32>)
// CHECK: %[[IN:.*]]:2 = model.scan <3> carries(
// CHECK: %[[E:.*]] = model.exp
// CHECK: %[[P:.*]] = model.mul %{{.*}}, %[[E]]
// CHECK: model.yield %[[P]], %[[E]] :
// CHECK: model.yield %[[IN]]#0, %[[IN]]#1 :
// CHECK: model.scan <T> reverse carries({{.*}}) slices(%[[F]]#1)
// CHECK-NEXT: ^bb0(%{{.*}}: !model.array<i64>, %{{.*}}: !model.array<f32>, %[[S:.*]]: !model.array<3 x f32>):
// CHECK: model.scan <3> reverse carries({{.*}}) slices(%[[S]])
func.func private @g(%h: !model.array<f32>, %w: !model.array<f32>) -> !model.array<f32> {
  %0 = model.scan <T> carries(%h) invariants(%w) : (!model.array<f32>, !model.array<f32>) -> !model.array<f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<f32>, %v: !model.array<f32>):
    %1 = model.scan <3> carries(%c) invariants(%v) : (!model.array<f32>, !model.array<f32>) -> !model.array<f32> {
    ^bb1(%j: !model.array<i64>, %d: !model.array<f32>, %u: !model.array<f32>):
      %2 = model.exp %u : <f32>
      %3 = model.mul %d, %2 : <f32>
      model.yield %3 : !model.array<f32>
    }
    model.yield %1 : !model.array<f32>
  }
  return %0 : !model.array<f32>
}
func.func @nested(%h: !model.array<f32>, %w: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @g(%h, %w) wrt [0] : (!model.array<f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}

// A gradient within a body is resolved there; the body is then differentiated like any other.
// CHECK-LABEL: func.func @within(
// CHECK: model.scan <4> carries(%arg0)
// CHECK: %[[S:.*]] = model.sin %[[C:.*]] :
// CHECK: %[[ONE:.*]] = model.fill 1.0
// CHECK: %[[COS:.*]] = model.cos %[[C]]
// CHECK: %[[D:.*]] = model.mul %[[ONE]], %[[COS]]
// CHECK: model.yield %[[D]], %[[C]] :
// CHECK: model.scan <4> reverse carries(
// CHECK: %[[SIN:.*]] = model.sin
// CHECK: model.neg
// CHECK: model.yield
func.func private @sine(%x: !model.array<f32>) -> !model.array<f32> {
  %0 = model.sin %x : <f32>
  return %0 : !model.array<f32>
}
func.func private @cosines(%x: !model.array<f32>) -> !model.array<f32> {
  %0 = model.scan <4> carries(%x) : (!model.array<f32>) -> !model.array<f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<f32>):
    %1:2 = model.gradient @sine(%c) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
    model.yield %1#1 : !model.array<f32>
  }
  return %0 : !model.array<f32>
}
func.func @within(%x: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @cosines(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}
