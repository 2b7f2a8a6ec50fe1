//===- ShapeFolds.cpp - simpler movements ---------------------------------===//
//
// Identities, compositions and rewrites of the shape family. Sizes are compared
// as polynomials: what is not equal for every value of the symbols is not
// assumed to be.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::model;

/// The number of which every element of an array is one copy, or null: moving
/// its elements changes nothing.
static Attribute splatOf(Attribute constant) {
  return isa_and_nonnull<FloatAttr, IntegerAttr>(constant) ? constant : nullptr;
}

static ArrayType typeOf(Value value) {
  return cast<ArrayType>(value.getType());
}

static bool isZero(SizeAttr size) { return size.isConstant(0); }

static ShapeAttr shapeAttribute(Operation *op, ArrayRef<SizeAttr> sizes) {
  return ShapeAttr::get(op->getContext(), sizes);
}

//===----------------------------------------------------------------------===//
// Reshapes and broadcasts
//===----------------------------------------------------------------------===//

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getOperand().getType() == getType())
    return getOperand();
  if (Attribute splat = splatOf(adaptor.getOperand()))
    return splat;
  if (auto dense = dyn_cast_or_null<DenseElementsAttr>(adaptor.getOperand());
      dense && getType().hasConstantShape()) {
    SmallVector<int64_t> shape;
    for (SizeAttr size : getType().getShape())
      shape.push_back(*size.asConstant());
    return dense.reshape(
        RankedTensorType::get(shape, getType().getElementType()));
  }
  if (auto inner = getOperand().getDefiningOp<ReshapeOp>()) {
    getOperandMutable().assign(inner.getOperand());
    return getResult();
  }
  return {};
}

/// The axis of the result that each axis of the operand becomes, if `reshape`
/// only adds axes of size 1.
static std::optional<SmallVector<int64_t>> addedUnitAxes(ReshapeOp reshape) {
  ArrayRef<SizeAttr> from = typeOf(reshape.getOperand()).getShape();
  SmallVector<int64_t> axes;
  for (auto [axis, size] : llvm::enumerate(reshape.getType().getShape())) {
    if (axes.size() < from.size() && from[axes.size()] == size)
      axes.push_back(axis);
    else if (!size.isConstant(1))
      return std::nullopt;
  }
  if (axes.size() != from.size())
    return std::nullopt;
  return axes;
}

OpFoldResult BroadcastOp::fold(FoldAdaptor adaptor) {
  if (getOperand().getType() == getType())
    return getOperand();
  if (Attribute splat = splatOf(adaptor.getOperand()))
    return splat;
  Value source;
  SmallVector<int64_t> axes;
  if (auto inner = getOperand().getDefiningOp<BroadcastOp>()) {
    source = inner.getOperand();
    axes.assign(inner.getAxes().begin(), inner.getAxes().end());
  } else if (auto reshape = getOperand().getDefiningOp<ReshapeOp>()) {
    std::optional<SmallVector<int64_t>> added = addedUnitAxes(reshape);
    if (!added)
      return {};
    source = reshape.getOperand();
    axes = *added;
  } else {
    return {};
  }
  for (int64_t &axis : axes)
    axis = getAxes()[axis];
  setAxes(axes);
  getOperandMutable().assign(source);
  return getResult();
}

namespace {
/// A broadcast that repeats nothing only adds axes of size 1.
struct BroadcastToReshape : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BroadcastOp op,
                                PatternRewriter &rewriter) const override {
    ArrayType from = op.getOperand().getType(), to = op.getType();
    unsigned kept = 0;
    for (int64_t axis = 0; axis < to.getRank(); ++axis) {
      bool isKept = kept < op.getAxes().size() && op.getAxes()[kept] == axis;
      if (isKept ? from.getSize(kept++) != to.getSize(axis)
                 : !to.getSize(axis).isConstant(1))
        return failure();
    }
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getOperand(), op.getShape());
    return success();
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Transposes and reversals
//===----------------------------------------------------------------------===//

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  if (llvm::is_sorted(getPermutation()))
    return getOperand();
  if (Attribute splat = splatOf(adaptor.getOperand()))
    return splat;
  auto inner = getOperand().getDefiningOp<TransposeOp>();
  if (!inner)
    return {};
  SmallVector<int64_t> permutation;
  for (int64_t axis : getPermutation())
    permutation.push_back(inner.getPermutation()[axis]);
  setPermutation(permutation);
  getOperandMutable().assign(inner.getOperand());
  return getResult();
}

namespace {
/// A transpose that keeps the order of all axes but those of size 1 moves
/// nothing.
struct TransposeToReshape : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<int64_t> wide;
    for (int64_t axis : op.getPermutation())
      if (!op.getOperand().getType().getSize(axis).isConstant(1))
        wide.push_back(axis);
    if (!llvm::is_sorted(wide))
      return failure();
    rewriter.replaceOpWithNewOp<ReshapeOp>(
        op, op.getOperand(), shapeAttribute(op, op.getType().getShape()));
    return success();
  }
};
} // namespace

