//===- Contraction.td - sums of products ------------------------*- tablegen -*-===//
//
// The one operation behind matrix products of every kind.
//
//===----------------------------------------------------------------------------===//
#ifndef MODEL_OPS_CONTRACTION_TD
#define MODEL_OPS_CONTRACTION_TD

include "dialect/Types.td"

def Model_ContractOp : Model_Primitive<"contract", [
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "sums products over any axes, for any batch axes";
  let description = [{
    The axes of the result are the batch axes, in the order of `lhsBatch`, then the free axes of
    `lhs`, then those of `rhs`.

    ```mlir
    %0 = model.contract %a, %b batch [0] x [0] contract [2] x [1]
        : !model.array<B x N x 8 x f32>, !model.array<B x 8 x M x f32>   // B x N x M
    ```
  }];
  let arguments = (ins Model_NumberArray:$lhs, Model_NumberArray:$rhs,
                       DenseI64ArrayAttr:$lhsBatch, DenseI64ArrayAttr:$rhsBatch,
                       DenseI64ArrayAttr:$lhsContract, DenseI64ArrayAttr:$rhsContract);
  let results = (outs Model_NumberArray:$result);
  let hasFolder = 1;
  let assemblyFormat = [{
    $lhs `,` $rhs `batch` $lhsBatch `x` $rhsBatch `contract` $lhsContract `x` $rhsContract
    attr-dict `:` type($lhs) `,` type($rhs)
  }];
  let extraClassDeclaration = shapeFunctionMethods # [{
    /// Axes of the left or right operand that the result keeps and that are no batch axes.
    ::llvm::SmallVector<int64_t> getLhsFree();
    ::llvm::SmallVector<int64_t> getRhsFree();
  }];
}

#endif
