//===- Shape.cpp - movements of data --------------------------------------===//
//
// Shape functions and element functions of the shape family.
//
//===----------------------------------------------------------------------===//
#include "dialect/ops/Shape.h"
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::model;

#define GET_OP_CLASSES
#include "dialect/ops/Shape.cpp.inc"

void model::registerShapeOps(ModelDialect &dialect) {
  dialect.addOperationsOf<
#define GET_OP_LIST
#include "dialect/ops/Shape.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

using Kind = ShapeError::Kind;

static LogicalResult missing(ShapeError &error) {
  return error.set(Kind::Attribute, "a compile-time argument is missing");
}

/// Checks that there is one entry of `what` for each axis of the operand.
static LogicalResult checkCount(size_t seen, int64_t rank, StringRef what,
                                ShapeError &error) {
  if (static_cast<int64_t>(seen) == rank)
    return success();
  return error.set(Kind::RankMismatch,
                   Twine(seen) + " " + what + " for " + Twine(rank) + " axes",
                   {{0, -1}});
}

static LogicalResult checkAxis(int64_t axis, int64_t rank, ShapeError &error) {
  if (axis >= 0 && axis < rank)
    return success();
  return error.set(Kind::AxisRange,
                   "axis " + Twine(axis) +
                       " is out of range; the operand has " + Twine(rank) +
                       " axes",
                   {{0, -1}});
}

static ArrayType typeOf(Value value) {
  return cast<ArrayType>(value.getType());
}

FailureOr<ArrayType> BroadcastOp::inferShape(Adaptor adaptor,
                                             ShapeError &error) {
  ArrayType type = typeOf(adaptor.getOperand());
  const Properties &properties = adaptor.getProperties();
  if (!properties.shape || !properties.axes)
    return missing(error);
  ArrayRef<SizeAttr> shape = properties.shape.getSizes();
  ArrayRef<int64_t> axes = properties.axes;
  if (failed(checkCount(axes.size(), type.getRank(), "axes", error)))
    return failure();
  for (auto [i, axis] : llvm::enumerate(axes)) {
    if (axis < 0 || axis >= static_cast<int64_t>(shape.size()) ||
        (i > 0 && axes[i - 1] >= axis))
      return error.set(Kind::AxisRange,
                       "the axes of a broadcast must increase and exist in the "
                       "result");
    SizeAttr size = type.getSize(i);
    if (size != shape[axis] && !size.isConstant(1))
      return error.set(Kind::SizeMismatch,
                       "cannot repeat an axis of size " + size.str() + " to " +
                           shape[axis].str(),
                       {{0, static_cast<int64_t>(i)}});
  }
  return type.withShape(shape);
}

FailureOr<ArrayType> ReshapeOp::inferShape(Adaptor adaptor, ShapeError &error) {
  ArrayType type = typeOf(adaptor.getOperand());
  ShapeAttr shape = adaptor.getProperties().shape;
  if (!shape)
    return missing(error);
  SizeAttr from = type.getElementCount(),
           to = product(type.getContext(), shape.getSizes());
  if (!from || !to)
    return error.set(Kind::Overflow,
                     "the number of elements does not fit 64 bits");
  if (from != to)
    return error.set(Kind::SizeMismatch,
                     "numbers of elements differ: " + from.str() + " vs " +
                         to.str(),
                     {{0, -1}});
  return type.withShape(shape.getSizes());
}

FailureOr<ArrayType> TransposeOp::inferShape(Adaptor adaptor,
                                             ShapeError &error) {
  ArrayType type = typeOf(adaptor.getOperand());
  DenseI64ArrayAttr permutation = adaptor.getProperties().permutation;
  if (!permutation)
    return missing(error);
  if (failed(checkCount(permutation.size(), type.getRank(), "entries", error)))
    return failure();
  SmallVector<SizeAttr> shape;
  llvm::SmallDenseSet<int64_t> seen;
  for (int64_t axis : permutation.asArrayRef()) {
    if (axis < 0 || axis >= type.getRank() || !seen.insert(axis).second)
      return error.set(Kind::AxisRange,
                       "each axis must occur once in the permutation");
    shape.push_back(type.getSize(axis));
  }
  return type.withShape(shape);
}

FailureOr<ArrayType> SliceOp::inferShape(Adaptor adaptor, ShapeError &error) {
  ArrayType type = typeOf(adaptor.getOperand());
  const Properties &properties = adaptor.getProperties();
  if (!properties.starts || !properties.counts || !properties.steps)
    return missing(error);
  ArrayRef<SizeAttr> starts = properties.starts.getSizes(),
                     counts = properties.counts.getSizes();
  ArrayRef<int64_t> steps = properties.steps;
  if (failed(checkCount(starts.size(), type.getRank(), "starts", error)) ||
      failed(checkCount(counts.size(), type.getRank(), "counts", error)) ||
      failed(checkCount(steps.size(), type.getRank(), "steps", error)))
    return failure();
  for (int64_t axis = 0; axis < type.getRank(); ++axis) {
    if (steps[axis] < 1)
      return error.set(Kind::SizeRange, "a step must be at least 1",
                       {{0, axis}});
    // Only constants are decided here; the frontend refuses what cannot hold
    // within the symbols' bounds, and what may hold becomes a requirement of
    // the entry.
    auto start = starts[axis].asConstant(), count = counts[axis].asConstant(),
         size = type.getSize(axis).asConstant();
    bool negative = (start && *start < 0) || (count && *count < 0);
    bool beyond = start && count && size && *count > 0 &&
                  *start + (*count - 1) * steps[axis] >= *size;
    if (negative || beyond)
      return error.set(Kind::SizeRange,
                       "slice from " + starts[axis].str() + ", " +
                           counts[axis].str() +
                           " elements, does not fit an axis of size " +
                           type.getSize(axis).str(),
                       {{0, axis}});
  }
  return type.withShape(counts);
}

/// The size of a padded axis: low + high + size + (size - 1) * interior.
static SizeAttr paddedSize(SizeAttr size, SizeAttr low, SizeAttr high,
                           int64_t interior) {
  MLIRContext *context = size.getContext();
  SizeAttr gaps = multiply(subtract(size, SizeAttr::getConstant(context, 1)),
                           SizeAttr::getConstant(context, interior));
  return add(add(low, high), add(size, gaps));
}

FailureOr<ArrayType> PadOp::inferShape(Adaptor adaptor, ShapeError &error) {
  ArrayType type = typeOf(adaptor.getOperand());
  const Properties &properties = adaptor.getProperties();
  if (!properties.low || !properties.high || !properties.interior ||
      !properties.value)
    return missing(error);
  ArrayRef<SizeAttr> low = properties.low.getSizes(),
                     high = properties.high.getSizes();
  ArrayRef<int64_t> interior = properties.interior;
  if (failed(checkCount(low.size(), type.getRank(), "low widths", error)) ||
      failed(checkCount(high.size(), type.getRank(), "high widths", error)) ||
      failed(checkCount(interior.size(), type.getRank(), "interior widths",
                        error)))
    return failure();
  if (properties.value.getType() != type.getElementType())
    return error.set(Kind::ElementMismatch,
                     "the value must have the operand's element type",
                     {{0, -1}});
  SmallVector<SizeAttr> shape;
  for (int64_t axis = 0; axis < type.getRank(); ++axis) {
    if (interior[axis] < 0 || low[axis].asConstant().value_or(0) < 0 ||
        high[axis].asConstant().value_or(0) < 0)
      return error.set(Kind::SizeRange, "widths must not be negative",
                       {{0, axis}});
    shape.push_back(
        paddedSize(type.getSize(axis), low[axis], high[axis], interior[axis]));
    if (!shape.back())
      return error.set(Kind::Overflow, "the size does not fit 64 bits",
                       {{0, axis}});
  }
  return type.withShape(shape);
}

FailureOr<ArrayType> ConcatOp::inferShape(Adaptor adaptor, ShapeError &error) {
  ValueRange parts = adaptor.getParts();
  IntegerAttr axisAttribute = adaptor.getProperties().axis;
  if (!axisAttribute || parts.empty())
    return missing(error);
  ArrayType first = typeOf(parts[0]);
  int64_t axis = axisAttribute.getInt();
  if (failed(checkAxis(axis, first.getRank(), error)))
    return failure();
  SmallVector<SizeAttr> shape(first.getShape());
  for (unsigned i = 1; i < parts.size(); ++i) {
    ArrayType other = typeOf(parts[i]);
    if (other.getElementType() != first.getElementType())
      return error.set(Kind::ElementMismatch, "element types differ",
                       {{0, -1}, {i, -1}});
    if (other.getRank() != first.getRank())
      return error.set(Kind::RankMismatch,
                       "ranks differ: " + Twine(first.getRank()) + " vs " +
                           Twine(other.getRank()),
                       {{0, -1}, {i, -1}});
    for (int64_t other_axis = 0; other_axis < first.getRank(); ++other_axis)
      if (other_axis != axis &&
          other.getSize(other_axis) != first.getSize(other_axis))
        return error.set(Kind::SizeMismatch,
                         "sizes of axis " + Twine(other_axis) +
                             " differ: " + first.getSize(other_axis).str() +
                             " vs " + other.getSize(other_axis).str(),
                         {{0, other_axis}, {i, other_axis}});
    shape[axis] = add(shape[axis], other.getSize(axis));
  }
  if (!shape[axis])
    return error.set(Kind::Overflow, "the size does not fit 64 bits");
  return first.withShape(shape);
}

FailureOr<ArrayType> ReverseOp::inferShape(Adaptor adaptor, ShapeError &error) {
  ArrayType type = typeOf(adaptor.getOperand());
  DenseI64ArrayAttr axes = adaptor.getProperties().axes;
  if (!axes)
    return missing(error);
  for (int64_t axis : axes.asArrayRef())
    if (failed(checkAxis(axis, type.getRank(), error)))
      return failure();
  return type;
}

static FailureOr<ArrayType> gatheredShape(ArrayType type, ArrayType indices,
                                          IntegerAttr attribute,
                                          ShapeError &error) {
  if (!attribute)
    return missing(error);
  int64_t axis = attribute.getInt();
  if (failed(checkAxis(axis, type.getRank(), error)))
    return failure();
  if (type.getSize(axis).isConstant(0))
    return error.set(Kind::SizeRange, "the axis has no elements", {{0, axis}});
  SmallVector<SizeAttr> shape(type.getShape().take_front(axis));
  llvm::append_range(shape, indices.getShape());
  llvm::append_range(shape, type.getShape().drop_front(axis + 1));
  return type.withShape(shape);
}

FailureOr<ArrayType> GatherOp::inferShape(Adaptor adaptor, ShapeError &error) {
  return gatheredShape(typeOf(adaptor.getOperand()),
                       typeOf(adaptor.getIndices()),
                       adaptor.getProperties().axis, error);
}

FailureOr<ArrayType> ScatterAddOp::inferShape(Adaptor adaptor,
                                              ShapeError &error) {
  ArrayType type = typeOf(adaptor.getOperand()),
            updates = typeOf(adaptor.getUpdates());
  FailureOr<ArrayType> wanted = gatheredShape(
      type, typeOf(adaptor.getIndices()), adaptor.getProperties().axis, error);
  if (failed(wanted))
    return failure();
  if (updates != *wanted)
    return error.set(
        Kind::SizeMismatch,
        "the updates' shape must be that of a gather with these indices",
        {{2, -1}});
  return type;
}

LogicalResult IotaOp::verify() {
  if (static_cast<int64_t>(getAxis()) >= getType().getRank())
    return emitOpError("axis ") << getAxis() << " does not exist in the result";
  return success();
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

static Value indexConstant(OpBuilder &b, Location loc, int64_t value) {
  return b.create<arith::ConstantIndexOp>(loc, value);
}

Value model::clampIndex(OpBuilder &b, Location loc, Value number,
                        Value extent) {
  Value i = b.create<arith::IndexCastOp>(loc, b.getIndexType(), number);
  Value last =
      b.createOrFold<arith::SubIOp>(loc, extent, indexConstant(b, loc, 1));
  Value low = b.create<arith::MinSIOp>(loc, i, last);
  return b.create<arith::MaxSIOp>(loc, low, indexConstant(b, loc, 0));
}

Value BroadcastOp::emitElement(OpBuilder &b, Location loc, ValueRange index,
                               ElementSource &source) {
  SmallVector<Value> place;
  for (auto [i, axis] : llvm::enumerate(getAxes())) {
    bool repeated =
        getOperand().getType().getSize(i) != getType().getSize(axis);
    place.push_back(repeated ? indexConstant(b, loc, 0) : index[axis]);
  }
  return source.load(b, loc, 0, place);
}

/// Axes of size 1 come and go without arithmetic; the rest goes through the
/// row-major position.
Value ReshapeOp::emitElement(OpBuilder &b, Location loc, ValueRange index,
                             ElementSource &source) {
  ArrayRef<SizeAttr> from = getType().getShape(),
                     to = getOperand().getType().getShape();
  auto wideAxes = [](ArrayRef<SizeAttr> shape) {
    SmallVector<int64_t> axes;
    for (auto [axis, size] : llvm::enumerate(shape))
      if (!size.isConstant(1))
        axes.push_back(axis);
    return axes;
  };
  SmallVector<int64_t> fromWide = wideAxes(from), toWide = wideAxes(to);
  SmallVector<Value> place(to.size());
  bool same = fromWide.size() == toWide.size();
  for (size_t i = 0; same && i < toWide.size(); ++i)
    same = from[fromWide[i]] == to[toWide[i]];
  for (Value &i : place)
    i = nullptr;
  if (same) {
    for (auto [a, c] : llvm::zip(fromWide, toWide))
      place[c] = index[a];
  } else {
    Value position = indexConstant(b, loc, 0);
    for (int64_t axis : fromWide) {
      Value extent = source.size(b, loc, from[axis]);
      position = b.createOrFold<arith::MulIOp>(loc, position, extent);
      position = b.createOrFold<arith::AddIOp>(loc, position, index[axis]);
    }
    for (int64_t axis : llvm::reverse(toWide)) {
      Value extent = source.size(b, loc, to[axis]);
      place[axis] = b.create<arith::RemUIOp>(loc, position, extent);
      position = b.create<arith::DivUIOp>(loc, position, extent);
    }
  }
  for (Value &i : place)
    if (!i)
      i = indexConstant(b, loc, 0);
  return source.load(b, loc, 0, place);
}

Value TransposeOp::emitElement(OpBuilder &b, Location loc, ValueRange index,
                               ElementSource &source) {
  SmallVector<Value> place(index.size());
  for (auto [i, axis] : llvm::enumerate(getPermutation()))
    place[axis] = index[i];
  return source.load(b, loc, 0, place);
}

Value SliceOp::emitElement(OpBuilder &b, Location loc, ValueRange index,
                           ElementSource &source) {
  SmallVector<Value> place;
  for (auto [axis, i] : llvm::enumerate(index)) {
    Value step = indexConstant(b, loc, getSteps()[axis]);
    Value moved =
        getSteps()[axis] == 1 ? i : b.create<arith::MulIOp>(loc, i, step);
    SizeAttr start = getStarts().getSizes()[axis];
    if (!start.isConstant(0))
      moved = b.create<arith::AddIOp>(loc, moved, source.size(b, loc, start));
    place.push_back(moved);
  }
  return source.load(b, loc, 0, place);
}

static Value conjunction(OpBuilder &b, Location loc, Value all, Value one) {
  return all ? b.create<arith::AndIOp>(loc, all, one) : one;
}

/// The operand may have no elements: it is read in a branch.
Value PadOp::emitElement(OpBuilder &b, Location loc, ValueRange index,
                         ElementSource &source) {
  Value inside;
  SmallVector<Value> place;
  Value zero = indexConstant(b, loc, 0);
  for (auto [axis, i] : llvm::enumerate(index)) {
    SizeAttr low = getLow().getSizes()[axis], high = getHigh().getSizes()[axis];
    int64_t interior = getInterior()[axis];
    Value moved = i;
    if (!low.isConstant(0)) {
      moved = b.create<arith::SubIOp>(loc, i, source.size(b, loc, low));
      inside = conjunction(
          b, loc, inside,
          b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sge, moved, zero));
    }
    if (interior != 0) {
      Value pitch = indexConstant(b, loc, interior + 1);
      Value rest = b.create<arith::RemSIOp>(loc, moved, pitch);
      inside = conjunction(
          b, loc, inside,
          b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, rest, zero));
      moved = b.create<arith::DivSIOp>(loc, moved, pitch);
    }
    if (!high.isConstant(0)) {
      Value extent = source.size(b, loc, getOperand().getType().getSize(axis));
      inside = conjunction(b, loc, inside,
                           b.create<arith::CmpIOp>(
                               loc, arith::CmpIPredicate::slt, moved, extent));
    }
    place.push_back(moved);
  }
  if (!inside)
    return source.load(b, loc, 0, place);
  Value outside = b.create<arith::ConstantOp>(loc, getValue());
  auto branch = b.create<scf::IfOp>(loc, outside.getType(), inside,
                                    /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&branch.getThenRegion().front());
  b.create<scf::YieldOp>(loc, source.load(b, loc, 0, place));
  b.setInsertionPointToStart(&branch.getElseRegion().front());
  b.create<scf::YieldOp>(loc, outside);
  return branch.getResult(0);
}

