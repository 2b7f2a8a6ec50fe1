// RUN: %model-opt %s --form-kernels --plan-memory --verify-plan | FileCheck %s
// RUN: %model-opt %s --form-kernels --plan-memory=poison-dead --verify-plan | FileCheck %s --check-prefix=POISON
// RUN: %model-opt %s --form-kernels --plan-memory | %model-opt --verify-plan | FileCheck %s

// Arguments, then results, then the workspace; kernels read and write buffers.
// CHECK-LABEL: func.func @simple
// CHECK-SAME: (%[[X:.*]]: !model.buffer<N x 8 x f32> {model.input = "data", model.name = "x"},
// CHECK-SAME: %[[Y:.*]]: !model.buffer<N x f32> {model.name = "y", model.output = "result"},
// CHECK-SAME: %[[W:.*]]: !model.buffer<128 x i8> {model.workspace})
// CHECK: %[[V:.*]] = model.view %[[W]][0] : <128 x i8> -> <N x 8 x f32>
// CHECK: %[[R:.*]] = model.view %[[W]][0] : <128 x i8> -> <N x 2 x 4 x f32>
// CHECK: model.kernel map(%[[X]], %[[V]]) :
// CHECK-NEXT: ^bb0(%[[IN:.*]]: {{.*}}, %[[OUT:.*]]: {{.*}}):
// CHECK-NEXT: %[[A:.*]] = model.read %[[IN]] : <N x 8 x f32> -> <N x 8 x f32>
// CHECK-NEXT: %[[B:.*]] = model.exp %[[A]]
// CHECK-NEXT: model.write %[[B]] to %[[OUT]]
// CHECK: model.kernel row(%[[R]], %[[Y]]) :
// CHECK: return

// Each region is filled with NaN after its last use.
// POISON-LABEL: func.func @simple
// POISON: model.reduce_sum
// POISON: model.kernel map(
// POISON: model.fill -1 : i8 : <128 x i8>
// POISON: return
func.func @simple(%x: !model.array<N x 8 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 4 : i64}} {
  %a = model.exp %x : !model.array<N x 8 x f32>
  %t = model.reshape %a to <N x 2 x 4> : !model.array<N x 8 x f32>
  %b = model.reduce_sum %t axes [1, 2] : !model.array<N x 2 x 4 x f32>
  return %b : !model.array<N x f32>
}

// A scan is a loop; slices and stacks are elements of whole buffers.
// CHECK-LABEL: func.func @scan
// CHECK-SAME: (%[[X:.*]]: !model.buffer<T x N x f32>, %[[Y:.*]]: !model.buffer<T x N x f32>, %[[W:.*]]: !model.buffer<0 x i8>
// CHECK: model.loop <T> reverse {
// CHECK-NEXT: ^bb0(%[[I:.*]]: index):
// CHECK-NEXT: model.kernel map(%[[I]], %[[X]], %[[Y]]) :
// CHECK-NEXT: ^bb0(%[[J:.*]]: index, %[[A:.*]]: {{.*}}, %[[B:.*]]: {{.*}}):
// CHECK-NEXT: model.from_index %[[J]] : <i64>
// CHECK-NEXT: %[[E:.*]] = model.read %[[A]][%[[J]]] : <T x N x f32> -> <N x f32>
// CHECK: model.write %{{.*}} to %[[B]][%[[J]]] : <N x f32> -> <T x N x f32>
func.func @scan(%x: !model.array<T x N x f32>) -> !model.array<T x N x f32>
    attributes {model.entry = "function", model.symbols = {N = 4 : i64, T = 5 : i64}} {
  %y = model.scan <T> reverse slices(%x) : (!model.array<T x N x f32>) -> (!model.array<T x N x f32>) {
  ^bb0(%i: !model.array<i64>, %v: !model.array<N x f32>):
    %f = model.cast %i to f32 : !model.array<i64>
    %g = model.broadcast %f to <N> axes [] : !model.array<f32>
    %h = model.mul %v, %g : !model.array<N x f32>
    model.yield %h : !model.array<N x f32>
  }
  return %y : !model.array<T x N x f32>
}
