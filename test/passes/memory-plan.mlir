// RUN: %model-opt %s --form-kernels --plan-memory --verify-plan --split-input-file --verify-diagnostics | FileCheck %s

// A chain needs two regions of a contraction's size: the third lies over the first.
// CHECK-LABEL: func.func @chain
// CHECK-SAME: %[[W:[a-z0-9]+]]: !model.buffer<2048 x i8> {model.workspace}
// CHECK-SAME: model.regions = [{begin = 0 : i64, bytes = 1024 : i64, end = 1 : i64, offset = 0 : i64
// CHECK-SAME: {begin = 1 : i64, bytes = 1024 : i64, end = 2 : i64, offset = 1024 : i64
// CHECK-SAME: {begin = 2 : i64, bytes = 1024 : i64, end = 3 : i64, offset = 0 : i64
// CHECK-SAME: model.workspace_bytes = 2048 : i64
func.func @chain(%x: !model.array<N x 16 x f32> {model.input = "data"}, %w: !model.array<16 x 16 x f32>) -> (!model.array<N x 16 x f32>)
    attributes {model.entry = "function", model.symbols = {N = 16 : i64}} {
  %a = model.contract %x, %w batch [] x [] contract [1] x [0] : !model.array<N x 16 x f32>, !model.array<16 x 16 x f32>
  %b = model.contract %a, %w batch [] x [] contract [1] x [0] : !model.array<N x 16 x f32>, !model.array<16 x 16 x f32>
  %c = model.contract %b, %w batch [] x [] contract [1] x [0] : !model.array<N x 16 x f32>, !model.array<16 x 16 x f32>
  %d = model.contract %c, %w batch [] x [] contract [1] x [0] : !model.array<N x 16 x f32>, !model.array<16 x 16 x f32>
  return %d : !model.array<N x 16 x f32>
}

// -----

// A map writes over an operand that dies there; a reshape is the same memory.
// CHECK-LABEL: func.func @reuse
// CHECK: %[[A:.*]] = model.view %arg2[0] : <1024 x i8> -> <16 x 16 x f32>
// CHECK: %[[B:.*]] = model.view %arg2[0] : <1024 x i8> -> <256 x f32>
// CHECK: model.kernel contraction(%arg0, %[[A]]) :
// CHECK: model.kernel map(%[[B]]) :
// CHECK: model.kernel contraction(%[[B]], %arg1) :
func.func @reuse(%x: !model.array<16 x 16 x f32>) -> (!model.array<f32>) attributes {model.entry = "function"} {
  %a = model.contract %x, %x batch [] x [] contract [1] x [0] : !model.array<16 x 16 x f32>, !model.array<16 x 16 x f32>
  %b = model.reshape %a to <256> : !model.array<16 x 16 x f32>
  %c = model.tanh %b : !model.array<256 x f32>
  %d = model.contract %c, %c batch [] x [] contract [0] x [0] : !model.array<256 x f32>, !model.array<256 x f32>
  return %d : !model.array<f32>
}

// -----

// What a scan reads is kept while it runs: the body's regions lie elsewhere.
// CHECK-LABEL: func.func @loop
// CHECK-SAME: {begin = 0 : i64, bytes = 256 : i64, end = 6 : i64, offset = [[OUTER:[0-9]+]]
// CHECK-NOT: offset = [[OUTER]] : i64
// CHECK: {
func.func @loop(%x: !model.array<8 x 8 x f32>, %h: !model.array<8 x 8 x f32> {model.slot = @h}) -> (!model.array<8 x 8 x f32> {model.slot = @h}) attributes {model.entry = "function"} {
  %w = model.contract %x, %x batch [] x [] contract [1] x [0] : !model.array<8 x 8 x f32>, !model.array<8 x 8 x f32>
  %r = model.scan <10> carries(%h) invariants(%w) : (!model.array<8 x 8 x f32>, !model.array<8 x 8 x f32>) -> (!model.array<8 x 8 x f32>) {
  ^bb0(%i: !model.array<i64>, %c: !model.array<8 x 8 x f32>, %v: !model.array<8 x 8 x f32>):
    %n = model.contract %c, %v batch [] x [] contract [1] x [0] : !model.array<8 x 8 x f32>, !model.array<8 x 8 x f32>
    %t = model.contract %n, %v batch [] x [] contract [1] x [0] : !model.array<8 x 8 x f32>, !model.array<8 x 8 x f32>
    model.yield %t : !model.array<8 x 8 x f32>
  }
  return %r : !model.array<8 x 8 x f32>
}

// -----

// expected-error@+1 {{the memory of an array of shape `[N]` does not fit 64 bits, or one of its sizes has no bound}}
func.func @unbounded(%x: !model.array<N x f32>) -> !model.array<N x f32> attributes {model.entry = "function"} {
  %a = model.exp %x : !model.array<N x f32>
  return %a : !model.array<N x f32>
}