/// Part number `part` at `index`, whose position along the axis counts from the
/// part's start.
static Value emitPart(ConcatOp op, unsigned part, SmallVector<Value> index,
                      OpBuilder &b, Location loc, ElementSource &source) {
  unsigned axis = op.getAxis();
  if (part + 1 == op.getParts().size())
    return source.load(b, loc, part, index);
  Value extent = source.size(
      b, loc, cast<ArrayType>(op.getParts()[part].getType()).getSize(axis));
  Value inside = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt,
                                         index[axis], extent);
  auto branch =
      b.create<scf::IfOp>(loc, op.getType().getElementType(), inside, true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&branch.getThenRegion().front());
  b.create<scf::YieldOp>(loc, source.load(b, loc, part, index));
  b.setInsertionPointToStart(&branch.getElseRegion().front());
  index[axis] = b.create<arith::SubIOp>(loc, index[axis], extent);
  b.create<scf::YieldOp>(loc, emitPart(op, part + 1, index, b, loc, source));
  return branch.getResult(0);
}

Value ConcatOp::emitElement(OpBuilder &b, Location loc, ValueRange index,
                            ElementSource &source) {
  return emitPart(*this, 0, SmallVector<Value>(index), b, loc, source);
}

Value IotaOp::emitElement(OpBuilder &b, Location loc, ValueRange index,
                          ElementSource &) {
  Type element = getType().getElementType();
  Type integer = isa<FloatType>(element) ? b.getI64Type() : element;
  Value number = b.create<arith::IndexCastOp>(loc, integer, index[getAxis()]);
  if (isa<FloatType>(element))
    return b.create<arith::SIToFPOp>(loc, element, number);
  return number;
}

