//===- Reduction.td - combining along axes ----------------------*- tablegen -*-===//
//
// Sums, extrema and products over axes, and the places of extrema.
//
//===----------------------------------------------------------------------------===//
#ifndef MODEL_OPS_REDUCTION_TD
#define MODEL_OPS_REDUCTION_TD

include "dialect/Types.td"

class Model_ReduceOp<string mnemonic, string what> : Model_Primitive<mnemonic, [
    DeclareOpInterfaceMethods<ReductionOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = what;
  let description = [{
    `axes` are sorted; the result lacks them. Combining starts from the identity, which is what
    no elements give: -inf or the least integer for the largest element and +inf or the greatest
    for the smallest, 1 for a product, and +0 for a sum, so that the sum of -0 alone is +0.
  }];
  let arguments = (ins Model_NumberArray:$operand, DenseI64ArrayAttr:$axes);
  let results = (outs Model_NumberArray:$result);
  let assemblyFormat = "$operand `axes` $axes attr-dict `:` type($operand)";
  let hasFolder = 1;
  let extraClassDefinition = [{
    ::llvm::SmallVector<int64_t> $cppClass::getReducedAxes() {
      return ::llvm::to_vector(getAxes());
    }
    ::mlir::OpFoldResult $cppClass::fold(FoldAdaptor adaptor) {
      return ::mlir::model::foldReduction(*this, adaptor.getOperand());
    }
    ::mlir::FailureOr<::mlir::model::ArrayType> $cppClass::inferShape(
        Adaptor adaptor, ::mlir::model::ShapeError &error) {
      return ::mlir::model::inferReducedShape(adaptor.getOperand(), adaptor.getProperties().axes,
                                              error);
    }
  }];
}

def Model_ReduceSumOp : Model_ReduceOp<"reduce_sum", "the sum over axes">;
def Model_ReduceMaxOp : Model_ReduceOp<"reduce_max",
    "the largest element over axes; NaN if there is one; ties share the gradient equally">;
def Model_ReduceMinOp : Model_ReduceOp<"reduce_min",
    "the smallest element over axes; NaN if there is one; ties share the gradient equally">;
def Model_ReduceProdOp : Model_ReduceOp<"reduce_prod", "the product over axes">;

class Model_ArgumentOp<string mnemonic, string what> : Model_Primitive<mnemonic, [
    DeclareOpInterfaceMethods<ReductionOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = what;
  let arguments = (ins Model_NumberArray:$operand, I64Attr:$axis);
  let results = (outs Model_IntegerArray:$result);
  let assemblyFormat = "$operand `axis` $axis attr-dict `:` type($operand)";
  let extraClassDefinition = [{
    ::llvm::SmallVector<int64_t> $cppClass::getReducedAxes() {
      return {static_cast<int64_t>(getAxis())};
    }
    ::mlir::FailureOr<::mlir::model::ArrayType> $cppClass::inferShape(
        Adaptor adaptor, ::mlir::model::ShapeError &error) {
      return ::mlir::model::inferArgumentShape(adaptor.getOperand(), adaptor.getProperties().axis,
                                               error);
    }
  }];
}

def Model_ArgMaxOp : Model_ArgumentOp<"argmax",
    "the first index, as i32, of the largest element of an axis; NaN counts as the largest">;
def Model_ArgMinOp : Model_ArgumentOp<"argmin",
    "the first index, as i32, of the smallest element of an axis; NaN counts as the smallest">;

#endif
