//===- RowEmitter.cpp - loops of reductions -------------------------------===//
//
// y[kept] = combine over the reduced axes of f(x...)[kept, reduced].
//
// Three nests. Where the operand's last axis is kept, rows are combined into
// the result in memory, so that the innermost loop runs over neighbours. Where
// it is reduced and long, sixteen accumulators for each element of the result:
// element k of the axis goes to number k mod 16, and they are combined in a
// fixed tree. Otherwise one accumulator, in order.
//
// Each order depends on the shape alone, so that all machines find the same.
//
//===----------------------------------------------------------------------===//
#include "codegen/kernels/KernelEmitter.h"
#include "dialect/ops/Reduction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <limits>

using namespace mlir;
using namespace mlir::model;

namespace {
/// Which axes of the operand a reduction goes over.
struct ReducedAxes {
  SmallVector<int64_t> kept, reduced;
  SmallVector<SizeAttr> keptSizes, reducedSizes;

  ReducedAxes(ArrayType operand, ArrayRef<int64_t> axes) {
    for (int64_t axis = 0; axis < operand.getRank(); ++axis) {
      bool isReduced = llvm::is_contained(axes, axis);
      (isReduced ? reduced : kept).push_back(axis);
      (isReduced ? reducedSizes : keptSizes).push_back(operand.getSize(axis));
    }
  }
  SmallVector<Value> join(ValueRange keptIndex, ValueRange reducedIndex) const {
    SmallVector<Value> index(kept.size() + reduced.size());
    for (auto [axis, i] : llvm::zip(kept, keptIndex))
      index[axis] = i;
    for (auto [axis, i] : llvm::zip(reduced, reducedIndex))
      index[axis] = i;
    return index;
  }
};
} // namespace

static Value constantOf(OpBuilder &b, Location loc, Type type, double number,
                        int64_t integer) {
  if (isa<FloatType>(type))
    return b.create<arith::ConstantOp>(loc, b.getFloatAttr(type, number));
  return b.create<arith::ConstantOp>(loc, b.getIntegerAttr(type, integer));
}

static Value lowest(OpBuilder &b, Location loc, Type type) {
  int64_t integer =
      isa<IntegerType>(type)
          ? llvm::APInt::getSignedMinValue(type.getIntOrFloatBitWidth())
                .getSExtValue()
          : 0;
  return constantOf(b, loc, type, -std::numeric_limits<double>::infinity(),
                    integer);
}

static Value highest(OpBuilder &b, Location loc, Type type) {
  int64_t integer =
      isa<IntegerType>(type)
          ? llvm::APInt::getSignedMaxValue(type.getIntOrFloatBitWidth())
                .getSExtValue()
          : 0;
  return constantOf(b, loc, type, std::numeric_limits<double>::infinity(),
                    integer);
}

/// The value that combining starts from.
static Value identityOf(Operation *op, OpBuilder &b, Location loc, Type type) {
  if (isa<ReduceMaxOp>(op))
    return lowest(b, loc, type);
  if (isa<ReduceMinOp>(op))
    return highest(b, loc, type);
  int64_t start = isa<ReduceProdOp>(op) ? 1 : 0;
  return constantOf(b, loc, type, static_cast<double>(start), start);
}

template <typename FloatOp, typename IntegerOp>
static Value combineAs(OpBuilder &b, Location loc, Value x, Value y) {
  if (isa<FloatType>(x.getType()))
    return b.create<FloatOp>(loc, x, y);
  return b.create<IntegerOp>(loc, x, y);
}

static Value combine(Operation *op, OpBuilder &b, Location loc, Value x,
                     Value y) {
  if (isa<ReduceMaxOp>(op))
    return combineAs<arith::MaximumFOp, arith::MaxSIOp>(b, loc, x, y);
  if (isa<ReduceMinOp>(op))
    return combineAs<arith::MinimumFOp, arith::MinSIOp>(b, loc, x, y);
  if (isa<ReduceProdOp>(op))
    return combineAs<arith::MulFOp, arith::MulIOp>(b, loc, x, y);
  return combineAs<arith::AddFOp, arith::AddIOp>(b, loc, x, y);
}

