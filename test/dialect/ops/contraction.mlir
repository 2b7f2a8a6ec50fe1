// RUN: %model-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// Batch axes, then the left operand's free axes, then the right one's.
// CHECK-LABEL: func.func @shapes
// CHECK: model.contract %arg0, %arg1 batch [0] x [2] contract [2] x [0] : <B x N x 8 x f32>, <8 x M x B x f32>
func.func @shapes(%a: !model.array<B x N x 8 x f32>, %b: !model.array<8 x M x B x f32>) -> !model.array<B x N x M x f32> {
  %0 = model.contract %a, %b batch [0] x [2] contract [2] x [0] : !model.array<B x N x 8 x f32>, !model.array<8 x M x B x f32>
  return %0 : !model.array<B x N x M x f32>
}

// -----

func.func @inner(%a: !model.array<4 x 64 x f32>, %b: !model.array<32 x 8 x f32>) {
  // expected-error@+1 {{inner dimensions differ: 64 vs 32}}
  %0 = model.contract %a, %b batch [] x [] contract [1] x [0] : !model.array<4 x 64 x f32>, !model.array<32 x 8 x f32>
  return
}

// -----

func.func @axis(%a: !model.array<4 x 64 x f32>) {
  // expected-error@+1 {{axis 2 is out of range or repeated; the operand has 2 axes}}
  %0 = model.contract %a, %a batch [] x [] contract [2] x [0] : !model.array<4 x 64 x f32>, !model.array<4 x 64 x f32>
  return
}

// -----

func.func @elements(%a: !model.array<4 x f32>, %b: !model.array<4 x f64>) {
  // expected-error@+1 {{element types differ}}
  %0 = model.contract %a, %b batch [] x [] contract [0] x [0] : !model.array<4 x f32>, !model.array<4 x f64>
  return
}
