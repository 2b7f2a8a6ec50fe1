//===- Reduction.cpp - combining along axes -------------------------------===//
//
// Shapes, folding and gradients of the reduction family.
//
//===----------------------------------------------------------------------===//
#include "dialect/ops/Reduction.h"
#include "dialect/Gradient.h"
#include "dialect/Ops.h"
#include "dialect/Size.h"

using namespace mlir;
using namespace mlir::model;

#define GET_OP_CLASSES
#include "dialect/ops/Reduction.cpp.inc"

void model::registerReductionOps(ModelDialect &dialect) {
  dialect.addOperationsOf<
#define GET_OP_LIST
#include "dialect/ops/Reduction.cpp.inc"
      >();
}

static LogicalResult checkAxis(int64_t axis, int64_t rank, ShapeError &error) {
  if (axis >= 0 && axis < rank)
    return success();
  return error.set(ShapeError::Kind::AxisRange,
                   "axis " + Twine(axis) +
                       " is out of range; the operand has " + Twine(rank) +
                       " axes",
                   {{0, -1}});
}

FailureOr<ArrayType> model::inferReducedShape(Value operand,
                                              DenseI64ArrayAttr axes,
                                              ShapeError &error) {
  auto type = cast<ArrayType>(operand.getType());
  if (!axes)
    return error.set(ShapeError::Kind::Attribute, "the axes are missing");
  for (auto [i, axis] : llvm::enumerate(axes.asArrayRef())) {
    if (failed(checkAxis(axis, type.getRank(), error)))
      return failure();
    if (i > 0 && axes[i - 1] >= axis)
      return error.set(ShapeError::Kind::AxisRange,
                       "axes must be sorted and not repeated");
  }
  SmallVector<SizeAttr> shape;
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    if (!llvm::is_contained(axes.asArrayRef(), axis))
      shape.push_back(type.getSize(axis));
  return type.withShape(shape);
}

FailureOr<ArrayType> model::inferArgumentShape(Value operand, IntegerAttr axis,
                                               ShapeError &error) {
  auto type = cast<ArrayType>(operand.getType());
  if (!axis)
    return error.set(ShapeError::Kind::Attribute, "the axis is missing");
  if (failed(checkAxis(axis.getInt(), type.getRank(), error)))
    return failure();
  if (type.getSize(axis.getInt()).isConstant(0))
    return error.set(ShapeError::Kind::SizeRange, "the axis has no elements",
                     {{0, axis.getInt()}});
  SmallVector<SizeAttr> shape(type.getShape());
  shape.erase(shape.begin() + axis.getInt());
  return ArrayType::get(shape, IntegerType::get(type.getContext(), 32));
}

//===----------------------------------------------------------------------===//
// Folding
//===----------------------------------------------------------------------===//

static ArrayRef<int64_t> axesOf(Operation *op) {
  return op->getAttrOfType<DenseI64ArrayAttr>("axes");
}

/// Whether every reduced axis has the constant size that `fits`.
static bool reducedSizesAre(Operation *op,
                            llvm::function_ref<bool(int64_t)> fits) {
  auto type = cast<ArrayType>(op->getOperand(0).getType());
  return llvm::all_of(axesOf(op), [&](int64_t axis) {
    std::optional<int64_t> size = type.getSize(axis).asConstant();
    return size && fits(*size);
  });
}

/// The reduction of copies of one number, if it does not depend on how many
/// there are.
static Attribute reduceSplat(Operation *op, Attribute splat) {
  Builder builder(op->getContext());
  auto number = dyn_cast<FloatAttr>(splat);
  auto integer = dyn_cast<IntegerAttr>(splat);
  if (!number && !integer)
    return nullptr;
  bool isZero =
      number ? number.getValue().isZero() : integer.getValue().isZero();
  bool isOne = number ? number.getValue().isExactlyValue(1.0)
                      : integer.getValue().isOne();
  if (isa<ReduceSumOp>(op) && isZero)
    return builder.getZeroAttr(cast<TypedAttr>(splat).getType());
  if (isa<ReduceProdOp>(op) && isOne)
    return splat;
  if (isa<ReduceMaxOp, ReduceMinOp>(op) &&
      reducedSizesAre(op, [](int64_t size) { return size > 0; }))
    return splat;
  return nullptr;
}

