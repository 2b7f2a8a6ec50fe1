// RUN: %model-opt %s --canonicalize | FileCheck %s

// Identities that hold for NaN, infinities and zeros of either sign.
// CHECK-LABEL: func.func @identities
// CHECK-NEXT: return %arg0, %arg0, %arg0, %arg0, %arg0, %arg0 :
func.func @identities(%x: !model.array<N x f32>)
    -> (!model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>) {
  %one = model.fill 1.0 : f32 : !model.array<N x f32>
  %zero = model.fill 0.0 : f32 : !model.array<N x f32>
  %minus_zero = model.fill -0.0 : f32 : !model.array<N x f32>
  %0 = model.mul %one, %x : !model.array<N x f32>
  %1 = model.div %x, %one : !model.array<N x f32>
  %2 = model.sub %x, %zero : !model.array<N x f32>
  %3 = model.add %minus_zero, %x : !model.array<N x f32>
  %n = model.neg %x : !model.array<N x f32>
  %4 = model.neg %n : !model.array<N x f32>
  %5 = model.max %x, %x : !model.array<N x f32>
  return %0, %1, %2, %3, %4, %5 : !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>
}

// -0 + 0 is 0, NaN * 0 and NaN - NaN are NaN, 0 - 0 is no -0.
// CHECK-LABEL: func.func @no_identities
// CHECK: model.add %arg0
// CHECK: model.mul %arg0
// CHECK: model.sub %arg0, %arg0
// CHECK: model.sub %{{.*}}, %arg0
// CHECK: model.compare eq %arg0, %arg0
func.func @no_identities(%x: !model.array<N x f32>)
    -> (!model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x i1>) {
  %zero = model.fill 0.0 : f32 : !model.array<N x f32>
  %0 = model.add %x, %zero : !model.array<N x f32>
  %1 = model.mul %x, %zero : !model.array<N x f32>
  %2 = model.sub %x, %x : !model.array<N x f32>
  %3 = model.sub %zero, %x : !model.array<N x f32>
  %4 = model.compare eq %x, %x : !model.array<N x f32>
  return %0, %1, %2, %3, %4 : !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x i1>
}

// CHECK-LABEL: func.func @integers
// CHECK-DAG: %[[ZERO:.*]] = model.fill 0 : i32
// CHECK-DAG: %[[TRUE:.*]] = model.fill true
// CHECK-DAG: %[[NEG:.*]] = model.neg %arg0
// CHECK: return %arg0, %[[ZERO]], %[[ZERO]], %[[NEG]], %[[TRUE]] :
func.func @integers(%x: !model.array<N x i32>)
    -> (!model.array<N x i32>, !model.array<N x i32>, !model.array<N x i32>, !model.array<N x i32>, !model.array<N x i1>) {
  %zero = model.fill 0 : i32 : !model.array<N x i32>
  %0 = model.add %x, %zero : !model.array<N x i32>
  %1 = model.mul %x, %zero : !model.array<N x i32>
  %2 = model.sub %x, %x : !model.array<N x i32>
  %3 = model.sub %zero, %x : !model.array<N x i32>
  %4 = model.compare le %x, %x : !model.array<N x i32>
  return %0, %1, %2, %3, %4 : !model.array<N x i32>, !model.array<N x i32>, !model.array<N x i32>, !model.array<N x i32>, !model.array<N x i1>
}

// CHECK-LABEL: func.func @logic
// CHECK-DAG: %[[FALSE:.*]] = model.fill false
// CHECK-DAG: %[[SELECT:.*]] = model.select %arg0, %arg2, %arg1
// CHECK: return %arg0, %[[FALSE]], %arg0, %[[SELECT]], %arg0, %[[FALSE]] :
func.func @logic(%c: !model.array<N x i1>, %x: !model.array<N x f32>, %y: !model.array<N x f32>)
    -> (!model.array<N x i1>, !model.array<N x i1>, !model.array<N x i1>, !model.array<N x f32>, !model.array<N x i1>, !model.array<N x i1>) {
  %true = model.fill true : !model.array<N x i1>
  %false = model.fill false : !model.array<N x i1>
  %0 = model.and %c, %true : !model.array<N x i1>
  %1 = model.and %false, %c : !model.array<N x i1>
  %2 = model.or %c, %c : !model.array<N x i1>
  %n = model.not %c : !model.array<N x i1>
  %3 = model.select %n, %x, %y : !model.array<N x i1>, !model.array<N x f32>
  %4 = model.select %c, %true, %false : !model.array<N x i1>, !model.array<N x i1>
  %5 = model.compare lt %x, %x : !model.array<N x f32>
  return %0, %1, %2, %3, %4, %5 : !model.array<N x i1>, !model.array<N x i1>, !model.array<N x i1>, !model.array<N x f32>, !model.array<N x i1>, !model.array<N x i1>
}

