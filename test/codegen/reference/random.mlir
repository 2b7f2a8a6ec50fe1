// RUN: %model-opt %s --reference-lowering | FileCheck %s
// RUN: %python %S/inputs/execute.py --model-opt %model-opt --clang %clang --work %t %s

// A number is a function of the key and the element's row-major position: its shape, and
// whether it is drawn alone, does not matter.
// CHECK-LABEL: func.func @position_holds
// CHECK: %[[KEY:.*]] = tensor.extract %{{.*}}[] : tensor<i64>
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<?x3xf32>)
// CHECK: %[[I:.*]] = linalg.index 0
// CHECK: %[[J:.*]] = linalg.index 1
// CHECK: arith.addi %{{.*}}, %[[I]]
// CHECK: %[[POSITION:.*]] = arith.addi %{{.*}}, %[[J]]
// CHECK: arith.index_cast %[[POSITION]] : index to i64
func.func @position_holds(%key: !model.array<i64>) -> (!model.array<3 * N x i1>, !model.array<N x 3 x i1>, !model.array<i1>, !model.array<2 x i1>)
    attributes {model.entry = "function", model.symbols = {N = 5 : i64}} {
  %0 = model.random_uniform %key : !model.array<i64> -> !model.array<N x 3 x f32>
  %1 = model.random_uniform %key : !model.array<i64> -> !model.array<3 * N x f32>
  %2 = model.reshape %0 to <3 * N> : !model.array<N x 3 x f32>
  %3 = model.compare eq %1, %2 : !model.array<3 * N x f32>

  %p = model.fill 0.5 : f32 : !model.array<f32>
  %4 = model.random_bernoulli %key, %p : !model.array<i64>, !model.array<f32> -> !model.array<N x 3 x i1>
  %5 = model.random_bernoulli %key, %p : !model.array<i64>, !model.array<f32> -> !model.array<3 * N x i1>
  %6 = model.reshape %5 to <N x 3> : !model.array<3 * N x i1>
  %7 = model.compare eq %4, %6 : !model.array<N x 3 x i1>

  %8 = model.random_normal %key : !model.array<i64> -> !model.array<f64>
  %9 = model.random_normal %key : !model.array<i64> -> !model.array<7 x f64>
  %10 = model.slice %9 starts <0> counts <1> steps [1] : !model.array<7 x f64>
  %11 = model.reshape %10 to <> : !model.array<1 x f64>
  %12 = model.compare eq %8, %11 : !model.array<f64>

  // The key of the second iteration of a scan.
  %13 = model.scan <2> invariants(%key) : (!model.array<i64>) -> (!model.array<2 x 2 x f32>) {
  ^bb0(%i: !model.array<i64>, %k: !model.array<i64>):
    %inner = model.fold_in %k, %i : !model.array<i64>
    %x = model.random_uniform %inner : !model.array<i64> -> !model.array<2 x f32>
    model.yield %x : !model.array<2 x f32>
  }
  %one = model.fill 1 : i64 : !model.array<i64>
  %second = model.fold_in %key, %one : !model.array<i64>
  %14 = model.random_uniform %second : !model.array<i64> -> !model.array<2 x f32>
  %15 = model.slice %13 starts <1 x 0> counts <1 x 2> steps [1, 1] : !model.array<2 x 2 x f32>
  %16 = model.reshape %15 to <2> : !model.array<1 x 2 x f32>
  %17 = model.compare eq %14, %16 : !model.array<2 x f32>
  return %3, %7, %12, %17 : !model.array<3 * N x i1>, !model.array<N x 3 x i1>, !model.array<i1>, !model.array<2 x i1>
}

// Other keys give other numbers; certain events happen, impossible ones do not.
func.func @keys_holds(%key: !model.array<i64>) -> (!model.array<100 x i1>, !model.array<100 x i1>, !model.array<100 x i1>) attributes {model.entry = "function"} {
  %one = model.fill 1 : i64 : !model.array<i64>
  %other = model.fold_in %key, %one : !model.array<i64>
  %0 = model.random_normal %key : !model.array<i64> -> !model.array<100 x f64>
  %1 = model.random_normal %other : !model.array<i64> -> !model.array<100 x f64>
  %2 = model.compare ne %0, %1 : !model.array<100 x f64>
  %never = model.fill 0.0 : f32 : !model.array<f32>
  %always = model.fill 1.0 : f32 : !model.array<f32>
  %3 = model.random_bernoulli %key, %never : !model.array<i64>, !model.array<f32> -> !model.array<100 x i1>
  %4 = model.not %3 : !model.array<100 x i1>
  %5 = model.random_bernoulli %key, %always : !model.array<i64>, !model.array<f32> -> !model.array<100 x i1>
  return %2, %4, %5 : !model.array<100 x i1>, !model.array<100 x i1>, !model.array<100 x i1>
}

// Means of 4096 numbers, five standard deviations wide.
func.func @means_holds(%key: !model.array<i64>) -> (!model.array<i1>, !model.array<i1>, !model.array<i1>) attributes {model.entry = "function"} {
  %count = model.fill 4096.0 : f32 : !model.array<f32>
  %0 = model.random_uniform %key : !model.array<i64> -> !model.array<64 x 64 x f32>
  %1 = model.reduce_sum %0 axes [0, 1] : !model.array<64 x 64 x f32>
  %2 = model.div %1, %count : !model.array<f32>
  %half = model.fill 0.5 : f32 : !model.array<f32>
  %3 = model.sub %2, %half : !model.array<f32>
  %4 = model.abs %3 : !model.array<f32>
  %5 = model.fill 0.0226 : f32 : !model.array<f32>
  %6 = model.compare lt %4, %5 : !model.array<f32>
  %7 = model.random_normal %key : !model.array<i64> -> !model.array<64 x 64 x f32>
  %8 = model.mul %7, %7 : !model.array<64 x 64 x f32>
  %9 = model.reduce_sum %8 axes [0, 1] : !model.array<64 x 64 x f32>
  %10 = model.div %9, %count : !model.array<f32>
  %one = model.fill 1.0 : f32 : !model.array<f32>
  %11 = model.sub %10, %one : !model.array<f32>
  %12 = model.abs %11 : !model.array<f32>
  %13 = model.fill 0.1105 : f32 : !model.array<f32>
  %14 = model.compare lt %12, %13 : !model.array<f32>
  %quarter = model.fill 0.25 : f32 : !model.array<f32>
  %15 = model.random_bernoulli %key, %quarter : !model.array<i64>, !model.array<f32> -> !model.array<64 x 64 x i1>
  %16 = model.cast %15 to f32 : !model.array<64 x 64 x i1>
  %17 = model.reduce_sum %16 axes [0, 1] : !model.array<64 x 64 x f32>
  %18 = model.div %17, %count : !model.array<f32>
  %19 = model.sub %18, %quarter : !model.array<f32>
  %20 = model.abs %19 : !model.array<f32>
  %21 = model.fill 0.0338 : f32 : !model.array<f32>
  %22 = model.compare lt %20, %21 : !model.array<f32>
  return %6, %14, %22 : !model.array<i1>, !model.array<i1>, !model.array<i1>
}
