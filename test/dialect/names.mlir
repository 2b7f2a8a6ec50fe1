// Values are called as their locations say.
// RUN: %model-opt %s | FileCheck %s
// RUN: %model-opt %s --mlir-print-debuginfo | %model-opt | FileCheck %s

#user = loc("user.model":4:7)
#named = loc("hidden"(#user))

// CHECK-LABEL: func.func @results
func.func @results(%x: !model.array<4 x f32>) -> !model.array<4 x f32> {
  // CHECK: %hidden = model.exp %arg0
  %0 = model.exp %x : <4 x f32> loc(#named)
  // Equal names are told apart by numbers.
  // CHECK-NEXT: %hidden_0 = model.exp %hidden
  %1 = model.exp %0 : <4 x f32> loc(#named)
  // What is within a call is called as the callee calls it.
  // CHECK-NEXT: %inner = model.exp %hidden_0
  %2 = model.exp %1 : <4 x f32> loc(callsite("inner"("<layers.model>":1:2) at "outer"(#user)))
  // CHECK-NEXT: %[[CALL:[0-9]+]] = model.exp %inner
  %3 = model.exp %2 : <4 x f32> loc(callsite("<layers.model>":1:2 at "outer"(#user)))
  // Of several places, the first that has a name.
  // CHECK-NEXT: %first = model.exp %[[CALL]]
  %4 = model.exp %3 : <4 x f32> loc(fused[#user, "first"(#user), "second"(#user)])
  // Other texts are no names: `gradient of` is a mark.
  // CHECK-NEXT: %[[MARK:[0-9]+]] = model.exp %first
  %5 = model.exp %4 : <4 x f32> loc("gradient of"(#named))
  // CHECK-NEXT: %[[DIGIT:[0-9]+]] = model.exp %[[MARK]]
  %6 = model.exp %5 : <4 x f32> loc("1st"(#user))
  // CHECK-NEXT: %m.head.w_2 = model.exp %[[DIGIT]]
  %7 = model.exp %6 : <4 x f32> loc("m.head.w_2"("gradient of"(#user)))
  return %7 : !model.array<4 x f32>
}

// A constant that stands for several has the name of none of them.
// CHECK-LABEL: func.func @constants
func.func @constants() -> (!model.array<f32>, !model.array<f32>) {
  // CHECK: %rate = model.fill
  %0 = model.fill 0.5 : f32 : <f32> loc("rate"(#user))
  // CHECK-NEXT: %[[SHARED:[0-9]+]] = model.fill
  %1 = model.fill 0.25 : f32 : <f32> loc(fused["rate"(#user), "share"(#user)])
  // CHECK-NEXT: return %rate, %[[SHARED]]
  return %0, %1 : !model.array<f32>, !model.array<f32>
}

// Results of a scan are called as what its body yields, stacks with `.all`; one that has no name has a
// number of its own.
// CHECK-LABEL: func.func @scan
func.func @scan(%x: !model.array<f32>) -> !model.array<f32> {
  // CHECK: %sum, %[[OTHER:[0-9]+]], %square.all = model.scan <3> carries(%arg0, %arg0)
  // CHECK-NEXT: ^bb0(%count: {{.*}}, %[[A:arg[0-9]+]]: {{.*}}, %b:
  // CHECK-NEXT: %[[SUM:sum_[0-9]+]] = model.add %[[A]], %b
  // CHECK-NEXT: %square = model.mul %b, %b
  // CHECK-NEXT: %[[SIN:[0-9]+]] = model.sin
  // CHECK-NEXT: model.yield %[[SUM]], %[[SIN]], %square
  %0:3 = model.scan <3> carries(%x, %x) : (!model.array<f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<f32>, !model.array<3 x f32>) {
  ^bb0(%i: !model.array<i64> loc("count"(#user)), %a: !model.array<f32> loc(#user), %b: !model.array<f32> loc("b"(#user))):
    %s = model.add %a, %b : <f32> loc("sum"(#user))
    %q = model.mul %b, %b : <f32> loc("square"(#user))
    %n = model.sin %s : <f32> loc(#user)
    model.yield %s, %n, %q : !model.array<f32>, !model.array<f32>, !model.array<f32>
  }
  // The program calls the result of the whole scan otherwise than the body.
  // CHECK: %last, %{{[0-9]+}} = model.scan
  %1:2 = model.scan <3> carries(%x, %x) : (!model.array<f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<f32>) {
  ^bb0(%i: !model.array<i64>, %a: !model.array<f32>, %b: !model.array<f32>):
    %s = model.add %a, %b : <f32> loc("sum"(#user))
    %n = model.sin %s : <f32> loc(#user)
    model.yield %s, %n : !model.array<f32>, !model.array<f32>
  } loc("last"(#user))
  // Of an operation without names all results are one group.
  // CHECK: %[[GROUP:[0-9]+]]:2 = model.scan
  %2:2 = model.scan <3> carries(%x, %x) : (!model.array<f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<f32>) {
  ^bb0(%i: !model.array<i64>, %a: !model.array<f32>, %b: !model.array<f32>):
    %s = model.add %a, %b : <f32> loc(#user)
    model.yield %s, %b : !model.array<f32>, !model.array<f32>
  }
  // CHECK: model.add %last, %[[GROUP]]#1
  %3 = model.add %1#0, %2#1 : <f32>
  return %3 : !model.array<f32>
}

// Arguments of kernels are called as their operands (an argument of a function has a name, but MLIR prints none), results as what is yielded.
// CHECK-LABEL: func.func @kernel
func.func @kernel(%w: !model.array<4 x f32> {model.slot = @blocks.w}, %x: !model.array<4 x f32>) -> !model.array<4 x f32> {
  // CHECK: %sum = model.kernel {{ *}}map(%arg0, %arg1)
  // CHECK-NEXT: ^bb0(%blocks.w: !model.array<4 x f32>, %arg2: !model.array<4 x f32>)
  // CHECK-NEXT: %[[SUM:sum_[0-9]+]] = model.add %blocks.w, %arg2
  // CHECK-NEXT: model.yield %[[SUM]]
  %0 = model.kernel map(%w, %x) : (!model.array<4 x f32>, !model.array<4 x f32>) -> !model.array<4 x f32> {
  ^bb0(%a: !model.array<4 x f32> loc(#user), %b: !model.array<4 x f32> loc(#user)):
    %s = model.add %a, %b : <4 x f32> loc("sum"(#user))
    model.yield %s : !model.array<4 x f32>
  }
  return %0 : !model.array<4 x f32>
}
