// RUN: %model-opt %s --resolve-gradients --split-input-file --verify-diagnostics

// An operation on floats without a rule is an error, never a silent zero.
func.func private @f(%x: !model.array<f32>) -> !model.array<f32> {
  // expected-error @below {{`model.kernel` has no gradient}}
  %0 = model.kernel map(%x) : (!model.array<f32>) -> !model.array<f32> {
  ^bb0(%a: !model.array<f32>):
    %1 = model.exp %a : <f32>
    model.yield %1 : !model.array<f32>
  }
  return %0 : !model.array<f32>
}
func.func @entry(%x: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @f(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}

// -----

// The same in the body of a scan.
func.func private @f(%x: !model.array<f32>) -> !model.array<f32> {
  %0 = model.scan <3> carries(%x) : (!model.array<f32>) -> !model.array<f32> {
  ^bb0(%i: !model.array<i64>, %c: !model.array<f32>):
    // expected-error @below {{`model.kernel` has no gradient}}
    %1 = model.kernel map(%c) : (!model.array<f32>) -> !model.array<f32> {
    ^bb0(%a: !model.array<f32>):
      %2 = model.exp %a : <f32>
      model.yield %2 : !model.array<f32>
    }
    model.yield %1 : !model.array<f32>
  }
  return %0 : !model.array<f32>
}
func.func @entry(%x: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @f(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}

// -----

func.func private @f(%x: !model.array<f32>) -> !model.array<f32> {
  // expected-error @below {{the gradient of `f` needs itself; it has no end}}
  %0:2 = model.gradient @f(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}
func.func @entry(%x: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @f(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}

// -----

// A rule that differentiates its own function.
func.func private @f(%x: !model.array<f32>) -> !model.array<f32> attributes {model.custom_gradient = @f.gradient} {
  return %x : !model.array<f32>
}
func.func private @f.gradient(%x: !model.array<f32>, %y: !model.array<f32>, %dy: !model.array<f32>) -> !model.array<f32> {
  // expected-error @below {{the gradient of `f.gradient` needs itself; it has no end}}
  %0:2 = model.gradient @f(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}
func.func @entry(%x: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @f(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}

// -----

// expected-error @below {{`rule` is no gradient of `f`; wanted a function of its arguments, its only result and the result's cotangent that returns cotangents of its float arguments}}
func.func private @f(%x: !model.array<f32>) -> !model.array<f32> attributes {model.custom_gradient = @rule} {
  return %x : !model.array<f32>
}
func.func private @rule(%x: !model.array<f32>, %dy: !model.array<f32>) -> !model.array<f32> {
  return %dy : !model.array<f32>
}
func.func @entry(%x: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @f(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}

// -----

func.func private @g(%x: !model.array<f32>) -> !model.array<f32> {
  return %x : !model.array<f32>
}
func.func private @f(%x: !model.array<f32>) -> !model.array<f32> {
  // expected-error @below {{`g` is called where its gradient is needed; calls must be inlined before}}
  %0 = model.call @g(%x) : (!model.array<f32>) -> !model.array<f32>
  return %0 : !model.array<f32>
}
func.func @entry(%x: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @f(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}

// -----

// What is not reached by what is differentiated by needs no rule; nor do functions that no entry needs.
func.func private @f(%x: !model.array<f32>, %y: !model.array<f32>) -> !model.array<f32> {
  %0 = model.kernel map(%y) : (!model.array<f32>) -> !model.array<f32> {
  ^bb0(%a: !model.array<f32>):
    %1 = model.exp %a : <f32>
    model.yield %1 : !model.array<f32>
  }
  %2 = model.mul %0, %x : <f32>
  return %2 : !model.array<f32>
}
func.func @entry(%x: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @f(%x, %x) wrt [0] : (!model.array<f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}
func.func private @unused(%x: !model.array<f32>) -> !model.array<f32> {
  %0:2 = model.gradient @unused(%x) wrt [0] : (!model.array<f32>) -> (!model.array<f32>, !model.array<f32>)
  return %0#1 : !model.array<f32>
}
