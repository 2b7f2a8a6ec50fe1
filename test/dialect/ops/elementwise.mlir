// RUN: %model-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// Element-wise operations infer the result's type from the operands'.
// CHECK-LABEL: func.func @types
// CHECK: model.add %{{.*}}, %{{.*}} : <2 * N x f32>
// CHECK: model.compare lt %{{.*}}, %{{.*}} : <2 * N x f32>
// CHECK: model.select %{{.*}}, %{{.*}}, %{{.*}} : <2 * N x i1>, <2 * N x f32>
// CHECK: model.cast %{{.*}} to i32 : <2 * N x f32>
func.func @types(%x: !model.array<2 * N x f32>, %y: !model.array<N + N x f32>) -> !model.array<2 * N x i32> {
  %0 = model.add %x, %y : !model.array<2 * N x f32>
  %1 = model.compare lt %0, %x : !model.array<2 * N x f32>
  %2 = model.select %1, %0, %y : !model.array<2 * N x i1>, !model.array<2 * N x f32>
  %3 = model.cast %2 to i32 : !model.array<2 * N x f32>
  return %3 : !model.array<2 * N x i32>
}

// -----

func.func @no_float(%x: !model.array<N x i32>) -> !model.array<N x i32> {
  // expected-error @below {{operand #0 must be array of floats}}
  %0 = model.exp %x : !model.array<N x i32>
  return %0 : !model.array<N x i32>
}

// -----

func.func @no_number(%x: !model.array<N x i1>) -> !model.array<N x i1> {
  // expected-error @below {{operand #0 must be array of numbers}}
  %0 = model.add %x, %x : !model.array<N x i1>
  return %0 : !model.array<N x i1>
}

// -----

func.func @sizes(%x: !model.array<N x f32>, %y: !model.array<T x f32>) -> !model.array<N x f32> {
  // expected-error @below {{all of {lhs, rhs} have same type}}
  %0 = "model.add"(%x, %y) : (!model.array<N x f32>, !model.array<T x f32>) -> !model.array<N x f32>
  return %0 : !model.array<N x f32>
}

// -----

func.func @condition(%c: !model.array<T x i1>, %x: !model.array<N x f32>) -> !model.array<N x f32> {
  // expected-error @below {{failed to infer returned types}}
  // expected-error @below {{sizes of axis 0 differ: T vs N}}
  %0 = "model.select"(%c, %x, %x) : (!model.array<T x i1>, !model.array<N x f32>, !model.array<N x f32>) -> !model.array<N x f32>
  return %0 : !model.array<N x f32>
}

// -----

func.func @rank(%c: !model.array<i1>, %x: !model.array<N x f32>) -> !model.array<N x f32> {
  // expected-error @below {{failed to infer returned types}}
  // expected-error @below {{ranks differ: 0 vs 1}}
  %0 = "model.select"(%c, %x, %x) : (!model.array<i1>, !model.array<N x f32>, !model.array<N x f32>) -> !model.array<N x f32>
  return %0 : !model.array<N x f32>
}
