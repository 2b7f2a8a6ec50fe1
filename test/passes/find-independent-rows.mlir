// RUN: %model-opt %s --find-independent-rows --split-input-file | FileCheck %s

// Element-wise operations, products with weights, reductions and movements along other axes.
// CHECK-LABEL: func.func @layers(
// CHECK-SAME: model.rowwise = "N"
func.func @layers(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}, %w: !model.array<4 x 2 x f32> {model.slot = @w},
                  %t: !model.array<9 x 3 x f32> {model.slot = @t}, %i: !model.array<N x 2 x i32> {model.input = "data", model.name = "i"})
    -> (!model.array<N x 2 x f32> {model.output = "result", model.name = "y"}, !model.array<N x i32> {model.output = "result", model.name = "k"},
        !model.array<N x 6 x f32> {model.output = "result", model.name = "e"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.contract %x, %w batch [] x [] contract [1] x [0] : !model.array<N x 4 x f32>, !model.array<4 x 2 x f32>
  %1 = model.reduce_max %0 axes [1] : <N x 2 x f32>
  %2 = model.broadcast %1 to <N x 2> axes [0] : <N x f32>
  %3 = model.sub %0, %2 : <N x 2 x f32>
  %4 = model.transpose %3 permutation [1, 0] : <N x 2 x f32>
  %5 = model.slice %4 starts <1 x 0> counts <1 x N> steps [1, 1] : <2 x N x f32>
  %6 = model.pad %5 low <1 x 0> high <0 x 0> interior [0, 0] value 0.0 : f32 : <1 x N x f32>
  %7 = model.transpose %6 permutation [1, 0] : <2 x N x f32>
  %8 = model.reverse %7 axes [1] : <N x 2 x f32>
  %9 = model.fill 1.0 : f32 : !model.array<N x 2 x f32>
  %10 = model.add %8, %9 : <N x 2 x f32>
  %11 = model.argmax %10 axis 1 : <N x 2 x f32>
  %12 = model.gather %t[%i] axis 0 : <9 x 3 x f32>, <N x 2 x i32>
  %13 = model.reshape %12 to <N x 6> : <N x 2 x 3 x f32>
  return %10, %11, %13 : !model.array<N x 2 x f32>, !model.array<N x i32>, !model.array<N x 6 x f32>
}

// -----

// A batched product, a concatenation of columns, an index along a column.
// CHECK-LABEL: func.func @batched(
// CHECK-SAME: model.rowwise = "N"
func.func @batched(%x: !model.array<N x T x 4 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x T x 2 * T x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64, T = 3 : i64}} {
  %0 = model.contract %x, %x batch [0] x [0] contract [2] x [2] : !model.array<N x T x 4 x f32>, !model.array<N x T x 4 x f32>
  %1 = model.iota axis 2 : !model.array<N x T x T x f32>
  %2 = model.concat %0, %1 axis 2 : !model.array<N x T x T x f32>, !model.array<N x T x T x f32>
  return %2 : !model.array<N x T x 2 * T x f32>
}

// -----

// A recurrence whose hidden state starts with zeros.
// CHECK-LABEL: func.func @recurrence(
// CHECK-SAME: model.rowwise = "N"
func.func @recurrence(%x: !model.array<N x 5 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x f32> {model.output = "result", model.name = "y"}, !model.array<N x 5 x f32> {model.output = "result", model.name = "all"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.transpose %x permutation [1, 0] : <N x 5 x f32>
  %1 = model.fill 0.0 : f32 : !model.array<N x f32>
  %2, %3 = model.scan <5> carries(%1) slices(%0) : (!model.array<N x f32>, !model.array<5 x N x f32>) -> (!model.array<N x f32>, !model.array<5 x N x f32>) {
  ^bb0(%i: !model.array<i64>, %h: !model.array<N x f32>, %v: !model.array<N x f32>):
    %5 = model.add %h, %v : <N x f32>
    model.yield %5, %5 : !model.array<N x f32>, !model.array<N x f32>
  }
  %4 = model.transpose %3 permutation [1, 0] : <5 x N x f32>
  return %2, %4 : !model.array<N x f32>, !model.array<N x 5 x f32>
}

// -----

// The first row in all of them.
// CHECK-LABEL: func.func @first(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @first(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.slice %x starts <0 x 0> counts <1 x 4> steps [1, 1] : <N x 4 x f32>
  %1 = model.reshape %0 to <4> : <1 x 4 x f32>
  %2 = model.broadcast %1 to <N x 4> axes [1] : <4 x f32>
  %3 = model.sub %x, %2 : <N x 4 x f32>
  return %3 : !model.array<N x 4 x f32>
}

// -----

