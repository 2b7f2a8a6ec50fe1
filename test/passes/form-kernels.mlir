// RUN: %model-opt %s --form-kernels | FileCheck %s

// Element functions join the reduction that reads them; its result is in memory.
// CHECK-LABEL: func.func @reduction
// CHECK: %[[SUM:.*]] = model.kernel row(%arg0)
// CHECK: model.mul
// CHECK: model.reduce_sum
// CHECK: model.kernel map(%[[SUM]]) in_place [0, 0]
// CHECK: model.exp
func.func @reduction(%x: !model.array<N x 8 x f32>) -> !model.array<N x f32> attributes {model.symbols = {N = 4 : i64}} {
  %a = model.mul %x, %x : !model.array<N x 8 x f32>
  %b = model.reduce_sum %a axes [1] : !model.array<N x 8 x f32>
  %c = model.exp %b : !model.array<N x f32>
  return %c : !model.array<N x f32>
}

// A kernel whose producers come later in the block than its first operation is placed after them.
// CHECK-LABEL: func.func @placed
// CHECK: %[[A:.*]] = model.kernel contraction
// CHECK: %[[B:.*]] = model.kernel map(%arg0, %[[A]])
// CHECK: return %[[B]]
func.func @placed(%x: !model.array<4 x 4 x f32>) -> !model.array<4 x 4 x f32> {
  %a = model.neg %x : !model.array<4 x 4 x f32>
  %b = model.contract %x, %x batch [] x [] contract [1] x [0] : !model.array<4 x 4 x f32>, !model.array<4 x 4 x f32>
  %c = model.add %a, %b : !model.array<4 x 4 x f32>
  return %c : !model.array<4 x 4 x f32>
}

// The bodies of scans are formed like any block; the scan stays.
// CHECK-LABEL: func.func @scan
// CHECK: model.scan <T>
// CHECK: model.kernel map(
// CHECK: model.tanh
// CHECK: model.yield
func.func @scan(%h: !model.array<4 x f32>) -> !model.array<4 x f32> {
  %r = model.scan <T> carries(%h) : (!model.array<4 x f32>) -> (!model.array<4 x f32>) {
  ^bb0(%i: !model.array<i64>, %c: !model.array<4 x f32>):
    %t = model.tanh %c : !model.array<4 x f32>
    model.yield %t : !model.array<4 x f32>
  }
  return %r : !model.array<4 x f32>
}

// What nobody reads is not computed.
// CHECK-LABEL: func.func @dead
// CHECK-NOT: model.kernel
func.func @dead(%x: !model.array<4 x f32>) -> !model.array<4 x f32> {
  %a = model.exp %x : !model.array<4 x f32>
  return %x : !model.array<4 x f32>
}
