//===- Control.td - constants, sizes, calls, repetition, gradients --*- tablegen -*-===//
//
// Where values come from, how functions are called and repeated, and what is declared.
//
//===----------------------------------------------------------------------------===//
#ifndef MODEL_OPS_CONTROL_TD
#define MODEL_OPS_CONTROL_TD

include "dialect/Types.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/CallInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"

//===----------------------------------------------------------------------------===//
// Constants and sizes
//===----------------------------------------------------------------------------===//

def Model_FillOp : Model_Op<"fill", [Pure, ConstantLike,
    DeclareOpInterfaceMethods<ElementOpInterface, ["getElementCost", "isPositional"]>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "an array, each element of which is one constant";
  let description = [{
    `%0 = model.fill 0.0 : f32 : !model.array<N x 64 x f32>`. The shape may be symbolic.
  }];
  let arguments = (ins TypedAttrInterface:$value);
  let results = (outs Model_Array:$result);
  let assemblyFormat = "$value attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
  let extraClassDefinition = [{
    ::mlir::model::ElementCost $cppClass::getElementCost() {
      return ::mlir::model::ElementCost::Free;
    }
    bool $cppClass::isPositional() { return true; }
  }];
}

def Model_ConstantOp : Model_Op<"constant", [Pure, ConstantLike,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "an array of given elements; its shape is constant";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Model_Array:$result);
  let assemblyFormat = "$value attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
}

def Model_SizeOp : Model_Op<"size", [Pure,
    DeclareOpInterfaceMethods<ElementOpInterface, ["getElementCost", "isPositional"]>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "the value of a size, as an index or as a scalar array of numbers";
  let description = [{
    `%n = model.size <2 * N> : index`, `%m = model.size <N> : !model.array<f32>`. Nothing asks an
    array for its sizes at run time: they come in with the entry's symbols.
  }];
  let arguments = (ins Model_SizeAttr:$size);
  let results = (outs AnyTypeOf<[Index, Model_Array]>:$result);
  let assemblyFormat = "$size attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
  let extraClassDefinition = [{
    ::mlir::model::ElementCost $cppClass::getElementCost() {
      return ::mlir::model::ElementCost::Free;
    }
    bool $cppClass::isPositional() { return true; }
  }];
}

//===----------------------------------------------------------------------------===//
// Calls and gradients of functions
//===----------------------------------------------------------------------------===//

def Model_CallOp : Model_Op<"call", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "calls a function and says what its symbols stand for";
  let description = [{
    `%0 = model.call @f(%a, %b) where {M = #model.size<2 * N>} : (...) -> ...`. The operands and
    results have the callee's types after the substitution. Symbols of the callee that `where`
    does not name keep their names. Calls have no side effects.
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<Model_Array>:$arguments,
                       OptionalAttr<DictionaryAttr>:$where);
  let results = (outs Variadic<Model_Array>:$results);
  let assemblyFormat = [{
    $callee `(` $arguments `)` (`where` $where^)? attr-dict `:` functional-type($arguments, $results)
  }];
}

def Model_GradientOp : Model_Op<"gradient", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "calls a function and differentiates its first result";
  let description = [{
    `%loss, %state, %dw = model.gradient @f(%w, %x) wrt [0] : (...) -> (...)`. The first result
    of the callee must be a float scalar. The results are all of the callee's, then for each
    index in `wrt` the derivative of the first result by that argument, of the argument's type.
    `resolve-gradients` replaces the operation, innermost first, so that the callee may itself
    contain gradients.
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<Model_Array>:$arguments,
                       DenseI64ArrayAttr:$wrt,
                       OptionalAttr<DictionaryAttr>:$where);
  let results = (outs Variadic<Model_Array>:$results);
  let assemblyFormat = [{
    $callee `(` $arguments `)` `wrt` $wrt (`where` $where^)? attr-dict
    `:` functional-type($arguments, $results)
  }];
}

//===----------------------------------------------------------------------------===//
// Repetition
//===----------------------------------------------------------------------------===//