/// The first index of the extremum; NaN is more extreme than every number.
static void emitArgument(KernelEmitter &emitter, WriteOp write, Operation *op,
                         int64_t axis, bool largest) {
  OpBuilder &b = emitter.builder();
  Location loc = emitter.location();
  Value operand = op->getOperand(0);
  auto type = cast<ArrayType>(operand.getType());
  Type element = type.getElementType();
  Type position = cast<ArrayType>(op->getResult(0).getType()).getElementType();
  ReducedAxes axes(type, axis);
  emitter.loops(axes.keptSizes, [&](ValueRange kept) {
    Value start = largest ? lowest(b, loc, element) : highest(b, loc, element);
    Value none =
        b.create<arith::ConstantOp>(loc, b.getIntegerAttr(position, 0));
    auto best = emitter.loops(
        axes.reducedSizes, {start, none},
        [&](ValueRange reduced, ValueRange carried) -> SmallVector<Value> {
          Value x = emitter.element(operand, axes.join(kept, reduced)), better;
          if (isa<FloatType>(element)) {
            auto beyond =
                largest ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT;
            Value further = b.create<arith::CmpFOp>(loc, beyond, x, carried[0]);
            Value nan =
                b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::UNO, x, x);
            Value number = b.create<arith::CmpFOp>(
                loc, arith::CmpFPredicate::ORD, carried[0], carried[0]);
            Value firstNan = b.create<arith::AndIOp>(loc, nan, number);
            better = b.create<arith::OrIOp>(loc, further, firstNan);
          } else {
            auto beyond =
                largest ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::slt;
            better = b.create<arith::CmpIOp>(loc, beyond, x, carried[0]);
          }
          Value here = b.create<arith::IndexCastOp>(loc, position, reduced[0]);
          return {b.create<arith::SelectOp>(loc, better, x, carried[0]),
                  b.create<arith::SelectOp>(loc, better, here, carried[1])};
        });
    emitter.store(write, kept, best[1]);
  });
}

/// An accumulator for each element of the result.
static void emitRows(KernelEmitter &emitter, WriteOp write, Operation *op,
                     const ReducedAxes &axes) {
  OpBuilder &b = emitter.builder();
  Location loc = emitter.location();
  Type element = write.getValue().getType().getElementType();
  emitter.loops(axes.keptSizes, [&](ValueRange kept) {
    auto result = emitter.loops(
        axes.reducedSizes, identityOf(op, b, loc, element),
        [&](ValueRange reduced, ValueRange carried) -> SmallVector<Value> {
          Value x =
              emitter.element(op->getOperand(0), axes.join(kept, reduced));
          return {combine(op, b, loc, carried[0], x)};
        });
    emitter.store(write, kept, result[0]);
  });
}

namespace {
/// Sixteen accumulators for each element of the result, in memory that becomes
/// registers: the loops over them are what LLVM makes vectors of.
class LaneEmitter {
public:
  LaneEmitter(KernelEmitter &emitter, WriteOp write, Operation *op,
              const ReducedAxes &axes)
      : emitter(emitter), b(emitter.builder()), loc(emitter.location()),
        write(write), op(op), axes(axes) {}

  void emit() {
    Type element = write.getValue().getType().getElementType();
    sums = b.create<memref::AllocaOp>(loc, MemRefType::get({lanes}, element),
                                      b.getI64IntegerAttr(64));
    emitter.loops(axes.keptSizes, [&](ValueRange kept) {
      Value start = identityOf(op, b, loc, element);
      overLanes(lanes, [&](Value lane) {
        b.create<memref::StoreOp>(loc, start, sums, lane);
      });
      ArrayRef<SizeAttr> outer = ArrayRef(axes.reducedSizes).drop_back();
      emitter.loops(outer, [&](ValueRange index) { addLast(kept, index); });
      for (int64_t width = lanes / 2; width >= 1; width /= 2)
        overLanes(width, [&](Value lane) {
          addTo(lane, b.create<memref::LoadOp>(
                          loc, sums, emitter.add(lane, emitter.index(width))));
        });
      emitter.store(write, kept,
                    b.create<memref::LoadOp>(loc, sums, emitter.index(0)));
    });
  }

  /// Whether the operand's last axis is reduced and may have this many
  /// elements.
  static bool isWorthwhile(ArrayType operand, const ReducedAxes &axes) {
    if (!operand.isFloat() || axes.reduced.empty() ||
        axes.reduced.back() != operand.getRank() - 1)
      return false;
    std::optional<int64_t> extent = axes.reducedSizes.back().asConstant();
    return !extent || *extent >= 2 * lanes;
  }

private:
  static constexpr int64_t lanes = 16;

