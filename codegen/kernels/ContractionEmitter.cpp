//===- ContractionEmitter.cpp - loops of contractions ---------------------===//
//
// C[b, m, n] = sum over k of A[b, m, k] * B[b, k, n], for any number and order
// of axes.
//
// Axes of size 1 are dropped. What is left decides the nest:
//   vector: an axis v along which C and one operand are contiguous and which
//   the other operand
//           lacks. A tile of 6 x 16 accumulators stays in registers over the
//           loop on k.
//   dot:    one contracted axis along which both operands are contiguous. 16
//   accumulators,
//           element k goes to number k mod 16; they are added in a fixed tree.
//   scalar: anything else.
// The order of additions depends on the shape alone.
//
//===----------------------------------------------------------------------===//
#include "codegen/kernels/KernelEmitter.h"
#include "dialect/Size.h"
#include "dialect/ops/Contraction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <array>

using namespace mlir;
using namespace mlir::model;

namespace {
/// Twelve accumulators of eight floats: as many as hide the latency of a fused
/// multiplication and leave registers for what they are fed with.
constexpr int64_t tileRows = 6, lanes = 16;

enum Array { A, B, C };

/// An axis of the iteration space: its size, and how far apart neighbours lie
/// in each array (null where the array lacks the axis).
struct Axis {
  SizeAttr size;
  std::array<SizeAttr, 3> strides;

  bool isContiguous(Array array) const {
    return strides[array] && strides[array].isConstant(1);
  }
  bool lacks(Array array) const { return !strides[array]; }
};

SizeAttr strideOf(ArrayType type, int64_t axis) {
  return product(type.getContext(), type.getShape().drop_front(axis + 1));
}

class ContractionEmitter {
public:
  ContractionEmitter(KernelEmitter &emitter, WriteOp write, ContractOp op)
      : emitter(emitter), b(emitter.builder()), loc(emitter.location()),
        write(write), operands{op.getLhs(), op.getRhs()},
        reads{op.getLhs().getDefiningOp<ReadOp>(),
              op.getRhs().getDefiningOp<ReadOp>()},
        element(op.getType().getElementType()) {
    collectAxes(op);
  }

  void emit() {
    SmallVector<Value> bases = {baseOf(A), baseOf(B), emitter.baseOf(write)};
    if (takeVectorAxis())
      emitVector(bases);
    else if (inner.size() == 1 && inner[0].isContiguous(A) &&
             inner[0].isContiguous(B))
      emitDot(bases);
    else
      emitScalar(bases);
  }

private:
  using Positions = SmallVector<Value>;

  void addAxis(SmallVectorImpl<Axis> &axes, SizeAttr size, SizeAttr a,
               SizeAttr bStride, SizeAttr c) {
    if (!size.isConstant(1))
      axes.push_back({size, {a, bStride, c}});
  }

  void collectAxes(ContractOp op) {
    auto left = cast<ArrayType>(op.getLhs().getType()),
         right = cast<ArrayType>(op.getRhs().getType());
    ArrayType result = op.getType();
    int64_t position = 0;
    auto resultStride = [&] { return strideOf(result, position++); };
    for (auto [l, r] : llvm::zip(op.getLhsBatch(), op.getRhsBatch()))
      addAxis(outer, left.getSize(l), strideOf(left, l), strideOf(right, r),
              resultStride());
    auto isFree = [](int64_t axis, ArrayRef<int64_t> batch,
                     ArrayRef<int64_t> contract) {
      return !llvm::is_contained(batch, axis) &&
             !llvm::is_contained(contract, axis);
    };
    for (int64_t axis = 0; axis < left.getRank(); ++axis)
      if (isFree(axis, op.getLhsBatch(), op.getLhsContract()))
        addAxis(outer, left.getSize(axis), strideOf(left, axis), nullptr,
                resultStride());
    for (int64_t axis = 0; axis < right.getRank(); ++axis)
      if (isFree(axis, op.getRhsBatch(), op.getRhsContract()))
        addAxis(outer, right.getSize(axis), nullptr, strideOf(right, axis),
                resultStride());
    for (auto [l, r] : llvm::zip(op.getLhsContract(), op.getRhsContract()))
      addAxis(inner, left.getSize(l), strideOf(left, l), strideOf(right, r),
              nullptr);
  }

  //===--------------------------------------------------------------------===//
  // Positions
  //===--------------------------------------------------------------------===//

  /// Moves along `axis` by `index` in the arrays that have it.
  Positions advance(ArrayRef<Value> from, const Axis &axis, Value index) {
    Positions positions(from);
    for (Array array : {A, B, C})
      if (axis.strides[array])
        positions[array] = emitter.add(
            positions[array],
            emitter.multiply(index, emitter.size(axis.strides[array])));
    return positions;
  }

