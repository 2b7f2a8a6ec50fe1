//===- Shape.cpp - movements of data as tensor code -----------------------===//
//
// Where an element goes, or where it comes from: whichever reads like the
// operation's definition.
//
//===----------------------------------------------------------------------===//
#include "codegen/reference/ReferenceEmitter.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::model;

/// y[i...] = x[i at axes..., 0 where an axis of size 1 is repeated]
Value ReferenceEmitter::emitBroadcast(BroadcastOp op) {
  ArrayType type = op.getType(), from = op.getOperand().getType();
  SmallVector<AffineExpr> place;
  for (auto [i, axis] : llvm::enumerate(op.getAxes())) {
    bool repeated = from.getSize(i) != type.getSize(axis);
    place.push_back(repeated ? b.getAffineConstantExpr(0)
                             : b.getAffineDimExpr(axis));
  }
  AffineMap maps[] = {AffineMap::get(type.getRank(), 0, place, op.getContext()),
                      b.getMultiDimIdentityMap(type.getRank())};
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  return combine(lookup(op.getOperand()), empty(type), maps, iterators,
                 [](ValueRange x) { return x[0]; });
}

/// y[i...] = x[j...] where i and j have the same row-major position: x is seen
/// as an array of one axis.
Value ReferenceEmitter::emitReshape(ReshapeOp op) {
  ArrayType type = op.getType();
  // Upstream refuses to see `memref<0x?xf32>` as an array of one axis.
  if (type.getElementCount().isConstant(0))
    return empty(type);
  Value flat = flattened(lookup(op.getOperand()));
  return generate(type, [&](ValueRange index) {
    return at(flat, position(type.getShape(), index));
  });
}

/// y[i_0, i_1, ...] = x[j...] with j[permutation[k]] = i[k]
Value ReferenceEmitter::emitTranspose(TransposeOp op) {
  ArrayType type = op.getType();
  SmallVector<AffineExpr> place(type.getRank());
  for (auto [i, axis] : llvm::enumerate(op.getPermutation()))
    place[axis] = b.getAffineDimExpr(i);
  AffineMap maps[] = {AffineMap::get(type.getRank(), 0, place, op.getContext()),
                      b.getMultiDimIdentityMap(type.getRank())};
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  return combine(lookup(op.getOperand()), empty(type), maps, iterators,
                 [](ValueRange x) { return x[0]; });
}

Value ReferenceEmitter::emitSlice(SliceOp op) {
  SmallVector<OpFoldResult> strides;
  for (int64_t step : op.getSteps())
    strides.push_back(b.getIndexAttr(step));
  return copy(b.create<tensor::ExtractSliceOp>(
      loc, tensorType(op.getType()), lookup(op.getOperand()),
      mixedSizes(op.getStarts().getSizes()),
      mixedSizes(op.getType().getShape()), strides));
}

/// x[i] goes to y[low + i * (interior + 1)], if that exists.
Value ReferenceEmitter::emitPad(PadOp op) {
  ArrayType type = op.getType();
  Value x = lookup(op.getOperand());
  Value all = filled(type, b.create<arith::ConstantOp>(loc, op.getValue()));
  auto place = [&](ValueRange index, ValueRange carried) -> SmallVector<Value> {
    SmallVector<Value> target;
    Value exists = b.create<arith::ConstantIntOp>(loc, 1, 1);
    for (auto [axis, i] : llvm::enumerate(index)) {
      Value pitch = this->index(op.getInterior()[axis] + 1);
      Value moved = b.create<arith::MulIOp>(loc, i, pitch);
      moved = b.create<arith::AddIOp>(loc, moved,
                                      size(op.getLow().getSizes()[axis]));
      Value reached = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sge,
                                              moved, this->index(0));
      Value fits = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt,
                                           moved, size(type.getSize(axis)));
      exists = b.create<arith::AndIOp>(loc, exists, reached);
      exists = b.create<arith::AndIOp>(loc, exists, fits);
      target.push_back(moved);
    }
    auto branch = b.create<scf::IfOp>(
        loc, exists,
        [&](OpBuilder &, Location) {
          Value element = at(x, index);
          Value next =
              b.create<tensor::InsertOp>(loc, element, carried[0], target);
          b.create<scf::YieldOp>(loc, next);
        },
        [&](OpBuilder &, Location) {
          b.create<scf::YieldOp>(loc, carried[0]);
        });
    return {branch.getResult(0)};
  };
  return loops(op.getOperand().getType().getShape(), all, place)[0];
}

