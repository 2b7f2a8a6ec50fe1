// RUN: %model-opt %s --form-kernels --schedule --plan-memory --outline-kernels --emit-loops --canonicalize --cse | FileCheck %s
// RUN: %model-opt %s --form-kernels --schedule --plan-memory --outline-kernels --emit-loops --canonicalize --cse | %model-opt | FileCheck %s

// Arrays are bare pointers, sizes the values of symbols by name; launches are calls that keep
// their number, and a scan is a loop that counts down if it is reversed.
// CHECK-LABEL: func.func @entry
// CHECK-SAME: (%[[X:.*]]: memref<f32> {model.input = "data", model.name = "x"}, %[[Y:.*]]: memref<f32> {model.name = "y", model.output = "result"}, %[[W:.*]]: memref<i8> {model.workspace}, %[[N:.*]]: index, %[[T:.*]]: index)
// CHECK-SAME: model.types = [!model.array<T x N x f32>, !model.array<T x f32>]
// CHECK: %[[BYTES:.*]] = memref.reinterpret_cast %[[W]] to offset: [0], sizes: [128], strides: [1] : memref<i8> to memref<128xi8>
// CHECK: %[[V:.*]] = memref.view %[[BYTES]][%{{.*}}][] : memref<128xi8> to memref<f32>
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %[[T]]
// CHECK: %[[LAST:.*]] = arith.subi %[[T]], %{{.*}}
// CHECK: %[[J:.*]] = arith.subi %[[LAST]], %[[I]]
// CHECK: func.call @map_0(%[[X]], %[[J]], %[[V]], %[[N]], %[[T]]) {model.launch = 0 : i64} : (memref<f32>, index, memref<f32>, index, index) -> ()
// CHECK: func.call @row_1(

// CHECK-LABEL: func.func private @map_0
// CHECK-SAME: memref<f32> {llvm.align = 64 : i64, llvm.noalias, llvm.readonly}
func.func @entry(%x: !model.array<T x N x f32> {model.input = "data", model.name = "x"}) -> (!model.array<T x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 32 : i64, T = 5 : i64}} {
  %y = model.scan <T> reverse slices(%x) : (!model.array<T x N x f32>) -> (!model.array<T x f32>) {
  ^bb0(%i: !model.array<i64>, %v: !model.array<N x f32>):
    %a = model.exp %v : !model.array<N x f32>
    %r = model.reverse %a axes [0] : !model.array<N x f32>
    %s = model.mul %a, %r : !model.array<N x f32>
    %t = model.reduce_sum %s axes [0] : !model.array<N x f32>
    model.yield %t : !model.array<f32>
  }
  return %y : !model.array<T x f32>
}
