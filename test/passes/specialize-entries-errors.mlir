// RUN: %model-opt %s --specialize-entries --split-input-file --verify-diagnostics

model.data @d from "csv" "d.csv" fields [] splits [] options {}
// expected-error @below {{`N` of `step` has bound 4; the batch is 8}}
func.func @step(%x: !model.array<N x f32> {model.input = "data", model.name = "x"}) -> !model.array<N x f32> attributes {model.entry = "step", model.symbols = {N = 4 : i64}} {
  return %x : !model.array<N x f32>
}
model.training on @d step @step metrics [] options {batch = 8 : i64}

// -----

model.data @d from "csv" "d.csv" fields [] splits [] options {}
// expected-error @below {{`N` of `step` has no bound; the batch is 8}}
func.func @step(%x: !model.array<N x f32> {model.input = "data", model.name = "x"}) -> !model.array<N x f32> attributes {model.entry = "step"} {
  return %x : !model.array<N x f32>
}
model.training on @d step @step metrics [] options {batch = 8 : i64}

// -----

model.data @d from "csv" "d.csv" fields [] splits [] options {}
func.func @step(%x: !model.array<N x f32> {model.input = "data", model.name = "x"}) -> !model.array<f32> attributes {model.entry = "step", model.symbols = {N = 1 : i64}} {
  // expected-error @below {{size `N + -2` is negative or too large where `N` is `1`}}
  %0 = model.slice %x starts <2> counts <N + -2> steps [1] : <N x f32>
  %1 = model.reduce_sum %0 axes [0] : <N + -2 x f32>
  return %1 : !model.array<f32>
}
model.training on @d step @step metrics [] options {batch = 1 : i64}

// -----

model.data @d from "csv" "d.csv" fields [] splits [] options {}
func.func @step(%x: !model.array<f32>) -> !model.array<f32> {
  return %x : !model.array<f32>
}
// expected-error @below {{has no `batch` among its options}}
model.training on @d step @step metrics [] options {}

// -----

model.data @d from "csv" "d.csv" fields [] splits [] options {}
// expected-error @below {{names a step that is no function}}
model.training on @d step @d metrics [] options {batch = 8 : i64}

// -----

model.data @d from "csv" "d.csv" fields [] splits [] options {}
// expected-error @below {{size `N + -10` of `step` is negative where `N` is 8, the batch}}
func.func @step(%x: !model.array<N x f32> {model.input = "data", model.name = "x"}) -> !model.array<N x f32> attributes {model.entry = "step", model.requires = [#model.size<N + -1>, #model.size<N + -10>], model.symbols = {N = 32 : i64}} {
  return %x : !model.array<N x f32>
}
model.training on @d step @step metrics [] options {batch = 8 : i64}
