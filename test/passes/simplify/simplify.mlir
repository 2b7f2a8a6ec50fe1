// RUN: %model-opt %s --simplify -mlir-print-debuginfo -mlir-print-local-scope | FileCheck %s

// The example of the pass's file.
// CHECK-LABEL: func.func @example
// CHECK-NEXT: %[[E:.*]] = model.exp %arg0 : <N x f32> loc(fused["a.model":3:1, "a.model":4:1])
// CHECK-NEXT: %[[S:.*]] = model.add %[[E]], %[[E]] : <N x f32> loc("a.model":5:1)
// CHECK-NEXT: return %[[S]]
func.func @example(%x: !model.array<N x f32>) -> !model.array<N x f32> {
  %0 = model.fill 1.0 : f32 : !model.array<N x f32> loc("a.model":1:1)
  %1 = model.mul %x, %0 : !model.array<N x f32> loc("a.model":2:1)
  %2 = model.exp %1 : !model.array<N x f32> loc("a.model":3:1)
  %3 = model.exp %x : !model.array<N x f32> loc("a.model":4:1)
  %4 = model.add %2, %3 : !model.array<N x f32> loc("a.model":5:1)
  return %4 : !model.array<N x f32> loc("a.model":6:1)
}

// A constant that comes of folding has the line of what was folded.
// CHECK-LABEL: func.func @folded
// CHECK-NEXT: model.fill 3.000000e+00 : f32 : <N x f32> loc("a.model":2:1)
// CHECK-NEXT: return
func.func @folded() -> !model.array<N x f32> {
  %0 = model.fill 1.5 : f32 : !model.array<N x f32> loc("a.model":1:1)
  %1 = model.add %0, %0 : !model.array<N x f32> loc("a.model":2:1)
  return %1 : !model.array<N x f32> loc("a.model":3:1)
}

// What a rewrite makes of something without a user's line has that of the operation rewritten.
// CHECK-LABEL: func.func @library
// CHECK-NEXT: model.contract %arg1, %arg0 {{.*}} loc("a.model":2:1)
// CHECK-NEXT: return
func.func @library(%x: !model.array<4 x 8 x f32>, %y: !model.array<8 x 3 x f32>) -> !model.array<3 x 4 x f32> {
  %0 = model.contract %x, %y batch [] x [] contract [1] x [0] : !model.array<4 x 8 x f32>, !model.array<8 x 3 x f32> loc("<layers>":7:1)
  %1 = model.transpose %0 permutation [1, 0] : !model.array<4 x 3 x f32> loc("a.model":2:1)
  return %1 : !model.array<3 x 4 x f32> loc("a.model":3:1)
}

// Nobody reads it, or it only stopped gradients.
// CHECK-LABEL: func.func @removed
// CHECK-NEXT: return %arg0
func.func @removed(%x: !model.array<N x f32>) -> !model.array<N x f32> {
  %0 = model.exp %x : !model.array<N x f32>
  %1 = model.log %0 : !model.array<N x f32>
  %2 = model.stop_gradient %x : !model.array<N x f32>
  return %2 : !model.array<N x f32>
}
