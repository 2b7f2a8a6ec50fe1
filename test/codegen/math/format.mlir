// RUN: %model-opt %s --expand-math --cse | FileCheck %s

// Both formats have their own digits; polynomials are even and odd powers by Horner's rule each.
// CHECK-LABEL: func.func @narrow
// CHECK: arith.constant 0x4B400000 : f32
// CHECK: arith.constant 23 : i32
// CHECK: %[[SQUARE:.*]] = arith.mulf %[[REST:.*]], %[[REST]] : f32
// CHECK: %[[E4:.*]] = arith.mulf %{{.*}}, %[[SQUARE]] : f32
// CHECK: %[[E2:.*]] = arith.addf %[[E4]], %{{.*}} : f32
// CHECK: %[[E1:.*]] = arith.mulf %[[E2]], %[[SQUARE]] : f32
// CHECK: %[[EVEN:.*]] = arith.addf %[[E1]], %{{.*}} : f32
// CHECK: %[[O3:.*]] = arith.mulf %{{.*}}, %[[SQUARE]] : f32
// CHECK: %[[ODD:.*]] = arith.addf %[[O3]], %{{.*}} : f32
// CHECK: %[[SHIFTED:.*]] = arith.mulf %[[REST]], %[[ODD]] : f32
// CHECK: arith.addf %[[EVEN]], %[[SHIFTED]] : f32
func.func @narrow(%x: f32) -> f32 {
  %0 = math.exp %x : f32
  return %0 : f32
}

// CHECK-LABEL: func.func @wide
// CHECK: arith.constant dense<0x4338000000000000> : vector<4xf64>
// CHECK: arith.constant dense<52> : vector<4xi64>
func.func @wide(%x: vector<4xf64>) -> vector<4xf64> {
  %0 = math.exp %x : vector<4xf64>
  return %0 : vector<4xf64>
}

// The product of two halves is exact: 26 digits each.
// CHECK-LABEL: func.func @halves
// CHECK: %[[MASK:.*]] = arith.constant -134217728 : i64
// CHECK: arith.andi %{{.*}}, %[[MASK]] : i64
func.func @halves(%x: f64, %y: f64) -> f64 {
  %0 = math.powf %x, %y : f64
  return %0 : f64
}
