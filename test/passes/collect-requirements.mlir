// RUN: %model-opt %s --collect-requirements --split-input-file --verify-diagnostics | FileCheck %s

// Start, count and end of slices, also of those that nobody reads and within scans; each once. What the bound proves and
// the sizes of inputs and results are left out.
// CHECK-LABEL: func.func @slices(
// CHECK-SAME: attributes {model.entry = "function", model.requires = [#model.size<N + -10>, #model.size<N + -1>, #model.size<N + -6>], model.symbols = {N = 256 : i64}}
func.func @slices(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N + -2 x 4 x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 256 : i64}} {
  %0 = model.slice %x starts <10 x 0> counts <N + -10 x 4> steps [1, 1] : <N x 4 x f32>
  %1 = model.slice %x starts <N + -1 x 0> counts <1 x 4> steps [1, 1] : <N x 4 x f32>
  %2 = model.slice %x starts <0 x 0> counts <1 x 2> steps [1, 3] : <N x 4 x f32>
  %3 = model.slice %x starts <0 x 1> counts <N x 2> steps [1, 2] : <N x 4 x f32>
  %4 = model.scan <3> carries(%1) invariants(%x) : (!model.array<1 x 4 x f32>, !model.array<N x 4 x f32>) -> !model.array<1 x 4 x f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<1 x 4 x f32>, %v: !model.array<N x 4 x f32>):
    %5 = model.slice %v starts <5 x 0> counts <1 x 4> steps [1, 1] : <N x 4 x f32>
    %6 = model.add %c, %5 : <1 x 4 x f32>
    model.yield %6 : !model.array<1 x 4 x f32>
  }
  %7 = model.slice %x starts <1 x 0> counts <N + -2 x 4> steps [1, 1] : <N x 4 x f32>
  return %7 : !model.array<N + -2 x 4 x f32>
}

// -----

// Widths of padding; an axis that computed indices need; nothing for indices that there may be none of.
// CHECK-LABEL: func.func @others(
// CHECK-SAME: model.requires = [#model.size<N + -2>, #model.size<N + -1>]
func.func @others(%x: !model.array<N x f32> {model.input = "data", model.name = "x"}, %i: !model.array<3 x i32> {model.input = "data", model.name = "i"}, %j: !model.array<N x i32> {model.input = "data", model.name = "j"})
    -> (!model.array<2 * N x f32> {model.output = "result", model.name = "y"}) attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.gather %x[%j] axis 0 : <N x f32>, <N x i32>
  %1 = model.pad %x low <N + -2> high <2> interior [0] value 0.0 : f32 : <N x f32>
  %2 = model.gather %x[%i] axis 0 : <N x f32>, <3 x i32>
  return %1 : !model.array<2 * N x f32>
}

// -----

// A function that the runtime does not call is left alone; an entry without requirements too.
// CHECK-LABEL: func.func private @helper(
// CHECK-NOT: model.requires
func.func private @helper(%x: !model.array<N x f32>) -> !model.array<1 x f32> {
  %0 = model.slice %x starts <0> counts <1> steps [1] : <N x f32>
  return %0 : !model.array<1 x f32>
}
func.func @all(%x: !model.array<N x f32> {model.input = "data", model.name = "x"}) -> (!model.array<0 x f32> {model.output = "result", model.name = "y"}) attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.slice %x starts <N> counts <0> steps [1] : <N x f32>
  return %0 : !model.array<0 x f32>
}

// -----

func.func @never(%x: !model.array<N x f32> {model.input = "data", model.name = "x"}) -> (!model.array<1 x f32> {model.output = "result", model.name = "y"}) attributes {model.entry = "function", model.symbols = {N = 256 : i64}} {
  // expected-error @below {{size `N + -301` is negative, as `N` is at most 256}}
  %0 = model.slice %x starts <300> counts <1> steps [1] : <N x f32>
  return %0 : !model.array<1 x f32>
}

// -----

// expected-error @below {{`model.requires` must be a list of sizes}}
func.func @wrong() attributes {model.entry = "function", model.requires = [3], model.symbols = {}} {
  return
}
