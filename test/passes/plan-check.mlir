// RUN: %model-opt %s --form-kernels --plan-memory=overlap-regions --split-input-file --verify-diagnostics

// Regions that are put at one place while both are needed are found out; `memory-plan.mlir` has the
// plans that are right.
func.func @lost(%x: !model.array<16 x 16 x f32>) -> (!model.array<16 x 16 x f32>) attributes {model.entry = "function"} {
  // expected-note@+1 {{the value that should be there}}
  %a = model.contract %x, %x batch [] x [] contract [1] x [0] : !model.array<16 x 16 x f32>, !model.array<16 x 16 x f32>
  %b = model.contract %x, %x batch [] x [] contract [0] x [0] : !model.array<16 x 16 x f32>, !model.array<16 x 16 x f32>
  // expected-error@+1 {{reads memory that the plan has given to another value}}
  %c = model.contract %a, %b batch [] x [] contract [1] x [0] : !model.array<16 x 16 x f32>, !model.array<16 x 16 x f32>
  return %c : !model.array<16 x 16 x f32>
}

// -----

func.func @torn(%x: !model.array<16 x 16 x f32>) -> (!model.array<16 x 16 x f32>) attributes {model.entry = "function"} {
  %a = model.contract %x, %x batch [] x [] contract [1] x [0] : !model.array<16 x 16 x f32>, !model.array<16 x 16 x f32>
  // expected-error@+1 {{writes result 0 over operand 0 while it is read}}
  %b = model.contract %a, %x batch [] x [] contract [1] x [0] : !model.array<16 x 16 x f32>, !model.array<16 x 16 x f32>
  %c = model.contract %b, %x batch [] x [] contract [1] x [0] : !model.array<16 x 16 x f32>, !model.array<16 x 16 x f32>
  return %c : !model.array<16 x 16 x f32>
}

// -----

// What one iteration leaves is what the next one finds: the body's own region lies over the carry.
func.func @loop(%x: !model.array<16 x 16 x f32>) -> (!model.array<16 x 16 x f32>) attributes {model.entry = "function"} {
  %0 = model.scan <3> carries(%x) invariants(%x) : (!model.array<16 x 16 x f32>, !model.array<16 x 16 x f32>) -> !model.array<16 x 16 x f32> {
  ^bb0(%i: !model.array<i64>, %h: !model.array<16 x 16 x f32>, %w: !model.array<16 x 16 x f32>):
    // expected-error@+1 {{writes result 0 over operand 0 while it is read}}
    %1 = model.contract %h, %w batch [] x [] contract [1] x [0] : !model.array<16 x 16 x f32>, !model.array<16 x 16 x f32>
    %2 = model.contract %1, %h batch [] x [] contract [1] x [0] : !model.array<16 x 16 x f32>, !model.array<16 x 16 x f32>
    model.yield %2 : !model.array<16 x 16 x f32>
  }
  %3 = model.contract %0, %x batch [] x [] contract [1] x [0] : !model.array<16 x 16 x f32>, !model.array<16 x 16 x f32>
  return %3 : !model.array<16 x 16 x f32>
}