Value ReferenceEmitter::emitConcat(ConcatOp op) {
  ArrayType type = op.getType();
  Value all = empty(type);
  SizeAttr start = SizeAttr::getConstant(op.getContext(), 0);
  SmallVector<OpFoldResult> offsets(type.getRank(), b.getIndexAttr(0)),
      strides(type.getRank(), b.getIndexAttr(1));
  for (Value part : op.getParts()) {
    auto partType = cast<ArrayType>(part.getType());
    offsets[op.getAxis()] = mixedSize(start);
    all = b.create<tensor::InsertSliceOp>(loc, lookup(part), all, offsets,
                                          mixedSizes(partType.getShape()),
                                          strides);
    start = add(start, partType.getSize(op.getAxis()));
  }
  return all;
}

Value ReferenceEmitter::emitIota(IotaOp op) {
  ArrayType type = op.getType();
  return generate(type, [&](ValueRange index) {
    return number(index[op.getAxis()], type.getElementType());
  });
}

/// y[i] = x[n - 1 - i]
Value ReferenceEmitter::emitReverse(ReverseOp op) {
  ArrayType type = op.getType();
  Value x = lookup(op.getOperand());
  return generate(type, [&](ValueRange index) {
    SmallVector<Value> place(index);
    for (int64_t axis : op.getAxes()) {
      Value last = b.create<arith::SubIOp>(loc, size(type.getSize(axis)),
                                           this->index(1));
      place[axis] = b.create<arith::SubIOp>(loc, last, index[axis]);
    }
    return at(x, place);
  });
}

/// y[i, j..., k] = x[i, clamp(indices[j...]), k]; 0 if the axis of x has no
/// elements.
Value ReferenceEmitter::emitGather(GatherOp op) {
  ArrayType type = op.getType();
  int64_t axis = op.getAxis(), rank = op.getIndices().getType().getRank();
  Value x = lookup(op.getOperand()), indices = lookup(op.getIndices());
  SizeAttr extent = op.getOperand().getType().getSize(axis);
  return generate(type, [&](ValueRange index) -> Value {
    Value number = at(indices, index.slice(axis, rank));
    SmallVector<Value> place(index.take_front(axis));
    place.push_back(clamped(number, size(extent)));
    llvm::append_range(place, index.drop_front(axis + rank));
    if (extent.isConstant())
      return at(x, place);
    Value exists = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sgt,
                                           size(extent), this->index(0));
    auto branch = b.create<scf::IfOp>(
        loc, exists,
        [&](OpBuilder &, Location) {
          b.create<scf::YieldOp>(loc, at(x, place));
        },
        [&](OpBuilder &, Location) {
          b.create<scf::YieldOp>(loc, constant(type.getElementType(), 0));
        });
    return branch.getResult(0);
  });
}

/// y = x, then y[i, clamp(indices[j...]), k] += updates[i, j..., k] in
/// row-major order of (i, j..., k), which for each element of y is the order of
/// the indices.
Value ReferenceEmitter::emitScatterAdd(ScatterAddOp op) {
  ArrayType type = op.getType(), from = op.getUpdates().getType();
  int64_t axis = op.getAxis(), rank = op.getIndices().getType().getRank();
  Value indices = lookup(op.getIndices()), updates = lookup(op.getUpdates());
  Value extent = size(type.getSize(axis));
  auto accumulate = [&](ValueRange index,
                        ValueRange carried) -> SmallVector<Value> {
    SmallVector<Value> place(index.take_front(axis));
    place.push_back(clamped(at(indices, index.slice(axis, rank)), extent));
    llvm::append_range(place, index.drop_front(axis + rank));
    Value old = at(carried[0], place), update = at(updates, index), sum;
    if (type.isFloat())
      sum = b.create<arith::AddFOp>(loc, old, update);
    else
      sum = b.create<arith::AddIOp>(loc, old, update);
    return {b.create<tensor::InsertOp>(loc, sum, carried[0], place)};
  };
  Value start = copy(lookup(op.getOperand()));
  if (type.getSize(axis).isConstant())
    return loops(from.getShape(), start, accumulate)[0];
  // An axis that turns out to have no elements has no place for an update.
  Value exists = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sgt, extent,
                                         this->index(0));
  auto branch = b.create<scf::IfOp>(
      loc, exists,
      [&](OpBuilder &, Location) {
        b.create<scf::YieldOp>(loc,
                               loops(from.getShape(), start, accumulate)[0]);
      },
      [&](OpBuilder &, Location) { b.create<scf::YieldOp>(loc, start); });
  return branch.getResult(0);
}
