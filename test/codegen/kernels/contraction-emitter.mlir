// RUN: %model-opt %s --form-kernels --schedule --plan-memory --outline-kernels --emit-loops --canonicalize --cse | FileCheck %s

// Rows of the right operand are contiguous: six rows of sixteen accumulators.
// CHECK-LABEL: func.func private @contraction_0
// CHECK: scf.for
// CHECK: scf.for
// CHECK: %[[ROWS:.*]]:6 = scf.for {{.*}} -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// CHECK: vector.load
// CHECK: vector.broadcast
// CHECK: math.fma
// CHECK: vector.store %[[ROWS]]#5
// What is left of the rows, one by one, since their number is not known.
// CHECK: scf.for {{.*}} -> (vector<16xf32>)
func.func @vector(%x: !model.array<N x 10 x f32>, %w: !model.array<10 x 32 x f32>) -> !model.array<N x 32 x f32>
    attributes {model.entry = "function", model.symbols = {N = 32 : i64}} {
  %0 = model.contract %x, %w batch [] x [] contract [1] x [0] : !model.array<N x 10 x f32>, !model.array<10 x 32 x f32>
  return %0 : !model.array<N x 32 x f32>
}

// Both operands are contiguous along the contracted axis: sixteen partial sums, added in a tree.
// CHECK-LABEL: func.func private @contraction_1
// CHECK: scf.for {{.*}} -> (vector<16xf32>)
// CHECK: vector.extract_strided_slice {{.*}} {offsets = [8], sizes = [8], strides = [1]}
// CHECK: vector.extract_strided_slice {{.*}} {offsets = [1], sizes = [1], strides = [1]}
// CHECK: scf.for {{.*}} -> (f32)
func.func @dot(%x: !model.array<4 x 40 x f32>, %w: !model.array<8 x 40 x f32>) -> !model.array<4 x 8 x f32>
    attributes {model.entry = "function"} {
  %0 = model.contract %x, %w batch [] x [] contract [1] x [1] : !model.array<4 x 40 x f32>, !model.array<8 x 40 x f32>
  return %0 : !model.array<4 x 8 x f32>
}

// Neither: element by element.
// CHECK-LABEL: func.func private @contraction_2
// CHECK-NOT: vector
// CHECK: scf.for {{.*}} -> (i32)
// CHECK: arith.muli
func.func @scalar(%x: !model.array<4 x 3 x i32>, %w: !model.array<8 x 4 x i32>) -> !model.array<3 x 8 x i32>
    attributes {model.entry = "function"} {
  %0 = model.contract %x, %w batch [] x [] contract [0] x [1] : !model.array<4 x 3 x i32>, !model.array<8 x 4 x i32>
  return %0 : !model.array<3 x 8 x i32>
}

// The index of a scan is a number, not memory.
// CHECK-LABEL: func.func private @contraction_3(%{{.*}}: index
// CHECK: arith.index_cast
// CHECK: vector.broadcast {{.*}} : i64 to vector<3xi64>
func.func @index(%x: !model.array<3 x i64>) -> !model.array<5 x 3 x i64>
    attributes {model.entry = "function"} {
  %0 = model.scan <5> invariants(%x) : (!model.array<3 x i64>) -> !model.array<5 x 3 x i64> {
  ^bb0(%i: !model.array<i64>, %inner: !model.array<3 x i64>):
    %1 = model.contract %i, %inner batch [] x [] contract [] x [] : !model.array<i64>, !model.array<3 x i64>
    model.yield %1 : !model.array<3 x i64>
  }
  return %0 : !model.array<5 x 3 x i64>
}
