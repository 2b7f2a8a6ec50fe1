// RUN: %model-opt %s --lay-out-operands --split-input-file | FileCheck %s

// The gradient of a layer by its input: the weights are read along their columns.
// CHECK-LABEL: func.func @input_gradient
// CHECK: %[[T:.*]] = model.transpose %arg1 permutation [1, 0] : <64 x 32 x f32>
// CHECK: model.contract %arg0, %[[T]] batch [] x [] contract [1] x [0]
func.func @input_gradient(%dy: !model.array<N x 32 x f32>, %w: !model.array<64 x 32 x f32>) -> !model.array<N x 64 x f32> {
  %0 = model.contract %dy, %w batch [] x [] contract [1] x [1] : !model.array<N x 32 x f32>, !model.array<64 x 32 x f32>
  return %0 : !model.array<N x 64 x f32>
}

// -----

// Batch axes come first; an operand of two contractions is laid out once.
// CHECK-LABEL: func.func @scores
// CHECK: %[[T:.*]] = model.transpose %arg1 permutation [0, 2, 3, 1]
// CHECK: model.contract %arg0, %[[T]] batch [0, 2] x [0, 1] contract [3] x [2]
// CHECK: model.contract %arg0, %[[T]] batch [0, 2] x [0, 1] contract [3] x [2]
// CHECK-NOT: model.transpose
func.func @scores(%q: !model.array<B x T x 4 x 8 x f32>, %k: !model.array<B x T x 4 x 8 x f32>)
    -> (!model.array<B x 4 x T x T x f32>, !model.array<B x 4 x T x T x f32>) {
  %0 = model.contract %q, %k batch [0, 2] x [0, 2] contract [3] x [3] : !model.array<B x T x 4 x 8 x f32>, !model.array<B x T x 4 x 8 x f32>
  %1 = model.contract %q, %k batch [0, 2] x [0, 2] contract [3] x [3] : !model.array<B x T x 4 x 8 x f32>, !model.array<B x T x 4 x 8 x f32>
  return %0, %1 : !model.array<B x 4 x T x T x f32>, !model.array<B x 4 x T x T x f32>
}

// -----

// What a scan does not change is laid out before it.
// CHECK-LABEL: func.func @recurrence
// CHECK: %[[T:.*]] = model.transpose %arg1
// CHECK: model.scan <100> carries(%arg0) invariants(%arg1, %[[T]])
// CHECK-NEXT: ^bb0(%{{.*}}: !model.array<i64>, %[[H:.*]]: !model.array<N x 16 x f32>, %{{.*}}: !model.array<16 x 16 x f32>, %[[W:.*]]: !model.array<16 x 16 x f32>)
// CHECK-NEXT: model.contract %[[H]], %[[W]] batch [] x [] contract [1] x [0]
func.func @recurrence(%h: !model.array<N x 16 x f32>, %w: !model.array<16 x 16 x f32>) -> !model.array<N x 16 x f32> {
  %0 = model.scan <100> carries(%h) invariants(%w) : (!model.array<N x 16 x f32>, !model.array<16 x 16 x f32>) -> !model.array<N x 16 x f32> {
  ^bb0(%i: !model.array<i64>, %1: !model.array<N x 16 x f32>, %2: !model.array<16 x 16 x f32>):
    %3 = model.contract %1, %2 batch [] x [] contract [1] x [1] : !model.array<N x 16 x f32>, !model.array<16 x 16 x f32>
    model.yield %3 : !model.array<N x 16 x f32>
  }
  return %0 : !model.array<N x 16 x f32>
}

// -----

// Nothing is gained where the operand lies well, where few rows meet it, or where the result is
// narrow.
// CHECK-LABEL: func.func @left_alone
// CHECK-NOT: model.transpose
func.func @left_alone(%x: !model.array<N x 32 x f32>, %one: !model.array<2 x 32 x f32>, %w: !model.array<32 x 64 x f32>,
                      %v: !model.array<64 x 32 x f32>, %narrow: !model.array<3 x 32 x f32>)
    -> (!model.array<N x 64 x f32>, !model.array<2 x 64 x f32>, !model.array<N x 3 x f32>) {
  %0 = model.contract %x, %w batch [] x [] contract [1] x [0] : !model.array<N x 32 x f32>, !model.array<32 x 64 x f32>
  %1 = model.contract %one, %v batch [] x [] contract [1] x [1] : !model.array<2 x 32 x f32>, !model.array<64 x 32 x f32>
  %2 = model.contract %x, %narrow batch [] x [] contract [1] x [1] : !model.array<N x 32 x f32>, !model.array<3 x 32 x f32>
  return %0, %1, %2 : !model.array<N x 64 x f32>, !model.array<2 x 64 x f32>, !model.array<N x 3 x f32>
}