  void loop(Value low, Value high, int64_t step,
            llvm::function_ref<void(Value)> body) {
    OpBuilder::InsertionGuard guard(b);
    auto nest = b.create<scf::ForOp>(loc, low, high, emitter.index(step));
    b.setInsertionPointToStart(nest.getBody());
    body(nest.getInductionVar());
  }

  void overLanes(int64_t count, llvm::function_ref<void(Value)> body) {
    loop(emitter.index(0), emitter.index(count), 1, body);
  }

  void addTo(Value lane, Value x) {
    Value old = b.create<memref::LoadOp>(loc, sums, lane);
    b.create<memref::StoreOp>(loc, combine(op, b, loc, old, x), sums, lane);
  }

  /// Adds the elements of the last axis.
  void addLast(ValueRange kept, ValueRange outer) {
    auto elementAt = [&](Value last) {
      SmallVector<Value> reduced(outer);
      reduced.push_back(last);
      return emitter.element(op->getOperand(0), axes.join(kept, reduced));
    };
    Value extent = emitter.size(axes.reducedSizes.back());
    Value rest =
        b.createOrFold<arith::RemSIOp>(loc, extent, emitter.index(lanes));
    Value whole = b.createOrFold<arith::SubIOp>(loc, extent, rest);
    loop(emitter.index(0), whole, lanes, [&](Value chunk) {
      overLanes(lanes, [&](Value lane) {
        addTo(lane, elementAt(emitter.add(chunk, lane)));
      });
    });
    loop(emitter.index(0), rest, 1,
         [&](Value lane) { addTo(lane, elementAt(emitter.add(whole, lane))); });
  }

  KernelEmitter &emitter;
  OpBuilder &b;
  Location loc;
  WriteOp write;
  Operation *op;
  const ReducedAxes &axes;
  Value sums;
};
} // namespace

/// Rows are combined into the result; the innermost loop runs over its last
/// axis.
static void emitColumns(KernelEmitter &emitter, WriteOp write, Operation *op,
                        const ReducedAxes &axes) {
  OpBuilder &b = emitter.builder();
  Location loc = emitter.location();
  Type element = write.getValue().getType().getElementType();
  ArrayRef<SizeAttr> outer = ArrayRef(axes.keptSizes).drop_back(),
                     last = axes.keptSizes.back();
  emitter.loops(outer, [&](ValueRange kept) {
    auto whole = [&](ValueRange column) {
      SmallVector<Value> index(kept);
      index.append(column.begin(), column.end());
      return index;
    };
    emitter.loops(last, [&](ValueRange column) {
      emitter.store(write, whole(column), identityOf(op, b, loc, element));
    });
    emitter.loops(axes.reducedSizes, [&](ValueRange reduced) {
      emitter.loops(last, [&](ValueRange column) {
        SmallVector<Value> index = whole(column);
        Value x = emitter.element(op->getOperand(0), axes.join(index, reduced));
        Value position = emitter.add(
            emitter.baseOf(write),
            emitter.linearize(write.getValue().getType().getShape(), index));
        Value sum =
            combine(op, b, loc, emitter.loadAt(write.getBuffer(), position), x);
        emitter.storeAt(write.getBuffer(), position, sum);
      });
    });
  });
}

LogicalResult KernelEmitter::emitRow() {
  WriteOp write = writes().front();
  Operation *op = write.getValue().getDefiningOp();
  if (auto largest = dyn_cast<ArgMaxOp>(op)) {
    emitArgument(*this, write, op, largest.getAxis(), /*largest=*/true);
    return success();
  }
  if (auto smallest = dyn_cast<ArgMinOp>(op)) {
    emitArgument(*this, write, op, smallest.getAxis(), /*largest=*/false);
    return success();
  }
  auto operand = cast<ArrayType>(op->getOperand(0).getType());
  ReducedAxes axes(operand, cast<ReductionOpInterface>(op).getReducedAxes());
  bool lastIsKept = !axes.kept.empty() &&
                    axes.kept.back() == operand.getRank() - 1 &&
                    !axes.keptSizes.back().isConstant(1);
  if (lastIsKept)
    emitColumns(*this, write, op, axes);
  else if (LaneEmitter::isWorthwhile(operand, axes))
    LaneEmitter(*this, write, op, axes).emit();
  else
    emitRows(*this, write, op, axes);
  return success();
}
