//===- Interfaces.td - what an operation can say about itself ---*- tablegen -*-===//
//
// Everything that passes and code generators ask of an operation. An operation answers in its
// family's .td and .cpp; nobody else keeps a table of operations.
//
//===----------------------------------------------------------------------------===//
#ifndef MODEL_INTERFACES_TD
#define MODEL_INTERFACES_TD

include "mlir/IR/OpBase.td"

def ShapeFunctionInterface : OpInterface<"ShapeFunctionInterface"> {
  let cppNamespace = "::mlir::model";
  let description = [{
    The operation has one shape function. It returns the result's type, or a structured error
    that names the operands and axes at fault. The frontend renders such an error with source
    ranges, the verifier and `InferTypeOpInterface` as plain text.
  }];
  let methods = [
    StaticInterfaceMethod<[{
      Infers the result's type from operands and a dictionary of attributes; for callers that
      know the operation only by name.
    }], "::mlir::FailureOr<::mlir::model::ArrayType>", "inferShapeFrom",
      (ins "::mlir::MLIRContext *":$context, "::mlir::ValueRange":$operands,
           "::mlir::DictionaryAttr":$attributes, "::mlir::model::ShapeError &":$error),
      [{ return ::mlir::model::inferShapeByName<ConcreteOp>(operands, attributes, error); }]>
  ];
}

def DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::mlir::model";
  let description = [{
    The operation has a rule for reverse-mode differentiation. An operation on floats without
    this interface is a compile error where a gradient passes through it, never a silent zero.
  }];
  let methods = [
    InterfaceMethod<[{
      Emits model operations that compute what the operands' cotangents receive. The rule reads
      cotangents of results, operands and results from `rule`, and adds a contribution for each
      operand that `rule.needs`. A contribution has the operand's type. A rule that adds nothing
      says that the derivative is zero.
    }], "::llvm::LogicalResult", "emitGradient",
      (ins "::mlir::model::GradientRule &":$rule)>
  ];
}

def ElementwiseOpInterface : OpInterface<"ElementwiseOpInterface"> {
  let cppNamespace = "::mlir::model";
  let description = [{
    One result; all operands and the result have the same shape; each element of the result
    depends on the same element of the operands alone.
  }];
  let methods = [
    InterfaceMethod<[{
      Emits the operation on single elements, or on vectors of them: `arith` and `math`
      operations on scalars or 1-D vectors of the operands' element types. This is the meaning
      of the operation: the reference lowering, every kernel emitter and constant folding use it.
    }], "::mlir::Value", "emitScalar",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$location,
           "::mlir::ValueRange":$operands)>
  ];
}

def ElementOpInterface : OpInterface<"ElementOpInterface"> {
  let cppNamespace = "::mlir::model";
  let description = [{
    One result, each element of which can be computed by itself from elements of the operands.
    Element-wise operations, movements of data and random numbers are of this kind. Since the
    elements of an operand can come from memory or be computed where they are needed, groups of
    such operations fuse by composition.
  }];
  let methods = [
    InterfaceMethod<[{
      Emits the element at `index` (one value of type `index` per axis of the result).
    }], "::mlir::Value", "emitElement",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$location,
           "::mlir::ValueRange":$index, "::mlir::model::ElementSource &":$source)>,
    InterfaceMethod<[{
      What an element costs, apart from the elements of operands that it is made of.
    }], "::mlir::model::ElementCost", "getElementCost", (ins), [{}],
      [{ return ::mlir::model::ElementCost::Cheap; }]>,
    InterfaceMethod<[{
      Whether one element of an operand may be needed for several elements of the result.
    }], "bool", "repeatsElements", (ins), [{}], [{ return false; }]>,
    InterfaceMethod<[{
      Whether the element at a row-major position is made of the elements of operands at the same
      position, and of scalars, so that an array can be run through as if it had one axis.
    }], "bool", "isPositional", (ins), [{}], [{ return false; }]>
  ];
}

def ReductionOpInterface : OpInterface<"ReductionOpInterface"> {
  let cppNamespace = "::mlir::model";
  let description = [{
    The operation combines the elements of its one operand along some axes; its one result has
    the other axes.
  }];
  let methods = [
    InterfaceMethod<"The axes that the result lacks, in increasing order.",
      "::llvm::SmallVector<int64_t>", "getReducedAxes">
  ];
}

#endif
