//===- ScanGradient.cpp - the gradient of repetition ----------------------===//
//
// Reverse mode through `model.scan`: a scan in the other direction over stacked
// residuals.
//
// With carries c, slices x, invariants w and stacks y, the block computes
//   (c', y_i) = f(i, c, x_i, w).
// The reverse scan runs over the same indices in the other direction. Its
// carries are the cotangents of c and the sums of w's cotangents, its slices
// the cotangents of y and what f's derivative needs of the forward pass, its
// stacks the cotangents of x:
//   (dc, dx_i, dw_i) = f'(...)^T (dc', dy_i),   dw = sum of dw_i.
// What the derivative needs of the forward block is sorted into: the block's
// own arguments that can be had again (index, slices, invariants), constants
// (cloned), and the rest, which the forward scan, made again with extra
// results, stacks.
//
//===----------------------------------------------------------------------===//
#include "dialect/Gradient.h"
#include "dialect/ops/Control.h"
#include "dialect/ops/Elementwise.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace mlir::model;

static Value createZeros(OpBuilder &builder, Location location, Type type) {
  auto array = cast<ArrayType>(type);
  TypedAttr zero = builder.getFloatAttr(array.getElementType(), 0.0);
  return builder.create<FillOp>(location, array, zero);
}

static bool isFloatArray(Value value) {
  return cast<ArrayType>(value.getType()).isFloat();
}

namespace {
/// Builds the reverse scan of one `model.scan`, part by part.
class ScanDifferentiator {
public:
  ScanDifferentiator(ScanOp op, GradientRule &rule)
      : op(op), rule(rule), builder(rule.builder()), location(rule.location()),
        block(op.getBlock()) {}

  LogicalResult run() {
    findVariedCarries();
    findWanted();
    OpBuilder::InsertPoint end = builder.saveInsertionPoint();
    builder.setInsertionPointToStart(&reverse);
    reverse.addArgument(op.getIndex().getType(), location);
    addCarries();
    SmallVector<std::pair<Value, Value>> seeds = addSeeds();
    FailureOr<SmallVector<Value>> cotangents =
        rule.differentiate(block, seeds, wanted);
    if (succeeded(cotangents)) {
      yieldCotangents(*cotangents);
      captureForwardValues();
    }
    builder.restoreInsertionPoint(end);
    if (failed(cotangents)) {
      reverse.dropAllReferences();
      return failure();
    }
    ScanOp made = createReverseScan();
    distribute(made);
    op.erase();
    return success();
  }

  ScanDifferentiator(const ScanDifferentiator &) = delete;

private:
  unsigned firstSlice() { return op.getCarryCount(); }
  unsigned firstInvariant() { return firstSlice() + op.getSlices().size(); }

  /// A carry is varied if its initial value is, or if what is yielded for it
  /// depends on something varied: a fixed point.
  void findVariedCarries() {
    variedCarries.resize(op.getCarryCount());
    for (unsigned i = 0; i < op.getCarryCount(); ++i)
      variedCarries[i] = isFloatArray(op.getCarries()[i]) && rule.needs(i);
    for (bool changed = true; changed;) {
      changed = false;
      DenseSet<Value> varied;
      for (unsigned i = 0; i < op.getCarryCount(); ++i)
        if (variedCarries[i])
          varied.insert(op.getCarryArguments()[i]);
      for (auto [i, argument] : llvm::enumerate(op.getSliceArguments()))
        if (isFloatArray(argument) && rule.needs(firstSlice() + i))
          varied.insert(argument);
      for (auto [i, argument] : llvm::enumerate(op.getInvariantArguments()))
        if (isFloatArray(argument) && rule.needs(firstInvariant() + i))
          varied.insert(argument);
      propagateVaried(block, varied);
      for (unsigned i = 0; i < op.getCarryCount(); ++i)
        if (!variedCarries[i] && varied.contains(op.getYield().getOperand(i)))
          variedCarries[i] = changed = true;
    }
  }

