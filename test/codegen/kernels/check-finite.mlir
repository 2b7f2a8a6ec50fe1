// RUN: %model-opt %s --emit-loops --verify-loops | FileCheck %s
// That it finds what it looks for is the matter of test/runtime/app/trap.test.

// One function for each type of floats, whatever is checked; the element of a stack is found by its number.
// CHECK-LABEL: func.func @step(
// CHECK-SAME: %[[X:[a-z0-9]+]]: memref<f32> {{{.*}}}, %[[Y:[a-z0-9]+]]: memref<f64> {{{.*}}}, %[[RECORD:[a-z0-9]+]]: memref<i64> {{{.*}}}, %{{.*}}: memref<i8> {{{.*}}}, %[[N:[a-z0-9]+]]: index)
// CHECK: %[[ID:.*]] = arith.constant 3 : i64
// CHECK: call @model.check_finite.f32(%[[X]], %{{.*}}, %{{.*}}, %[[RECORD]], %[[ID]])
// CHECK: call @model.check_finite.f64(%[[Y]],
// CHECK: scf.for %[[I:[a-z0-9]+]] =
// CHECK: %[[ZERO:.*]] = arith.muli %{{.*}}, %[[N]] : index
// CHECK: %[[ROW:.*]] = arith.addi %[[ZERO]], %[[I]] : index
// CHECK: %[[BEGIN:.*]] = arith.muli %[[ROW]], %[[COUNT:.*]] : index
// CHECK: call @model.check_finite.f32(%[[X]], %[[BEGIN]], %[[COUNT]], %[[RECORD]],
// CHECK-COUNT-1: func.func private @model.check_finite.f32
// CHECK-NOT: func.func private @model.check_finite.f32
func.func @step(%x: !model.buffer<N x 4 x f32> {model.input = "data", model.name = "x"}, %y: !model.buffer<N x f64> {model.input = "data", model.name = "y"},
                %r: !model.buffer<2 x i64> {model.output = "trap", model.name = "r"}, %w: !model.buffer<64 x i8> {model.workspace})
    attributes {model.entry = "trap", model.symbols = {N = 8 : i64}} {
  model.check_finite %x shape <N x 4> in %r id 3 : !model.buffer<N x 4 x f32>, !model.buffer<2 x i64>
  model.check_finite %y shape <N> in %r id 4 : !model.buffer<N x f64>, !model.buffer<2 x i64>
  model.loop <N> {
  ^bb0(%i: index):
    model.check_finite %x[%i] shape <2 x 2> in %r id 5 : !model.buffer<N x 4 x f32>, !model.buffer<2 x i64>
  }
  return
}
