// RUN: %model-opt %s --inline-calls --split-input-file --verify-each | FileCheck %s
// RUN: %model-opt %s --inline-calls --split-input-file --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s --check-prefix=LOC

// Callees come first: the innermost body arrives at the caller, with all sizes replaced, in types, attributes, and
// the bodies of scans.
func.func private @halves(%x: !model.array<2 * M x 3 x f32>) -> (!model.array<M x 3 x f32>, !model.array<i64>) {
  %0 = model.slice %x starts <M x 0> counts <M x 3> steps [1, 1] : <2 * M x 3 x f32> loc("lib":1:2)
  %1 = model.size <(M) floordiv (2)> : !model.array<i64>
  return %0, %1 : !model.array<M x 3 x f32>, !model.array<i64>
}

// CHECK-LABEL: func.func private @twice(
// CHECK: model.slice %arg0 starts <2 * K x 0> counts <2 * K x 3>
// CHECK: model.slice %{{.*}} starts <K x 0> counts <K x 3>
// CHECK-NOT: model.call
// LOC-LABEL: func.func private @twice(
// LOC: model.slice {{.*}} loc(callsite("lib":1:2 at "a.model":7:1))
func.func private @twice(%x: !model.array<4 * K x 3 x f32>) -> (!model.array<K x 3 x f32>, !model.array<i64>) {
  %0:2 = model.call @halves(%x) where {M = #model.size<2 * K>} : (!model.array<4 * K x 3 x f32>) -> (!model.array<2 * K x 3 x f32>, !model.array<i64>) loc("a.model":7:1)
  %1:2 = model.call @halves(%0#0) where {M = #model.size<K>} : (!model.array<2 * K x 3 x f32>) -> (!model.array<K x 3 x f32>, !model.array<i64>)
  return %1#0, %0#1 : !model.array<K x 3 x f32>, !model.array<i64>
}

// CHECK-LABEL: func.func @entry(
// CHECK: model.slice %arg0 starts <2 * N x 0> counts <2 * N x 3> steps [1, 1] : <4 * N x 3 x f32>
// CHECK: model.size <N> : !model.array<i64>
// CHECK: %[[K:.*]] = model.slice %{{.*}} starts <N x 0> counts <N x 3> steps [1, 1] : <2 * N x 3 x f32>
// CHECK: return %[[K]]
// LOC-LABEL: func.func @entry(
// LOC: model.slice {{.*}} loc(callsite(callsite("lib":1:2 at "a.model":7:1) at "a.model":9:1))
func.func @entry(%x: !model.array<4 * N x 3 x f32>) -> !model.array<N x 3 x f32> attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0:2 = model.call @twice(%x) where {K = #model.size<N>} : (!model.array<4 * N x 3 x f32>) -> (!model.array<N x 3 x f32>, !model.array<i64>) loc("a.model":9:1)
  return %0#0 : !model.array<N x 3 x f32>
}

// Calls in the bodies of scans, and calls of functions that scan.
func.func private @step(%h: !model.array<N x f32>) -> !model.array<N x f32> {
  %0 = model.exp %h : <N x f32>
  return %0 : !model.array<N x f32>
}
func.func private @loop(%h: !model.array<N x f32>) -> !model.array<N x f32> {
  %0 = model.scan <N> carries(%h) : (!model.array<N x f32>) -> !model.array<N x f32> {
  ^bb0(%i: !model.array<i64> loc("lib":3:1), %c: !model.array<N x f32>):
    %1 = model.call @step(%c) : (!model.array<N x f32>) -> !model.array<N x f32>
    model.yield %1 : !model.array<N x f32>
  }
  return %0 : !model.array<N x f32>
}
// CHECK-LABEL: func.func @scans(
// CHECK: model.scan <3 * N> carries(%arg0) : (!model.array<3 * N x f32>) -> !model.array<3 * N x f32>
// CHECK-NEXT: ^bb0(%{{.*}}: !model.array<i64>, %[[C:.*]]: !model.array<3 * N x f32>):
// CHECK-NEXT: %[[E:.*]] = model.exp %[[C]] : <3 * N x f32>
// CHECK-NEXT: model.yield %[[E]] : !model.array<3 * N x f32>
// LOC-LABEL: func.func @scans(
// LOC: ^bb0(%{{.*}}: !model.array<i64> loc(callsite("lib":3:1 at "a.model":11:1)),
func.func @scans(%x: !model.array<3 * N x f32>) -> !model.array<3 * N x f32> {
  %0 = model.call @loop(%x) where {N = #model.size<3 * N>} : (!model.array<3 * N x f32>) -> !model.array<3 * N x f32> loc("a.model":11:1)
  return %0 : !model.array<3 * N x f32>
}

// Results may be arguments, and one value several results.
func.func private @swap(%a: !model.array<f32>, %b: !model.array<f32>) -> (!model.array<f32>, !model.array<f32>, !model.array<f32>) {
  return %b, %a, %b : !model.array<f32>, !model.array<f32>, !model.array<f32>
}
// CHECK-LABEL: func.func @swapped(
// CHECK-NEXT: return %arg1, %arg0, %arg1
func.func @swapped(%a: !model.array<f32>, %b: !model.array<f32>) -> (!model.array<f32>, !model.array<f32>, !model.array<f32>) {
  %0:3 = model.call @swap(%a, %b) : (!model.array<f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<f32>, !model.array<f32>)
  return %0#0, %0#1, %0#2 : !model.array<f32>, !model.array<f32>, !model.array<f32>
}

// -----

// While there are gradients to resolve, functions that have one of their own stay; what stays says what its symbols
// are now, also those that were the callee's own.
func.func private @soft(%x: !model.array<N x f32>) -> !model.array<N x f32> attributes {model.custom_gradient = @soft.gradient} {
  %0 = model.sign %x : <N x f32>
  return %0 : !model.array<N x f32>
}
func.func private @soft.gradient(%x: !model.array<N x f32>, %y: !model.array<N x f32>, %dy: !model.array<N x f32>) -> !model.array<N x f32> {
  return %dy : !model.array<N x f32>
}
func.func private @loss(%x: !model.array<N x f32>) -> !model.array<f32> {
  %0 = model.call @soft(%x) : (!model.array<N x f32>) -> !model.array<N x f32>
  %1 = model.reduce_sum %0 axes [0] : <N x f32>
  return %1 : !model.array<f32>
}
func.func private @slope(%x: !model.array<N x f32>) -> (!model.array<f32>, !model.array<N x f32>) {
  %0:2 = model.gradient @loss(%x) wrt [0] : (!model.array<N x f32>) -> (!model.array<f32>, !model.array<N x f32>)
  return %0#0, %0#1 : !model.array<f32>, !model.array<N x f32>
}
// CHECK-LABEL: func.func @kept(
// CHECK: model.gradient @loss(%arg0) wrt [0] where {N = #model.size<2 * N>} :
// CHECK: %[[S:.*]] = model.call @soft(%{{.*}}) where {N = #model.size<2 * N>} :
// CHECK: model.reduce_sum %[[S]]
func.func @kept(%x: !model.array<2 * N x f32>) -> !model.array<f32> {
  %0:2 = model.call @slope(%x) where {N = #model.size<2 * N>} : (!model.array<2 * N x f32>) -> (!model.array<f32>, !model.array<2 * N x f32>)
  %1 = model.call @loss(%0#1) where {N = #model.size<2 * N>} : (!model.array<2 * N x f32>) -> !model.array<f32>
  return %1 : !model.array<f32>
}

// -----

// Without gradients nothing stays.
func.func private @soft(%x: !model.array<f32>) -> !model.array<f32> attributes {model.custom_gradient = @soft.gradient} {
  %0 = model.sign %x : <f32>
  return %0 : !model.array<f32>
}
func.func private @soft.gradient(%x: !model.array<f32>, %y: !model.array<f32>, %dy: !model.array<f32>) -> !model.array<f32> {
  return %dy : !model.array<f32>
}
// CHECK-LABEL: func.func @inlined(
// CHECK-NEXT: model.sign
func.func @inlined(%x: !model.array<f32>) -> !model.array<f32> {
  %0 = model.call @soft(%x) : (!model.array<f32>) -> !model.array<f32>
  return %0 : !model.array<f32>
}
