// RUN: %model-opt %s --restore-locations --mlir-print-debuginfo | FileCheck %s

module {
  func.func @f(%x: i64) -> i64 {
    // Through a chain of users, and through a library's line.
    // CHECK: %[[A:.*]] = arith.constant 1 : i64 loc(#[[USER:.*]])
    %a = arith.constant 1 : i64 loc(unknown)
    // CHECK: arith.addi %[[A]], %[[A]] : i64 loc(#[[USER]])
    %b = arith.addi %a, %a : i64 loc("<layers>":3:1)
    // CHECK: arith.muli {{.*}} loc(#[[USER]])
    %c = arith.muli %x, %b : i64 loc("wine.model":4:5)
    // Without users, the place around.
    // CHECK: arith.constant 2 : i64 loc(#[[FUNCTION:.*]])
    %d = arith.constant 2 : i64 loc(unknown)
    // What has a line keeps it.
    // CHECK: return {{.*}} loc(#[[RETURN:.*]])
    return %c : i64 loc("wine.model":7:5)
    // CHECK: loc(#[[FUNCTION]])
  } loc("wine.model":3:1)
} loc("wine.model":1:1)
// CHECK-DAG: #[[USER]] = loc("wine.model":4:5)
// CHECK-DAG: #[[FUNCTION]] = loc("wine.model":3:1)
// CHECK-DAG: #[[RETURN]] = loc("wine.model":7:5)