/// The axes along which the operation turns something round, as a set.
static llvm::SmallBitVector reversedAxes(ReverseOp op) {
  llvm::SmallBitVector axes(op.getType().getRank());
  for (int64_t axis : op.getAxes())
    if (!op.getType().getSize(axis).isConstant(1))
      axes.set(axis);
  return axes;
}

OpFoldResult ReverseOp::fold(FoldAdaptor adaptor) {
  if (Attribute splat = splatOf(adaptor.getOperand()))
    return splat;
  Value source = getOperand();
  llvm::SmallBitVector axes = reversedAxes(*this);
  if (auto inner = source.getDefiningOp<ReverseOp>()) {
    axes ^= reversedAxes(inner);
    source = inner.getOperand();
  }
  if (axes.none())
    return source;
  SmallVector<int64_t> list(axes.set_bits());
  if (source == getOperand() && ArrayRef(list) == getAxes())
    return {};
  setAxes(list);
  getOperandMutable().assign(source);
  return getResult();
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

/// Whether the slice takes all of an axis that has `size` elements.
static bool takesAll(SliceOp op, int64_t axis, SizeAttr size) {
  SizeAttr count = op.getCounts().getSizes()[axis];
  return isZero(op.getStarts().getSizes()[axis]) && count == size &&
         (op.getSteps()[axis] == 1 || count.isConstant(1));
}

/// Reads a slice of a slice from the inner slice's operand; false if a size
/// overflows.
static bool readThroughSlice(SliceOp op, SliceOp inner) {
  SmallVector<SizeAttr> starts;
  SmallVector<int64_t> steps;
  for (int64_t axis = 0; axis < op.getType().getRank(); ++axis) {
    int64_t step = inner.getSteps()[axis], product;
    if (llvm::MulOverflow(step, op.getSteps()[axis], product))
      return false;
    SizeAttr moved = multiply(SizeAttr::getConstant(op.getContext(), step),
                              op.getStarts().getSizes()[axis]);
    starts.push_back(add(inner.getStarts().getSizes()[axis], moved));
    if (!starts.back())
      return false;
    steps.push_back(product);
  }
  op.setStartsAttr(shapeAttribute(op, starts));
  op.setSteps(steps);
  op.getOperandMutable().assign(inner.getOperand());
  return true;
}

/// Whether the slice takes exactly the elements that were padded.
static bool undoesPad(SliceOp op, PadOp pad) {
  for (int64_t axis = 0; axis < op.getType().getRank(); ++axis) {
    SizeAttr size = pad.getOperand().getType().getSize(axis);
    if (op.getStarts().getSizes()[axis] != pad.getLow().getSizes()[axis] ||
        op.getCounts().getSizes()[axis] != size ||
        (op.getSteps()[axis] != pad.getInterior()[axis] + 1 &&
         !size.isConstant(1)))
      return false;
  }
  return true;
}

/// Reads a slice that lies within one part of a concatenation from that part.
static bool readPart(SliceOp op, ConcatOp concat) {
  int64_t axis = concat.getAxis();
  SizeAttr start = op.getStarts().getSizes()[axis],
           count = op.getCounts().getSizes()[axis],
           offset = SizeAttr::getConstant(op.getContext(), 0);
  for (Value part : concat.getParts()) {
    SizeAttr size = typeOf(part).getSize(axis);
    SizeAttr relative = subtract(start, offset);
    offset = add(offset, size);
    if (!relative || !offset)
      return false;
    bool isPart = isZero(relative) && count == size && op.getSteps()[axis] == 1;
    auto from = relative.asConstant(), many = count.asConstant(),
         extent = size.asConstant();
    bool isInside = from && many && extent && *from >= 0 && *many > 0 &&
                    *from + (*many - 1) * op.getSteps()[axis] < *extent;
    if (!isPart && !isInside)
      continue;
    SmallVector<SizeAttr> starts(op.getStarts().getSizes());
    starts[axis] = relative;
    op.setStartsAttr(shapeAttribute(op, starts));
    op.getOperandMutable().assign(part);
    return true;
  }
  return false;
}

OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  bool whole = true;
  for (auto [axis, size] : llvm::enumerate(getOperand().getType().getShape()))
    whole &= takesAll(*this, axis, size);
  if (whole)
    return getOperand();
  if (Attribute splat = splatOf(adaptor.getOperand()))
    return splat;
  Operation *definer = getOperand().getDefiningOp();
  if (auto pad = dyn_cast_or_null<PadOp>(definer))
    if (undoesPad(*this, pad))
      return pad.getOperand();
  bool moved = false;
  if (auto inner = dyn_cast_or_null<SliceOp>(definer))
    moved = readThroughSlice(*this, inner);
  else if (auto concat = dyn_cast_or_null<ConcatOp>(definer))
    moved = readPart(*this, concat);
  return moved ? OpFoldResult(getResult()) : OpFoldResult();
}

