//===- Shape.td - movements of data -----------------------------*- tablegen -*-===//
//
// Operations that place elements elsewhere; each has an element function.
//
//===----------------------------------------------------------------------------===//
#ifndef MODEL_OPS_SHAPE_TD
#define MODEL_OPS_SHAPE_TD

include "dialect/Types.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"

/// Elements of a movement lie elsewhere in an operand; where that is decided element by element,
/// it costs something.
class Model_Movement<string mnemonic, string cost = "Free", string repeats = "false">
    : Model_Primitive<mnemonic, [
        DeclareOpInterfaceMethods<ElementOpInterface, ["getElementCost", "repeatsElements"]>,
        DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let results = (outs Model_Array:$result);
  let hasFolder = 1;
  let extraClassDefinition = [{
    ::mlir::model::ElementCost $cppClass::getElementCost() {
      return ::mlir::model::ElementCost::}] # cost # [{;
    }
    bool $cppClass::repeatsElements() { return }] # repeats # [{; }
  }];
}

def Model_BroadcastOp : Model_Movement<"broadcast", "Free", "true"> {
  let summary = "repeats an array along axes";
  let description = [{
    `axes[i]` is the axis of the result that axis i of the operand becomes; they increase. An axis
    keeps its size, or has size 1 and is repeated.
  }];
  let arguments = (ins Model_Array:$operand, Model_ShapeAttr:$shape, DenseI64ArrayAttr:$axes);
  let assemblyFormat = "$operand `to` $shape `axes` $axes attr-dict `:` type($operand)";
}

def Model_ReshapeOp : Model_Movement<"reshape"> {
  let summary = "the same elements, in row-major order, as another shape";
  let arguments = (ins Model_Array:$operand, Model_ShapeAttr:$shape);
  let assemblyFormat = "$operand `to` $shape attr-dict `:` type($operand)";
}

def Model_TransposeOp : Model_Movement<"transpose"> {
  let summary = "axis i of the result is axis `permutation[i]` of the operand";
  let arguments = (ins Model_Array:$operand, DenseI64ArrayAttr:$permutation);
  let assemblyFormat = "$operand `permutation` $permutation attr-dict `:` type($operand)";
}

def Model_SliceOp : Model_Movement<"slice"> {
  let summary = "elements `start + k * step` of each axis, `count` of them";
  let arguments = (ins Model_Array:$operand, Model_ShapeAttr:$starts, Model_ShapeAttr:$counts,
                       DenseI64ArrayAttr:$steps);
  let assemblyFormat = [{
    $operand `starts` $starts `counts` $counts `steps` $steps attr-dict `:` type($operand)
  }];
}

def Model_PadOp : Model_Movement<"pad", "Cheap"> {
  let summary = "puts a value around, and `interior` times between, the elements of each axis";
  let arguments = (ins Model_Array:$operand, Model_ShapeAttr:$low, Model_ShapeAttr:$high,
                       DenseI64ArrayAttr:$interior, TypedAttrInterface:$value);
  let assemblyFormat = [{
    $operand `low` $low `high` $high `interior` $interior `value` $value attr-dict
    `:` type($operand)
  }];
}

def Model_ConcatOp : Model_Movement<"concat", "Cheap", "true"> {
  let summary = "arrays one after the other along an axis";
  let arguments = (ins Variadic<Model_Array>:$parts, I64Attr:$axis);
  let assemblyFormat = "$parts `axis` $axis attr-dict `:` type($parts)";
}

def Model_IotaOp : Model_Op<"iota", [Pure,
    DeclareOpInterfaceMethods<ElementOpInterface, ["getElementCost"]>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "each element is its index along an axis";
  let arguments = (ins I64Attr:$axis);
  let results = (outs Model_NumberArray:$result);
  let assemblyFormat = "`axis` $axis attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
  let extraClassDefinition = [{
    ::mlir::model::ElementCost $cppClass::getElementCost() {
      return ::mlir::model::ElementCost::Free;
    }
  }];
}

def Model_ReverseOp : Model_Movement<"reverse"> {
  let summary = "the other way round along axes";
  let arguments = (ins Model_Array:$operand, DenseI64ArrayAttr:$axes);
  let assemblyFormat = "$operand `axes` $axes attr-dict `:` type($operand)";
}

def Model_GatherOp : Model_Movement<"gather", "Cheap", "true"> {
  let summary = "elements of an axis by index";
  let description = [{
    The axis is replaced by the axes of `indices`, which are clamped into its range.
  }];
  let arguments = (ins Model_Array:$operand, Model_IntegerArray:$indices, I64Attr:$axis);
  let assemblyFormat = [{
    $operand `[` $indices `]` `axis` $axis attr-dict `:` type($operand) `,` type($indices)
  }];
}

def Model_ScatterAddOp : Model_Primitive<"scatter_add", [
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "adds updates to elements of an axis by index, in order of the indices";
  let description = [{
    `updates` has the shape that `model.gather` gives; indices are clamped into range.
  }];
  let arguments = (ins Model_NumberArray:$operand, Model_IntegerArray:$indices,
                       Model_NumberArray:$updates, I64Attr:$axis);
  let results = (outs Model_NumberArray:$result);
  let assemblyFormat = [{
    $operand `[` $indices `]` `,` $updates `axis` $axis attr-dict
    `:` type($operand) `,` type($indices) `,` type($updates)
  }];
}

#endif
