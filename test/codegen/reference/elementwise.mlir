// RUN: %model-opt %s --reference-lowering | FileCheck %s
// RUN: %python %S/inputs/execute.py --model-opt %model-opt --clang %clang --work %t %s

// The scalar form of an operation is the body of a `linalg.generic`, whatever the rank.
// CHECK-LABEL: func.func @arithmetic
// CHECK: linalg.generic {indexing_maps = [#[[MAP:.*]], #[[MAP]], #[[MAP]]], iterator_types = ["parallel", "parallel"]} ins(%{{.*}}, %{{.*}} : tensor<?x3xf32>, tensor<?x3xf32>) outs(%{{.*}} : tensor<?x3xf32>)
// CHECK-NEXT: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT: %[[SUM:.*]] = arith.addf %[[A]], %[[B]] : f32
// CHECK-NEXT: linalg.yield %[[SUM]]
func.func @arithmetic(%a: !model.array<N x 3 x f32>, %b: !model.array<N x 3 x f32>) -> !model.array<N x 3 x f32>
    attributes {model.entry = "function", model.symbols = {N = 9 : i64}} {
  %0 = model.add %a, %b : !model.array<N x 3 x f32>
  %1 = model.mul %0, %b : !model.array<N x 3 x f32>
  %2 = model.sub %1, %a : !model.array<N x 3 x f32>
  %3 = model.min %2, %a : !model.array<N x 3 x f32>
  %4 = model.max %3, %b : !model.array<N x 3 x f32>
  %5 = model.neg %4 : !model.array<N x 3 x f32>
  %6 = model.sign %b : !model.array<N x 3 x f32>
  %7 = model.add %5, %6 : !model.array<N x 3 x f32>
  return %7 : !model.array<N x 3 x f32>
}

func.func @functions(%x: !model.array<17 x f64>) -> !model.array<17 x f64> attributes {model.entry = "function"} {
  %0 = model.tanh %x : !model.array<17 x f64>
  %1 = model.abs %0 : !model.array<17 x f64>
  %half = model.fill 0.5 : f64 : !model.array<17 x f64>
  %2 = model.add %1, %half : !model.array<17 x f64>
  %3 = model.log %2 : !model.array<17 x f64>
  %4 = model.exp %3 : !model.array<17 x f64>
  %5 = model.rsqrt %4 : !model.array<17 x f64>
  %6 = model.sqrt %2 : !model.array<17 x f64>
  %7 = model.pow %6, %5 : !model.array<17 x f64>
  %8 = model.sigmoid %x : !model.array<17 x f64>
  %9 = model.div %8, %7 : !model.array<17 x f64>
  %10 = model.erf %9 : !model.array<17 x f64>
  %11 = model.sin %10 : !model.array<17 x f64>
  %12 = model.cos %x : !model.array<17 x f64>
  %13 = model.mul %11, %12 : !model.array<17 x f64>
  %14 = model.expm1 %13 : !model.array<17 x f64>
  %15 = model.log1p %8 : !model.array<17 x f64>
  %16 = model.add %14, %15 : !model.array<17 x f64>
  %17 = model.stop_gradient %16 : !model.array<17 x f64>
  return %17 : !model.array<17 x f64>
}

// Bools are i1 in tensors and bytes in memory; scalars have tensors, too.
// CHECK-LABEL: func.func @logic
// CHECK-SAME: (%[[P:.*]]: memref<i8>, %{{.*}}: memref<f64>, %{{.*}}: memref<i8>
func.func @logic(%p: !model.array<7 x i1>, %x: !model.array<7 x f64>, %q: !model.array<i1>)
    -> (!model.array<7 x i1>, !model.array<7 x f64>, !model.array<i1>, !model.array<7 x i32>) attributes {model.entry = "function"} {
  %zero = model.fill 0.0 : f64 : !model.array<7 x f64>
  %0 = model.compare lt %x, %zero : !model.array<7 x f64>
  %1 = model.and %p, %0 : !model.array<7 x i1>
  %2 = model.not %1 : !model.array<7 x i1>
  %3 = model.or %2, %p : !model.array<7 x i1>
  %4 = model.select %1, %x, %zero : !model.array<7 x i1>, !model.array<7 x f64>
  %5 = model.not %q : !model.array<i1>
  %6 = model.cast %p to i32 : !model.array<7 x i1>
  return %2, %4, %5, %6 : !model.array<7 x i1>, !model.array<7 x f64>, !model.array<i1>, !model.array<7 x i32>
}

func.func @rounding(%x: !model.array<40 x f32>, %i: !model.array<40 x i8>) -> (!model.array<40 x f32>, !model.array<40 x f32>, !model.array<40 x f32>, !model.array<40 x i32>, !model.array<40 x i8>)
    attributes {model.entry = "function"} {
  %0 = model.floor %x : !model.array<40 x f32>
  %1 = model.ceil %x : !model.array<40 x f32>
  %2 = model.round %x : !model.array<40 x f32>
  %3 = model.cast %x to i32 : !model.array<40 x f32>
  // Integers wrap around.
  %many = model.fill 100 : i8 : !model.array<40 x i8>
  %4 = model.mul %i, %many : !model.array<40 x i8>
  return %0, %1, %2, %3, %4 : !model.array<40 x f32>, !model.array<40 x f32>, !model.array<40 x f32>, !model.array<40 x i32>, !model.array<40 x i8>
}

// NaN stays in min and max, is saturated to 0 in casts and equals nothing.
func.func @nan() -> (!model.array<3 x f32>, !model.array<3 x f32>, !model.array<3 x i32>, !model.array<3 x i1>) attributes {model.entry = "function"} {
  %x = model.constant dense<[0x7FC00000, 1.0e30, -1.0]> : tensor<3xf32> : !model.array<3 x f32>
  %y = model.constant dense<[1.0, 0x7FC00000, 2.0]> : tensor<3xf32> : !model.array<3 x f32>
  %0 = model.min %x, %y : !model.array<3 x f32>
  %1 = model.max %x, %y : !model.array<3 x f32>
  %2 = model.cast %x to i32 : !model.array<3 x f32>
  %3 = model.compare eq %x, %x : !model.array<3 x f32>
  return %0, %1, %2, %3 : !model.array<3 x f32>, !model.array<3 x f32>, !model.array<3 x i32>, !model.array<3 x i1>
}
