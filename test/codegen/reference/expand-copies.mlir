// RUN: %model-opt %s --expand-copies | FileCheck %s

// CHECK-LABEL: func.func @copies
// CHECK-NEXT: linalg.copy ins(%arg0 : memref<?xf32>) outs(%arg1 : memref<?xf32>)
// CHECK-NEXT: scf.for
// CHECK-NEXT: linalg.copy ins(%arg2 : memref<f32, strided<[], offset: ?>>) outs(%arg3 : memref<f32>)
// CHECK-NOT: memref.copy
func.func @copies(%a: memref<?xf32>, %b: memref<?xf32>, %c: memref<f32, strided<[], offset: ?>>, %d: memref<f32>, %i: index) {
  memref.copy %a, %b : memref<?xf32> to memref<?xf32>
  scf.for %j = %i to %i step %i {
    memref.copy %c, %d : memref<f32, strided<[], offset: ?>> to memref<f32>
  }
  return
}