def Model_YieldOp : Model_Op<"yield", [Pure, Terminator, ReturnLike]> {
  let summary = "ends the region of a scan or a kernel";
  let arguments = (ins Variadic<Model_Array>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let builders = [OpBuilder<(ins), "build($_builder, $_state, ::mlir::ValueRange{});">];
}

def Model_ScanOp : Model_Op<"scan", [Pure, IsolatedFromAbove, AttrSizedOperandSegments,
    SingleBlock, DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "repeats a block, carrying values along and slicing operands";
  let description = [{
    Runs the block `length` times, with an index that counts from 0 up, or down to 0 if
    `reverse` is set. The block's arguments are, in this order: the index (`!model.array<i64>`),
    the carries, one slice of each sliced operand (without its leading axis, whose size is
    `length`), and the invariants. The block yields the new carries, then one slice of each
    stacked result. The results are the last carries, then the stacks, each with a leading axis
    of size `length`; the slice yielded at index i is element i, in either direction.

    ```mlir
    %last, %all = model.scan <T> carries(%h0) slices(%x) invariants(%w)
        : (!model.array<N x f32>, !model.array<T x N x f32>, !model.array<f32>)
       -> (!model.array<N x f32>, !model.array<T x N x f32>) {
    ^bb0(%i: !model.array<i64>, %h: !model.array<N x f32>, %v: !model.array<N x f32>, %w1: !model.array<f32>):
      ...
      model.yield %next, %next : !model.array<N x f32>, !model.array<N x f32>
    }
    ```
  }];
  let arguments = (ins Model_SizeAttr:$length, UnitAttr:$reverse,
                       Variadic<Model_Array>:$carries, Variadic<Model_Array>:$slices,
                       Variadic<Model_Array>:$invariants);
  let results = (outs Variadic<Model_Array>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $length (`reverse` $reverse^)? (`carries` `(` $carries^ `)`)? (`slices` `(` $slices^ `)`)?
    (`invariants` `(` $invariants^ `)`)? attr-dict-with-keyword
    `:` functional-type(operands, $results) $body
  }];
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
  let extraClassDeclaration = [{
    ::mlir::Block &getBlock() { return getBody().front(); }
    unsigned getCarryCount() { return getCarries().size(); }
    unsigned getStackCount() { return getNumResults() - getCarryCount(); }
    ::mlir::BlockArgument getIndex() { return getBlock().getArgument(0); }
    ::llvm::MutableArrayRef<::mlir::BlockArgument> getCarryArguments() {
      return getBlock().getArguments().slice(1, getCarryCount());
    }
    ::llvm::MutableArrayRef<::mlir::BlockArgument> getSliceArguments() {
      return getBlock().getArguments().slice(1 + getCarryCount(), getSlices().size());
    }
    ::llvm::MutableArrayRef<::mlir::BlockArgument> getInvariantArguments() {
      return getBlock().getArguments().slice(1 + getCarryCount() + getSlices().size());
    }
    ::mlir::model::YieldOp getYield();
    ::mlir::ValueRange getCarryResults() { return getResults().take_front(getCarryCount()); }
    ::mlir::ValueRange getStackResults() { return getResults().drop_front(getCarryCount()); }
  }];
}

//===----------------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------------===//

class Model_Declaration<string mnemonic> : Model_Op<mnemonic, [Symbol]>;

def Model_SlotOp : Model_Declaration<"slot"> {
  let summary = "a named array that outlives a call: a parameter, state, an optimizer's memory";
  let description = [{
    `kind` is one of parameter, state, optimizer, statistic, metric, session. If `stack` is not 0
    it is the leading size, the slot belongs to an array of modules, and `fileName` has a `*`
    where the element's index goes. The slot's initial value is what the `init` entry returns.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Model_Array>:$type, StrAttr:$kind,
                       StrAttr:$fileName, DefaultValuedAttr<I64Attr, "0">:$stack);
  let assemblyFormat = [{
    $sym_name `:` $type $kind `file` $fileName (`stack` $stack^)? attr-dict
  }];
  let hasVerifier = 1;
}

def Model_HyperOp : Model_Declaration<"hyper"> {
  let summary = "a float that a flag of the program sets";
  let arguments = (ins SymbolNameAttr:$sym_name, F64Attr:$value, F64Attr:$low, F64Attr:$high,
                       StrAttr:$documentation);
  let assemblyFormat = [{
    $sym_name `=` $value `in` $low `to` $high $documentation attr-dict
  }];
}

def Model_DataOp : Model_Declaration<"data"> {
  let summary = "where examples come from: source, fields and splits";
  let description = [{
    Mirrors `struct modelc_data` of runtime/core/abi.h. `fields` is an array of dictionaries
    with the keys `name`, `selector` ("range" or "named"), `first`, `last`, `names`, `dtype`,
    `rank`, `classes`, `fit`, `preprocess` (symbols of entries, absent if there are none);
    where that is not enough, `parts`, `passes`, `window`, `ahead` as in the structure;
    `splits` of dictionaries with `name`, `share`, `path`, `files`.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$format, StrAttr:$path,
                       DictArrayAttr:$fields, DictArrayAttr:$splits, DictionaryAttr:$options);
  let assemblyFormat = [{
    $sym_name `from` $format $path `fields` $fields `splits` $splits `options` $options attr-dict
  }];
}

def Model_TrainingOp : Model_Op<"training"> {
  let summary = "the training plan: which data, entries, metrics and stopping rule";
  let description = [{
    Mirrors `struct modelc_training` of runtime/core/abi.h; symbols name the data declaration
    and the entries. `metrics` is an array of dictionaries with `name`, `larger_is_better`, in
    the order of the outputs of the `finish` entry. `step` serves every batch size up to the
    bound; `fullStep`, made by `specialize-entries`, serves full batches; `trap`, made by
    `trap-not-finite`, is `step` with checks of what every launch makes. `options` has `batch`,
    `epochs`, `shuffle`, `patience`, `monitor`, `monitor_split`.
  }];
  let arguments = (ins FlatSymbolRefAttr:$data, FlatSymbolRefAttr:$step,
                       OptionalAttr<FlatSymbolRefAttr>:$fullStep,
                       OptionalAttr<FlatSymbolRefAttr>:$trap,
                       OptionalAttr<FlatSymbolRefAttr>:$evaluate,
                       OptionalAttr<FlatSymbolRefAttr>:$finish,
                       DictArrayAttr:$metrics, DictionaryAttr:$options);
  let assemblyFormat = [{
    `on` $data `step` $step (`full` $fullStep^)? (`trap` $trap^)? (`evaluate` $evaluate^)?
    (`finish` $finish^)? `metrics` $metrics `options` $options attr-dict
  }];
}

#endif
