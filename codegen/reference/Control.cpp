//===- Control.cpp - constants, sizes and scans as tensor code ------------===//
//
//   %last, %all = model.scan <T> carries(%h) slices(%x) ... { ... }
// becomes
//   %h0 = bufferization.alloc_tensor() copy(%h)
//   %s0 = tensor.empty(%T)
//   %last, %all = scf.for %i = 0 to %T iter_args(%c = %h0, %s = %s0) {
//     %v = copy of %x[%i]
//     ...
//     %s1 = tensor.insert_slice %y into %s[%i]
//     %n1 = bufferization.alloc_tensor() copy(%next)
//     %c1 = bufferization.materialize_in_destination %n1 in %c
//     scf.yield %c1, %s1
//   }
//
// The loop owns one buffer for each carry and each stack. New carries are
// computed and copied before the first old one is overwritten: they may be
// other carries, or views of them.
//
//===----------------------------------------------------------------------===//
#include "codegen/reference/ReferenceEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::model;

Value ReferenceEmitter::emitFill(FillOp op) {
  return filled(op.getType(), b.create<arith::ConstantOp>(loc, op.getValue()));
}

FailureOr<Value> ReferenceEmitter::emitConstant(ConstantOp op) {
  auto elements = dyn_cast<DenseElementsAttr>(op.getValue());
  if (!elements)
    return op.emitOpError("has elements of a kind that is not supported; "
                          "wanted `dense<...>`");
  return Value(b.create<arith::ConstantOp>(loc, elements));
}

Value ReferenceEmitter::emitSize(SizeOp op) {
  Value value = size(op.getSize());
  auto array = dyn_cast<ArrayType>(op.getType());
  return array ? scalar(number(value, array.getElementType())) : value;
}

namespace {
/// Where element `index` of the leading axis of an array lies.
struct LeadingSlice {
  SmallVector<OpFoldResult> offsets, sizes, strides;

  LeadingSlice(OpBuilder &b, Value index, ArrayRef<OpFoldResult> shape)
      : offsets(shape.size(), b.getIndexAttr(0)), sizes(shape),
        strides(shape.size(), b.getIndexAttr(1)) {
    offsets[0] = index;
    sizes[0] = b.getIndexAttr(1);
  }
};
} // namespace

Value ReferenceEmitter::sliceAt(Value array, ArrayType type, Value index) {
  LeadingSlice place(b, index, mixedSizes(type.getShape()));
  ArrayType element = type.withShape(type.getShape().drop_front());
  return copy(b.create<tensor::ExtractSliceOp>(loc, tensorType(element), array,
                                               place.offsets, place.sizes,
                                               place.strides));
}

Value ReferenceEmitter::insertAt(Value slice, Value stack, ArrayType type,
                                 Value index) {
  LeadingSlice place(b, index, mixedSizes(type.getShape()));
  return b.create<tensor::InsertSliceOp>(loc, slice, stack, place.offsets,
                                         place.sizes, place.strides);
}

LogicalResult ReferenceEmitter::emitScan(ScanOp op) {
  SmallVector<Value> initial;
  for (Value carry : op.getCarries())
    initial.push_back(copy(lookup(carry)));
  for (Value stack : op.getStackResults())
    initial.push_back(empty(cast<ArrayType>(stack.getType())));
  Value length = size(op.getLength()), one = index(1);
  auto loop = b.create<scf::ForOp>(loc, index(0), length, one, initial);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value i = loop.getInductionVar();
  if (op.getReverse()) {
    Value last = b.create<arith::SubIOp>(loc, length, one);
    i = b.create<arith::SubIOp>(loc, last, i);
  }

  define(op.getIndex(), scalar(number(i, b.getI64Type())));
  unsigned carryCount = op.getCarryCount();
  auto current = loop.getRegionIterArgs().take_front(carryCount);
  for (auto [argument, carry] : llvm::zip(op.getCarryArguments(), current))
    define(argument, carry);
  for (auto [argument, array] :
       llvm::zip(op.getSliceArguments(), op.getSlices()))
    define(argument,
           sliceAt(lookup(array), cast<ArrayType>(array.getType()), i));
  for (auto [argument, array] :
       llvm::zip(op.getInvariantArguments(), op.getInvariants()))
    define(argument, lookup(array));
  if (failed(emit(op.getBlock())))
    return failure();
  setLocation(op.getLoc());

  SmallVector<Value> next, stacks;
  for (auto [n, value] : llvm::enumerate(op.getYield().getValues())) {
    Value tensor = lookup(value);
    if (n < carryCount)
      next.push_back(copy(tensor));
    else
      stacks.push_back(insertAt(tensor, loop.getRegionIterArg(n),
                                cast<ArrayType>(op.getResult(n).getType()), i));
  }
  for (auto [value, carry] : llvm::zip(next, current))
    value =
        b.create<bufferization::MaterializeInDestinationOp>(loc, value, carry)
            .getResult();
  llvm::append_range(next, stacks);
  if (!next.empty())
    b.create<scf::YieldOp>(loc, next);
  for (auto [result, value] : llvm::zip(op.getResults(), loop.getResults()))
    define(result, value);
  return success();
}
