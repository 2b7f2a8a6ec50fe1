// RUN: %model-opt %s --form-kernels --plan-memory --outline-kernels | FileCheck %s
// RUN: %model-opt %s --form-kernels --plan-memory --outline-kernels | %model-opt | FileCheck %s

// CHECK: model.launches = [{bytes = 64 : i64, entry = @twice, kernel = @map_0, operations = 8 : i64, role = "forward", source = "outline-kernels.mlir:{{[0-9]+}}"},
// CHECK-SAME: {bytes = 64 : i64, entry = @twice, kernel = @map_0, operations = 8 : i64, role = "forward", source = "outline-kernels.mlir:{{[0-9]+}}"}]

// Two kernels that differ in nothing but their lines are one function.
// CHECK-LABEL: func.func @twice
// CHECK: model.launch @map_0(%arg0, %[[V:.*]]) id 0
// CHECK: model.launch @row_1(
// CHECK: model.launch @map_2(
// CHECK: model.launch @contraction_3(
// CHECK: model.launch @map_0(%{{.*}}, %arg1) id 4
func.func @twice(%x: !model.array<8 x f32>) -> !model.array<8 x f32> attributes {model.entry = "function"} {
  %a = model.exp %x : !model.array<8 x f32>
  %s = model.reduce_sum %a axes [0] : !model.array<8 x f32>
  %b = model.broadcast %s to <8> axes [] : !model.array<f32>
  %c = model.contract %a, %b batch [0] x [0] contract [] x [] : !model.array<8 x f32>, !model.array<8 x f32>
  %d = model.exp %c : !model.array<8 x f32>
  return %d : !model.array<8 x f32>
}

// Operands are kept apart by the plan; what is not written is read-only.
// CHECK-LABEL: func.func private @map_0(
// CHECK-SAME: %[[A:.*]]: !model.buffer<8 x f32> {llvm.align = 64 : i64, llvm.noalias, llvm.readonly}, %[[B:.*]]: !model.buffer<8 x f32> {llvm.align = 64 : i64, llvm.noalias})
// CHECK-SAME: model.kernel = #model<kernel_class map>
