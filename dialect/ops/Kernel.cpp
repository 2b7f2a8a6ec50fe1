//===- Kernel.cpp - groups of operations and planned memory ---------------===//
//
// Verification of the kernel family.
//
//===----------------------------------------------------------------------===//
#include "dialect/ops/Kernel.h"
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "dialect/ops/Control.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace mlir::model;

#define GET_OP_CLASSES
#include "dialect/ops/Kernel.cpp.inc"

void model::registerKernelOps(ModelDialect &dialect) {
  dialect.addOperationsOf<
#define GET_OP_LIST
#include "dialect/ops/Kernel.cpp.inc"
      >();
}

void KernelOp::build(OpBuilder &builder, OperationState &state,
                     TypeRange results, KernelClass kind, ValueRange inputs,
                     ArrayRef<int64_t> inPlace) {
  build(builder, state, results, kind, inputs,
        inPlace.empty() ? nullptr : builder.getDenseI64ArrayAttr(inPlace));
}

bool KernelOp::mayShare(unsigned operand, unsigned result) {
  ArrayRef<int64_t> pairs = getInPlacePairs();
  for (size_t i = 0; i + 1 < pairs.size(); i += 2)
    if (pairs[i] == operand && pairs[i + 1] == result)
      return true;
  return false;
}

LogicalResult KernelOp::verify() {
  if (getBlock().getArgumentTypes() != getInputs().getTypes())
    return emitOpError("block arguments must have the operands' types");
  auto yield = dyn_cast_or_null<YieldOp>(
      getBlock().empty() ? nullptr : &getBlock().back());
  if (!yield || yield.getOperandTypes() != getResultTypes())
    return emitOpError("must end with a `model.yield` of the results");
  ArrayRef<int64_t> pairs = getInPlacePairs();
  if (pairs.size() % 2 != 0)
    return emitOpError("`in_place` must hold pairs of an operand and a result");
  for (size_t i = 0; i < pairs.size(); i += 2) {
    if (pairs[i] < 0 || pairs[i] >= getNumOperands() || pairs[i + 1] < 0 ||
        pairs[i + 1] >= getNumResults())
      return emitOpError(
          "`in_place` names an operand or a result that does not exist");
    if (getOperand(pairs[i]).getType() != getResult(pairs[i + 1]).getType())
      return emitOpError(
          "`in_place` pairs an operand and a result of different types");
  }
  return success();
}

/// Checks that `indices` of the leading axes leave as many elements as `array`
/// has.
static LogicalResult verifyAccess(Operation *op, BufferType buffer,
                                  size_t indices, ArrayType array) {
  if (indices > buffer.getShape().size())
    return op->emitOpError("has more indices than the buffer has axes");
  SizeAttr rest =
      product(op->getContext(), buffer.getShape().drop_front(indices));
  if (buffer.getElementType() != array.getElementType() ||
      rest != array.getElementCount())
    return op->emitOpError("buffer holds ")
           << (rest ? rest.str() : "too many") << " elements of "
           << buffer.getElementType() << "; the array is " << array;
  return success();
}

LogicalResult ReadOp::verify() {
  return verifyAccess(*this, getBuffer().getType(), getIndices().size(),
                      getType());
}

LogicalResult WriteOp::verify() {
  return verifyAccess(*this, getBuffer().getType(), getIndices().size(),
                      getValue().getType());
}

LogicalResult CheckFiniteOp::verify() {
  BufferType record = getRecord().getType();
  SizeAttr count = record.getArray().getElementCount();
  if (!record.getElementType().isInteger(64) || !count ||
      count.asConstant() != 2)
    return emitOpError("has a record of type ") << record << "; wanted 2 x i64";
  BufferType buffer = getBuffer().getType();
  if (!isa<FloatType>(buffer.getElementType()))
    return emitOpError("checks a buffer of ")
           << buffer.getElementType() << "; wanted floats";
  return verifyAccess(
      *this, buffer, getIndices().size(),
      ArrayType::get(getShape().getSizes(), buffer.getElementType()));
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto kernel =
      symbolTable.lookupNearestSymbolFrom<func::FuncOp>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError("launches `")
           << getKernel() << "`, which is no function";
  if (TypeRange(kernel.getArgumentTypes()) !=
      TypeRange(getArguments().getTypes()))
    return emitOpError("arguments differ from those of `")
           << getKernel() << "`";
  return success();
}
