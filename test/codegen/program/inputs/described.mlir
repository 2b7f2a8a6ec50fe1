// A program with something in every table of runtime/core/abi.h.
module attributes {
  model.name = "Net", model.documentation = "What it is.", model.source_file = "net.model", model.source_hash = "0123abcd",
  model.target = "x86_64 zen", model.compiler = "modelc 7", model.optimization = 2 : i64,
  model.launches = [
    {kernel = @map_0, entry = @step, source = "net.model:5", role = "forward", operations = 10 : i64, bytes = 20 : i64},
    {kernel = @row_1, entry = @step.trap, source = "net.model:5, net.model:6", role = "gradient", operations = 30 : i64, bytes = 5000000000 : i64}]
} {
  model.slot @w : !model.array<3 x 2 x f32> "parameter" file "blocks.*.w" stack 3 loc("dir/net.model":3:5)
  model.slot @s : !model.array<f32> "state" file "s" loc(fused[callsite("<layers>":1:1 at "net.model":4:7), "net.model":9:9])
  model.slot @m : !model.array<17 x f32> "optimizer" file "m.w"
  model.slot @c : !model.array<2 x i64> "statistic" file "points.x.c"
  model.slot @t : !model.array<i1> "metric" file "metric.t"
  model.hyper @rate = 1.0e-2 in 1.0e-4 to 1.0 "Its speed."
  model.data @points from "csv" "points.csv"
    fields [{name = "x", selector = "range", first = 0 : i64, last = 2 : i64, names = [], dtype = f32, rank = 2 : i64, classes = 0 : i64,
             source = "net.model:11:3", fit = @fit.x, preprocess = @preprocess.x},
            {name = "y", selector = "named", first = 0 : i64, last = 0 : i64, names = ["kind", "other"], dtype = i32, rank = 2 : i64,
             classes = 5 : i64, source = "net.model:12:3"}]
    splits [{name = "train", share = 7.5e-1}, {name = "test", share = 0.0, path = "test.csv"}]
    options {header = -1 : i64, rows = 0 : i64, seed = 0 : i64, shuffle = true}
  model.data @noise from "random" "" fields [] splits [{name = "train", share = 1.0}]
    options {header = 0 : i64, rows = 100 : i64, seed = 7 : i64, shuffle = false}
  model.training on @noise step @step full @step.full trap @step.trap evaluate @evaluate finish @finish
    metrics [{name = "loss", larger_is_better = false}, {name = "accuracy", larger_is_better = true}]
    options {batch = 4 : i64, epochs = 9 : i64, monitor = 1 : i64, monitor_split = 0 : i64, patience = 3 : i64, seed = 11 : i64, shuffle = true}

  func.func @init(%w: memref<f32> {model.slot = @w}, %seed: memref<i64> {model.input = "seed"}, %workspace: memref<i8> {model.workspace})
      attributes {model.entry = "init", model.symbols = {}, model.types = [!model.array<3 x 2 x f32>, !model.array<i64>]} {
    return
  }
  func.func @step(%w: memref<f32> {model.slot = @w}, %x: memref<f32> {model.input = "data", model.name = "x"},
                  %step: memref<i64> {model.input = "step"}, %rate: memref<f32> {model.input = "hyper", model.name = "rate"},
                  %v: memref<f32> {model.slot = @w}, %loss: memref<f32> {model.output = "loss", model.name = "loss"},
                  %workspace: memref<i8> {model.workspace}, %n: index)
      attributes {model.entry = "step", model.symbols = {N = 4 : i64}, model.workspace_bytes = 256 : i64,
                  model.types = [!model.array<3 x 2 x f32>, !model.array<N x 2 x f32>, !model.array<i64>, !model.array<f32>, !model.array<3 x 2 x f32>, !model.array<f32>],
                  model.regions = [{begin = 0 : i64, end = 3 : i64, offset = 0 : i64, bytes = 64 : i64, source = "net.model:5"},
                                   {begin = 2 : i64, end = 5 : i64, offset = 64 : i64, bytes = 190 : i64, source = "net.model:6"}]} {
    return
  }
  func.func @step.full(%loss: memref<f32> {model.output = "loss", model.name = "loss"}, %workspace: memref<i8> {model.workspace})
      attributes {model.entry = "step", model.symbols = {}, model.types = [!model.array<f32>],
                  model.regions = [{begin = 1 : i64, end = 1 : i64, offset = 0 : i64, bytes = 8 : i64, source = "net.model:7"}]} {
    return
  }
  func.func @step.trap(%found: memref<i64> {model.output = "trap", model.name = "not_finite"}, %workspace: memref<i8> {model.workspace})
      attributes {model.entry = "trap", model.symbols = {}, model.types = [!model.array<2 x i64>]} {
    return
  }
  func.func @evaluate(%workspace: memref<i8> {model.workspace}) attributes {model.entry = "evaluate", model.symbols = {}, model.types = []} {
    return
  }
  func.func @finish(%loss: memref<f32> {model.output = "metric", model.name = "loss"}, %accuracy: memref<f32> {model.output = "metric", model.name = "accuracy"},
                    %workspace: memref<i8> {model.workspace})
      attributes {model.entry = "finish", model.symbols = {}, model.types = [!model.array<f32>, !model.array<f32>]} {
    return
  }
  func.func @fit.x(%workspace: memref<i8> {model.workspace}) attributes {model.entry = "fit", model.symbols = {}, model.types = []} {
    return
  }
  func.func @preprocess.x(%workspace: memref<i8> {model.workspace}) attributes {model.entry = "preprocess", model.symbols = {}, model.types = []} {
    return
  }
  // Writes what it is given, so that a test sees that everything arrives: y[0] = x[0] + w[2] + t, y[1] = T, k[0] = N.
  func.func @apply(%x: memref<f64> {model.input = "data", model.name = "x"}, %b: memref<i8> {model.input = "data", model.name = "b"},
                   %w: memref<f32> {model.slot = @w}, %t: memref<i8> {model.slot = @t},
                   %y: memref<f64> {model.output = "result", model.name = "y"}, %k: memref<i32> {model.output = "result", model.name = "k"},
                   %workspace: memref<i8> {model.workspace}, %n: index, %length: index)
      attributes {model.entry = "function", model.documentation = "What it does.", model.operations = 70 : i64, model.rowwise = "T", model.symbols = {N = 8 : i64, T = 5 : i64}, model.workspace_bytes = 64 : i64,
                  model.types = [!model.array<T x N x f64>, !model.array<1 * (N) floordiv (2) x i1>, !model.array<3 x 2 x f32>, !model.array<i1>,
                                 !model.array<2 * N x 3 x f64>, !model.array<N + -2 x 1 * (N) mod (3) x i32>]} {
    %two = arith.constant 2 : index
    %weights = memref.reinterpret_cast %w to offset: [0], sizes: [6], strides: [1] : memref<f32> to memref<6xf32>
    %results = memref.reinterpret_cast %y to offset: [0], sizes: [2], strides: [1] : memref<f64> to memref<2xf64>
    %a = memref.load %x[] : memref<f64>
    %weight = memref.load %weights[%two] : memref<6xf32>
    %c = arith.extf %weight : f32 to f64
    %d = arith.addf %a, %c : f64
    %bit = memref.load %t[] : memref<i8>
    %e = arith.uitofp %bit : i8 to f64
    %f = arith.addf %d, %e : f64
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    memref.store %f, %results[%zero] : memref<2xf64>
    %lengthNumber = arith.index_cast %length : index to i64
    %g = arith.sitofp %lengthNumber : i64 to f64
    memref.store %g, %results[%one] : memref<2xf64>
    %number = arith.index_cast %n : index to i32
    memref.store %number, %k[] : memref<i32>
    %mark = arith.constant 1 : i8
    memref.store %mark, %workspace[] : memref<i8>
    return
  }
} loc("net.model":1:1)
