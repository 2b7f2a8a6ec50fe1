// RUN: %model-opt %s --form-kernels -mlir-print-debuginfo -mlir-print-local-scope | FileCheck %s

// A kernel comes from the lines of what it computes, not from those of constants, which may have
// been merged with others from anywhere; unless there is nothing else.
// CHECK: model.kernel map(%arg0)
// CHECK: } loc(fused["a.model":2:1, "a.model":3:1])
// CHECK: model.kernel map()
// CHECK: } loc("a.model":4:1)
func.func @f(%x: !model.array<8 x f32>) -> (!model.array<8 x f32>, !model.array<4 x f32>) {
  %0 = model.fill 2.0 : f32 : !model.array<8 x f32> loc("a.model":1:1)
  %1 = model.mul %x, %0 : !model.array<8 x f32> loc("a.model":2:1)
  %2 = model.exp %1 : !model.array<8 x f32> loc("a.model":3:1)
  %3 = model.fill 1.0 : f32 : !model.array<4 x f32> loc("a.model":4:1)
  return %2, %3 : !model.array<8 x f32>, !model.array<4 x f32> loc("a.model":5:1)
}
