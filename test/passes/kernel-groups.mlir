// RUN: %model-opt %s --form-kernels | FileCheck %s

// What costs something is not computed twice: `exp` is written for its two readers.
// CHECK-LABEL: func.func @shared
// CHECK: %[[E:.*]] = model.kernel map(%arg0)
// CHECK: model.exp
// CHECK: model.kernel row(%[[E]])
// CHECK-NOT: model.exp
// CHECK: return
func.func @shared(%x: !model.array<4 x 8 x f32>) -> (!model.array<4 x 8 x f32>, !model.array<4 x f32>) {
  %e = model.exp %x : !model.array<4 x 8 x f32>
  %s = model.reduce_sum %e axes [1] : !model.array<4 x 8 x f32>
  %t = model.transpose %e permutation [1, 0] : !model.array<4 x 8 x f32>
  %u = model.transpose %t permutation [1, 0] : !model.array<8 x 4 x f32>
  return %u, %s : !model.array<4 x 8 x f32>, !model.array<4 x f32>
}

// Nor once for each repetition: what a broadcast repeats is computed before.
// CHECK-LABEL: func.func @repeated
// CHECK: model.kernel map(%arg0)
// CHECK: model.exp
// CHECK: model.yield
// CHECK: model.kernel map
// CHECK: model.broadcast
func.func @repeated(%x: !model.array<8 x f32>, %y: !model.array<4 x 8 x f32>) -> !model.array<4 x 8 x f32> {
  %e = model.exp %x : !model.array<8 x f32>
  %b = model.broadcast %e to <4 x 8> axes [1] : !model.array<8 x f32>
  %s = model.add %y, %b : !model.array<4 x 8 x f32>
  return %s : !model.array<4 x 8 x f32>
}

// Constants and movements are repeated in every consumer.
// CHECK-LABEL: func.func @free
// CHECK: model.kernel map(%arg0)
// CHECK: model.transpose
// CHECK: model.kernel row(%arg0)
// CHECK: model.transpose
func.func @free(%x: !model.array<4 x 8 x f32>) -> (!model.array<8 x 4 x f32>, !model.array<8 x f32>) {
  %t = model.transpose %x permutation [1, 0] : !model.array<4 x 8 x f32>
  %e = model.exp %t : !model.array<8 x 4 x f32>
  %s = model.reduce_sum %t axes [1] : !model.array<8 x 4 x f32>
  return %e, %s : !model.array<8 x 4 x f32>, !model.array<8 x f32>
}

// An optimizer's update is one kernel: each array is read and written once.
// CHECK-LABEL: func.func @update
// CHECK: %[[R:.*]]:2 = model.kernel map(%{{.*}}, %{{.*}}, %{{.*}}) in_place [
// CHECK: model.yield
// CHECK-NOT: model.kernel
// CHECK: return %[[R]]#1, %[[R]]#0
func.func @update(%w: !model.array<8 x f32> {model.slot = @w}, %m: !model.array<8 x f32> {model.slot = @m}, %g: !model.array<8 x f32>)
    -> (!model.array<8 x f32> {model.slot = @w}, !model.array<8 x f32> {model.slot = @m}) {
  %d = model.fill 0.9 : f32 : !model.array<8 x f32>
  %a = model.mul %m, %d : !model.array<8 x f32>
  %m1 = model.add %a, %g : !model.array<8 x f32>
  %w1 = model.sub %w, %m1 : !model.array<8 x f32>
  return %w1, %m1 : !model.array<8 x f32>, !model.array<8 x f32>
}

// A reshape that only adds axes of size 1 is an element function; another one names the same
// memory and stays outside of kernels.
// CHECK-LABEL: func.func @reshapes
// CHECK: %[[A:.*]] = model.reshape %arg0 to <8>
// CHECK: model.kernel map(%[[A]])
// CHECK: model.neg
// CHECK: model.reshape {{.*}} to <8 x 1>
// CHECK: model.exp
func.func @reshapes(%x: !model.array<2 x 4 x f32>) -> !model.array<8 x 1 x f32> {
  %a = model.reshape %x to <8> : !model.array<2 x 4 x f32>
  %b = model.neg %a : !model.array<8 x f32>
  %c = model.reshape %b to <8 x 1> : !model.array<8 x f32>
  %d = model.exp %c : !model.array<8 x 1 x f32>
  return %d : !model.array<8 x 1 x f32>
}

// In place only where each element is read for its own place alone.
// CHECK-LABEL: func.func @crossed
// CHECK: model.kernel map(%arg0) : (
func.func @crossed(%x: !model.array<8 x f32>) -> !model.array<8 x f32> {
  %r = model.reverse %x axes [0] : !model.array<8 x f32>
  %s = model.add %x, %r : !model.array<8 x f32>
  return %s : !model.array<8 x f32>
}

// In the entry that finds NaNs a kernel computes what one line says, in one role: neither are the exponential and what
// reads it one, nor the two maps.
// CHECK-LABEL: func.func @lines
// CHECK: model.kernel map
// CHECK: model.exp
// CHECK-NOT: model.neg
// CHECK: model.kernel map
// CHECK: model.neg
// CHECK-NEXT: model.abs
// CHECK-NEXT: model.yield
// CHECK: model.kernel map
// CHECK: model.sqrt
// CHECK: return
func.func @lines(%x: !model.array<8 x f32>) -> (!model.array<8 x f32>, !model.array<8 x f32>) attributes {model.entry = "trap"} {
  %e = model.exp %x : !model.array<8 x f32> loc("a.model":1:1)
  %n = model.neg %e : !model.array<8 x f32> loc("a.model":2:1)
  %a = model.abs %n : !model.array<8 x f32> loc("a.model":2:9)
  %s = model.sqrt %a : !model.array<8 x f32> loc("gradient of"("a.model":2:5))
  return %a, %s : !model.array<8 x f32>, !model.array<8 x f32>
}
