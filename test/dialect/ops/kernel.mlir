// RUN: %model-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @roundtrip
// CHECK: model.kernel map(%arg0) in_place [0, 0] : (!model.array<N x f32>) -> !model.array<N x f32> {
// CHECK: model.yield
func.func @roundtrip(%x: !model.array<N x f32>) -> !model.array<N x f32> {
  %0 = model.kernel map(%x) in_place [0, 0] : (!model.array<N x f32>) -> !model.array<N x f32> {
  ^bb0(%a: !model.array<N x f32>):
    %b = model.exp %a : !model.array<N x f32>
    model.yield %b : !model.array<N x f32>
  }
  return %0 : !model.array<N x f32>
}

// CHECK-LABEL: func.func @planned
// CHECK: %[[V:.*]] = model.view %arg1[64] : <128 x i8> -> <8 x f32>
// CHECK: model.loop <T> reverse {
// CHECK: model.launch @k(%arg0, %{{.*}}, %[[V]]) id 3 :
func.func @planned(%x: !model.buffer<T x 8 x f32>, %w: !model.buffer<128 x i8>) {
  %0 = model.view %w[64] : !model.buffer<128 x i8> -> !model.buffer<8 x f32>
  model.loop <T> reverse {
  ^bb0(%i: index):
    model.launch @k(%x, %i, %0) id 3 : !model.buffer<T x 8 x f32>, index, !model.buffer<8 x f32>
  }
  return
}
func.func private @k(%x: !model.buffer<T x 8 x f32>, %i: index, %y: !model.buffer<8 x f32>) {
  %a = model.read %x[%i] : !model.buffer<T x 8 x f32> -> !model.array<2 x 4 x f32>
  model.write %a to %y : !model.array<2 x 4 x f32> -> !model.buffer<8 x f32>
  return
}

// -----

func.func @read(%x: !model.buffer<T x 8 x f32>) {
  // expected-error@+1 {{buffer holds 8 * T elements of 'f32'; the array is '!model.array<8 x f32>'}}
  %a = model.read %x : !model.buffer<T x 8 x f32> -> !model.array<8 x f32>
  return
}

// -----

func.func @yield(%x: !model.array<8 x f32>) {
  // expected-error@+1 {{must end with a `model.yield` of the results}}
  %0 = model.kernel map(%x) : (!model.array<8 x f32>) -> !model.array<4 x f32> {
  ^bb0(%a: !model.array<8 x f32>):
    model.yield %a : !model.array<8 x f32>
  }
  return
}

// -----

func.func @pairs(%x: !model.array<8 x f32>) {
  // expected-error@+1 {{`in_place` names an operand or a result that does not exist}}
  %0 = model.kernel map(%x) in_place [1, 0] : (!model.array<8 x f32>) -> !model.array<8 x f32> {
  ^bb0(%a: !model.array<8 x f32>):
    model.yield %a : !model.array<8 x f32>
  }
  return
}

// -----

func.func @launch(%x: !model.buffer<8 x f32>) {
  // expected-error@+1 {{launches `nothing`, which is no function}}
  model.launch @nothing(%x) id 0 : !model.buffer<8 x f32>
  return
}

// -----

func.func @check(%x: !model.buffer<T x 8 x f32>, %r: !model.buffer<2 x i64>, %i: index) {
  model.check_finite %x[%i] shape <2 x 4> in %r id 7 : !model.buffer<T x 8 x f32>, !model.buffer<2 x i64>
  // expected-error@+1 {{buffer holds 8 elements of 'f32'; the array is '!model.array<4 x f32>'}}
  model.check_finite %x[%i] shape <4> in %r id 7 : !model.buffer<T x 8 x f32>, !model.buffer<2 x i64>
  return
}

// -----

func.func @check(%x: !model.buffer<8 x f32>, %r: !model.buffer<3 x i64>) {
  // expected-error@+1 {{has a record of type '!model.buffer<3 x i64>'; wanted 2 x i64}}
  model.check_finite %x shape <8> in %r id 7 : !model.buffer<8 x f32>, !model.buffer<3 x i64>
  return
}

// -----

func.func @check(%x: !model.buffer<8 x i32>, %r: !model.buffer<2 x i64>) {
  // expected-error@+1 {{checks a buffer of 'i32'; wanted floats}}
  model.check_finite %x shape <8> in %r id 7 : !model.buffer<8 x i32>, !model.buffer<2 x i64>
  return
}
