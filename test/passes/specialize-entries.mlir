// RUN: %model-opt %s --specialize-entries --split-input-file --verify-each | FileCheck %s

// The batch is a constant in a copy of the step, in types, attributes and the bodies of scans; other symbols and
// entries stay.
// CHECK-LABEL: func.func @step(
// CHECK-SAME: !model.array<N x T x f32> {model.input = "data", model.name = "x"}
// CHECK-SAME: attributes {model.entry = "step", model.symbols = {N = 32 : i64, T = 16 : i64}}
// CHECK-LABEL: func.func @step.full(
// CHECK-SAME: %arg0: !model.array<f32> {model.slot = @w}
// CHECK-SAME: !model.array<32 x T x f32> {model.input = "data", model.name = "x"}
// CHECK-SAME: attributes {model.entry = "step", model.symbols = {T = 16 : i64}}
// CHECK: model.size <32> : !model.array<f32>
// CHECK: model.slice %arg1 starts <31 x 0> counts <1 x T> steps [1, 1] : <32 x T x f32>
// CHECK: model.scan <32>
// CHECK-NEXT: ^bb0({{.*}}: !model.array<32 x T x f32>):
// CHECK-NEXT: model.size <T + 32>
// CHECK-LABEL: func.func @evaluate(
// CHECK-SAME: !model.array<N x T x f32>
// CHECK: model.training on @d step @step full @step.full evaluate @evaluate
model.slot @w : !model.array<f32> "parameter" file "w"
model.data @d from "csv" "d.csv" fields [] splits [] options {}
func.func @step(%w: !model.array<f32> {model.slot = @w}, %x: !model.array<N x T x f32> {model.input = "data", model.name = "x"}) -> (!model.array<f32> {model.slot = @w}) attributes {model.entry = "step", model.symbols = {N = 32 : i64, T = 16 : i64}} {
  %0 = model.size <N> : !model.array<f32>
  %1 = model.slice %x starts <N + -1 x 0> counts <1 x T> steps [1, 1] : <N x T x f32>
  %2 = model.scan <N> carries(%0) invariants(%x) : (!model.array<f32>, !model.array<N x T x f32>) -> !model.array<f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<f32>, %v: !model.array<N x T x f32>):
    %3 = model.size <N + T> : !model.array<f32>
    %4 = model.add %c, %3 : <f32>
    model.yield %4 : !model.array<f32>
  }
  return %2 : !model.array<f32>
}
func.func @evaluate(%x: !model.array<N x T x f32> {model.input = "data", model.name = "x"}) -> !model.array<N x T x f32> attributes {model.entry = "evaluate", model.symbols = {N = 32 : i64, T = 16 : i64}} {
  return %x : !model.array<N x T x f32>
}
model.training on @d step @step evaluate @evaluate metrics [] options {batch = 32 : i64}

// -----

// A batch of one; sizes that differ by a constant may become 0. A name that is taken gets a number.
// CHECK-LABEL: func.func @step.full_0(
// CHECK-SAME: !model.array<1 x f32> {model.input = "data"
// CHECK-SAME: model.symbols = {}
// CHECK: model.slice %arg0 starts <1> counts <0> steps [1] : <1 x f32>
// CHECK: model.reduce_sum %{{.*}} axes [0] : <0 x f32>
// CHECK: model.training on @d step @step full @step.full_0
model.data @d from "csv" "d.csv" fields [] splits [] options {}
func.func @step(%x: !model.array<N x f32> {model.input = "data", model.name = "x"}) -> !model.array<f32> attributes {model.entry = "step", model.symbols = {N = 1 : i64}} {
  %0 = model.slice %x starts <1> counts <N + -1> steps [1] : <N x f32>
  %1 = model.reduce_sum %0 axes [0] : <N + -1 x f32>
  return %1 : !model.array<f32>
}
func.func @step.full(%x: !model.array<f32>) -> !model.array<f32> {
  return %x : !model.array<f32>
}
model.training on @d step @step metrics [] options {batch = 1 : i64}

// -----

// Nothing to do: the data's size is a constant already; the full step exists.
// CHECK-LABEL: model.data @constant
// CHECK: model.training on @constant step @step metrics
model.data @constant from "csv" "d.csv" fields [] splits [] options {}
func.func @step(%x: !model.array<4 x f32> {model.input = "data", model.name = "x"}) -> !model.array<4 x f32> attributes {model.entry = "step", model.symbols = {}} {
  return %x : !model.array<4 x f32>
}
model.training on @constant step @step metrics [] options {batch = 4 : i64}

// -----

// CHECK-LABEL: model.data @done
// CHECK: func.func @step
// CHECK-NOT: func.func
// CHECK: model.training on @done step @step full @step metrics
model.data @done from "csv" "d.csv" fields [] splits [] options {}
func.func @step(%x: !model.array<N x f32> {model.input = "data", model.name = "x"}) -> !model.array<N x f32> attributes {model.entry = "step", model.symbols = {N = 4 : i64}} {
  return %x : !model.array<N x f32>
}
model.training on @done step @step full @step metrics [] options {batch = 4 : i64}

// -----

// What the batch does not decide of the requirements stays.
// CHECK-LABEL: model.data @open
// CHECK: func.func @step(
// CHECK-SAME: model.requires = [#model.size<N + -2>, #model.size<N + T + -9>, #model.size<T + -1>]
// CHECK: func.func @step.full(
// CHECK-SAME: model.requires = [#model.size<T + -1>], model.symbols = {T = 16 : i64}
model.data @open from "csv" "d.csv" fields [] splits [] options {}
func.func @step(%x: !model.array<N x T x f32> {model.input = "data", model.name = "x"}) -> !model.array<N x T x f32> attributes {model.entry = "step", model.requires = [#model.size<N + -2>, #model.size<N + T + -9>, #model.size<T + -1>], model.symbols = {N = 8 : i64, T = 16 : i64}} {
  return %x : !model.array<N x T x f32>
}
model.training on @open step @step metrics [] options {batch = 8 : i64}

// -----

// CHECK-LABEL: model.data @decided
// CHECK: func.func @step.full(
// CHECK-SAME: attributes {model.entry = "step", model.symbols = {}}
model.data @decided from "csv" "d.csv" fields [] splits [] options {}
func.func @step(%x: !model.array<N x f32> {model.input = "data", model.name = "x"}) -> !model.array<N x f32> attributes {model.entry = "step", model.requires = [#model.size<N + -8>], model.symbols = {N = 8 : i64}} {
  return %x : !model.array<N x f32>
}
model.training on @decided step @step metrics [] options {batch = 8 : i64}

// -----

// A copy for the step that finds NaNs, if it is wanted; the batch stays a symbol.
// RUN: %model-opt %s --specialize-entries=trap=true --split-input-file --verify-each | FileCheck %s --check-prefix=TRAP
// TRAP-LABEL: func.func @wanted(
// TRAP-SAME: !model.array<N x f32>
// TRAP-LABEL: func.func @wanted.full(
// TRAP-LABEL: func.func @wanted.trap(
// TRAP-SAME: !model.array<N x f32>
// TRAP-SAME: attributes {model.entry = "trap", model.symbols = {N = 32 : i64}}
// TRAP: model.training on @d step @wanted full @wanted.full trap @wanted.trap metrics
model.data @d from "csv" "d.csv" fields [] splits [] options {}
func.func @wanted(%x: !model.array<N x f32> {model.input = "data", model.name = "x"}) attributes {model.entry = "step", model.symbols = {N = 32 : i64}} {
  return
}
model.training on @d step @wanted metrics [] options {batch = 32 : i64}