  void overAxes(ArrayRef<Axis> axes, ArrayRef<Value> from,
                llvm::function_ref<void(ArrayRef<Value>)> body) {
    SmallVector<SizeAttr> sizes;
    for (const Axis &axis : axes)
      sizes.push_back(axis.size);
    emitter.loops(sizes, [&](ValueRange index) {
      Positions positions(from);
      for (auto [axis, i] : llvm::zip(axes, index))
        positions = advance(positions, axis, i);
      body(positions);
    });
  }

  /// Carries accumulators over the contracted axes.
  SmallVector<Value>
  accumulate(ArrayRef<Axis> axes, ArrayRef<Value> from, ValueRange start,
             llvm::function_ref<SmallVector<Value>(ArrayRef<Value>, ValueRange)>
                 body) {
    SmallVector<SizeAttr> sizes;
    for (const Axis &axis : axes)
      sizes.push_back(axis.size);
    return emitter.loops(sizes, start, [&](ValueRange index, ValueRange sums) {
      Positions positions(from);
      for (auto [axis, i] : llvm::zip(axes, index))
        positions = advance(positions, axis, i);
      return body(positions, sums);
    });
  }

  /// Runs `body(index, width)` over an axis in steps of `step`, then over what
  /// is left: at once where its width is known, one by one where it is not.
  void tiles(SizeAttr size, int64_t step,
             llvm::function_ref<void(Value, int64_t)> body) {
    std::optional<int64_t> constant = size.asConstant();
    Value zero = emitter.index(0), stepValue = emitter.index(step), whole;
    if (constant)
      whole = emitter.index(*constant - *constant % step);
    else {
      Value rest = b.create<arith::RemSIOp>(loc, emitter.size(size), stepValue);
      whole = b.create<arith::SubIOp>(loc, emitter.size(size), rest);
    }
    auto loop = [&](Value low, Value high, int64_t width) {
      OpBuilder::InsertionGuard guard(b);
      auto nest = b.create<scf::ForOp>(loc, low, high, emitter.index(width));
      b.setInsertionPointToStart(nest.getBody());
      body(nest.getInductionVar(), width);
    };
    if (!constant) {
      loop(zero, whole, step);
      loop(whole, emitter.size(size), 1);
      return;
    }
    if (*constant >= 2 * step)
      loop(zero, whole, step);
    else if (*constant >= step)
      body(zero, step);
    if (*constant % step)
      body(whole, *constant % step);
  }

  //===--------------------------------------------------------------------===//
  // Arithmetic
  //===--------------------------------------------------------------------===//

  Value zeroOf(Type type) {
    return b.create<arith::ConstantOp>(loc, b.getZeroAttr(type));
  }

  Value multiplyAdd(Value x, Value y, Value sum) {
    if (!isa<FloatType>(element))
      return b.create<arith::AddIOp>(loc, sum,
                                     b.create<arith::MulIOp>(loc, x, y));
    return b.create<math::FmaOp>(loc, x, y, sum);
  }

  Value plus(Value x, Value y) {
    if (!isa<FloatType>(element))
      return b.create<arith::AddIOp>(loc, x, y);
    return b.create<arith::AddFOp>(loc, x, y);
  }

  Value baseOf(Array array) {
    return reads[array] ? emitter.baseOf(reads[array]) : emitter.index(0);
  }

  Value loadScalar(Array array, ArrayRef<Value> positions) {
    if (!reads[array])
      return emitter.element(operands[array], {});
    return emitter.loadAt(reads[array].getBuffer(), positions[array]);
  }

  Value loadVector(Array array, ArrayRef<Value> positions, VectorType type) {
    return b.create<vector::LoadOp>(loc, type,
                                    emitter.memoryOf(reads[array].getBuffer()),
                                    positions[array]);
  }

  //===--------------------------------------------------------------------===//
  // Nests
  //===--------------------------------------------------------------------===//

  /// Finds the vector axis, removes it from the outer axes, and with it a row
  /// axis.
  bool takeVectorAxis() {
    auto *found = llvm::find_if(outer, [](const Axis &axis) {
      return axis.isContiguous(C) && ((axis.isContiguous(B) && axis.lacks(A)) ||
                                      (axis.isContiguous(A) && axis.lacks(B)));
    });
    if (found == outer.end())
      return false;
    vectorAxis = *found;
    vectorArray = found->lacks(A) ? B : A;
    outer.erase(found);
    for (size_t i = outer.size(); i-- > 0;)
      if (outer[i].lacks(vectorArray)) {
        rowAxis = outer[i];
        outer.erase(outer.begin() + i);
        break;
      }
    return true;
  }

  void emitVector(ArrayRef<Value> bases) {
    overAxes(outer, bases, [&](ArrayRef<Value> from) {
      tiles(vectorAxis->size, lanes, [&](Value column, int64_t width) {
        Positions start = advance(from, *vectorAxis, column);
        if (!rowAxis) {
          emitTile({start}, width);
          return;
        }
        tiles(rowAxis->size, tileRows, [&](Value row, int64_t rows) {
          SmallVector<Positions> starts;
          for (int64_t i = 0; i < rows; ++i)
            starts.push_back(
                advance(start, *rowAxis, emitter.add(row, emitter.index(i))));
          emitTile(starts, width);
        });
      });
    });
  }

