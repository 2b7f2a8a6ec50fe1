// RUN: %model-opt %s --specialize-entries=trap=true --form-kernels --schedule --plan-memory --outline-kernels --trap-not-finite | FileCheck %s
// RUN: %model-opt %s --specialize-entries=trap=true --form-kernels --schedule --plan-memory --outline-kernels --trap-not-finite --emit-loops --verify-loops | FileCheck %s --check-prefix=LOOPS
// RUN: %model-opt %s --specialize-entries --form-kernels --schedule --plan-memory --outline-kernels --trap-not-finite | FileCheck %s --check-prefix=NONE

// Without a copy for it there is nothing to do.
// NONE-NOT: trap
// NONE-NOT: model.check_finite

// The step itself has no checks, and its kernels are as they were.
// CHECK-LABEL: func.func @step(
// CHECK-NOT: model.check_finite
// CHECK-NOT: passthrough

// Each array of floats that is written is checked, where it was written: in a loop its element.
// CHECK-LABEL: func.func @step.trap(
// CHECK-SAME: %[[RECORD:[a-z0-9]+]]: !model.buffer<2 x i64> {model.name = "not_finite", model.output = "trap"}, %{{[a-z0-9]+}}: !model.buffer<{{[0-9]+}} x i8> {model.workspace})
// CHECK-SAME: attributes {model.entry = "trap", model.symbols = {N = 32 : i64}, model.workspace_bytes = {{[0-9]+}} : i64, passthrough = ["noinline", "optnone"]}
// CHECK: model.launch @[[EXP:map_[0-9]+]](%[[X:.*]], %[[E:.*]]) id [[ID:[0-9]+]] :
// CHECK-NEXT: model.check_finite %[[E]] shape <N x 4> in %[[RECORD]] id [[ID]] : <N x 4 x f32>, <2 x i64>
// CHECK: model.launch @[[LOG:map_[0-9]+]](%[[E]], %[[L:.*]]) id [[ID:[0-9]+]] :
// CHECK-NEXT: model.check_finite %[[L]] shape <N x 4> in %[[RECORD]] id [[ID]] :
// No floats are written.
// CHECK: model.launch @[[CAST:map_[0-9]+]]({{.*}}) id [[ID:[0-9]+]] : {{.*}} x i32>
// CHECK-NOT: model.check_finite
// CHECK: model.loop <N>
// CHECK-NEXT: ^bb0(%[[I:.*]]: index):
// CHECK: model.launch @{{.*}} id [[ID:[0-9]+]]
// CHECK-NEXT: model.check_finite %{{.*}}[%[[I]]] shape <4> in %[[RECORD]] id [[ID]] : <N x 4 x f32>, <2 x i64>

// Kernels that the step has too are optimised, the others are not.
// CHECK: func.func private @map_[[#]](
// CHECK-NOT: passthrough
// CHECK: func.func private @[[EXP]](
// CHECK-SAME: passthrough = ["noinline", "optnone"]
// CHECK: model.exp
// CHECK-NOT: model.log
// CHECK: func.func private @[[LOG]](
// CHECK-SAME: passthrough = ["noinline", "optnone"]

// LOOPS-LABEL: func.func @step.trap(
// LOOPS: func.call @map_[[#]](
// LOOPS: func.call @model.check_finite.f32({{.*}}, %[[RECORD:.*]], %{{.*}}) : (memref<f32>, index, index, memref<i64>, i64) -> ()
model.data @d from "csv" "d.csv" fields [] splits [] options {}
#a = loc("net.model":1:1)
#b = loc("net.model":2:1)
#c = loc("net.model":3:1)
#d = loc("net.model":4:1)
func.func @step(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"})
    -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"}, !model.array<N x 4 x i32> {model.output = "result", model.name = "k"},
        !model.array<N x 4 x f32> {model.output = "result", model.name = "z"}) attributes {model.entry = "step", model.symbols = {N = 32 : i64}} {
  %e = model.exp %x : !model.array<N x 4 x f32> loc(#a)
  %l = model.log %e : !model.array<N x 4 x f32> loc(#b)
  %k = model.cast %x to i32 : !model.array<N x 4 x f32> loc(#c)
  %s = model.scan <N> slices(%x) : (!model.array<N x 4 x f32>) -> (!model.array<N x 4 x f32>) {
  ^bb0(%i: !model.array<i64>, %v: !model.array<4 x f32>):
    %t = model.tanh %v : !model.array<4 x f32> loc(#d)
    model.yield %t : !model.array<4 x f32> loc(#d)
  } loc(#d)
  return %l, %k, %s : !model.array<N x 4 x f32>, !model.array<N x 4 x i32>, !model.array<N x 4 x f32>
}
model.training on @d step @step metrics [] options {batch = 32 : i64}
