//===- ShapeGradient.cpp - gradients of movements -------------------------===//
//
// Each movement's gradient moves the cotangent back, and adds up what was
// repeated.
//
//===----------------------------------------------------------------------===//
#include "dialect/Gradient.h"
#include "dialect/Ops.h"
#include "dialect/Size.h"

using namespace mlir;
using namespace mlir::model;

static ShapeAttr shapeOf(ArrayType type) {
  return ShapeAttr::get(type.getContext(), type.getShape());
}

LogicalResult BroadcastOp::emitGradient(GradientRule &rule) {
  ArrayType operand = getOperand().getType(), result = getType();
  SmallVector<int64_t> summed;
  for (int64_t axis = 0; axis < result.getRank(); ++axis) {
    auto *found = llvm::find(getAxes(), axis);
    if (found == getAxes().end() ||
        operand.getSize(found - getAxes().begin()) != result.getSize(axis))
      summed.push_back(axis);
  }
  Value sum = rule.cotangent();
  if (!summed.empty())
    sum = rule.builder().create<ReduceSumOp>(rule.location(), sum, summed);
  if (sum.getType() != operand)
    sum = rule.builder().create<ReshapeOp>(rule.location(), sum,
                                           shapeOf(operand));
  rule.add(0, sum);
  return success();
}

LogicalResult ReshapeOp::emitGradient(GradientRule &rule) {
  rule.add(0,
           rule.builder().create<ReshapeOp>(rule.location(), rule.cotangent(),
                                            shapeOf(getOperand().getType())));
  return success();
}

LogicalResult TransposeOp::emitGradient(GradientRule &rule) {
  SmallVector<int64_t> inverse(getPermutation().size());
  for (auto [i, axis] : llvm::enumerate(getPermutation()))
    inverse[axis] = i;
  rule.add(0, rule.builder().create<TransposeOp>(rule.location(),
                                                 rule.cotangent(), inverse));
  return success();
}

/// Puts the cotangent back to where it was taken from, with zeros around it.
LogicalResult SliceOp::emitGradient(GradientRule &rule) {
  ArrayType operand = getOperand().getType();
  MLIRContext *context = getContext();
  SizeAttr one = SizeAttr::getConstant(context, 1);
  SmallVector<SizeAttr> high;
  SmallVector<int64_t> interior;
  for (int64_t axis = 0; axis < operand.getRank(); ++axis) {
    SizeAttr start = getStarts().getSizes()[axis],
             count = getCounts().getSizes()[axis];
    SizeAttr step = SizeAttr::getConstant(context, getSteps()[axis]);
    SizeAttr last = add(start, multiply(subtract(count, one), step));
    high.push_back(subtract(subtract(operand.getSize(axis), last), one));
    interior.push_back(getSteps()[axis] - 1);
  }
  TypedAttr zero = rule.builder().getZeroAttr(operand.getElementType());
  rule.add(0, rule.builder().create<PadOp>(
                  rule.location(), rule.cotangent(), getStarts(),
                  ShapeAttr::get(context, high), interior, zero));
  return success();
}

LogicalResult PadOp::emitGradient(GradientRule &rule) {
  SmallVector<int64_t> steps;
  for (int64_t width : getInterior())
    steps.push_back(width + 1);
  rule.add(0, rule.builder().create<SliceOp>(
                  rule.location(), rule.cotangent(), getLow(),
                  shapeOf(getOperand().getType()), steps));
  return success();
}

LogicalResult ConcatOp::emitGradient(GradientRule &rule) {
  MLIRContext *context = getContext();
  SmallVector<SizeAttr> starts(getType().getRank(),
                               SizeAttr::getConstant(context, 0));
  SmallVector<int64_t> steps(starts.size(), 1);
  for (auto [i, part] : llvm::enumerate(getParts())) {
    auto type = cast<ArrayType>(part.getType());
    if (rule.needs(i))
      rule.add(i, rule.builder().create<SliceOp>(
                      rule.location(), rule.cotangent(),
                      ShapeAttr::get(context, starts), shapeOf(type), steps));
    starts[getAxis()] = add(starts[getAxis()], type.getSize(getAxis()));
  }
  return success();
}

LogicalResult IotaOp::emitGradient(GradientRule &) { return success(); }

LogicalResult ReverseOp::emitGradient(GradientRule &rule) {
  rule.add(0, rule.builder().create<ReverseOp>(rule.location(),
                                               rule.cotangent(), getAxes()));
  return success();
}

LogicalResult GatherOp::emitGradient(GradientRule &rule) {
  Expression zeros = rule.operand(0).constant(0.0);
  rule.add(0, rule.builder().create<ScatterAddOp>(rule.location(), zeros,
                                                  getIndices(),
                                                  rule.cotangent(), getAxis()));
  return success();
}

LogicalResult ScatterAddOp::emitGradient(GradientRule &rule) {
  rule.add(0, rule.cotangent());
  if (rule.needs(2))
    rule.add(2,
             rule.builder().create<GatherOp>(rule.location(), rule.cotangent(),
                                             getIndices(), getAxis()));
  return success();
}