// Operations on constants, but for those that round as the host's libm does.
// CHECK-LABEL: func.func @constants
// CHECK-DAG: %[[SUM:.*]] = model.fill 3.500000e+00 : f32
// CHECK-DAG: %[[FLOOR:.*]] = model.fill 2.000000e+00 : f32
// CHECK-DAG: %[[ROOT:.*]] = model.fill 1.58113885 : f32
// CHECK-DAG: %[[INT:.*]] = model.fill 2 : i32
// CHECK-DAG: %[[LESS:.*]] = model.fill true
// CHECK-DAG: %[[SIGN:.*]] = model.fill -1 : i8
// CHECK-DAG: %[[NAN:.*]] = model.fill 0x7FC00000 : f32
// CHECK-DAG: %[[EXP:.*]] = model.exp
// CHECK: return %[[SUM]], %[[FLOOR]], %[[ROOT]], %[[INT]], %[[LESS]], %[[SIGN]], %[[NAN]], %[[EXP]]
func.func @constants()
    -> (!model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x i32>, !model.array<N x i1>, !model.array<N x i8>, !model.array<N x f32>, !model.array<N x f32>) {
  %a = model.fill 2.5 : f32 : !model.array<N x f32>
  %b = model.fill 1.0 : f32 : !model.array<N x f32>
  %c = model.fill -3 : i8 : !model.array<N x i8>
  %nan = model.fill 0x7FC00000 : f32 : !model.array<N x f32>
  %0 = model.add %a, %b : !model.array<N x f32>
  %1 = model.floor %a : !model.array<N x f32>
  %2 = model.sqrt %a : !model.array<N x f32>
  %3 = model.cast %a to i32 : !model.array<N x f32>
  %4 = model.compare lt %b, %a : !model.array<N x f32>
  %5 = model.sign %c : !model.array<N x i8>
  %6 = model.max %nan, %a : !model.array<N x f32>
  %7 = model.exp %a : !model.array<N x f32>
  return %0, %1, %2, %3, %4, %5, %6, %7 : !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x i32>, !model.array<N x i1>, !model.array<N x i8>, !model.array<N x f32>, !model.array<N x f32>
}

// Casts of constants saturate, and take NaN to 0.
// CHECK-LABEL: func.func @saturate
// CHECK-DAG: %[[HIGH:.*]] = model.fill 127 : i8
// CHECK-DAG: %[[LOW:.*]] = model.fill -128 : i8
// CHECK-DAG: %[[ZERO:.*]] = model.fill 0 : i8
// CHECK: return %[[HIGH]], %[[LOW]], %[[ZERO]]
func.func @saturate() -> (!model.array<i8>, !model.array<i8>, !model.array<i8>) {
  %a = model.fill 1.0e10 : f32 : !model.array<f32>
  %b = model.fill 0xFF800000 : f32 : !model.array<f32>
  %c = model.fill 0x7FC00000 : f32 : !model.array<f32>
  %0 = model.cast %a to i8 : !model.array<f32>
  %1 = model.cast %b to i8 : !model.array<f32>
  %2 = model.cast %c to i8 : !model.array<f32>
  return %0, %1, %2 : !model.array<i8>, !model.array<i8>, !model.array<i8>
}

// CHECK-LABEL: func.func @casts
// CHECK-DAG: %[[WIDE:.*]] = model.cast %arg2 to f64 : <N x i8>
// CHECK: return %arg0, %arg1, %[[WIDE]] :
func.func @casts(%f: !model.array<N x f32>, %i: !model.array<N x i32>, %b: !model.array<N x i8>)
    -> (!model.array<N x f32>, !model.array<N x i32>, !model.array<N x f64>) {
  %0 = model.cast %f to f64 : !model.array<N x f32>
  %1 = model.cast %0 to f32 : !model.array<N x f64>
  %2 = model.cast %i to f64 : !model.array<N x i32>
  %3 = model.cast %2 to i32 : !model.array<N x f64>
  %4 = model.cast %b to f32 : !model.array<N x i8>
  %5 = model.cast %4 to f64 : !model.array<N x f32>
  return %1, %3, %5 : !model.array<N x f32>, !model.array<N x i32>, !model.array<N x f64>
}

