// RUN: %model-opt %s --reference-path | FileCheck %s
// RUN: %model-opt %s --reference-path | %model-opt --verify-loops
// RUN: %python %S/inputs/execute.py --model-opt %model-opt --clang %clang --work %t %s

// Loops over memory; what is taken is given back at the end of the block; carries stay in place.
// CHECK-NOT: {{tensor|linalg|bufferization|affine|memref.copy}}
// CHECK-LABEL: func.func @entry
// CHECK-SAME: (%[[X:.*]]: memref<f32> {model.input = "data", model.name = "x"},
// CHECK: %[[COPY:.*]] = memref.alloc(%[[T:.*]], %{{.*}}) {alignment = 64 : i64} : memref<?x?xf32>
// CHECK: %[[ZERO:.*]] = memref.alloc(%{{.*}}) {alignment = 64 : i64} : memref<?xf32>
// CHECK: %[[CARRY:.*]] = memref.alloc(%{{.*}}) {alignment = 64 : i64} : memref<?xf32>
// CHECK: scf.for %{{[a-z0-9]*}} = %{{[a-z0-9]*}} to %[[T]] step %{{[a-z0-9]*}} {
// CHECK: %[[NEXT:.*]] = memref.alloc(
// CHECK: memref.store %{{.*}}, %[[CARRY]]
// CHECK: memref.dealloc %[[NEXT]] :
// CHECK: memref.dealloc %[[COPY]] :
// CHECK-NEXT: memref.dealloc %[[ZERO]] :
// CHECK-NEXT: memref.dealloc %[[CARRY]] :
// CHECK-NEXT: return
// CHECK-NOT: {{tensor|linalg|bufferization|affine|memref.copy}}
func.func @entry(%x: !model.array<T x N x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 32 : i64, T = 5 : i64}} {
  %zero = model.fill 0.0 : f32 : !model.array<N x f32>
  %y = model.scan <T> carries(%zero) slices(%x) : (!model.array<N x f32>, !model.array<T x N x f32>) -> (!model.array<N x f32>) {
  ^bb0(%i: !model.array<i64>, %c: !model.array<N x f32>, %v: !model.array<N x f32>):
    %r = model.reverse %c axes [0] : !model.array<N x f32>
    %s = model.add %r, %v : !model.array<N x f32>
    model.yield %s : !model.array<N x f32>
  }
  return %y : !model.array<N x f32>
}