Value ReverseOp::emitElement(OpBuilder &b, Location loc, ValueRange index,
                             ElementSource &source) {
  SmallVector<Value> place(index);
  for (int64_t axis : getAxes()) {
    Value extent = source.size(b, loc, getType().getSize(axis));
    Value last =
        b.createOrFold<arith::SubIOp>(loc, extent, indexConstant(b, loc, 1));
    place[axis] = b.create<arith::SubIOp>(loc, last, index[axis]);
  }
  return source.load(b, loc, 0, place);
}

Value GatherOp::emitElement(OpBuilder &b, Location loc, ValueRange index,
                            ElementSource &source) {
  int64_t axis = getAxis(), rank = getIndices().getType().getRank();
  Value number = source.load(b, loc, 1, index.slice(axis, rank));
  SmallVector<Value> place(index.take_front(axis));
  Value extent = source.size(b, loc, getOperand().getType().getSize(axis));
  place.push_back(clampIndex(b, loc, number, extent));
  llvm::append_range(place, index.drop_front(axis + rank));
  if (getOperand().getType().getSize(axis).isConstant())
    return source.load(b, loc, 0, place);
  // The axis may have no elements: then there is nothing to read.
  Value exists = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sgt, extent,
                                         indexConstant(b, loc, 0));
  Type element = getType().getElementType();
  auto branch = b.create<scf::IfOp>(loc, element, exists,
                                    /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&branch.getThenRegion().front());
  b.create<scf::YieldOp>(loc, source.load(b, loc, 0, place));
  b.setInsertionPointToStart(&branch.getElseRegion().front());
  Value zero = b.create<arith::ConstantOp>(loc, b.getZeroAttr(element));
  b.create<scf::YieldOp>(loc, zero);
  return branch.getResult(0);
}
