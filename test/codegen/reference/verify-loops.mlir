// RUN: %model-opt %s --verify-loops --split-input-file --verify-diagnostics

model.slot @w : !model.array<8 x f32> "parameter" file "w"
func.func @loops(%p: memref<f32>, %n: index) {
  %0 = memref.reinterpret_cast %p to offset: [0], sizes: [%n], strides: [1] : memref<f32> to memref<?xf32>
  %1 = memref.load %0[%n] : memref<?xf32>
  %2 = math.exp %1 : f32
  memref.store %2, %0[%n] : memref<?xf32>
  return
}

// -----

func.func @copy(%a: memref<f32>, %b: memref<f32>) {
  // expected-error@+1 {{'memref.copy' op is left at stage `loops`: internal error}}
  memref.copy %a, %b : memref<f32> to memref<f32>
  return
}

// -----

func.func @linalg(%a: memref<f32>, %b: memref<f32>) {
  // expected-error@+1 {{'linalg.copy' op is left at stage `loops`: internal error}}
  linalg.copy ins(%a : memref<f32>) outs(%b : memref<f32>)
  return
}

// -----

func.func @tensor(%x: f32) {
  // expected-error@+1 {{has an operand or a result that is no memory at stage `loops`: internal error}}
  %0 = arith.constant dense<0.0> : tensor<2xf32>
  return
}

// -----

func.func @model() {
  // expected-error@+1 {{'model.fill' op is left at stage `loops`: internal error}}
  %0 = model.fill 0.0 : f32 : !model.array<2 x f32>
  return
}

// -----

// expected-error@+1 {{takes or returns 'memref<?xf32>' at stage `loops`: internal error}}
func.func private @helper(%x: memref<?xf32>) {
  return
}
