// RUN: %model-opt %s --lower-to-llvm | FileCheck %s
// RUN: %model-opt %s --lower-to-llvm | mlir-translate --allow-unregistered-dialect --mlir-to-llvmir | FileCheck %s --check-prefix=LLVM
// RUN: %model-opt %s --lower-to-llvm | %model-opt | FileCheck %s
// RUN: %model-opt %s --lower-to-llvm --check-user-lines -o /dev/null

memref.global "private" constant @constant_0 : memref<2xf32> = dense<[1.0, 2.0]> {alignment = 64 : i64}

// An array is a bare pointer, with all that is known of it.
// CHECK-LABEL: llvm.func internal @entry.f(
// CHECK-SAME: %[[X:.*]]: !llvm.ptr, %[[Y:.*]]: !llvm.ptr, %{{.*}}: !llvm.ptr, %[[N:.*]]: i64)
// CHECK: llvm.call @kernel(%[[X]], %[[Y]], %[[N]]) {model.launch = 0 : i64} : (!llvm.ptr, !llvm.ptr, i64) -> ()
// LLVM-LABEL: define internal void @kernel(ptr noalias readonly align 64 %0, ptr align 64 %1, i64 %2)
func.func @f(%x: memref<f32> {model.input = "data", model.name = "x"}, %y: memref<f32> {model.name = "y", model.output = "result"},
             %w: memref<i8> {model.workspace}, %n: index)
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}, model.types = [!model.array<N x f32>, !model.array<N x f32>],
                model.workspace_bytes = 64 : i64} {
  call @kernel(%x, %y, %n) {model.launch = 0 : i64} : (memref<f32>, memref<f32>, index) -> ()
  %bytes = memref.reinterpret_cast %w to offset: [0], sizes: [64], strides: [1] : memref<i8> to memref<64xi8>
  %offset = arith.constant 32 : index
  %view = memref.view %bytes[%offset][] : memref<64xi8> to memref<f32>
  call @kernel(%x, %view, %n) {model.launch = 1 : i64} : (memref<f32>, memref<f32>, index) -> ()
  return
}

// Everything that kernels are made of.
// CHECK-LABEL: llvm.func internal @kernel(
// CHECK-SAME: !llvm.ptr {llvm.align = 64 : i64, llvm.noalias, llvm.readonly}
// CHECK-NOT: unrealized_conversion_cast
// CHECK: llvm.mlir.addressof @constant_0
// CHECK: llvm.load %{{.*}} {alignment = 4 : i64} : !llvm.ptr -> vector<16xf32>
// CHECK: llvm.intr.fma
// CHECK: llvm.shufflevector
// CHECK: llvm.store %{{.*}}, %{{.*}} {alignment = 4 : i64} : vector<16xf32>, !llvm.ptr
func.func private @kernel(%x: memref<f32> {llvm.align = 64 : i64, llvm.noalias, llvm.readonly}, %y: memref<f32> {llvm.align = 64 : i64}, %n: index) {
  %zero = arith.constant 0 : index
  %step = arith.constant 16 : index
  %from = memref.reinterpret_cast %x to offset: [0], sizes: [%n], strides: [1] : memref<f32> to memref<?xf32>
  %to = memref.reinterpret_cast %y to offset: [0], sizes: [%n], strides: [1] : memref<f32> to memref<?xf32>
  %known = memref.get_global @constant_0 : memref<2xf32>
  %first = memref.load %known[%zero] : memref<2xf32>
  %all = vector.broadcast %first : f32 to vector<16xf32>
  %sum = scf.for %i = %zero to %n step %step iter_args(%before = %all) -> (vector<16xf32>) {
    %loaded = vector.load %from[%i] : memref<?xf32>, vector<16xf32>
    %fused = vector.fma %loaded, %all, %before : vector<16xf32>
    %half = vector.extract_strided_slice %fused {offsets = [8], sizes = [8], strides = [1]} : vector<16xf32> to vector<8xf32>
    %sums = arith.addf %half, %half : vector<8xf32>
    %element = vector.extract %sums[1] : f32 from vector<8xf32>
    memref.store %element, %to[%i] : memref<?xf32>
    vector.store %fused, %to[%i] : memref<?xf32>, vector<16xf32>
    scf.yield %fused : vector<16xf32>
  }
  %total = vector.reduction <add>, %sum : vector<16xf32> into f32
  %isSmall = arith.cmpi slt, %n, %step : index
  scf.if %isSmall {
    memref.store %total, %to[%zero] : memref<?xf32>
  }
  return
}

// Arrays of the reference path are allocated, whatever functions of the program are called.
// CHECK: llvm.func internal @entry.malloc(
// CHECK: llvm.call @malloc(
// CHECK: llvm.call @free(
// LLVM: call ptr @malloc(i64 {{.*}}i32 4{{.*}})
// LLVM: call void @free(ptr
func.func @malloc(%y: memref<i64> {model.name = "y", model.output = "result"}, %w: memref<i8> {model.workspace})
    attributes {model.entry = "function", model.symbols = {}, model.types = [!model.array<i64>]} {
  %zero = arith.constant 0 : index
  %a = memref.alloc() : memref<4xi64>
  %b = memref.load %a[%zero] : memref<4xi64>
  memref.store %b, %y[] : memref<i64>
  memref.dealloc %a : memref<4xi64>
  return
}
