// RUN: %model-opt %s --inline-calls --resolve-gradients --verify-each | FileCheck %s
// RUN: %model-opt %s --inline-calls --resolve-gradients --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s --check-prefix=LOC

// The rule takes arguments, result and cotangent, and returns the cotangents of float arguments; the call is inlined
// after its rule has been used.
// CHECK-NOT: private
// CHECK-LABEL: func.func @custom(
// CHECK-NEXT: %[[Y:.*]] = model.sign %arg0 : <8 x f32>
// CHECK-NEXT: model.reduce_sum %[[Y]]
// CHECK-NEXT: %[[ONE:.*]] = model.fill 1.0
// CHECK-NEXT: %[[DY:.*]] = model.broadcast %[[ONE]] to <8>
// CHECK-NEXT: %[[DX:.*]] = model.mul %[[DY]], %arg0 : <8 x f32>
// CHECK-NEXT: %[[DR:.*]] = model.reduce_sum %[[Y]]
// CHECK-NEXT: return %[[DX]], %[[DR]]
// LOC-LABEL: func.func @custom(
// LOC: model.mul {{.*}} loc(callsite("a.model":2:2 at "gradient of"(callsite("a.model":4:4 at "a.model":5:5))))
func.func private @soft(%x: !model.array<N x f32>, %n: !model.array<i64>, %rate: !model.array<f32>) -> !model.array<N x f32> attributes {model.custom_gradient = @soft.gradient} {
  %0 = model.sign %x : <N x f32>
  return %0 : !model.array<N x f32>
}
func.func private @soft.gradient(%x: !model.array<N x f32>, %n: !model.array<i64>, %rate: !model.array<f32>, %y: !model.array<N x f32>, %dy: !model.array<N x f32>) -> (!model.array<N x f32>, !model.array<f32>) {
  %0 = model.mul %dy, %x : <N x f32> loc("a.model":2:2)
  %1 = model.reduce_sum %y axes [0] : <N x f32>
  return %0, %1 : !model.array<N x f32>, !model.array<f32>
}
func.func private @loss(%x: !model.array<N x f32>, %n: !model.array<i64>, %rate: !model.array<f32>) -> !model.array<f32> {
  %0 = model.call @soft(%x, %n, %rate) : (!model.array<N x f32>, !model.array<i64>, !model.array<f32>) -> !model.array<N x f32> loc("a.model":4:4)
  %1 = model.reduce_sum %0 axes [0] : <N x f32>
  return %1 : !model.array<f32>
}
func.func @custom(%x: !model.array<8 x f32>, %n: !model.array<i64>, %rate: !model.array<f32>) -> (!model.array<8 x f32>, !model.array<f32>) {
  %0:3 = model.gradient @loss(%x, %n, %rate) wrt [0, 2] where {N = #model.size<8>} : (!model.array<8 x f32>, !model.array<i64>, !model.array<f32>) -> (!model.array<f32>, !model.array<8 x f32>, !model.array<f32>) loc("a.model":5:5)
  return %0#1, %0#2 : !model.array<8 x f32>, !model.array<f32>
}

// At second order the rule's body is differentiated by the rules of its operations, the call by its own rule again:
// d/dx (dy * x) is dy, and the sum of soft(x) receives dy * x.
// CHECK-LABEL: func.func @second(
// CHECK: %[[Y:.*]] = model.sign %arg0 : <M x f32>
// CHECK: %[[DY:.*]] = model.broadcast %{{.*}} to <M> axes []
// CHECK: %[[SLOPE:.*]] = model.mul %[[DY]], %arg0 : <M x f32>
// CHECK: model.reduce_sum %[[Y]]
// CHECK: model.reduce_sum %[[SLOPE]]
// CHECK: %[[D:.*]] = model.broadcast %{{.*}} to <M> axes []
// CHECK: %[[DX:.*]] = model.mul %[[D]], %[[DY]] : <M x f32>
// CHECK: return %[[DX]]
func.func private @slope(%x: !model.array<N x f32>, %n: !model.array<i64>, %rate: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @loss(%x, %n, %rate) wrt [0] : (!model.array<N x f32>, !model.array<i64>, !model.array<f32>) -> (!model.array<f32>, !model.array<N x f32>)
  %1 = model.reduce_sum %0#1 axes [0] : <N x f32>
  return %1 : !model.array<f32>
}
func.func @second(%x: !model.array<M x f32>, %n: !model.array<i64>, %rate: !model.array<f32>) -> !model.array<M x f32> {
  %0:2 = model.gradient @slope(%x, %n, %rate) wrt [0] where {N = #model.size<M>} : (!model.array<M x f32>, !model.array<i64>, !model.array<f32>) -> (!model.array<f32>, !model.array<M x f32>)
  return %0#1 : !model.array<M x f32>
}

// A rule may call its own function, and be asked for directly.
// CHECK-LABEL: func.func @direct(
// CHECK-NEXT: %[[Y:.*]] = model.exp %arg0
// CHECK-NEXT: %[[ONE:.*]] = model.fill 1.0
// CHECK-NEXT: %[[Y2:.*]] = model.exp %arg0
// CHECK-NEXT: %[[DX:.*]] = model.mul %[[ONE]], %[[Y2]]
// CHECK-NEXT: return %[[Y]], %[[DX]]
func.func private @power(%x: !model.array<f32>) -> !model.array<f32> attributes {model.custom_gradient = @power.gradient} {
  %0 = model.exp %x : <f32>
  return %0 : !model.array<f32>
}
func.func private @power.gradient(%x: !model.array<f32>, %y: !model.array<f32>, %dy: !model.array<f32>) -> !model.array<f32> {
  %0 = model.call @power(%x) : (!model.array<f32>) -> !model.array<f32>
  %1 = model.mul %dy, %0 : <f32>
  return %1 : !model.array<f32>
}
func.func @direct(%x: !model.array<f32>) -> (!model.array<f32>, !model.array<f32>) {
  %0:2 = model.gradient @power(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#0, %0#1 : !model.array<f32>, !model.array<f32>
}

// A rule that returns a forward value: the scan is made again with its residual, and the cotangent is the new one's
// result.
// CHECK-LABEL: func.func @forward_value(
// CHECK: %[[F:.*]]:2 = model.scan <3> carries(%arg0)
// CHECK: %[[Y:.*]] = model.neg %[[F]]#0
// CHECK: %[[R:.*]] = model.scan <3> reverse carries(%[[F]]#0) slices(%[[F]]#1)
// CHECK: return %[[F]]#0, %[[R]]
func.func private @pick(%x: !model.array<f32>) -> !model.array<f32> attributes {model.custom_gradient = @pick.gradient} {
  %0 = model.neg %x : <f32>
  return %0 : !model.array<f32>
}
func.func private @pick.gradient(%x: !model.array<f32>, %y: !model.array<f32>, %dy: !model.array<f32>) -> !model.array<f32> {
  return %x : !model.array<f32>
}
func.func private @loop(%x: !model.array<f32>) -> (!model.array<f32>, !model.array<f32>) {
  %0 = model.scan <3> carries(%x) : (!model.array<f32>) -> !model.array<f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<f32>):
    %1 = model.exp %c : <f32>
    model.yield %1 : !model.array<f32>
  }
  %2 = model.call @pick(%0) : (!model.array<f32>) -> !model.array<f32>
  return %2, %0 : !model.array<f32>, !model.array<f32>
}
func.func @forward_value(%x: !model.array<f32>) -> (!model.array<f32>, !model.array<f32>) {
  %0:3 = model.gradient @loop(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>, !model.array<f32>)
  return %0#1, %0#2 : !model.array<f32>, !model.array<f32>
}
