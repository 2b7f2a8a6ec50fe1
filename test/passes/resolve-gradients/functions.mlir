// RUN: %model-opt %s --resolve-gradients --verify-each | FileCheck %s
// RUN: %model-opt %s --resolve-gradients --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s --check-prefix=LOC

// The callee's operations, with the sizes that `where` gives, then their rules backwards. An integer has no cotangent
// and an argument that is not reached gets zeros. Functions that are no entries go.
// CHECK-NOT: private
// CHECK-LABEL: func.func @entry(
// CHECK: %[[F:.*]] = model.cast %arg2 to f32 : <2 * N x i32>
// CHECK: %[[P:.*]] = model.mul %arg0, %[[F]] : <2 * N x f32>
// CHECK: %[[Y:.*]] = model.tanh %[[P]]
// CHECK: %[[S:.*]] = model.reduce_sum %[[Y]] axes [0]
// CHECK: %[[ONE:.*]] = model.fill 1.000000e+00 : f32 : <f32>
// CHECK: %[[DY:.*]] = model.broadcast %[[ONE]] to <2 * N> axes []
// CHECK: %[[DP:.*]] = model.mul %[[DY]], %{{.*}} : <2 * N x f32>
// CHECK-NEXT: %[[DX:.*]] = model.mul %[[DP]], %[[F]] : <2 * N x f32>
// CHECK-NEXT: %[[ZERO:.*]] = model.fill 0.000000e+00 : f32 : <3 x f32>
// CHECK-NEXT: return %[[S]], %[[Y]], %[[DX]], %[[ZERO]]
// LOC-LABEL: func.func @entry(
// LOC: model.tanh {{.*}} loc(callsite("lib":2:1 at "a.model":5:3))
// LOC: model.fill 1.000000e+00 : f32 : <f32> loc("gradient of"("a.model":5:3))
// LOC: model.sub {{.*}} loc("gradient of"(callsite("lib":2:1 at "a.model":5:3)))
// LOC: model.fill 0.000000e+00 : f32 : <3 x f32> loc("gradient of"("a.model":5:3))
func.func private @loss(%x: !model.array<N x f32>, %unused: !model.array<3 x f32>, %t: !model.array<N x i32>) -> (!model.array<f32>, !model.array<N x f32>) {
  %0 = model.cast %t to f32 : <N x i32>
  %1 = model.mul %x, %0 : <N x f32>
  %2 = model.tanh %1 : <N x f32> loc("lib":2:1)
  %3 = model.reduce_sum %2 axes [0] : <N x f32>
  return %3, %2 : !model.array<f32>, !model.array<N x f32>
}
func.func @entry(%x: !model.array<2 * N x f32>, %u: !model.array<3 x f32>, %t: !model.array<2 * N x i32>) -> (!model.array<f32>, !model.array<2 * N x f32>, !model.array<2 * N x f32>, !model.array<3 x f32>) {
  %0:4 = model.gradient @loss(%x, %u, %t) wrt [0, 1] where {N = #model.size<2 * N>} : (!model.array<2 * N x f32>, !model.array<3 x f32>, !model.array<2 * N x i32>) -> (!model.array<f32>, !model.array<2 * N x f32>, !model.array<2 * N x f32>, !model.array<3 x f32>) loc("a.model":5:3)
  return %0#0, %0#1, %0#2, %0#3 : !model.array<f32>, !model.array<2 * N x f32>, !model.array<2 * N x f32>, !model.array<3 x f32>
}

// Two arguments that are given the same value stay two: a * exp(b) by a is exp(b) alone. One that is named twice is
// computed once. What no result needs, the cotangent of b in the first, is not there.
// CHECK-LABEL: func.func @same(
// CHECK-NEXT: %[[E:.*]] = model.exp %arg0
// CHECK-NEXT: model.mul %arg0, %[[E]]
// CHECK-NEXT: %[[ONE:.*]] = model.fill 1.0
// CHECK-NEXT: %[[DA:.*]] = model.mul %[[ONE]], %[[E]]
// CHECK-NEXT: return %[[DA]]
// CHECK-LABEL: func.func @repeated(
// CHECK: %[[E:.*]] = model.exp %arg0
// CHECK: %[[ONE:.*]] = model.fill 1.0
// CHECK: %[[DA:.*]] = model.mul %[[ONE]], %[[E]]
// CHECK: %[[DE:.*]] = model.mul %[[ONE]], %arg0
// CHECK: %[[DB:.*]] = model.mul %[[DE]], %[[E]]
// CHECK: return %[[DA]], %[[DA]], %[[DB]]
func.func private @product(%a: !model.array<f32>, %b: !model.array<f32>) -> !model.array<f32> {
  %0 = model.exp %b : <f32>
  %1 = model.mul %a, %0 : <f32>
  return %1 : !model.array<f32>
}
func.func @same(%x: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @product(%x, %x) wrt [0] : (!model.array<f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}
func.func @repeated(%x: !model.array<f32>) -> (!model.array<f32>, !model.array<f32>, !model.array<f32>) {
  %0:4 = model.gradient @product(%x, %x) wrt [0, 0, 1] : (!model.array<f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<f32>, !model.array<f32>, !model.array<f32>)
  return %0#1, %0#2, %0#3 : !model.array<f32>, !model.array<f32>, !model.array<f32>
}

// A function that returns its argument: the cotangent is the one that comes in.
// CHECK-LABEL: func.func @itself(
// CHECK-NEXT: %[[ONE:.*]] = model.fill 1.0
// CHECK-NEXT: %[[ZERO:.*]] = model.fill 0.0
// CHECK-NEXT: return %[[ZERO]], %[[ONE]]
func.func private @right(%x: !model.array<f32>, %y: !model.array<f32>) -> !model.array<f32> {
  return %y : !model.array<f32>
}
func.func @itself(%x: !model.array<f32>) -> (!model.array<f32>, !model.array<f32>) {
  %0:3 = model.gradient @right(%x, %x) wrt [0, 1] : (!model.array<f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<f32>, !model.array<f32>)
  return %0#1, %0#2 : !model.array<f32>, !model.array<f32>
}

// Uses add up, the later one first: x * exp(x) by x.
// CHECK-LABEL: func.func @sum_of_uses(
// CHECK: %[[E:.*]] = model.exp %arg0
// CHECK: %[[ONE:.*]] = model.fill 1.0
// CHECK: %[[A:.*]] = model.mul %[[ONE]], %[[E]]
// CHECK: %[[DE:.*]] = model.mul %[[ONE]], %arg0
// CHECK: %[[B:.*]] = model.mul %[[DE]], %[[E]]
// CHECK: %[[DX:.*]] = model.add %[[A]], %[[B]]
// CHECK: return %[[DX]]
// LOC-LABEL: func.func @sum_of_uses(
// LOC: model.add {{.*}} loc("gradient of"(callsite("a.model":8:1 at "a.model":9:1)))
func.func private @uses(%x: !model.array<f32>) -> !model.array<f32> {
  %0 = model.exp %x : <f32> loc("a.model":8:1)
  %1 = model.mul %x, %0 : <f32>
  return %1 : !model.array<f32>
}
func.func @sum_of_uses(%x: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @uses(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>) loc("a.model":9:1)
  return %0#1 : !model.array<f32>
}

// Nothing flows through `stop_gradient`, which is gone afterwards.
// CHECK-LABEL: func.func @stopped(
// CHECK-NEXT: model.mul %arg0, %arg0
// CHECK-NEXT: %[[ONE:.*]] = model.fill 1.0
// CHECK-NEXT: %[[DX:.*]] = model.mul %[[ONE]], %arg0
// CHECK-NEXT: return %[[DX]]
func.func private @stop(%x: !model.array<f32>) -> !model.array<f32> {
  %0 = model.stop_gradient %x : <f32>
  %1 = model.mul %0, %x : <f32>
  return %1 : !model.array<f32>
}
func.func @stopped(%x: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @stop(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}

// Second order: the inner gradient is resolved first and then differentiated, d/dx (1 * exp(x)). The inner one's
// names are those of `slope`'s caller.
// CHECK-LABEL: func.func @second(
// CHECK-NEXT: %[[Y:.*]] = model.exp %arg0 : <2 * K x f32>
// CHECK-NEXT: model.reduce_sum %[[Y]]
// CHECK-NEXT: %[[ONE:.*]] = model.fill 1.0
// CHECK-NEXT: %[[ONES:.*]] = model.broadcast %[[ONE]] to <2 * K>
// CHECK-NEXT: %[[SLOPE:.*]] = model.mul %[[ONES]], %[[Y]]
// CHECK-NEXT: model.reduce_sum %[[SLOPE]]
// CHECK-NEXT: %[[ONE2:.*]] = model.fill 1.0
// CHECK-NEXT: %[[D1:.*]] = model.broadcast %[[ONE2]] to <2 * K>
// CHECK-NEXT: %[[D2:.*]] = model.mul %[[D1]], %[[ONES]]
// CHECK-NEXT: %[[D3:.*]] = model.mul %[[D2]], %[[Y]]
// CHECK-NEXT: return %[[D3]]
func.func private @total(%x: !model.array<N x f32>) -> !model.array<f32> {
  %0 = model.exp %x : <N x f32>
  %1 = model.reduce_sum %0 axes [0] : <N x f32>
  return %1 : !model.array<f32>
}
func.func private @slope(%x: !model.array<N x f32>) -> !model.array<f32> {
  %0:2 = model.gradient @total(%x) wrt [0] : (!model.array<N x f32>) -> (!model.array<f32>, !model.array<N x f32>)
  %1 = model.reduce_sum %0#1 axes [0] : <N x f32>
  return %1 : !model.array<f32>
}
func.func @second(%x: !model.array<2 * K x f32>) -> !model.array<2 * K x f32> {
  %0:2 = model.gradient @slope(%x) wrt [0] where {N = #model.size<2 * K>} : (!model.array<2 * K x f32>) -> (!model.array<f32>, !model.array<2 * K x f32>)
  return %0#1 : !model.array<2 * K x f32>
}

// A private function that a declaration names stays.
// CHECK: func.func private @named(
// CHECK-NOT: private
func.func private @named(%x: !model.array<f32>) -> !model.array<f32> {
  return %x : !model.array<f32>
}
model.data @d from "csv" "d.csv" fields [{name = "x", preprocess = @named}] splits [] options {}
