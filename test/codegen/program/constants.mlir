// RUN: %model-opt %s --lower-to-llvm | FileCheck %s
// How C reads them is the matter of descriptor.c.

module attributes {model.name = "same", model.documentation = "same",
    model.launches = [{kernel = @k, entry = @f, source = "", role = "same", operations = 1 : i64, bytes = 2 : i64}]} {
  func.func @f(%workspace: memref<i8> {model.workspace}) attributes {model.entry = "init", model.symbols = {}, model.types = []} {
    return
  }
}

// Equal strings are one; each ends with a zero.
// CHECK: llvm.mlir.global internal constant @[[SAME:program.text.[0-9]+]]("same\00")
// CHECK-NOT: ("same\00")

// A table has the structure's type, as C lays it out.
// CHECK: llvm.mlir.global internal constant @program.launches() {{.*}} : !llvm.array<1 x struct<(ptr, ptr, ptr, i64, i64, i32, i32)>> {
// CHECK: %[[NAME:.*]] = llvm.mlir.addressof @[[SAME]] : !llvm.ptr
// CHECK: llvm.insertvalue %[[NAME]], %{{.*}}[2] :
// CHECK: %[[BYTES:.*]] = llvm.mlir.constant(2 : i64) : i64
// CHECK: llvm.insertvalue %[[BYTES]], %{{.*}}[4] :

// No rows are null.
// CHECK-NOT: @program.slots
// CHECK: llvm.mlir.global external constant @modelc_program_descriptor()
// CHECK: %[[NULL:.*]] = llvm.mlir.zero : !llvm.ptr
