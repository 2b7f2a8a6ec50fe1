// RUN: %model-opt %s --form-kernels --schedule --plan-memory --verify-diagnostics | FileCheck %s

// The slot is written where it stands.
// CHECK-LABEL: func.func @in_place
// CHECK: model.kernel map(%arg0) : (!model.buffer<8 x f32>)
// CHECK-NOT: model.kernel
// CHECK: return
func.func @in_place(%w: !model.array<8 x f32> {model.slot = @w}) -> (!model.array<8 x f32> {model.slot = @w})
    attributes {model.entry = "step"} {
  %e = model.exp %w : !model.array<8 x f32>
  return %e : !model.array<8 x f32>
}

// Two slots trade places: one of the new values must wait in the workspace.
// CHECK-LABEL: func.func @trade
// CHECK-DAG: %[[T0:.*]] = model.view %arg4[0]
// CHECK: model.kernel map(%arg1, %[[T0]])
// CHECK: model.kernel map(%arg0, %arg1)
// CHECK: model.kernel map(%[[T0]], %arg0)
func.func @trade(%a: !model.array<8 x f32> {model.slot = @a}, %b: !model.array<8 x f32> {model.slot = @b})
    -> (!model.array<8 x f32> {model.slot = @a}, !model.array<8 x f32> {model.slot = @b})
    attributes {model.entry = "step"} {
  // expected-remark@+1 {{the old value of `a` is still read here when the new one is known; `trade` copies the new one at its end}}
  return %b, %a : !model.array<8 x f32>, !model.array<8 x f32>
}

// A slot that does not change is not touched.
// CHECK-LABEL: func.func @same
// CHECK-NOT: model.kernel
// CHECK: return
func.func @same(%w: !model.array<8 x f32> {model.slot = @w}) -> (!model.array<8 x f32> {model.slot = @w})
    attributes {model.entry = "step"} {
  return %w : !model.array<8 x f32>
}

// A result that is an argument, and a second use of a result, are copies.
// CHECK-LABEL: func.func @shared
// CHECK: model.kernel map(%arg0, %arg1)
// CHECK: model.exp
// CHECK: model.kernel map(%arg0, %arg2)
// CHECK: model.kernel map(%arg1, %arg3)
func.func @shared(%x: !model.array<8 x f32>) -> (!model.array<8 x f32>, !model.array<8 x f32>, !model.array<8 x f32>)
    attributes {model.entry = "function"} {
  %e = model.exp %x : !model.array<8 x f32>
  return %e, %x, %e : !model.array<8 x f32>, !model.array<8 x f32>, !model.array<8 x f32>
}

// A carry that a contraction reads cannot be written by it: a temporary and a copy.
// CHECK-LABEL: func.func @carry
// CHECK: model.loop <10>
// CHECK: model.kernel contraction(%arg0, %arg1, %[[NEW:.*]]) :
// CHECK: model.kernel map(%[[NEW]], %arg0) :
func.func @carry(%h: !model.array<4 x 4 x f32> {model.slot = @h}, %w: !model.array<4 x 4 x f32>) -> (!model.array<4 x 4 x f32> {model.slot = @h})
    attributes {model.entry = "step"} {
  %r = model.scan <10> carries(%h) invariants(%w) : (!model.array<4 x 4 x f32>, !model.array<4 x 4 x f32>) -> (!model.array<4 x 4 x f32>) {
  ^bb0(%i: !model.array<i64>, %c: !model.array<4 x 4 x f32>, %v: !model.array<4 x 4 x f32>):
    %n = model.contract %c, %v batch [] x [] contract [1] x [0] : !model.array<4 x 4 x f32>, !model.array<4 x 4 x f32>
    model.yield %n : !model.array<4 x 4 x f32>
  }
  return %r : !model.array<4 x 4 x f32>
}