/// Reduces over all axes at once where `op` reduces a reduction of the same
/// kind. Sums and products of floats depend on the order, so they stay.
static bool joinReductions(Operation *op) {
  Operation *inner = op->getOperand(0).getDefiningOp();
  bool ordered = isa<ReduceSumOp, ReduceProdOp>(op) &&
                 cast<ArrayType>(op->getResult(0).getType()).isFloat();
  if (ordered || !inner || inner->getName() != op->getName() ||
      !inner->hasOneUse())
    return false;
  SmallVector<int64_t> axes(axesOf(inner)), kept;
  auto type = cast<ArrayType>(inner->getOperand(0).getType());
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    if (!llvm::is_contained(axesOf(inner), axis))
      kept.push_back(axis);
  for (int64_t axis : axesOf(op))
    axes.push_back(kept[axis]);
  llvm::sort(axes);
  op->setAttr("axes", DenseI64ArrayAttr::get(op->getContext(), axes));
  op->setOperand(0, inner->getOperand(0));
  return true;
}

OpFoldResult model::foldReduction(Operation *op, Attribute operand) {
  if (operand)
    if (Attribute splat = reduceSplat(op, operand))
      return splat;
  if (joinReductions(op))
    return op->getResult(0);
  return {};
}

namespace {
/// Combining one element with the identity gives that element, but for the sum
/// of -0.
template <typename Op> struct ReduceUnitAxes : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    if (!reducedSizesAre(op, [](int64_t size) { return size == 1; }))
      return failure();
    ArrayType type = op.getType();
    Value one = rewriter.create<ReshapeOp>(
        op.getLoc(), op.getOperand(),
        ShapeAttr::get(op.getContext(), type.getShape()));
    if (isa<ReduceSumOp>(op) && type.isFloat()) {
      TypedAttr zero = rewriter.getZeroAttr(type.getElementType());
      auto start = rewriter.create<FillOp>(op.getLoc(), type, zero);
      one = rewriter.create<AddOp>(op.getLoc(), one, start);
    }
    rewriter.replaceOp(op, one);
    return success();
  }
};
} // namespace

void model::populateReductionFolds(RewritePatternSet &patterns) {
  patterns.add<ReduceUnitAxes<ReduceSumOp>, ReduceUnitAxes<ReduceMaxOp>,
               ReduceUnitAxes<ReduceMinOp>, ReduceUnitAxes<ReduceProdOp>>(
      patterns.getContext());
}

//===----------------------------------------------------------------------===//
// Gradients
//===----------------------------------------------------------------------===//

/// Repeats an array of the result's shape along the axes that were reduced.
static Expression spread(Expression reduced, ArrayType operand,
                         ArrayRef<int64_t> axes) {
  SmallVector<int64_t> kept;
  for (int64_t axis = 0; axis < operand.getRank(); ++axis)
    if (!llvm::is_contained(axes, axis))
      kept.push_back(axis);
  auto shape = ShapeAttr::get(operand.getContext(), operand.getShape());
  return reduced.at(reduced.getBuilder().create<BroadcastOp>(
      reduced.getLocation(), reduced.get(), shape, kept));
}

static Expression sum(Expression x, ArrayRef<int64_t> axes) {
  return x.at(
      x.getBuilder().create<ReduceSumOp>(x.getLocation(), x.get(), axes));
}

LogicalResult ReduceSumOp::emitGradient(GradientRule &rule) {
  rule.add(0, spread(rule.cotangent(), getOperand().getType(), getAxes()));
  return success();
}

