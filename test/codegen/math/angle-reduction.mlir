// RUN: %model-opt %s --expand-math --cse | FileCheck %s

// Small arguments by subtraction, in f64; large ones in a branch, with a wide product.
// CHECK-LABEL: func.func @scalar
// CHECK: %[[WIDE:.*]] = arith.extf %arg0 : f32 to f64
// CHECK: %[[MAGNITUDE:.*]] = math.absf %[[WIDE]] : f64
// CHECK: %[[LARGE:.*]] = arith.cmpf oge, %[[MAGNITUDE]], %{{.*}} : f64
// CHECK: scf.if %[[LARGE]] -> (f64, f64, i64)
// CHECK: arith.mului_extended
// CHECK: arith.mului_extended
// CHECK: arith.addui_extended
// CHECK-NOT: arith.mului_extended
// CHECK: } else {
func.func @scalar(%x: f32) -> f32 {
  %0 = math.sin %x : f32
  return %0 : f32
}

// A vector takes the branch if one of its lanes is large, and then runs through the lanes.
// CHECK-LABEL: func.func @vector
// CHECK: %[[LARGE:.*]] = arith.cmpf oge, %{{.*}}, %{{.*}} : vector<5xf64>
// CHECK: %[[ANY:.*]] = vector.reduction <or>, %[[LARGE]] : vector<5xi1> into i1
// CHECK: scf.if %[[ANY]]
// CHECK: scf.for %[[LANE:.*]] = %c0 to %c5 step %c1 iter_args({{.*}}) -> (vector<5xf64>, vector<5xf64>, vector<5xi64>)
// CHECK: vector.extract %arg0[%[[LANE]]] : f64 from vector<5xf64>
// CHECK: arith.mului_extended %{{.*}}, %{{.*}} : i64
// CHECK: vector.insert %{{.*}}, %{{.*}} [%[[LANE]]] : f64 into vector<5xf64>
func.func @vector(%x: vector<5xf64>) -> vector<5xf64> {
  %0 = math.cos %x : vector<5xf64>
  return %0 : vector<5xf64>
}