  /// One accumulator of `width` elements for each row.
  void emitTile(ArrayRef<Positions> rows, int64_t width) {
    auto type = VectorType::get(width, element);
    Array scalarArray = vectorArray == A ? B : A;
    SmallVector<Value> start(rows.size(), zeroOf(type));
    // Positions relative to the first row: the loop moves all rows alike.
    auto sums = accumulate(
        inner, rows[0], start, [&](ArrayRef<Value> at, ValueRange sums) {
          Value shared = loadVector(vectorArray, at, type);
          SmallVector<Value> next;
          for (auto [row, sum] : llvm::zip(rows, sums)) {
            Positions position(at);
            if (row[scalarArray] != rows[0][scalarArray]) {
              Value apart = b.create<arith::SubIOp>(loc, row[scalarArray],
                                                    rows[0][scalarArray]);
              position[scalarArray] = emitter.add(at[scalarArray], apart);
            }
            Value scalar = loadScalar(scalarArray, position);
            Value spread = b.create<vector::BroadcastOp>(loc, type, scalar);
            next.push_back(multiplyAdd(spread, shared, sum));
          }
          return next;
        });
    for (auto [row, sum] : llvm::zip(rows, sums))
      b.create<vector::StoreOp>(loc, sum, emitter.memoryOf(write.getBuffer()),
                                row[C]);
  }

  /// Adds the halves of a vector until one element is left.
  Value sumOf(Value vector) {
    for (int64_t width = lanes / 2; width >= 1; width /= 2) {
      Value low =
          b.create<vector::ExtractStridedSliceOp>(loc, vector, 0, width, 1);
      Value high =
          b.create<vector::ExtractStridedSliceOp>(loc, vector, width, width, 1);
      vector = plus(low, high);
    }
    return b.create<vector::ExtractOp>(loc, vector, 0);
  }

  void emitDot(ArrayRef<Value> bases) {
    Axis axis = inner[0];
    auto type = VectorType::get(lanes, element);
    overAxes(outer, bases, [&](ArrayRef<Value> from) {
      Value extent = emitter.size(axis.size), step = emitter.index(lanes);
      Value rest = b.createOrFold<arith::RemSIOp>(loc, extent, step);
      Value whole = b.createOrFold<arith::SubIOp>(loc, extent, rest);
      Value sum = chunks(emitter.index(0), whole, step, zeroOf(type),
                         [&](Value k, Value sum) {
                           Positions at = advance(from, axis, k);
                           return multiplyAdd(loadVector(A, at, type),
                                              loadVector(B, at, type), sum);
                         });
      Value total = chunks(
          whole, extent, emitter.index(1), sumOf(sum), [&](Value k, Value sum) {
            Positions at = advance(from, axis, k);
            return multiplyAdd(loadScalar(A, at), loadScalar(B, at), sum);
          });
      emitter.storeAt(write.getBuffer(), from[C], total);
    });
  }

  Value chunks(Value low, Value high, Value step, Value start,
               llvm::function_ref<Value(Value, Value)> body) {
    OpBuilder::InsertionGuard guard(b);
    auto loop = b.create<scf::ForOp>(loc, low, high, step, start);
    b.setInsertionPointToStart(loop.getBody());
    Value next = body(loop.getInductionVar(), loop.getRegionIterArg(0));
    b.create<scf::YieldOp>(loc, next);
    return loop.getResult(0);
  }

  void emitScalar(ArrayRef<Value> bases) {
    overAxes(outer, bases, [&](ArrayRef<Value> from) {
      auto sum = accumulate(
          inner, from, zeroOf(element),
          [&](ArrayRef<Value> at, ValueRange sum) -> SmallVector<Value> {
            return {multiplyAdd(loadScalar(A, at), loadScalar(B, at), sum[0])};
          });
      emitter.storeAt(write.getBuffer(), from[C], sum[0]);
    });
  }

  KernelEmitter &emitter;
  OpBuilder &b;
  Location loc;
  WriteOp write;
  std::array<Value, 2> operands;
  /// Null for a number that is not in memory: the index of a scan.
  std::array<ReadOp, 2> reads;
  Type element;
  /// Axes of the result, and contracted axes.
  SmallVector<Axis> outer, inner;
  std::optional<Axis> vectorAxis, rowAxis;
  Array vectorArray = B;
};
} // namespace

LogicalResult KernelEmitter::emitContraction() {
  WriteOp write = writes().front();
  auto op = write.getValue().getDefiningOp<ContractOp>();
  ContractionEmitter(*this, write, op).emit();
  return success();
}
