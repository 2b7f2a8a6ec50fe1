// RUN: %model-opt %s --make-program --split-input-file --verify-diagnostics
// What the tables hold is read back by descriptor.c.

// expected-error @below {{'model.training' op names @d, which is no data}}
// expected-error @below {{'model.training' op names @step, which is no entry}}
model.training on @d step @step metrics []
  options {batch = 4 : i64, epochs = 1 : i64, monitor = -1 : i64, monitor_split = -1 : i64, patience = 0 : i64, seed = 0 : i64, shuffle = true}

// -----

model.data @d from "csv" "d.csv" fields [] splits [] options {header = 1 : i64, rows = 0 : i64, seed = 0 : i64, shuffle = false}
llvm.func @step(%workspace: !llvm.ptr) attributes {model.entry = "step", model.types = []} {
  llvm.return
}
model.training on @d step @step metrics []
  options {batch = 4 : i64, epochs = 1 : i64, monitor = -1 : i64, monitor_split = -1 : i64, patience = 0 : i64, seed = 0 : i64, shuffle = true}
// expected-error @below {{'model.training' op is a second training plan}}
model.training on @d step @step metrics []
  options {batch = 4 : i64, epochs = 1 : i64, monitor = -1 : i64, monitor_split = -1 : i64, patience = 0 : i64, seed = 0 : i64, shuffle = true}
