// RUN: %model-opt %s | %model-opt | FileCheck %s

// A size is read back as it was written, also where a parenthesis would begin a function type.
// CHECK: func.func private @division(!model.array<1 * ((N) floordiv (2)) x 4 x f32>, !model.array<3 * ((N) mod (2)) + N x i1>)
func.func private @division(!model.array<1 * (N) floordiv (2) x 4 x f32>, !model.array<3 * ((N) mod (2)) + N x i1>)
