// RUN: %model-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// Constants, sizes and declarations round-trip.
// CHECK: model.slot @blocks.w : !model.array<3 x 4 x f32> "parameter" file "blocks.*.w" stack 3
// CHECK: model.hyper @lr = 1.000000e-03 in 0.000000e+00 to 1.000000e+00 "Learning rate."
// CHECK: model.fill 5.000000e-01 : f32 : <N x 4 x f32>
// CHECK: model.constant dense<[1, 2]> : tensor<2xi32> : <2 x i32>
// CHECK: model.size <2 * N + 1> : !model.array<f32>
// CHECK: model.size <N> : index
model.slot @blocks.w : !model.array<3 x 4 x f32> "parameter" file "blocks.*.w" stack 3
model.hyper @lr = 1.0e-3 in 0.0 to 1.0 "Learning rate."
func.func @f() -> !model.array<N x 4 x f32> {
  %0 = model.fill 0.5 : f32 : !model.array<N x 4 x f32>
  %1 = model.constant dense<[1, 2]> : tensor<2xi32> : !model.array<2 x i32>
  %2 = model.size <2 * N + 1> : !model.array<f32>
  %3 = model.size <N> : index
  return %0 : !model.array<N x 4 x f32>
}

// -----

func.func @f() -> !model.array<4 x f32> {
  // expected-error @below {{value has type 'f64'; wanted the element type of the result}}
  %0 = model.fill 0.5 : f64 : !model.array<4 x f32>
  return %0 : !model.array<4 x f32>
}

// -----

func.func @f() -> !model.array<3 x i32> {
  // expected-error @below {{value of type 'tensor<2xi32>' does not fit the result}}
  %0 = model.constant dense<[1, 2]> : tensor<2xi32> : !model.array<3 x i32>
  return %0 : !model.array<3 x i32>
}

// -----

func.func @f() -> !model.array<2 x f32> {
  // expected-error @below {{result must be an index or a scalar array of numbers}}
  %0 = model.size <N> : !model.array<2 x f32>
  return %0 : !model.array<2 x f32>
}

// -----

func.func private @g(%x: !model.array<M x f32>) -> !model.array<M x f32>
func.func @f(%x: !model.array<N x f32>) -> !model.array<N x f32> {
  // expected-error @below {{argument 0 has type '!model.array<N x f32>'; `g` wants '!model.array<2 * N x f32>'}}
  %0 = model.call @g(%x) where {M = #model.size<2 * N>} : (!model.array<N x f32>) -> !model.array<N x f32>
  return %0 : !model.array<N x f32>
}

// -----

func.func @f(%x: !model.array<N x f32>) -> !model.array<N x f32> {
  // expected-error @below {{calls `absent`, which is no function}}
  %0 = model.call @absent(%x) : (!model.array<N x f32>) -> !model.array<N x f32>
  return %0 : !model.array<N x f32>
}

// -----

func.func private @g(%x: !model.array<N x f32>) -> !model.array<N x f32>
func.func @f(%x: !model.array<N x f32>) -> !model.array<N x f32> {
  // expected-error @below {{differentiates `g`, whose first result is no float scalar}}
  %0:2 = model.gradient @g(%x) wrt [0] : (!model.array<N x f32>) -> (!model.array<N x f32>, !model.array<N x f32>)
  return %0#1 : !model.array<N x f32>
}

// -----

func.func private @g(%x: !model.array<N x i32>) -> !model.array<f32>
func.func @f(%x: !model.array<N x i32>) -> !model.array<f32> {
  // expected-error @below {{differentiates by argument 0, which holds no floats}}
  %0:2 = model.gradient @g(%x) wrt [0] : (!model.array<N x i32>) -> (!model.array<f32>, !model.array<N x i32>)
  return %0#0 : !model.array<f32>
}

// -----

// expected-error @below {{kind `weight` is unknown}}
model.slot @w : !model.array<4 x f32> "weight" file "w"

// -----

// expected-error @below {{has a symbolic shape; slots outlive the entry that gives symbols values}}
model.slot @w : !model.array<N x f32> "parameter" file "w"

// -----

// expected-error @below {{`stack` must be the leading size, and the file name have one `*`}}
model.slot @w : !model.array<4 x f32> "parameter" file "w" stack 4
