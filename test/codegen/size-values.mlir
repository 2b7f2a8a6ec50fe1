// RUN: %model-opt %s --form-kernels --schedule --plan-memory --outline-kernels --emit-loops --canonicalize --cse | FileCheck %s

// Sizes are computed from the symbols; divisions round down.
// CHECK-LABEL: func.func private @map_0
// CHECK-SAME: %[[N:[a-z0-9]+]]: index)
// CHECK: %[[TWICE:.*]] = arith.muli %[[N]], %{{.*}}
// CHECK: %[[SIZE:.*]] = arith.addi %[[TWICE]], %{{.*}}
// CHECK: scf.for %{{.*}} = %{{.*}} to %[[SIZE]]
// CHECK: %[[QUOTIENT:.*]] = arith.divsi %[[N]], %{{.*}}
// CHECK: arith.remsi %[[N]], %{{.*}}
// CHECK: %[[LOWER:.*]] = arith.subi %[[QUOTIENT]], %{{.*}}
// CHECK: arith.select %{{.*}}, %[[LOWER]], %[[QUOTIENT]]
func.func @sizes(%x: !model.array<N x f32>) -> (!model.array<2 * N + 1 x i64>) attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %half = model.size <(N) floordiv (2)> : !model.array<i64>
  %all = model.broadcast %half to <2 * N + 1> axes [] : !model.array<i64>
  return %all : !model.array<2 * N + 1 x i64>
}