// i32 has values that f32 lacks; a float saturates where an integer wraps.
// CHECK-LABEL: func.func @lossy_casts
// CHECK-DAG: %[[F:.*]] = model.cast %arg0 to f32
// CHECK-DAG: %[[A:.*]] = model.cast %[[F]] to i32
// CHECK-DAG: %[[D:.*]] = model.cast %arg0 to f64
// CHECK-DAG: %[[B:.*]] = model.cast %[[D]] to i8
// CHECK: return %[[A]], %[[B]]
func.func @lossy_casts(%i: !model.array<N x i32>) -> (!model.array<N x i32>, !model.array<N x i8>) {
  %0 = model.cast %i to f32 : !model.array<N x i32>
  %1 = model.cast %0 to i32 : !model.array<N x f32>
  %2 = model.cast %i to f64 : !model.array<N x i32>
  %3 = model.cast %2 to i8 : !model.array<N x f64>
  return %1, %3 : !model.array<N x i32>, !model.array<N x i8>
}

// CHECK-LABEL: func.func @signs
// CHECK-DAG: %[[NEG:.*]] = model.neg %arg0
// CHECK-DAG: %[[SUB:.*]] = model.sub %arg1, %arg0
// CHECK-DAG: %[[ADD:.*]] = model.add %arg1, %arg0
// CHECK-DAG: %[[NEG2:.*]] = model.neg %arg1
// CHECK: return %[[NEG]], %[[SUB]], %[[ADD]], %[[NEG2]]
func.func @signs(%x: !model.array<N x f32>, %y: !model.array<N x f32>)
    -> (!model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>) {
  %minus_one = model.fill -1.0 : f32 : !model.array<N x f32>
  %minus_zero = model.fill -0.0 : f32 : !model.array<N x f32>
  %0 = model.mul %x, %minus_one : !model.array<N x f32>
  %n = model.neg %x : !model.array<N x f32>
  %1 = model.add %n, %y : !model.array<N x f32>
  %2 = model.sub %y, %n : !model.array<N x f32>
  %3 = model.sub %minus_zero, %y : !model.array<N x f32>
  return %0, %1, %2, %3 : !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>
}

// A division by 4 is a multiplication by 0.25; 1/3 would round.
// CHECK-LABEL: func.func @divisions
// CHECK-DAG: %[[QUARTER:.*]] = model.fill 2.500000e-01 : f32
// CHECK-DAG: %[[THREE:.*]] = model.fill 3.000000e+00 : f32
// CHECK-DAG: %[[A:.*]] = model.mul %arg0, %[[QUARTER]]
// CHECK-DAG: %[[B:.*]] = model.div %arg0, %[[THREE]]
// CHECK: return %[[A]], %[[B]]
func.func @divisions(%x: !model.array<N x f32>) -> (!model.array<N x f32>, !model.array<N x f32>) {
  %four = model.fill 4.0 : f32 : !model.array<N x f32>
  %three = model.fill 3.0 : f32 : !model.array<N x f32>
  %0 = model.div %x, %four : !model.array<N x f32>
  %1 = model.div %x, %three : !model.array<N x f32>
  return %0, %1 : !model.array<N x f32>, !model.array<N x f32>
}