// What all rows have in common.
// CHECK-LABEL: func.func @mean(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @mean(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.reduce_sum %x axes [0] : <N x 4 x f32>
  %1 = model.broadcast %0 to <N x 4> axes [1] : <4 x f32>
  %2 = model.add %x, %1 : <N x 4 x f32>
  return %2 : !model.array<N x 4 x f32>
}

// -----

// How many rows there are.
// CHECK-LABEL: func.func @count(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @count(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.size <N> : !model.array<f32>
  %1 = model.broadcast %0 to <N x 4> axes [] : <f32>
  %2 = model.add %x, %1 : <N x 4 x f32>
  return %2 : !model.array<N x 4 x f32>
}

// -----

// Which row it is.
// CHECK-LABEL: func.func @number(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @number(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.iota axis 0 : !model.array<N x 4 x f32>
  %1 = model.add %x, %0 : <N x 4 x f32>
  return %1 : !model.array<N x 4 x f32>
}

// -----

// Rows in another order, by reversing and by indices.
// CHECK-LABEL: func.func @reversed(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @reversed(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.reverse %x axes [0] : <N x 4 x f32>
  return %0 : !model.array<N x 4 x f32>
}

// -----

// Rows in another order, by indices.
// CHECK-LABEL: func.func @permuted(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @permuted(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}, %i: !model.array<N x i32> {model.input = "data", model.name = "i"}) -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.gather %x[%i] axis 0 : <N x 4 x f32>, <N x i32>
  return %0 : !model.array<N x 4 x f32>
}

// -----

// Every row with every other: attention over the batch.
// CHECK-LABEL: func.func @mixed(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @mixed(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.contract %x, %x batch [] x [] contract [1] x [1] : !model.array<N x 4 x f32>, !model.array<N x 4 x f32>
  %1 = model.contract %0, %x batch [] x [] contract [1] x [0] : !model.array<N x N x f32>, !model.array<N x 4 x f32>
  return %1 : !model.array<N x 4 x f32>
}

// -----

// Two axes become one, and come back in another order.
// CHECK-LABEL: func.func @reshaped(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @reshaped(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.reshape %x to <4 x N> : <N x 4 x f32>
  %1 = model.transpose %0 permutation [1, 0] : <4 x N x f32>
  return %1 : !model.array<N x 4 x f32>
}

// -----

// A carry that begins row by row and mixes rows in the block.
// CHECK-LABEL: func.func @carried(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @carried(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.scan <3> carries(%x) : (!model.array<N x 4 x f32>) -> !model.array<N x 4 x f32> {
  ^bb0(%i: !model.array<i64>, %h: !model.array<N x 4 x f32>):
    %1 = model.reverse %h axes [0] : <N x 4 x f32>
    model.yield %1 : !model.array<N x 4 x f32>
  }
  return %0 : !model.array<N x 4 x f32>
}

// -----

// Random numbers, which are told apart by the number of the row.
// CHECK-LABEL: func.func @random(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @random(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}, %seed: !model.array<i64> {model.input = "seed"}) -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.random_uniform %seed : <i64> -> <N x 4 x f32>
  %1 = model.add %x, %0 : <N x 4 x f32>
  return %1 : !model.array<N x 4 x f32>
}

// -----

// A requirement that a part may not meet.
// CHECK-LABEL: func.func @requires(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @requires(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.requires = [#model.size<N + -3>], model.symbols = {N = 8 : i64}} {
  return %x : !model.array<N x 4 x f32>
}

// -----

// A slot that changes with every part.
// CHECK-LABEL: func.func @stateful(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @stateful(%x: !model.array<N x 4 x f32> {model.input = "data", model.name = "x"}, %s: !model.array<f32> {model.slot = @s}) -> (!model.array<N x 4 x f32> {model.output = "result", model.name = "y"}, !model.array<f32> {model.slot = @s})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  return %x, %s : !model.array<N x 4 x f32>, !model.array<f32>
}

// -----

// One row after another: the recurrence runs along them.
// CHECK-LABEL: func.func @along(
// CHECK-NOT: model.rowwise
// CHECK: return
func.func @along(%x: !model.array<N x f32> {model.input = "data", model.name = "x"}) -> (!model.array<N x f32> {model.output = "result", model.name = "y"})
    attributes {model.entry = "function", model.symbols = {N = 8 : i64}} {
  %0 = model.fill 0.0 : f32 : !model.array<f32>
  %1, %2 = model.scan <N> carries(%0) slices(%x) : (!model.array<f32>, !model.array<N x f32>) -> (!model.array<f32>, !model.array<N x f32>) {
  ^bb0(%i: !model.array<i64>, %h: !model.array<f32>, %v: !model.array<f32>):
    %3 = model.add %h, %v : <f32>
    model.yield %3, %3 : !model.array<f32>, !model.array<f32>
  }
  return %2 : !model.array<N x f32>
}
