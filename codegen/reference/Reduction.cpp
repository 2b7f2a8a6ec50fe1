//===- Reduction.cpp - combining along axes as tensor code ----------------===//
//
// y[kept] = identity combined with x[kept, reduced] in row-major order of the
// reduced indices.
//
//===----------------------------------------------------------------------===//
#include "codegen/reference/ReferenceEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::model;

/// The value that combining starts from: what a reduction of nothing gives.
static TypedAttr identityOf(Operation *op, Type element) {
  Builder b(op->getContext());
  if (isa<ReduceSumOp>(op))
    return b.getZeroAttr(element);
  if (isa<ReduceProdOp>(op))
    return b.getOneAttr(element);
  bool lowest = isa<ReduceMaxOp>(op);
  if (auto number = dyn_cast<FloatType>(element))
    return b.getFloatAttr(element,
                          APFloat::getInf(number.getFloatSemantics(), lowest));
  unsigned width = element.getIntOrFloatBitWidth();
  return b.getIntegerAttr(element, lowest ? APInt::getSignedMinValue(width)
                                          : APInt::getSignedMaxValue(width));
}

/// `arith.maximumf` and `arith.minimumf` keep NaN.
static arith::AtomicRMWKind kindOf(Operation *op, bool isFloat) {
  using Kind = arith::AtomicRMWKind;
  if (isa<ReduceSumOp>(op))
    return isFloat ? Kind::addf : Kind::addi;
  if (isa<ReduceProdOp>(op))
    return isFloat ? Kind::mulf : Kind::muli;
  if (isa<ReduceMaxOp>(op))
    return isFloat ? Kind::maximumf : Kind::maxs;
  return isFloat ? Kind::minimumf : Kind::mins;
}

Value ReferenceEmitter::emitReduction(Operation *op) {
  Value operand = op->getOperand(0);
  auto from = cast<ArrayType>(operand.getType());
  auto type = cast<ArrayType>(op->getResult(0).getType());
  auto axes = op->getAttrOfType<DenseI64ArrayAttr>("axes");
  SmallVector<AffineExpr> kept;
  SmallVector<utils::IteratorType> iterators;
  for (unsigned axis = 0; axis < from.getRank(); ++axis) {
    bool reduced = llvm::is_contained(axes.asArrayRef(), axis);
    iterators.push_back(reduced ? utils::IteratorType::reduction
                                : utils::IteratorType::parallel);
    if (!reduced)
      kept.push_back(b.getAffineDimExpr(axis));
  }
  AffineMap maps[] = {
      b.getMultiDimIdentityMap(from.getRank()),
      AffineMap::get(from.getRank(), 0, kept, op->getContext())};
  Value start =
      b.create<arith::ConstantOp>(loc, identityOf(op, type.getElementType()));
  return combine(lookup(operand), filled(type, start), maps, iterators,
                 [&](ValueRange x) {
                   return arith::getReductionOp(kindOf(op, type.isFloat()), b,
                                                loc, x[1], x[0]);
                 });
}

/// y[kept] starts at 0 and becomes i wherever x[kept, i] lies further out than
/// x[kept, y], for i going up; NaN lies further out than every number.
Value ReferenceEmitter::emitArgument(Operation *op, int64_t axis,
                                     bool largest) {
  Value x = lookup(op->getOperand(0));
  auto from = cast<ArrayType>(op->getOperand(0).getType());
  auto type = cast<ArrayType>(op->getResult(0).getType());
  SmallVector<AffineExpr> kept;
  SmallVector<utils::IteratorType> iterators(from.getRank(),
                                             utils::IteratorType::parallel);
  iterators[axis] = utils::IteratorType::reduction;
  for (unsigned other = 0; other < from.getRank(); ++other)
    if (other != axis)
      kept.push_back(b.getAffineDimExpr(other));
  AffineMap maps[] = {
      b.getMultiDimIdentityMap(from.getRank()),
      AffineMap::get(from.getRank(), 0, kept, op->getContext())};
  Type position = type.getElementType();
  Value start = filled(type, constant(position, 0));
  return combine(x, start, maps, iterators, [&](ValueRange elements) -> Value {
    SmallVector<Value> index = currentIndex(from.getRank());
    Value here = number(index[axis], position);
    index[axis] =
        b.create<arith::IndexCastOp>(loc, b.getIndexType(), elements[1]);
    Value best = at(x, index), further;
    if (from.isFloat()) {
      auto beyond =
          largest ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT;
      Value isBeyond = b.create<arith::CmpFOp>(loc, beyond, elements[0], best);
      Value isNumber =
          b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::ORD, best, best);
      Value isNan = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::UNO,
                                            elements[0], elements[0]);
      Value isFirstNan = b.create<arith::AndIOp>(loc, isNan, isNumber);
      further = b.create<arith::OrIOp>(loc, isBeyond, isFirstNan);
    } else {
      auto beyond =
          largest ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::slt;
      further = b.create<arith::CmpIOp>(loc, beyond, elements[0], best);
    }
    return b.create<arith::SelectOp>(loc, further, here, elements[1]);
  });
}