//===----------------------------------------------------------------------===//
// Pads and concatenations
//===----------------------------------------------------------------------===//

static bool isEdgesOnly(PadOp op) {
  return llvm::all_of(op.getInterior(),
                      [](int64_t interior) { return interior == 0; });
}

/// Makes one pad of two with the same value; false if that cannot be.
static bool joinPads(PadOp op, PadOp inner) {
  if (op.getValue() != inner.getValue() || !isEdgesOnly(op) ||
      !isEdgesOnly(inner))
    return false;
  SmallVector<SizeAttr> low, high;
  for (int64_t axis = 0; axis < op.getType().getRank(); ++axis) {
    low.push_back(
        add(op.getLow().getSizes()[axis], inner.getLow().getSizes()[axis]));
    high.push_back(
        add(op.getHigh().getSizes()[axis], inner.getHigh().getSizes()[axis]));
    if (!low.back() || !high.back())
      return false;
  }
  op.setLowAttr(shapeAttribute(op, low));
  op.setHighAttr(shapeAttribute(op, high));
  op.getOperandMutable().assign(inner.getOperand());
  return true;
}

OpFoldResult PadOp::fold(FoldAdaptor adaptor) {
  if (isEdgesOnly(*this) && llvm::all_of(getLow().getSizes(), isZero) &&
      llvm::all_of(getHigh().getSizes(), isZero))
    return getOperand();
  if (adaptor.getOperand() == getValueAttr())
    return getValueAttr();
  if (auto inner = getOperand().getDefiningOp<PadOp>())
    if (joinPads(*this, inner))
      return getResult();
  return {};
}

OpFoldResult ConcatOp::fold(FoldAdaptor adaptor) {
  if (getParts().size() == 1)
    return getParts()[0];
  Attribute splat = splatOf(adaptor.getParts()[0]);
  if (splat && llvm::all_equal(adaptor.getParts()))
    return splat;
  // Leave out empty parts, and the names of concatenations that are only parts
  // of this one.
  SmallVector<Value> parts;
  for (Value part : getParts()) {
    auto inner = part.getDefiningOp<ConcatOp>();
    if (inner && inner.getAxis() == getAxis() && inner->hasOneUse())
      llvm::append_range(parts, inner.getParts());
    else if (!isZero(typeOf(part).getSize(getAxis())))
      parts.push_back(part);
  }
  if (parts.empty() || llvm::equal(parts, getParts()))
    return {};
  getPartsMutable().assign(parts);
  return getResult();
}

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

OpFoldResult IotaOp::fold(FoldAdaptor) {
  if (!getType().getSize(getAxis()).isConstant(1))
    return {};
  return Builder(getContext()).getZeroAttr(getType().getElementType());
}

OpFoldResult GatherOp::fold(FoldAdaptor adaptor) {
  return splatOf(adaptor.getOperand());
}

namespace {
/// One element of an axis, at an index that is known, is a slice.
struct GatherToSlice : OpRewritePattern<GatherOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GatherOp op,
                                PatternRewriter &rewriter) const override {
    IntegerAttr index;
    int64_t axis = op.getAxis();
    ArrayType type = op.getOperand().getType();
    std::optional<int64_t> size = type.getSize(axis).asConstant();
    if (!size || op.getIndices().getType().getRank() != 0 ||
        !matchPattern(op.getIndices(), m_Constant(&index)))
      return failure();
    int64_t place = std::clamp<int64_t>(index.getInt(), 0, *size - 1);
    MLIRContext *context = op.getContext();
    SmallVector<SizeAttr> starts(type.getRank(),
                                 SizeAttr::getConstant(context, 0)),
        counts(type.getShape());
    starts[axis] = SizeAttr::getConstant(context, place);
    counts[axis] = SizeAttr::getConstant(context, 1);
    SmallVector<int64_t> steps(type.getRank(), 1);
    auto slice = rewriter.create<SliceOp>(
        op.getLoc(), op.getOperand(), shapeAttribute(op, starts),
        shapeAttribute(op, counts), rewriter.getDenseI64ArrayAttr(steps));
    rewriter.replaceOpWithNewOp<ReshapeOp>(
        op, slice, shapeAttribute(op, op.getType().getShape()));
    return success();
  }
};
} // namespace

void model::populateShapeFolds(RewritePatternSet &patterns) {
  patterns.add<BroadcastToReshape, TransposeToReshape, GatherToSlice>(
      patterns.getContext());
}
