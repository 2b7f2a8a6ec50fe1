// What kernels draw is what the runtime's generator draws; uniform, normal and bool numbers are distributed as they should.
// DEFINE: %{kernels} = --form-kernels --schedule --plan-memory --outline-kernels --emit-loops --canonicalize --cse
// DEFINE: %{llvm} = --expand-math --convert-scf-to-cf --expand-strided-metadata --lower-affine --convert-vector-to-llvm --finalize-memref-to-llvm --convert-func-to-llvm=use-bare-ptr-memref-call-conv=1 --convert-arith-to-llvm --convert-index-to-llvm --convert-cf-to-llvm --convert-math-to-llvm --reconcile-unrealized-casts
// RUN: %model-opt %s %{kernels} %{llvm} | mlir-translate --allow-unregistered-dialect --mlir-to-llvmir -o %t.ll
// RUN: %clang -O1 -Wno-override-module -c %t.ll -o %t.o
// RUN: %clang %program-flags %S/inputs/numbers.c %t.o %program-libraries -lm -o %t && %t

// One kernel runs flat, one over axes.
func.func @uniform(%key: !model.array<i64>) -> (!model.array<N x 5 x f32>, !model.array<N x 5 x f64>, !model.array<5 x N x f32>)
    attributes {model.entry = "function", model.symbols = {N = 4000 : i64}} {
  %0 = model.random_uniform %key : !model.array<i64> -> !model.array<N x 5 x f32>
  %1 = model.random_uniform %key : !model.array<i64> -> !model.array<N x 5 x f64>
  %2 = model.random_uniform %key : !model.array<i64> -> !model.array<N x 5 x f32>
  %3 = model.transpose %2 permutation [1, 0] : !model.array<N x 5 x f32>
  return %0, %1, %3 : !model.array<N x 5 x f32>, !model.array<N x 5 x f64>, !model.array<5 x N x f32>
}

func.func @fold_in(%key: !model.array<i64>, %data: !model.array<i64>) -> !model.array<i64> attributes {model.entry = "function"} {
  %0 = model.fold_in %key, %data : !model.array<i64>
  return %0 : !model.array<i64>
}

func.func @bernoulli(%key: !model.array<i64>, %p: !model.array<f32>, %q: !model.array<f64>) -> (!model.array<4 x 5000 x i1>, !model.array<20000 x i1>)
    attributes {model.entry = "function"} {
  %0 = model.random_bernoulli %key, %p : !model.array<i64>, !model.array<f32> -> !model.array<4 x 5000 x i1>
  %1 = model.random_bernoulli %key, %q : !model.array<i64>, !model.array<f64> -> !model.array<20000 x i1>
  return %0, %1 : !model.array<4 x 5000 x i1>, !model.array<20000 x i1>
}

func.func @normal(%key: !model.array<i64>) -> (!model.array<4 x 5000 x f32>, !model.array<20000 x f64>) attributes {model.entry = "function"} {
  %0 = model.random_normal %key : !model.array<i64> -> !model.array<4 x 5000 x f32>
  %1 = model.random_normal %key : !model.array<i64> -> !model.array<20000 x f64>
  return %0, %1 : !model.array<4 x 5000 x f32>, !model.array<20000 x f64>
}