// CHECK-LABEL: func.func @powers
// CHECK-DAG: %[[ONE:.*]] = model.fill 1.000000e+00 : f32
// CHECK-DAG: %[[HALF:.*]] = model.fill 5.000000e-01 : f32
// CHECK-DAG: %[[SQUARE:.*]] = model.mul %arg0, %arg0
// CHECK-DAG: %[[INVERSE:.*]] = model.div %[[ONE]], %arg0
// CHECK-DAG: %[[ROOT:.*]] = model.pow %arg0, %[[HALF]]
// CHECK: return %[[ONE]], %arg0, %[[SQUARE]], %[[INVERSE]], %[[ROOT]]
func.func @powers(%x: !model.array<N x f32>)
    -> (!model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>) {
  %zero = model.fill 0.0 : f32 : !model.array<N x f32>
  %one = model.fill 1.0 : f32 : !model.array<N x f32>
  %two = model.fill 2.0 : f32 : !model.array<N x f32>
  %minus_one = model.fill -1.0 : f32 : !model.array<N x f32>
  %half = model.fill 0.5 : f32 : !model.array<N x f32>
  %0 = model.pow %x, %zero : !model.array<N x f32>
  %1 = model.pow %x, %one : !model.array<N x f32>
  %2 = model.pow %x, %two : !model.array<N x f32>
  %3 = model.pow %x, %minus_one : !model.array<N x f32>
  %4 = model.pow %x, %half : !model.array<N x f32>
  return %0, %1, %2, %3, %4 : !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>, !model.array<N x f32>
}

// What is repeated in the same way is computed once.
// CHECK-LABEL: func.func @broadcasts
// CHECK-DAG: %[[TWO:.*]] = model.fill 2.000000e+00 : f32 : <4 x f32>
// CHECK: %[[SUM:.*]] = model.add %arg0, %arg1 : <4 x f32>
// CHECK: %[[POW:.*]] = model.pow %[[TWO]], %[[SUM]] : <4 x f32>
// CHECK: %[[LESS:.*]] = model.compare lt %[[POW]], %arg0 : <4 x f32>
// CHECK: %[[SELECT:.*]] = model.select %[[LESS]], %arg0, %arg1
// CHECK: %[[ALL:.*]] = model.broadcast %[[SELECT]] to <N x 4> axes [1]
// CHECK: return %[[ALL]]
func.func @broadcasts(%a: !model.array<4 x f32>, %b: !model.array<4 x f32>) -> !model.array<N x 4 x f32> {
  %two = model.fill 2.0 : f32 : !model.array<N x 4 x f32>
  %x = model.broadcast %a to <N x 4> axes [1] : !model.array<4 x f32>
  %y = model.broadcast %b to <N x 4> axes [1] : !model.array<4 x f32>
  %0 = model.add %x, %y : !model.array<N x 4 x f32>
  %1 = model.pow %two, %0 : !model.array<N x 4 x f32>
  %2 = model.compare lt %1, %x : !model.array<N x 4 x f32>
  %3 = model.select %2, %x, %y : !model.array<N x 4 x i1>, !model.array<N x 4 x f32>
  return %3 : !model.array<N x 4 x f32>
}

// CHECK-LABEL: func.func @different_broadcasts
// CHECK: model.add %{{.*}}, %{{.*}} : <4 x 4 x f32>
func.func @different_broadcasts(%a: !model.array<4 x f32>, %b: !model.array<4 x f32>) -> !model.array<4 x 4 x f32> {
  %x = model.broadcast %a to <4 x 4> axes [1] : !model.array<4 x f32>
  %y = model.broadcast %b to <4 x 4> axes [0] : !model.array<4 x f32>
  %0 = model.add %x, %y : !model.array<4 x 4 x f32>
  return %0 : !model.array<4 x 4 x f32>
}

// -----

// Integer division rounds down; by 0 it is 0, and the remainder is what is divided.
// CHECK-LABEL: func.func @integer_division
// CHECK-DAG: model.fill -4 : i32
// CHECK-DAG: model.fill -1 : i32
// CHECK-DAG: model.fill 0 : i32
// CHECK-DAG: model.fill 7 : i32
func.func @integer_division() -> (!model.array<2 x i32>, !model.array<2 x i32>, !model.array<2 x i32>, !model.array<2 x i32>) {
  %a = model.fill 7 : i32 : !model.array<2 x i32>
  %b = model.fill -2 : i32 : !model.array<2 x i32>
  %z = model.fill 0 : i32 : !model.array<2 x i32>
  %0 = model.floor_div %a, %b : !model.array<2 x i32>
  %1 = model.remainder %a, %b : !model.array<2 x i32>
  %2 = model.floor_div %a, %z : !model.array<2 x i32>
  %3 = model.remainder %a, %z : !model.array<2 x i32>
  return %0, %1, %2, %3 : !model.array<2 x i32>, !model.array<2 x i32>, !model.array<2 x i32>, !model.array<2 x i32>
}
