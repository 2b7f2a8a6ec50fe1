// RUN: %model-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: func.func @operands
// CHECK-NEXT: %[[C:.*]] = model.contract %arg0, %arg1 batch [] x [] contract [0] x [1] : <8 x 4 x f32>, <16 x 8 x f32>
// CHECK-NEXT: return %[[C]]
func.func @operands(%a: !model.array<8 x 4 x f32>, %b: !model.array<16 x 8 x f32>) -> !model.array<4 x 16 x f32> {
  %0 = model.transpose %a permutation [1, 0] : !model.array<8 x 4 x f32>
  %1 = model.transpose %b permutation [1, 0] : !model.array<16 x 8 x f32>
  %2 = model.contract %0, %1 batch [] x [] contract [1] x [0] : !model.array<4 x 8 x f32>, !model.array<8 x 16 x f32>
  return %2 : !model.array<4 x 16 x f32>
}

// Heads are batch axes; they come out of the middle.
// CHECK-LABEL: func.func @heads
// CHECK-NEXT: %[[C:.*]] = model.contract %arg0, %arg1 batch [0, 2] x [0, 2] contract [3] x [3]
// CHECK-NEXT: return %[[C]]
func.func @heads(%q: !model.array<B x T x 4 x 8 x f32>, %k: !model.array<B x S x 4 x 8 x f32>) -> !model.array<B x 4 x T x S x f32> {
  %0 = model.transpose %q permutation [0, 2, 1, 3] : !model.array<B x T x 4 x 8 x f32>
  %1 = model.transpose %k permutation [0, 2, 1, 3] : !model.array<B x S x 4 x 8 x f32>
  %2 = model.contract %0, %1 batch [0, 1] x [0, 1] contract [3] x [3] : !model.array<B x 4 x T x 8 x f32>, !model.array<B x 4 x S x 8 x f32>
  return %2 : !model.array<B x 4 x T x S x f32>
}

// The free axes would change places in the result.
// CHECK-LABEL: func.func @free
// CHECK: %[[T:.*]] = model.transpose %arg0
// CHECK: model.contract %[[T]], %arg1
func.func @free(%a: !model.array<3 x 4 x 8 x f32>, %b: !model.array<8 x f32>) -> !model.array<4 x 3 x f32> {
  %0 = model.transpose %a permutation [1, 0, 2] : !model.array<3 x 4 x 8 x f32>
  %1 = model.contract %0, %b batch [] x [] contract [2] x [0] : !model.array<4 x 3 x 8 x f32>, !model.array<8 x f32>
  return %1 : !model.array<4 x 3 x f32>
}

// CHECK-LABEL: func.func @result
// CHECK-NEXT: %[[C:.*]] = model.contract %arg1, %arg0 batch [2, 0] x [1, 0] contract [3] x [3]
// CHECK-NEXT: return %[[C]]
func.func @result(%a: !model.array<B x H x T x 8 x f32>, %b: !model.array<B x S x H x 8 x f32>) -> !model.array<H x B x S x T x f32> {
  %0 = model.contract %a, %b batch [0, 1] x [0, 2] contract [3] x [3] : !model.array<B x H x T x 8 x f32>, !model.array<B x S x H x 8 x f32>
  %1 = model.transpose %0 permutation [1, 0, 3, 2] : !model.array<B x H x T x S x f32>
  return %1 : !model.array<H x B x S x T x f32>
}

// A contraction with another use would be computed twice; no contraction mixes free axes.
// CHECK-LABEL: func.func @kept
// CHECK: %[[C:.*]] = model.contract %arg0, %arg1
// CHECK: model.transpose %[[C]] permutation [1, 0]
// CHECK: %[[D:.*]] = model.contract %arg2, %arg0
// CHECK: model.transpose %[[D]] permutation [0, 2, 1]
func.func @kept(%a: !model.array<4 x 8 x f32>, %b: !model.array<8 x 16 x f32>, %c: !model.array<3 x 5 x 4 x f32>)
    -> (!model.array<4 x 16 x f32>, !model.array<16 x 4 x f32>, !model.array<3 x 8 x 5 x f32>) {
  %0 = model.contract %a, %b batch [] x [] contract [1] x [0] : !model.array<4 x 8 x f32>, !model.array<8 x 16 x f32>
  %1 = model.transpose %0 permutation [1, 0] : !model.array<4 x 16 x f32>
  %2 = model.contract %c, %a batch [] x [] contract [2] x [0] : !model.array<3 x 5 x 4 x f32>, !model.array<4 x 8 x f32>
  %3 = model.transpose %2 permutation [0, 2, 1] : !model.array<3 x 5 x 8 x f32>
  return %0, %1, %3 : !model.array<4 x 16 x f32>, !model.array<16 x 4 x f32>, !model.array<3 x 8 x 5 x f32>
}
