// RUN: %model-opt %s --inline-calls --split-input-file --verify-diagnostics

func.func private @even(%x: !model.array<f32>) -> !model.array<f32> {
  %0 = model.call @odd(%x) : (!model.array<f32>) -> !model.array<f32>
  return %0 : !model.array<f32>
}
func.func private @odd(%x: !model.array<f32>) -> !model.array<f32> {
  // expected-error @below {{`even` calls itself; calls are inlined, so recursion has no end}}
  %0 = model.call @even(%x) : (!model.array<f32>) -> !model.array<f32>
  return %0 : !model.array<f32>
}

// -----

func.func private @outside(%x: !model.array<f32>) -> !model.array<f32>
func.func @caller(%x: !model.array<f32>) -> !model.array<f32> {
  // expected-error @below {{`outside` has no body; only functions of one block are called}}
  %0 = model.call @outside(%x) : (!model.array<f32>) -> !model.array<f32>
  return %0 : !model.array<f32>
}

// -----

func.func private @tail(%x: !model.array<M x f32>) -> !model.array<f32> {
  // expected-error @below {{size `M + -2` is negative or too large where `M` is `1`}}
  %0 = model.slice %x starts <2> counts <M + -2> steps [1] : <M x f32>
  %1 = model.reduce_sum %0 axes [0] : <M + -2 x f32>
  return %1 : !model.array<f32>
}
func.func @one(%x: !model.array<1 x f32>) -> !model.array<f32> {
  %0 = model.call @tail(%x) where {M = #model.size<1>} : (!model.array<1 x f32>) -> !model.array<f32>
  return %0 : !model.array<f32>
}

// -----

func.func private @shrink(%x: !model.array<M + -3 x f32>) -> !model.array<f32> {
  %0 = model.reduce_sum %x axes [0] : <M + -3 x f32>
  return %0 : !model.array<f32>
}
func.func @verified(%x: !model.array<0 x f32>) -> !model.array<f32> {
  // expected-error @below {{`where` makes sizes of `shrink` negative or too large}}
  %0 = model.call @shrink(%x) where {M = #model.size<1>} : (!model.array<0 x f32>) -> !model.array<f32>
  return %0 : !model.array<f32>
}

// -----

// expected-error @below {{`model.custom_gradient` must name a function}}
func.func private @named(%x: !model.array<f32>) -> !model.array<f32> attributes {model.custom_gradient = "rule"} {
  return %x : !model.array<f32>
}