/// The elements equal to the extremum share the cotangent.
template <typename Op>
static LogicalResult emitExtremumGradient(Op op, GradientRule &rule) {
  ArrayType type = op.getOperand().getType();
  ArrayRef<int64_t> axes = op.getAxes();
  Expression x = rule.operand(0);
  Expression hit =
      compare(ComparePredicate::eq, x, spread(rule.result(), type, axes));
  Expression mask = select(hit, x.constant(1.0), x.constant(0.0));
  rule.add(0, mask * spread(rule.cotangent() / sum(mask, axes), type, axes));
  return success();
}
LogicalResult ReduceMaxOp::emitGradient(GradientRule &rule) {
  return emitExtremumGradient(*this, rule);
}
LogicalResult ReduceMinOp::emitGradient(GradientRule &rule) {
  return emitExtremumGradient(*this, rule);
}

/// The product of all elements before each along the first axis; from the other
/// end with `reverse`. Of no elements it is 1.
static Expression productsBefore(Expression x, bool reverse) {
  OpBuilder &builder = x.getBuilder();
  Location location = x.getLocation();
  ArrayType whole = x.type();
  ArrayType slice = whole.withShape(whole.getShape().drop_front());
  Value one = builder.create<FillOp>(
      location, slice, builder.getFloatAttr(slice.getElementType(), 1.0));
  auto scan = builder.create<ScanOp>(location, TypeRange{slice, whole},
                                     whole.getSize(0), reverse, one, x.get(),
                                     ValueRange{});
  Block &body = scan.getBody().emplaceBlock();
  body.addArgument(ArrayType::get({}, builder.getI64Type()), location);
  Value product = body.addArgument(slice, location),
        element = body.addArgument(slice, location);
  OpBuilder inner = OpBuilder::atBlockEnd(&body);
  Value next = inner.create<MulOp>(location, product, element);
  inner.create<YieldOp>(location, ValueRange{next, product});
  return x.at(scan.getResult(1));
}

/// The derivative by x_i is the product of the others, those before it times
/// those after it. Nothing is divided, so that zeros are numbers like others,
/// and derivatives of any order are right.
LogicalResult ReduceProdOp::emitGradient(GradientRule &rule) {
  OpBuilder &builder = rule.builder();
  Location location = rule.location();
  ArrayType type = getOperand().getType();
  SmallVector<int64_t> order(getAxes()), back(type.getRank());
  SmallVector<SizeAttr> kept, reduced, moved;
  for (int64_t axis = 0; axis < type.getRank(); ++axis) {
    bool isReduced = llvm::is_contained(getAxes(), axis);
    (isReduced ? reduced : kept).push_back(type.getSize(axis));
    if (!isReduced)
      order.push_back(axis);
  }
  for (auto [place, axis] : llvm::enumerate(order)) {
    back[axis] = place;
    moved.push_back(type.getSize(axis));
  }
  // One axis of all reduced elements, then the kept axes.
  SmallVector<SizeAttr> flat = {product(type.getContext(), reduced)};
  flat.append(kept);
  auto reshape = [&](Value value, ArrayRef<SizeAttr> shape) -> Value {
    return builder.create<ReshapeOp>(location, value,
                                     ShapeAttr::get(type.getContext(), shape));
  };
  Value first = builder.create<TransposeOp>(location, getOperand(), order);
  Expression x = rule.expression(reshape(first, flat));
  Expression others = productsBefore(x, false) * productsBefore(x, true);
  SmallVector<int64_t> keptAxes =
      llvm::to_vector(llvm::seq<int64_t>(1, flat.size()));
  Expression dy = x.at(builder.create<BroadcastOp>(
      location, rule.cotangent().get(), ShapeAttr::get(type.getContext(), flat),
      keptAxes));
  rule.add(0, builder.create<TransposeOp>(
                  location, reshape((others * dy).get(), moved), back));
  return success();
}

LogicalResult ArgMaxOp::emitGradient(GradientRule &) { return success(); }
LogicalResult ArgMinOp::emitGradient(GradientRule &) { return success(); }
