// RUN: %model-opt %s --split-input-file --verify-diagnostics --canonicalize | FileCheck %s

// Stacks that nobody reads go, and so do carries that only feed themselves.
// CHECK-LABEL: func.func @dead
// CHECK: %[[R:.*]] = model.scan <T> carries(%arg0) : (!model.array<4 x f32>) -> !model.array<4 x f32> {
// CHECK-NEXT: ^bb0(%{{.*}}: !model.array<i64>, %[[C:.*]]: !model.array<4 x f32>):
// CHECK-NEXT: %[[E:.*]] = model.exp %[[C]]
// CHECK-NEXT: model.yield %[[E]]
// CHECK: return %[[R]]
func.func @dead(%x: !model.array<4 x f32>, %y: !model.array<4 x f32>, %z: !model.array<T x 4 x f32>) -> !model.array<4 x f32> {
  %0:3 = model.scan <T> carries(%x, %y) slices(%z) : (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<T x 4 x f32>)
      -> (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<T x 4 x f32>) {
  ^bb0(%i: !model.array<i64>, %a: !model.array<4 x f32>, %b: !model.array<4 x f32>, %v: !model.array<4 x f32>):
    %e = model.exp %a : !model.array<4 x f32>
    %s = model.add %b, %v : !model.array<4 x f32>
    model.yield %e, %s, %s : !model.array<4 x f32>, !model.array<4 x f32>, !model.array<4 x f32>
  }
  return %0#0 : !model.array<4 x f32>
}

// A call stays, and with it the carry that it is given.
// CHECK-LABEL: func.func @call
// CHECK: model.scan <T> carries(%arg0, %arg0)
// CHECK: model.call @f
func.func @call(%x: !model.array<4 x f32>) -> !model.array<4 x f32> {
  %0:2 = model.scan <T> carries(%x, %x) : (!model.array<4 x f32>, !model.array<4 x f32>) -> (!model.array<4 x f32>, !model.array<4 x f32>) {
  ^bb0(%i: !model.array<i64>, %a: !model.array<4 x f32>, %b: !model.array<4 x f32>):
    %e = model.exp %a : !model.array<4 x f32>
    %l = model.log %b : !model.array<4 x f32>
    %c = model.call @f(%b) : (!model.array<4 x f32>) -> !model.array<4 x f32>
    model.yield %e, %l : !model.array<4 x f32>, !model.array<4 x f32>
  }
  return %0#0 : !model.array<4 x f32>
}
func.func private @f(!model.array<4 x f32>) -> !model.array<4 x f32>

// Carries that start and go on alike are one, and so are operands and stacks that are the same.
// CHECK-LABEL: func.func @equal
// CHECK: %[[R:.*]]:2 = model.scan <T> carries(%arg0) slices(%arg1) :
// CHECK-NEXT: ^bb0(%{{.*}}: !model.array<i64>, %[[C:.*]]: !model.array<4 x f32>, %[[V:.*]]: !model.array<4 x f32>):
// CHECK-NEXT: model.add %[[V]], %[[V]]
// CHECK-NEXT: model.add %[[C]], %[[C]]
// CHECK: return %[[R]]#0, %[[R]]#0, %[[R]]#1, %[[R]]#1 :
func.func @equal(%x: !model.array<4 x f32>, %z: !model.array<T x 4 x f32>)
    -> (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<T x 4 x f32>, !model.array<T x 4 x f32>) {
  %0:4 = model.scan <T> carries(%x, %x) slices(%z, %z) : (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<T x 4 x f32>, !model.array<T x 4 x f32>)
      -> (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<T x 4 x f32>, !model.array<T x 4 x f32>) {
  ^bb0(%i: !model.array<i64>, %a: !model.array<4 x f32>, %b: !model.array<4 x f32>, %v: !model.array<4 x f32>, %w: !model.array<4 x f32>):
    %s = model.add %v, %w : !model.array<4 x f32>
    %t = model.add %a, %b : !model.array<4 x f32>
    %u = model.mul %s, %t : !model.array<4 x f32>
    model.yield %u, %u, %s, %s : !model.array<4 x f32>, !model.array<4 x f32>, !model.array<4 x f32>, !model.array<4 x f32>
  }
  return %0#0, %0#1, %0#2, %0#3 : !model.array<4 x f32>, !model.array<4 x f32>, !model.array<T x 4 x f32>, !model.array<T x 4 x f32>
}

// Carries that never change are invariants, and constants move into the block.
// CHECK-LABEL: func.func @unchanged
// CHECK: %[[R:.*]] = model.scan <T> carries(%arg0) invariants(%arg1, %arg2) :
// CHECK: %[[TWO:.*]] = model.fill 2.000000e+00
// CHECK: model.mul %{{.*}}, %[[TWO]]
// CHECK: return %[[R]], %arg1, %arg2
func.func @unchanged(%x: !model.array<4 x f32>, %y: !model.array<4 x f32>, %z: !model.array<4 x f32>)
    -> (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<4 x f32>) {
  %two = model.fill 2.0 : f32 : !model.array<4 x f32>
  %0:3 = model.scan <T> carries(%x, %y, %z) invariants(%two) : (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<4 x f32>, !model.array<4 x f32>)
      -> (!model.array<4 x f32>, !model.array<4 x f32>, !model.array<4 x f32>) {
  ^bb0(%i: !model.array<i64>, %a: !model.array<4 x f32>, %b: !model.array<4 x f32>, %c: !model.array<4 x f32>, %w: !model.array<4 x f32>):
    %s = model.add %a, %b : !model.array<4 x f32>
    %t = model.mul %s, %w : !model.array<4 x f32>
    %u = model.sub %t, %c : !model.array<4 x f32>
    model.yield %u, %b, %c : !model.array<4 x f32>, !model.array<4 x f32>, !model.array<4 x f32>
  }
  return %0#0, %0#1, %0#2 : !model.array<4 x f32>, !model.array<4 x f32>, !model.array<4 x f32>
}

// -----

func.func @slice(%x: !model.array<4 x f32>) {
  // expected-error@+1 {{slices an operand of type '!model.array<4 x f32>'; its leading size must be the length, T}}
  model.scan <T> slices(%x) : (!model.array<4 x f32>) -> () {
  ^bb0(%i: !model.array<i64>, %v: !model.array<f32>):
    model.yield
  }
  return
}

// -----

func.func @results(%x: !model.array<4 x f32>) {
  // expected-error@+1 {{results number 0 has type '!model.array<4 x f32>'; wanted '!model.array<T x 4 x f32>'}}
  %0 = model.scan <T> invariants(%x) : (!model.array<4 x f32>) -> !model.array<4 x f32> {
  ^bb0(%i: !model.array<i64>, %v: !model.array<4 x f32>):
    model.yield %v : !model.array<4 x f32>
  }
  return
}
