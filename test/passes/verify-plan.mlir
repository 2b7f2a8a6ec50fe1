// RUN: %model-opt %s --verify-plan --split-input-file --verify-diagnostics

// expected-error@+1 {{regions 0 and 1 overlap while both are needed}}
func.func @overlap(%w: !model.buffer<128 x i8> {model.workspace}) attributes {model.workspace_bytes = 128 : i64, model.regions = [
    {begin = 0 : i64, bytes = 128 : i64, end = 2 : i64, offset = 0 : i64},
    {begin = 2 : i64, bytes = 64 : i64, end = 3 : i64, offset = 64 : i64}]} {
  return
}

// -----

func.func @after(%w: !model.buffer<128 x i8> {model.workspace}) attributes {model.workspace_bytes = 128 : i64, model.regions = [
    {begin = 0 : i64, bytes = 128 : i64, end = 2 : i64, offset = 0 : i64},
    {begin = 3 : i64, bytes = 64 : i64, end = 3 : i64, offset = 64 : i64}]} {
  return
}

// -----

// expected-error@+1 {{region 0 is misaligned or outside the workspace}}
func.func @outside(%w: !model.buffer<128 x i8> {model.workspace}) attributes {model.workspace_bytes = 128 : i64, model.regions = [
    {begin = 0 : i64, bytes = 128 : i64, end = 2 : i64, offset = 64 : i64}]} {
  return
}

// -----

func.func @view(%w: !model.buffer<128 x i8> {model.workspace}) attributes {model.workspace_bytes = 128 : i64, model.regions = [
    {begin = 0 : i64, bytes = 64 : i64, end = 2 : i64, offset = 64 : i64}]} {
  // expected-error@+1 {{lies within no region of the plan}}
  %0 = model.view %w[0] : !model.buffer<128 x i8> -> !model.buffer<8 x f32>
  return
}
