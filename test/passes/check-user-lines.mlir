// Where a program does not say a location it is a place of `<stdin>`: no file of a user.
// RUN: not %model-opt --check-user-lines < %s 2>&1 | FileCheck %s --implicit-check-not=error:

// CHECK: error: found `model.abs` without a line of the user's program, at loc(unknown)
// CHECK: error: found `model.exp` without a line of the user's program, at loc("<layers>":3:1)
// CHECK: error: found `model.log` without a line of the user's program, at loc("<stdin>":
module {
  func.func @f(%x: !model.array<f32>) -> !model.array<f32> {
    %0 = model.neg %x : !model.array<f32> loc("wine.model":4:5)
    %1 = model.abs %0 : !model.array<f32> loc(unknown)
    %2 = model.exp %1 : !model.array<f32> loc("<layers>":3:1)
    %3 = model.tanh %2 : !model.array<f32> loc(callsite("<layers>":3:1 at "wine.model":5:1))
    %4 = model.log %3 : !model.array<f32>
    %5 = model.sqrt %4 : !model.array<f32> loc(fused[unknown, "gradient of"("wine.model":6:1)])
    return %5 : !model.array<f32> loc("wine.model":7:5)
  } loc("wine.model":3:1)
} loc("wine.model":1:1)
