// RUN: %model-opt %s --fuse-exactly | FileCheck %s
// RUN: %model-opt %s --fuse-exactly --convert-math-to-llvm | FileCheck %s --check-prefix=LLVM

// CHECK: math.fma %{{.*}}, %{{.*}}, %{{.*}} : vector<16xf32>
// LLVM: llvm.intr.fma(
func.func @f(%a: vector<16xf32>, %b: vector<16xf32>, %c: vector<16xf32>) -> vector<16xf32> {
  %0 = vector.fma %a, %b, %c : vector<16xf32>
  return %0 : vector<16xf32>
}
