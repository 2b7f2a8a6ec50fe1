// RUN: %model-opt %s --expand-math --split-input-file --verify-diagnostics | FileCheck %s

// What every target has an instruction for stays; so does what is on integers.
// CHECK-LABEL: func.func @instructions
// CHECK: math.sqrt %{{.*}} : f32
// CHECK: math.absf %{{.*}} : f64
// CHECK: math.copysign %{{.*}} : f32
// CHECK: math.fma %{{.*}} : vector<8xf32>
// CHECK: math.absi %{{.*}} : i32
func.func @instructions(%x: f32, %y: f64, %v: vector<8xf32>, %i: i32) -> (f32, f64, f32, vector<8xf32>, i32) {
  %0 = math.sqrt %x : f32
  %1 = math.absf %y : f64
  %2 = math.copysign %x, %x : f32
  %3 = math.fma %v, %v, %v : vector<8xf32>
  %4 = math.absi %i : i32
  return %0, %1, %2, %3, %4 : f32, f64, f32, vector<8xf32>, i32
}

// -----

// All others become arithmetic, in regions too.
// CHECK-LABEL: func.func @functions
// CHECK-NOT: math.{{[^ac]}}
// CHECK: return
func.func @functions(%x: f32, %y: f64, %v: vector<3xf32>, %w: vector<16xf64>, %flag: i1) -> (f32, f64, vector<3xf32>, vector<16xf64>) {
  %0 = math.exp %x : f32
  %1 = math.expm1 %0 : f32
  %2 = math.log %1 : f32
  %3 = math.log1p %2 : f32
  %4 = math.tanh %3 : f32
  %5 = math.erf %4 : f32
  %6 = math.powf %5, %0 : f32
  %7 = math.floor %y : f64
  %8 = math.ceil %7 : f64
  %9 = math.roundeven %8 : f64
  %10 = math.powf %9, %7 : f64
  %11 = scf.if %flag -> vector<3xf32> {
    %12 = math.exp %v : vector<3xf32>
    scf.yield %12 : vector<3xf32>
  } else {
    scf.yield %v : vector<3xf32>
  }
  %13 = math.log %w : vector<16xf64>
  return %6, %10, %11, %13 : f32, f64, vector<3xf32>, vector<16xf64>
}

// -----

// CHECK-LABEL: func.func @rsqrt
// CHECK: %[[ROOT:.*]] = math.sqrt %arg0 : f32
// CHECK: arith.divf %{{.*}}, %[[ROOT]] : f32
func.func @rsqrt(%x: f32) -> f32 {
  %0 = math.rsqrt %x : f32
  return %0 : f32
}

// -----

func.func @unknown(%x: f32) -> f32 {
  // expected-error@+1 {{has no expansion}}
  %0 = math.atan %x : f32
  return %0 : f32
}

// -----

func.func @half(%x: vector<4xf16>) -> vector<4xf16> {
  // expected-error@+1 {{is on 'vector<4xf16>', wanted f32, f64 or a vector of them}}
  %0 = math.exp %x : vector<4xf16>
  return %0 : vector<4xf16>
}

// -----

func.func @matrix(%x: vector<4x4xf32>) -> vector<4x4xf32> {
  // expected-error@+1 {{is on 'vector<4x4xf32>', wanted f32, f64 or a vector of them}}
  %0 = math.exp %x : vector<4x4xf32>
  return %0 : vector<4x4xf32>
}