  /// `wanted`: varied carries, then wanted slices, then wanted invariants.
  void findWanted() {
    for (unsigned i = 0; i < op.getCarryCount(); ++i)
      if (variedCarries[i])
        wanted.push_back(op.getCarryArguments()[i]);
    for (auto [i, argument] : llvm::enumerate(op.getSliceArguments()))
      if (isFloatArray(argument) && rule.needs(firstSlice() + i)) {
        wantedSlices.push_back(i);
        wanted.push_back(argument);
      }
    for (auto [i, argument] : llvm::enumerate(op.getInvariantArguments()))
      if (isFloatArray(argument) && rule.needs(firstInvariant() + i)) {
        wantedInvariants.push_back(i);
        wanted.push_back(argument);
      }
  }

  /// The reverse carries: cotangents of varied carries, then sums for wanted
  /// invariants.
  void addCarries() {
    for (unsigned i = 0; i < op.getCarryCount(); ++i)
      if (variedCarries[i])
        carryArguments.push_back(
            reverse.addArgument(op.getCarries()[i].getType(), location));
    for (unsigned i : wantedInvariants)
      sumArguments.push_back(
          reverse.addArgument(op.getInvariants()[i].getType(), location));
  }

  SmallVector<std::pair<Value, Value>> addSeeds() {
    SmallVector<std::pair<Value, Value>> seeds;
    YieldOp yield = op.getYield();
    for (unsigned i = 0, next = 0; i < op.getCarryCount(); ++i)
      if (variedCarries[i])
        seeds.push_back({yield.getOperand(i), carryArguments[next++]});
    for (unsigned i = op.getCarryCount(); i < op.getNumResults(); ++i)
      if (rule.hasCotangent(i)) {
        Value slice =
            reverse.addArgument(yield.getOperand(i).getType(), location);
        stackCotangents.push_back(i);
        seeds.push_back({yield.getOperand(i), slice});
      }
    return seeds;
  }

  void yieldCotangents(ArrayRef<Value> cotangents) {
    SmallVector<Value> carries, sums, stacks;
    auto orZeros = [&](Value cotangent, Value of) {
      return cotangent ? cotangent
                       : createZeros(builder, location, of.getType());
    };
    unsigned next = 0;
    for (; next < carryArguments.size(); ++next)
      carries.push_back(orZeros(cotangents[next], wanted[next]));
    for (unsigned i = 0; i < wantedSlices.size(); ++i, ++next)
      stacks.push_back(orZeros(cotangents[next], wanted[next]));
    for (unsigned i = 0; i < wantedInvariants.size(); ++i, ++next)
      sums.push_back(cotangents[next]
                         ? builder.create<AddOp>(location, sumArguments[i],
                                                 cotangents[next])
                         : Value(sumArguments[i]));
    llvm::append_range(carries, sums);
    llvm::append_range(carries, stacks);
    builder.create<YieldOp>(location, carries);
    for (Value stack : stacks)
      sliceTypes.push_back(stack.getType());
  }

  bool isForward(Value value) {
    if (auto argument = dyn_cast<BlockArgument>(value))
      return argument.getOwner() == &block;
    return value.getDefiningOp()->getBlock() == &block;
  }

  /// Gives each forward value that the reverse block uses a place in the
  /// reverse scan.
  void captureForwardValues() {
    llvm::SetVector<Value> captured;
    for (Operation &inner : reverse)
      for (Value operand : inner.getOperands())
        if (isForward(operand))
          captured.insert(operand);

    // Slices come before invariants in the block's arguments: two rounds.
    SmallVector<Value> residuals;
    DenseMap<Value, Value> replacement;
    for (Value value : captured) {
      if (value == op.getIndex()) {
        replacement[value] = reverse.getArgument(0);
      } else if (Operation *constant = value.getDefiningOp();
                 constant && constant->getNumOperands() == 0 &&
                 isPure(constant)) {
        builder.setInsertionPointToStart(&reverse);
        replacement[value] = builder.clone(*constant)->getResult(0);
      } else if (auto *slice = llvm::find(op.getSliceArguments(), value);
                 slice != op.getSliceArguments().end()) {
        forwardSlices.push_back(
            op.getSlices()[slice - op.getSliceArguments().begin()]);
        replacement[value] = reverse.addArgument(value.getType(), location);
      } else if (!llvm::is_contained(op.getInvariantArguments(), value)) {
        residuals.push_back(value);
      }
    }
    for (Value value : residuals)
      replacement[value] = reverse.addArgument(value.getType(), location);
    for (auto [operand, argument] :
         llvm::zip(op.getInvariants(), op.getInvariantArguments()))
      if (captured.contains(argument)) {
        forwardInvariants.push_back(operand);
        replacement[argument] =
            reverse.addArgument(argument.getType(), location);
      }
    for (Operation &inner : reverse)
      for (OpOperand &operand : inner.getOpOperands())
        if (Value other = replacement.lookup(operand.get()))
          operand.set(other);
    stackResiduals(residuals);
  }

