//===- Kernel.td - groups of operations and planned memory ------*- tablegen -*-===//
//
// What the optimised path is made of: kernels over arrays (stage `kernels`), then views of one
// arena, launches and loops over them (stage `planned`).
//
//===----------------------------------------------------------------------------===//
#ifndef MODEL_OPS_KERNEL_TD
#define MODEL_OPS_KERNEL_TD

include "dialect/Types.td"
include "mlir/IR/SymbolInterfaces.td"

def Model_KernelOp : Model_Op<"kernel", [IsolatedFromAbove, SingleBlock,
                                         RecursiveMemoryEffects]> {
  let summary = "operations that are computed together by one loop nest";
  let description = [{
    The block's arguments are the operands. Before memory is planned operands and results are
    arrays and the block yields the results. `inPlace` holds pairs (operand, result), one after
    the other: that result may be written over that operand, since each of its elements depends
    on no other element of the operand.

    ```mlir
    %y = model.kernel map (%x) in_place [0, 0]
        : (!model.array<N x f32>) -> !model.array<N x f32> {
    ^bb0(%a: !model.array<N x f32>):
      %b = model.exp %a : !model.array<N x f32>
      model.yield %b : !model.array<N x f32>
    }
    ```

    Afterwards operands are buffers and indices of the loops around, there are no results, and
    the block reads and writes buffers. `outline-kernels` makes a function of it.
  }];
  let arguments = (ins Model_KernelClassAttr:$kind,
                       Variadic<AnyTypeOf<[Model_Array, Model_Buffer, Index]>>:$inputs,
                       OptionalAttr<DenseI64ArrayAttr>:$inPlace);
  let results = (outs Variadic<Model_Array>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $kind `(` $inputs `)` (`in_place` $inPlace^)? attr-dict-with-keyword
    `:` functional-type($inputs, $results) $body
  }];
  let builders = [
    /// Without a block.
    OpBuilder<(ins "::mlir::TypeRange":$results, "::mlir::model::KernelClass":$kind,
                   "::mlir::ValueRange":$inputs, "::llvm::ArrayRef<int64_t>":$inPlace)>
  ];
  let extraClassDeclaration = [{
    ::mlir::Block &getBlock() { return getBody().front(); }
    /// Pairs of an operand and a result, one after the other.
    ::llvm::ArrayRef<int64_t> getInPlacePairs() {
      return getInPlace().value_or(::llvm::ArrayRef<int64_t>());
    }
    /// Whether `result` may be written over `operand`.
    bool mayShare(unsigned operand, unsigned result);
  }];
}

//===----------------------------------------------------------------------------===//
// Planned memory
//===----------------------------------------------------------------------------===//

def Model_ViewOp : Model_Op<"view", [Pure]> {
  let summary = "a buffer that starts `offset` bytes into another";
  let description = [{
    `%0 = model.view %workspace[128] : !model.buffer<4096 x i8> -> !model.buffer<N x 8 x f32>`
  }];
  let arguments = (ins Model_Buffer:$base, I64Attr:$offset);
  let results = (outs Model_Buffer:$result);
  let assemblyFormat = "$base `[` $offset `]` attr-dict `:` type($base) `->` type($result)";
}

def Model_ReadOp : Model_Op<"read"> {
  let summary = "the array that a buffer holds";
  let description = [{
    Leading axes of the buffer may be given an index each: `model.read %b[%i]` is element `%i` of
    a stack. The array may have another shape than the rest, with as many elements.
  }];
  let arguments = (ins Arg<Model_Buffer, "", [MemRead]>:$buffer, Variadic<Index>:$indices);
  let results = (outs Model_Array:$result);
  let assemblyFormat = [{
    $buffer (`[` $indices^ `]`)? attr-dict `:` type($buffer) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Model_WriteOp : Model_Op<"write"> {
  let summary = "stores an array into a buffer";
  let description = [{ Indices and shapes as for `model.read`. }];
  let arguments = (ins Model_Array:$value, Arg<Model_Buffer, "", [MemWrite]>:$buffer,
                       Variadic<Index>:$indices);
  let assemblyFormat = [{
    $value `to` $buffer (`[` $indices^ `]`)? attr-dict `:` type($value) `->` type($buffer)
  }];
  let hasVerifier = 1;
}

def Model_FromIndexOp : Model_Op<"from_index", [Pure]> {
  let summary = "the index of a loop as a scalar array";
  let arguments = (ins Index:$index);
  let results = (outs Model_IntegerScalar:$result);
  let assemblyFormat = "$index attr-dict `:` type($result)";
}

def Model_LaunchOp : Model_Op<"launch", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "runs an outlined kernel on buffers";
  let description = [{ `id` is the line of the module's `model.launches` that describes it. }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, I64Attr:$id,
                       Variadic<AnyTypeOf<[Model_Buffer, Index]>>:$arguments);
  let assemblyFormat = [{
    $kernel `(` $arguments `)` `id` $id attr-dict `:` type($arguments)
  }];
}

def Model_CheckFiniteOp : Model_Op<"check_finite", [
    MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "notes the first launch that makes an infinity or a NaN";
  let description = [{
    Looks at the array of shape `shape` that launch number `id` has written at `indices` of a buffer
    of floats. `record` has two numbers, below 0 as long as nothing was found: the first gets the
    `id` of the first launch with an infinity and no NaN, unless a NaN was before it, the second
    that of the first with a NaN.
  }];
  let arguments = (ins Model_Buffer:$buffer, Variadic<Index>:$indices, Model_ShapeAttr:$shape,
                       Model_Buffer:$record, I64Attr:$id);
  let assemblyFormat = [{
    $buffer (`[` $indices^ `]`)? `shape` $shape `in` $record `id` $id attr-dict
    `:` type($buffer) `,` type($record)
  }];
  let hasVerifier = 1;
}

def Model_LoopOp : Model_Op<"loop", [SingleBlock, NoTerminator, RecursiveMemoryEffects]> {
  let summary = "repeats a block of launches `length` times";
  let description = [{
    The block's argument counts from 0 up, or down to 0 if `reverse` is set.
  }];
  let arguments = (ins Model_SizeAttr:$length, UnitAttr:$reverse);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$length (`reverse` $reverse^)? attr-dict-with-keyword $body";
  let extraClassDeclaration = [{
    ::mlir::Block &getBlock() { return getBody().front(); }
    ::mlir::BlockArgument getIndex() { return getBlock().getArgument(0); }
  }];
}

#endif
