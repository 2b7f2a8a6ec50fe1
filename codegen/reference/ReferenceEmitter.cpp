//===- ReferenceEmitter.cpp - operations as tensor code -------------------===//
//
// Tensors of symbolic sizes, their elements, loops, and who emits what.
//
//===----------------------------------------------------------------------===//
#include "codegen/reference/ReferenceEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::model;

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

RankedTensorType ReferenceEmitter::tensorType(ArrayType type) {
  SmallVector<int64_t> shape;
  for (SizeAttr size : type.getShape())
    shape.push_back(size.asConstant().value_or(ShapedType::kDynamic));
  return RankedTensorType::get(shape, type.getElementType());
}

Value ReferenceEmitter::empty(ArrayType type) {
  return b.create<tensor::EmptyOp>(loc, mixedSizes(type.getShape()),
                                   type.getElementType());
}

Value ReferenceEmitter::filled(ArrayType type, Value element) {
  return b.create<linalg::FillOp>(loc, element, empty(type)).getResult(0);
}

Value ReferenceEmitter::copy(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  return b.create<bufferization::AllocTensorOp>(loc, type, ValueRange{},
                                                tensor);
}

Value ReferenceEmitter::flattened(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.getRank() == 1)
    return tensor;
  if (type.getRank() == 0)
    return b.create<tensor::FromElementsOp>(
        loc, RankedTensorType::get({1}, type.getElementType()), at(tensor, {}));
  auto all = llvm::to_vector<2>(llvm::seq<int64_t>(0, type.getRank()));
  return b.create<tensor::CollapseShapeOp>(loc, tensor,
                                           ArrayRef<ReassociationIndices>{all});
}

Value ReferenceEmitter::at(Value tensor, ValueRange index) {
  return b.create<tensor::ExtractOp>(loc, tensor, index);
}

Value ReferenceEmitter::scalar(Value element) {
  auto type = RankedTensorType::get({}, element.getType());
  return b.create<tensor::FromElementsOp>(loc, type, element);
}

Value ReferenceEmitter::combine(ValueRange inputs, Value initial,
                                ArrayRef<AffineMap> maps,
                                ArrayRef<utils::IteratorType> iterators,
                                Combination body) {
  auto generic = b.create<linalg::GenericOp>(
      loc, initial.getType(), inputs, initial, maps, iterators,
      [&](OpBuilder &, Location, ValueRange elements) {
        b.create<linalg::YieldOp>(loc, body(elements));
      });
  return generic.getResult(0);
}

SmallVector<Value> ReferenceEmitter::currentIndex(unsigned rank) {
  SmallVector<Value> index;
  for (unsigned axis = 0; axis < rank; ++axis)
    index.push_back(b.create<linalg::IndexOp>(loc, axis));
  return index;
}

Value ReferenceEmitter::generate(ArrayType type, Element element) {
  unsigned rank = type.getRank();
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return combine({}, empty(type), b.getMultiDimIdentityMap(rank), iterators,
                 [&](ValueRange) { return element(currentIndex(rank)); });
}