  /// The size of a stack of values of `type`.
  ArrayType stacked(Type type) {
    auto array = cast<ArrayType>(type);
    SmallVector<SizeAttr> shape = {op.getLength()};
    llvm::append_range(shape, array.getShape());
    return array.withShape(shape);
  }

  /// Makes the forward scan again, with the residuals as extra stacked results.
  void stackResiduals(ArrayRef<Value> residuals) {
    OpBuilder forward(op);
    SmallVector<Type> types(op.getResultTypes());
    for (Value residual : residuals)
      types.push_back(stacked(residual.getType()));
    auto fresh = forward.create<ScanOp>(op.getLoc(), types, op.getLength(),
                                        op.getReverse(), op.getCarries(),
                                        op.getSlices(), op.getInvariants());
    op.getYield().getValuesMutable().append(residuals);
    fresh.getBody().takeBody(op.getBody());
    unsigned count = op.getNumResults();
    rule.replaceResults(fresh.getResults().take_front(count));
    llvm::append_range(forwardSlices, fresh.getResults().drop_front(count));
  }

  ScanOp createReverseScan() {
    SmallVector<Value> carries, slices;
    SmallVector<Type> types;
    for (unsigned i = 0; i < op.getCarryCount(); ++i)
      if (variedCarries[i])
        carries.push_back(rule.cotangentValue(i));
    for (unsigned i : wantedInvariants)
      carries.push_back(
          createZeros(builder, location, op.getInvariants()[i].getType()));
    for (Value carry : carries)
      types.push_back(carry.getType());
    for (Type slice : sliceTypes)
      types.push_back(stacked(slice));
    for (unsigned i : stackCotangents)
      slices.push_back(rule.cotangentValue(i));
    llvm::append_range(slices, forwardSlices);
    auto made = builder.create<ScanOp>(location, types, op.getLength(),
                                       !op.getReverse(), carries, slices,
                                       forwardInvariants);
    made.getBody().push_back(new Block);
    Block &body = made.getBody().front();
    for (BlockArgument argument : reverse.getArguments())
      argument.replaceAllUsesWith(
          body.addArgument(argument.getType(), argument.getLoc()));
    body.getOperations().splice(body.end(), reverse.getOperations());
    return made;
  }

  void distribute(ScanOp made) {
    unsigned next = 0;
    for (unsigned i = 0; i < op.getCarryCount(); ++i)
      if (variedCarries[i])
        rule.add(i, made.getResult(next++));
    for (unsigned i : wantedInvariants)
      rule.add(firstInvariant() + i, made.getResult(next++));
    for (unsigned i : wantedSlices)
      rule.add(firstSlice() + i, made.getResult(next++));
  }

  ScanOp op;
  GradientRule &rule;
  OpBuilder &builder;
  Location location;
  Block &block;
  /// The body of the reverse scan, detached until it is whole.
  Block reverse;

  llvm::SmallBitVector variedCarries;
  SmallVector<unsigned> wantedSlices, wantedInvariants, stackCotangents;
  SmallVector<Value> wanted, carryArguments, sumArguments, forwardSlices,
      forwardInvariants;
  SmallVector<Type> sliceTypes;
};
} // namespace

LogicalResult ScanOp::emitGradient(GradientRule &rule) {
  return ScanDifferentiator(*this, rule).run();
}
