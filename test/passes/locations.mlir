// RUN: %model-opt %s --plan-memory --outline-kernels -split-input-file | FileCheck %s

// The user's lines of a launch: in order, each once, the library's left out in favour of who
// called it; its role is the last part of a training step that took part in it.
// CHECK: model.launches = [
// CHECK-SAME: role = "forward", source = "wine.model:12"
// CHECK-SAME: role = "gradient", source = "wine.model:12, wine.model:14"
// CHECK-SAME: role = "update", source = "wine.model:3"
#line = loc("examples/wine.model":12:5)
#same = loc("examples/wine.model":12:9)
#other = loc("examples/wine.model":14:3)
#library = loc(callsite("<stdlib/losses.model>":7:3 at #line))
#parameter = loc("examples/wine.model":3:3)
func.func @f(%x: !model.array<N x f32>) -> (!model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>)
    attributes {model.entry = "function", model.symbols = {N = 4 : i64}} {
  %a = model.kernel map (%x) : (!model.array<N x f32>) -> !model.array<N x f32> {
  ^bb0(%0: !model.array<N x f32>):
    %1 = model.exp %0 : !model.array<N x f32>
    model.yield %1 : !model.array<N x f32>
  } loc(fused[#library, #same])
  %b = model.kernel map (%a) : (!model.array<N x f32>) -> !model.array<N x f32> {
  ^bb0(%0: !model.array<N x f32>):
    %1 = model.neg %0 : !model.array<N x f32>
    model.yield %1 : !model.array<N x f32>
  } loc(fused[#line, "gradient of"(#other)])
  %c = model.kernel map (%b) : (!model.array<N x f32>) -> !model.array<N x f32> {
  ^bb0(%0: !model.array<N x f32>):
    %1 = model.abs %0 : !model.array<N x f32>
    model.yield %1 : !model.array<N x f32>
  } loc("update of"(#parameter))
  return %a, %b, %c : !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>
}
