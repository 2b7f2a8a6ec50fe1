// What scans hand in and what entries return for slots is named after what it is of.
// RUN: %model-opt %s --name-values | FileCheck %s

#line = loc("user.model":4:7)
model.slot @w : !model.array<f32> "parameter" file "w"
model.slot @m.w : !model.array<f32> "optimizer" file "m.w"
model.slot @mean : !model.array<f32> "state" file "mean"

// CHECK-LABEL: func.func @step
func.func @step(%w: !model.array<f32> {model.slot = @w}, %m: !model.array<f32> {model.slot = @m.w})
    -> (!model.array<f32> {model.slot = @w}, !model.array<f32> {model.slot = @m.w}, !model.array<f32> {model.slot = @mean}, !model.array<f32>) {
  // What an optimizer calls it says less; what a program calls it says more.
  // CHECK: %new.w = model.sub
  // CHECK-NEXT: %new.m.w = model.add
  // CHECK-NEXT: %average = model.mul
  // CHECK-NEXT: %[[RESULT:[0-9]+]] = model.exp
  // CHECK-NEXT: return %new.w, %new.m.w, %average, %[[RESULT]]
  %0 = model.sub %w, %m : <f32> loc("p"("update of"(#line)))
  %1 = model.add %w, %m : <f32> loc("update of"(#line))
  %2 = model.mul %w, %m : <f32> loc("average"(#line))
  %3 = model.exp %w : <f32> loc(#line)
  return %0, %1, %2, %3 : !model.array<f32>, !model.array<f32>, !model.array<f32>, !model.array<f32>
}

// An argument is returned as it is, and a constant is shared.
// CHECK-LABEL: func.func @same
func.func @same(%w: !model.array<f32> {model.slot = @w}) -> (!model.array<f32> {model.slot = @w}, !model.array<f32> {model.slot = @mean}) {
  // CHECK: %[[ZERO:[0-9]+]] = model.fill
  // CHECK-NEXT: return %arg0, %[[ZERO]]
  %0 = model.fill 0.0 : f32 : <f32> loc("update of"(#line))
  return %w, %0 : !model.array<f32>, !model.array<f32>
}

// CHECK-LABEL: func.func @scan
func.func @scan(%w: !model.array<f32> {model.slot = @w}, %rows: !model.array<5 x 3 x f32> {model.input = "data", model.name = "rows"}) -> (!model.array<f32>, !model.array<3 x f32>) {
  %zero = model.fill 0.0 : f32 : <f32> loc(#line)
  %start = model.exp %w : <f32> loc("start"(#line))
  // What is only laid out for the scan keeps its name, and zeros become what the body makes of them.
  %columns = model.transpose %rows permutation [1, 0] : <5 x 3 x f32> loc(#line)
  // CHECK: %total, %{{[0-9]+}}, %loud.all = model.scan <3>
  // CHECK-NEXT: ^bb0(%i: {{.*}}, %total.i: {{.*}}, %start.i: {{.*}}, %rows.i: {{.*}}, %w.in: {{.*}})
  %0:3 = model.scan <3> carries(%zero, %start) slices(%columns) invariants(%w) : (!model.array<f32>, !model.array<f32>, !model.array<3 x 5 x f32>, !model.array<f32>) -> (!model.array<f32>, !model.array<f32>, !model.array<3 x f32>) {
  ^bb0(%i: !model.array<i64>, %a: !model.array<f32>, %b: !model.array<f32>, %c: !model.array<5 x f32>, %d: !model.array<f32>):
    %1 = model.reduce_sum %c axes [0] : <5 x f32> loc(#line)
    // Names stay the same within another scan.
    // CHECK: model.scan <5> carries(%total.i) slices(%rows.i) invariants(%w.in)
    // CHECK-NEXT: ^bb0(%i_{{[0-9]+}}: {{.*}}, %total.i_{{[0-9]+}}: {{.*}}, %rows.i_{{[0-9]+}}: {{.*}}, %w.in_{{[0-9]+}}: {{.*}})
    %2 = model.scan <5> carries(%a) slices(%c) invariants(%d) : (!model.array<f32>, !model.array<5 x f32>, !model.array<f32>) -> !model.array<f32> {
    ^bb0(%j: !model.array<i64>, %e: !model.array<f32>, %f: !model.array<f32>, %g: !model.array<f32>):
      %5 = model.mul %f, %g : <f32> loc(#line)
      %6 = model.add %e, %5 : <f32> loc(#line)
      model.yield %6 : !model.array<f32> loc(#line)
    } loc(#line)
    %3 = model.add %2, %1 : <f32> loc("total"(#line))
    %4 = model.exp %b : <f32> loc(#line)
    %7 = model.mul %3, %3 : <f32> loc("loud"(#line))
    model.yield %3, %4, %7 : !model.array<f32>, !model.array<f32>, !model.array<f32> loc(#line)
  } loc(#line)
  // A stack is taken apart again, and an argument that has a name keeps it.
  // CHECK: model.scan <3> carries(%total) slices(%loud.all)
  // CHECK-NEXT: ^bb0(%i: {{.*}}, %h: {{.*}}, %loud.i: {{.*}})
  %8 = model.scan <3> carries(%0#0) slices(%0#2) : (!model.array<f32>, !model.array<3 x f32>) -> !model.array<f32> {
  ^bb0(%i: !model.array<i64>, %h: !model.array<f32> loc("h"(#line)), %c: !model.array<f32>):
    %1 = model.add %h, %c : <f32> loc(#line)
    model.yield %1 : !model.array<f32> loc(#line)
  } loc(#line)
  return %8, %0#2 : !model.array<f32>, !model.array<3 x f32>
}