SmallVector<Value> ReferenceEmitter::loops(ArrayRef<SizeAttr> shape,
                                           ValueRange carried, LoopBody body) {
  if (shape.empty())
    return body({}, carried);
  Value low = index(0), high = size(shape.front()), step = index(1);
  auto loop = b.create<scf::ForOp>(loc, low, high, step, carried);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value outer = loop.getInductionVar();
  SmallVector<Value> next = loops(shape.drop_front(), loop.getRegionIterArgs(),
                                  [&](ValueRange inner, ValueRange current) {
                                    SmallVector<Value> whole = {outer};
                                    whole.append(inner.begin(), inner.end());
                                    return body(whole, current);
                                  });
  // A loop that carries nothing has got its terminator already.
  if (!next.empty())
    b.create<scf::YieldOp>(loc, next);
  return SmallVector<Value>(loop.getResults());
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

Value ReferenceEmitter::index(int64_t number) {
  return b.create<arith::ConstantIndexOp>(loc, number);
}

OpFoldResult ReferenceEmitter::mixedSize(SizeAttr wanted) {
  if (std::optional<int64_t> number = wanted.asConstant())
    return b.getIndexAttr(*number);
  return size(wanted);
}

SmallVector<OpFoldResult>
ReferenceEmitter::mixedSizes(ArrayRef<SizeAttr> shape) {
  SmallVector<OpFoldResult> mixed;
  for (SizeAttr size : shape)
    mixed.push_back(mixedSize(size));
  return mixed;
}

Value ReferenceEmitter::position(ArrayRef<SizeAttr> shape, ValueRange place) {
  Value sum = index(0);
  for (auto [extent, i] : llvm::zip_equal(shape, place)) {
    sum = b.create<arith::MulIOp>(loc, sum, size(extent));
    sum = b.create<arith::AddIOp>(loc, sum, i);
  }
  return sum;
}

Value ReferenceEmitter::number(Value index, Type element) {
  if (!isa<FloatType>(element))
    return b.create<arith::IndexCastOp>(loc, element, index);
  Value integer = b.create<arith::IndexCastOp>(loc, b.getI64Type(), index);
  return b.create<arith::SIToFPOp>(loc, element, integer);
}

Value ReferenceEmitter::clamped(Value number, Value extent) {
  Value i = b.create<arith::IndexCastOp>(loc, b.getIndexType(), number);
  Value first = index(0);
  Value last = b.create<arith::SubIOp>(loc, extent, index(1));
  Value below =
      b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, i, first);
  Value above =
      b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sgt, i, last);
  Value high = b.create<arith::SelectOp>(loc, above, last, i);
  return b.create<arith::SelectOp>(loc, below, first, high);
}

Value ReferenceEmitter::constant(Type element, int64_t value) {
  if (isa<FloatType>(element))
    return b.create<arith::ConstantOp>(
        loc, b.getFloatAttr(element, static_cast<double>(value)));
  return b.create<arith::ConstantOp>(loc, b.getIntegerAttr(element, value));
}

//===----------------------------------------------------------------------===//
// Who emits what
//===----------------------------------------------------------------------===//

LogicalResult ReferenceEmitter::emit(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(emitOperation(op)))
      return failure();
  return success();
}

LogicalResult ReferenceEmitter::emitOperation(Operation &op) {
  loc = op.getLoc();
  if (auto scan = dyn_cast<ScanOp>(op))
    return emitScan(scan);
  if (auto elementwise = dyn_cast<ElementwiseOpInterface>(op)) {
    define(op.getResult(0), emitElementwise(elementwise));
    return success();
  }
  FailureOr<Value> result =
      llvm::TypeSwitch<Operation *, FailureOr<Value>>(&op)
          .Case([&](FillOp fill) { return emitFill(fill); })
          .Case([&](ConstantOp constant) { return emitConstant(constant); })
          .Case([&](SizeOp size) { return emitSize(size); })
          .Case([&](BroadcastOp broadcast) { return emitBroadcast(broadcast); })
          .Case([&](ReshapeOp reshape) { return emitReshape(reshape); })
          .Case([&](TransposeOp transpose) { return emitTranspose(transpose); })
          .Case([&](SliceOp slice) { return emitSlice(slice); })
          .Case([&](PadOp pad) { return emitPad(pad); })
          .Case([&](ConcatOp concat) { return emitConcat(concat); })
          .Case([&](IotaOp iota) { return emitIota(iota); })
          .Case([&](ReverseOp reverse) { return emitReverse(reverse); })
          .Case([&](GatherOp gather) { return emitGather(gather); })
          .Case([&](ScatterAddOp scatter) { return emitScatterAdd(scatter); })
          .Case([&](ContractOp contract) { return emitContract(contract); })
          .Case<ReduceSumOp, ReduceMaxOp, ReduceMinOp, ReduceProdOp>(
              [&](Operation *reduction) { return emitReduction(reduction); })
          .Case([&](ArgMaxOp largest) {
            return emitArgument(largest, largest.getAxis(), /*largest=*/true);
          })
          .Case([&](ArgMinOp smallest) {
            return emitArgument(smallest, smallest.getAxis(),
                                /*largest=*/false);
          })
          .Case<FoldInOp, RandomUniformOp, RandomNormalOp, RandomBernoulliOp>(
              [&](Operation *random) { return emitRandom(random); })
          .Default([](Operation *other) -> FailureOr<Value> {
            return other->emitOpError("has no reference lowering");
          });
  if (failed(result))
    return failure();
  define(op.getResult(0), *result);
  return success();
}
