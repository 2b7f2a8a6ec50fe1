// RUN: %model-opt %s --make-program --split-input-file --verify-diagnostics

// expected-error @below {{'builtin.module' op lacks `kernel`, a symbol}}
module attributes {model.launches = [{entry = @f, source = "", role = "", operations = 1 : i64, bytes = 1 : i64}]} {
  llvm.func @f(%workspace: !llvm.ptr) attributes {model.entry = "init", model.symbols = {}, model.types = [], model.workspace} {
    llvm.return
  }
}

// -----

// expected-error @below {{'builtin.module' op has 1.000000e+00 : f32 for `bytes`; wanted an integer}}
module attributes {model.launches = [{kernel = @k, entry = @f, source = "", role = "", operations = 1 : i64, bytes = 1.0 : f32}]} {
  llvm.func @f(%workspace: !llvm.ptr) attributes {model.entry = "init", model.symbols = {}, model.types = [], model.workspace} {
    llvm.return
  }
}

// -----

// Everything that is wrong is said.
// expected-error @below {{'model.data' op has the unknown selector `all`}}
// expected-error @below {{'model.data' op has "f32" for `dtype`; wanted a type}}
// expected-error @below {{'model.data' op has 4294967296 : i64 for `first`; wanted an integer of 32 bits}}
// expected-error @below {{'model.data' op lacks `names`, an array}}
// expected-error @below {{'model.data' op names @nothing, which is no entry}}
// expected-error @below {{'model.data' op has "half" for `share`; wanted a float}}
// expected-error @below {{'model.data' op has 0 : i64 for `shuffle`; wanted true or false}}
model.data @d from "csv" "" fields [{name = "x", selector = "all", first = 4294967296 : i64, last = 1 : i64, dtype = "f32",
    rank = 2 : i64, classes = 0 : i64, source = "", fit = @nothing}]
  splits [{name = "train", share = "half"}]
  options {header = 1 : i64, rows = 0 : i64, seed = 0 : i64, shuffle = 0 : i64}
