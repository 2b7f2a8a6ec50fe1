// RUN: %model-opt %s --strip-training | FileCheck %s --implicit-check-not="model.slot @" --implicit-check-not=func.func --implicit-check-not="model.hyper @"
// Functions and preprocessing stay, with the slots and hyperparameters that they need; plans, data and what trains go.

// CHECK: model.slot @w
// CHECK: model.slot @mean
// CHECK: model.hyper @scale
model.slot @w : !model.array<4 x f32> "parameter" file "w"
model.slot @m : !model.array<4 x f32> "optimizer" file "m.w"
model.slot @mean : !model.array<4 x f32> "statistic" file "d.x.mean"
model.hyper @scale = 1.0 in 0.0 to 0.0 ""
model.hyper @lr = 1.0 in 0.0 to 0.0 ""
// CHECK-NOT: model.data
// CHECK-NOT: model.training
model.data @d from "csv" "d.csv"
  fields [{name = "x", selector = "range", first = 0 : i64, last = 4 : i64, names = [], dtype = f32, rank = 2 : i64, classes = 0 : i64,
           source = "d.model:1:1", preprocess = @preprocess.x}]
  splits [{name = "train", share = 1.0}] options {header = -1 : i64, rows = 0 : i64, seed = 0 : i64, shuffle = true}
model.training on @d step @step
  metrics [] options {batch = 4 : i64, epochs = 9 : i64, monitor = -1 : i64, monitor_split = 0 : i64, patience = 0 : i64, seed = 1 : i64, shuffle = true}

func.func @step(%w: !model.array<4 x f32> {model.slot = @w}, %m: !model.array<4 x f32> {model.slot = @m}, %lr: !model.array<f32> {model.input = "hyper", model.name = "lr"})
    -> (!model.array<4 x f32> {model.slot = @w}, !model.array<4 x f32> {model.slot = @m})
    attributes {model.entry = "step", model.symbols = {}} {
  return %w, %m : !model.array<4 x f32>, !model.array<4 x f32>
}
// CHECK: func.func @predict(
// CHECK: func.func @preprocess.x(
func.func @predict(%w: !model.array<4 x f32> {model.slot = @w}, %s: !model.array<f32> {model.input = "hyper", model.name = "scale"}, %x: !model.array<4 x f32> {model.input = "data", model.name = "x"})
    -> (!model.array<4 x f32> {model.output = "result", model.name = "y"}) attributes {model.entry = "function", model.symbols = {}} {
  %0 = model.add %w, %x : <4 x f32>
  return %0 : !model.array<4 x f32>
}
func.func @preprocess.x(%w: !model.array<4 x f32> {model.slot = @mean}, %x: !model.array<4 x f32> {model.input = "data", model.name = "x"})
    -> (!model.array<4 x f32> {model.output = "result", model.name = "x"}) attributes {model.entry = "preprocess", model.symbols = {}} {
  %0 = model.sub %x, %w : <4 x f32>
  return %0 : !model.array<4 x f32>
}
