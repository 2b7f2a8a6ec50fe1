// RUN: %model-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @roundtrip
// CHECK: %[[K:.*]] = model.fold_in %arg0, %arg1 : <i64>
// CHECK: model.random_uniform %[[K]] : <i64> -> <N x f32>
// CHECK: model.random_normal %[[K]] : <i64> -> <4 x f64>
// CHECK: model.random_bernoulli %[[K]], %arg2 : <i64>, <f32> -> <N x i1>
func.func @roundtrip(%key: !model.array<i64>, %i: !model.array<i64>, %p: !model.array<f32>) {
  %k = model.fold_in %key, %i : !model.array<i64>
  %u = model.random_uniform %k : !model.array<i64> -> !model.array<N x f32>
  %n = model.random_normal %k : !model.array<i64> -> !model.array<4 x f64>
  %b = model.random_bernoulli %k, %p : !model.array<i64>, !model.array<f32> -> !model.array<N x i1>
  return
}

// -----

func.func @key(%key: !model.array<2 x i64>) {
  // expected-error@+1 {{operand #0 must be key, a scalar array of i64}}
  %u = model.random_uniform %key : !model.array<2 x i64> -> !model.array<4 x f32>
  return
}

// -----

func.func @probability(%key: !model.array<i64>, %p: !model.array<4 x f32>) {
  // expected-error@+1 {{operand #1 must be float scalar}}
  %b = model.random_bernoulli %key, %p : !model.array<i64>, !model.array<4 x f32> -> !model.array<4 x i1>
  return
}
