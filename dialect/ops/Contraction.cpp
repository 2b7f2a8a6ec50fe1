//===- Contraction.cpp - sums of products ---------------------------------===//
//
// Shape and gradient of the contraction family.
//
//===----------------------------------------------------------------------===//
#include "dialect/ops/Contraction.h"
#include "dialect/Gradient.h"
#include "dialect/Ops.h"

using namespace mlir;
using namespace mlir::model;

#define GET_OP_CLASSES
#include "dialect/ops/Contraction.cpp.inc"

void model::registerContractionOps(ModelDialect &dialect) {
  dialect.addOperationsOf<
#define GET_OP_LIST
#include "dialect/ops/Contraction.cpp.inc"
      >();
}

static SmallVector<int64_t> freeAxes(int64_t rank, ArrayRef<int64_t> batch,
                                     ArrayRef<int64_t> contract) {
  SmallVector<int64_t> axes;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (!llvm::is_contained(batch, axis) && !llvm::is_contained(contract, axis))
      axes.push_back(axis);
  return axes;
}

SmallVector<int64_t> ContractOp::getLhsFree() {
  return freeAxes(getLhs().getType().getRank(), getLhsBatch(),
                  getLhsContract());
}
SmallVector<int64_t> ContractOp::getRhsFree() {
  return freeAxes(getRhs().getType().getRank(), getRhsBatch(),
                  getRhsContract());
}

/// Checks that the axes exist and that none is named twice.
static LogicalResult checkAxes(unsigned operand, int64_t rank,
                               ArrayRef<int64_t> batch,
                               ArrayRef<int64_t> contract, ShapeError &error) {
  llvm::SmallDenseSet<int64_t> seen;
  for (ArrayRef<int64_t> axes : {batch, contract})
    for (int64_t axis : axes)
      if (axis < 0 || axis >= rank || !seen.insert(axis).second)
        return error.set(ShapeError::Kind::AxisRange,
                         "axis " + Twine(axis) +
                             " is out of range or repeated; the operand has " +
                             Twine(rank) + " axes",
                         {{operand, -1}});
  return success();
}

static LogicalResult checkPairs(ArrayType left, ArrayType right,
                                ArrayRef<int64_t> lhs, ArrayRef<int64_t> rhs,
                                StringRef what, ShapeError &error) {
  if (lhs.size() != rhs.size())
    return error.set(ShapeError::Kind::Attribute,
                     "the operands have different numbers of " + what +
                         " axes: " + Twine(lhs.size()) + " vs " +
                         Twine(rhs.size()));
  for (auto [l, r] : llvm::zip(lhs, rhs))
    if (left.getSize(l) != right.getSize(r))
      return error.set(ShapeError::Kind::SizeMismatch,
                       what + " dimensions differ: " + left.getSize(l).str() +
                           " vs " + right.getSize(r).str(),
                       {{0, l}, {1, r}});
  return success();
}

FailureOr<ArrayType> ContractOp::inferShape(Adaptor adaptor,
                                            ShapeError &error) {
  auto left = cast<ArrayType>(adaptor.getLhs().getType());
  auto right = cast<ArrayType>(adaptor.getRhs().getType());
  const Properties &axes = adaptor.getProperties();
  if (!axes.lhsBatch || !axes.rhsBatch || !axes.lhsContract ||
      !axes.rhsContract)
    return error.set(ShapeError::Kind::Attribute,
                     "the batch or contracted axes are missing");
  if (left.getElementType() != right.getElementType())
    return error.set(ShapeError::Kind::ElementMismatch, "element types differ",
                     {{0, -1}, {1, -1}});
  ArrayRef<int64_t> lhsBatch = axes.lhsBatch, rhsBatch = axes.rhsBatch;
  ArrayRef<int64_t> lhsContract = axes.lhsContract,
                    rhsContract = axes.rhsContract;
  if (failed(checkAxes(0, left.getRank(), lhsBatch, lhsContract, error)) ||
      failed(checkAxes(1, right.getRank(), rhsBatch, rhsContract, error)) ||
      failed(checkPairs(left, right, lhsBatch, rhsBatch, "batch", error)) ||
      failed(checkPairs(left, right, lhsContract, rhsContract, "inner", error)))
    return failure();
  SmallVector<SizeAttr> shape;
  for (int64_t axis : lhsBatch)
    shape.push_back(left.getSize(axis));
  for (int64_t axis : freeAxes(left.getRank(), lhsBatch, lhsContract))
    shape.push_back(left.getSize(axis));
  for (int64_t axis : freeAxes(right.getRank(), rhsBatch, rhsContract))
    shape.push_back(right.getSize(axis));
  return left.withShape(shape);
}

static SmallVector<int64_t> countFrom(int64_t first, size_t count) {
  return llvm::to_vector(
      llvm::seq<int64_t>(first, first + static_cast<int64_t>(count)));
}

/// The cotangent of one operand: dy contracted with the other operand over what
/// only that one has, its axes put in the operand's order.
static Value
operandGradient(GradientRule &rule, Value other, ArrayRef<int64_t> batch,
                ArrayRef<int64_t> contract, ArrayRef<int64_t> free,
                ArrayRef<int64_t> otherBatch, ArrayRef<int64_t> otherContract,
                ArrayRef<int64_t> otherFree, int64_t firstOtherFree) {
  OpBuilder &b = rule.builder();
  Value product = b.create<ContractOp>(
      rule.location(), rule.cotangent(), other, countFrom(0, batch.size()),
      otherBatch, countFrom(firstOtherFree, otherFree.size()), otherFree);
  // The product's axes: batch, this operand's free axes, then the contracted
  // ones in the order in which the other operand has them.
  SmallVector<std::pair<int64_t, int64_t>> contracted;
  for (auto [mine, theirs] : llvm::zip(contract, otherContract))
    contracted.push_back({theirs, mine});
  llvm::sort(contracted);
  SmallVector<int64_t> order(batch);
  llvm::append_range(order, free);
  for (auto [theirs, mine] : contracted)
    order.push_back(mine);
  SmallVector<int64_t> permutation(order.size());
  for (auto [position, axis] : llvm::enumerate(order))
    permutation[axis] = position;
  if (llvm::is_sorted(permutation))
    return product;
  return b.create<TransposeOp>(rule.location(), product, permutation);
}

LogicalResult ContractOp::emitGradient(GradientRule &rule) {
  SmallVector<int64_t> lhsFree = getLhsFree(), rhsFree = getRhsFree();
  int64_t firstLeft = getLhsBatch().size(),
          firstRight = firstLeft + lhsFree.size();
  if (rule.needs(0))
    rule.add(0, operandGradient(rule, getRhs(), getLhsBatch(), getLhsContract(),
                                lhsFree, getRhsBatch(), getRhsContract(),
                                rhsFree, firstRight));
  if (rule.needs(1))
    rule.add(1, operandGradient(rule, getLhs(), getRhsBatch(), getRhsContract(),
                                rhsFree, getLhsBatch(), getLhsContract(),
                                lhsFree, firstLeft));
  return success();
}
