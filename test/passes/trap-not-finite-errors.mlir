// RUN: %model-opt %s --trap-not-finite --split-input-file --verify-diagnostics

// expected-error @below {{has no workspace as its last argument}}
func.func @step.trap() attributes {model.entry = "trap"} {
  return
}

// -----

// What has its record already stays as it is.
func.func @step.trap(%r: !model.buffer<2 x i64> {model.name = "not_finite", model.output = "trap"}, %w: !model.buffer<64 x i8> {model.workspace})
    attributes {model.entry = "trap"} {
  return
}
