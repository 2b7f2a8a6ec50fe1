// RUN: %model-opt %s --make-program --split-input-file --verify-diagnostics

// What a function's arguments are must be said.
// expected-error @below {{'llvm.func' op has the unknown kind `training` of entry}}
llvm.func @kind(%workspace: !llvm.ptr) attributes {model.entry = "training", model.types = []} {
  llvm.return
}

// -----

// expected-error @below {{'llvm.func' op has 2 arguments; wanted 1 arrays, a workspace and 1 symbols}}
llvm.func @count(%x: !llvm.ptr {model.input = "data"}, %workspace: !llvm.ptr)
    attributes {model.entry = "function", model.symbols = {N = 4 : i64}, model.types = [!model.array<N x f32>]} {
  llvm.return
}

// -----

// expected-error @below {{'llvm.func' op has 1 arguments; wanted 0 arrays, a workspace and 0 symbols}}
llvm.func @types(%workspace: !llvm.ptr) attributes {model.entry = "function"} {
  llvm.return
}

// -----

// expected-error @below {{'llvm.func' op `model.types` has an element f32; wanted types of arrays}}
llvm.func @element(%x: !llvm.ptr {model.input = "data"}, %workspace: !llvm.ptr) attributes {model.entry = "function", model.types = [f32]} {
  llvm.return
}

// -----

// expected-error @below {{'llvm.func' op has an array of type '!model.array<N x f32>', but no bound for "N"}}
llvm.func @bound(%x: !llvm.ptr {model.input = "data"}, %workspace: !llvm.ptr)
    attributes {model.entry = "function", model.types = [!model.array<N x f32>]} {
  llvm.return
}

// -----

// expected-error @below {{'llvm.func' op argument 0 is no slot, input or output with a known role}}
llvm.func @role(%x: !llvm.ptr {model.input = "weather"}, %workspace: !llvm.ptr)
    attributes {model.entry = "function", model.types = [!model.array<f32>]} {
  llvm.return
}

// -----

// expected-error @below {{'llvm.func' op argument 0 is the slot @w of type '!model.array<f32>', which is not declared like that}}
llvm.func @undeclared(%x: !llvm.ptr {model.slot = @w}, %workspace: !llvm.ptr)
    attributes {model.entry = "function", model.types = [!model.array<f32>]} {
  llvm.return
}

// -----

model.slot @w : !model.array<4 x f32> "parameter" file "w"
// expected-error @below {{'llvm.func' op argument 0 is the slot @w of type '!model.array<f32>', which is not declared like that}}
llvm.func @other(%x: !llvm.ptr {model.slot = @w}, %workspace: !llvm.ptr)
    attributes {model.entry = "function", model.types = [!model.array<f32>]} {
  llvm.return
}

// -----

model.slot @v : !model.array<1099511627776 x 1048576 x f32> "parameter" file "v"
// expected-error @below {{the slots do not fit memory together with `w`}}
model.slot @w : !model.array<1099511627776 x 1048576 x f32> "parameter" file "w"

// -----

// expected-error @below {{arrays that belong to a session are not supported}}
model.slot @cache : !model.array<4 x f32> "session" file "cache"

// -----

// expected-error @below {{'llvm.func' op requires the size `M + -1`, but has no bound for "M"}}
llvm.func @requires(%x: !llvm.ptr {model.input = "data"}, %workspace: !llvm.ptr, %N: i64)
    attributes {model.entry = "function", model.requires = [#model.size<N + -1>, #model.size<M + -1>], model.symbols = {N = 4 : i64}, model.types = [!model.array<N x f32>]} {
  llvm.return
}

// -----

// expected-error @below {{'llvm.func' op has rows by "M", for which it has no bound}}
llvm.func @rows(%x: !llvm.ptr {model.input = "data"}, %workspace: !llvm.ptr, %N: i64)
    attributes {model.entry = "function", model.rowwise = "M", model.symbols = {N = 4 : i64}, model.types = [!model.array<N x f32>]} {
  llvm.return
}
