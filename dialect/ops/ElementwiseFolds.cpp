//===- ElementwiseFolds.cpp - simpler element-wise operations -------------===//
//
// Identities, constant folding and rewrites of the element-wise family.
//
// All of them keep every bit of an IEEE result: infinities and signed zeros
// stay, NaN stays NaN (its sign and payload are nobody's business), and no sum
// is taken in another order.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include <cmath>

using namespace mlir;
using namespace mlir::model;

static bool isScalar(Attribute attribute) {
  return isa_and_nonnull<FloatAttr, IntegerAttr>(attribute);
}

static bool isSplat(Attribute attribute, double number) {
  if (auto value = dyn_cast_or_null<FloatAttr>(attribute)) {
    double held = value.getValueAsDouble();
    return held == number && std::signbit(held) == std::signbit(number);
  }
  auto value = dyn_cast_or_null<IntegerAttr>(attribute);
  return value && !value.getType().isInteger(1) &&
         value.getInt() == static_cast<int64_t>(number);
}

/// The number of which every element of `value` is one copy, or null.
static Attribute splatOf(Value value) {
  Attribute constant;
  return matchPattern(value, m_Constant(&constant)) && isScalar(constant)
             ? constant
             : nullptr;
}

static bool isFloat(Value value) {
  return cast<ArrayType>(value.getType()).isFloat();
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Functions of `math` whose folding rounds as every machine does. Folding the
/// others would use the host's libm.
static bool isExact(Operation *op) {
  return !isa<math::MathDialect>(op->getDialect()) ||
         isa<math::AbsFOp, math::AbsIOp, math::FloorOp, math::CeilOp,
             math::RoundEvenOp, math::SqrtOp>(op);
}

/// Folds splats through `emitScalar`: the operations that it emits fold to a
/// constant, or the fold is given up.
static OpFoldResult foldScalar(ElementwiseOpInterface op,
                               ArrayRef<Attribute> operands) {
  if (!llvm::all_of(operands, isScalar))
    return {};
  Block scratch;
  OpBuilder builder(op.getContext());
  builder.setInsertionPointToEnd(&scratch);
  SmallVector<Value> values;
  for (Attribute operand : operands)
    values.push_back(builder.create<arith::ConstantOp>(
        op.getLoc(), cast<TypedAttr>(operand)));
  DenseMap<Value, Attribute> known;
  Value result = op.emitScalar(builder, op.getLoc(), values);
  for (Operation &emitted : scratch) {
    SmallVector<Attribute> inputs;
    for (Value input : emitted.getOperands())
      inputs.push_back(known.lookup(input));
    SmallVector<OpFoldResult, 1> folded;
    if (!isExact(&emitted) || failed(emitted.fold(inputs, folded)) ||
        folded.size() != 1)
      return {};
    Attribute constant = dyn_cast<Attribute>(folded[0]);
    if (!constant)
      constant = known.lookup(cast<Value>(folded[0]));
    if (!isScalar(constant))
      return {};
    known[emitted.getResult(0)] = constant;
  }
  return known.lookup(result);
}

//===----------------------------------------------------------------------===//
// Identities
//===----------------------------------------------------------------------===//

/// `x + 0` is no identity (-0 + 0 is +0), and neither is `x * 0` (NaN * 0).
static OpFoldResult foldArithmetic(Operation *op,
                                   ArrayRef<Attribute> operands) {
  bool integer = !isFloat(op->getResult(0));
  if (isa<MulOp>(op))
    for (unsigned i : {0, 1}) {
      if (isSplat(operands[i], 1.0))
        return op->getOperand(1 - i);
      if (integer && isSplat(operands[i], 0.0))
        return operands[i];
    }
  if (isa<AddOp>(op))
    for (unsigned i : {0, 1})
      if (isSplat(operands[i], integer ? 0.0 : -0.0))
        return op->getOperand(1 - i);
  if (isa<DivOp>(op) && isSplat(operands[1], 1.0))
    return op->getOperand(0);
  if (isa<SubOp>(op) && isSplat(operands[1], 0.0))
    return op->getOperand(0);
  if (isa<SubOp>(op) && integer && op->getOperand(0) == op->getOperand(1))
    return Builder(op).getIntegerAttr(
        cast<ArrayType>(op->getResult(0).getType()).getElementType(), 0);
  if (isa<MinOp, MaxOp>(op) && op->getOperand(0) == op->getOperand(1))
    return op->getOperand(0);
  if (isa<NegOp>(op))
    if (auto inner = op->getOperand(0).getDefiningOp<NegOp>())
      return inner.getOperand();
  return {};
}

static OpFoldResult foldLogic(Operation *op, ArrayRef<Attribute> operands) {
  if (isa<AndOp, OrOp>(op)) {
    if (op->getOperand(0) == op->getOperand(1))
      return op->getOperand(0);
    for (unsigned i : {0, 1})
      if (auto constant = dyn_cast_or_null<IntegerAttr>(operands[i])) {
        bool decides = isa<OrOp>(op) == constant.getValue().isOne();
        return decides ? OpFoldResult(constant) : op->getOperand(1 - i);
      }
  }
  if (isa<NotOp>(op))
    if (auto inner = op->getOperand(0).getDefiningOp<NotOp>())
      return inner.getOperand();
  auto compare = dyn_cast<CompareOp>(op);
  if (compare && compare.getLhs() == compare.getRhs()) {
    ComparePredicate predicate = compare.getPredicate();
    bool strict =
        predicate == ComparePredicate::lt || predicate == ComparePredicate::gt;
    if (!isFloat(compare.getLhs()))
      return BoolAttr::get(op->getContext(),
                           !strict && predicate != ComparePredicate::ne);
    if (strict) // `x == x`, `x <= x` and `x != x` tell NaN
      return BoolAttr::get(op->getContext(), false);
  }
  return {};
}

static OpFoldResult foldSelect(SelectOp op, ArrayRef<Attribute> operands) {
  if (op.getOnTrue() == op.getOnFalse())
    return op.getOnTrue();
  if (auto condition = dyn_cast_or_null<IntegerAttr>(operands[0]))
    return condition.getValue().isZero() ? op.getOnFalse() : op.getOnTrue();
  auto onTrue = dyn_cast_or_null<IntegerAttr>(operands[1]),
       onFalse = dyn_cast_or_null<IntegerAttr>(operands[2]);
  if (op.getCondition().getType() == op.getType() && onTrue && onFalse &&
      onTrue.getValue().isOne() && onFalse.getValue().isZero())
    return op.getCondition();
  return {};
}

/// Whether each value of `from` is one of `to`.
static bool holdsAllOf(Type to, Type from) {
  if (from == to || from.isInteger(1))
    return true;
  if (to.isInteger(1))
    return false;
  unsigned fromWidth = from.getIntOrFloatBitWidth(),
           width = to.getIntOrFloatBitWidth();
  if (isa<FloatType>(from))
    return isa<FloatType>(to) && width >= fromWidth;
  if (auto number = dyn_cast<FloatType>(to))
    return number.getFPMantissaWidth() >= fromWidth;
  return width >= fromWidth;
}

/// A cast that loses nothing, before another one, can be left out.
static OpFoldResult foldCast(CastOp op) {
  if (op.getOperand().getType() == op.getType())
    return op.getOperand();
  auto inner = op.getOperand().getDefiningOp<CastOp>();
  if (!inner)
    return {};
  Type middle = inner.getElement(), to = op.getElement();
  Type from = cast<ArrayType>(inner.getOperand().getType()).getElementType();
  // From a float to an integer numbers saturate, between integers they wrap.
  bool saturates = isa<FloatType>(middle) && !isa<FloatType>(from) &&
                   isa<IntegerType>(to) && !to.isInteger(1) &&
                   !holdsAllOf(to, from);
  if (!holdsAllOf(middle, from) || saturates)
    return {};
  if (from == to)
    return inner.getOperand();
  op.getOperandMutable().assign(inner.getOperand());
  return op.getResult();
}

OpFoldResult model::foldElementwise(ElementwiseOpInterface op,
                                    ArrayRef<Attribute> operands) {
  if (isa<StopGradientOp>(op)) // it must survive until gradients are resolved
    return {};
  if (auto cast = dyn_cast<CastOp>(op.getOperation()))
    if (OpFoldResult same = foldCast(cast))
      return same;
  if (auto select = dyn_cast<SelectOp>(op.getOperation()))
    if (OpFoldResult same = foldSelect(select, operands))
      return same;
  if (OpFoldResult same = foldArithmetic(op, operands))
    return same;
  if (OpFoldResult same = foldLogic(op, operands))
    return same;
  return foldScalar(op, operands);
}

//===----------------------------------------------------------------------===//
// Rewrites
//===----------------------------------------------------------------------===//

namespace {
/// x * -1 = -x.
struct MulToNeg : OpRewritePattern<MulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MulOp op,
                                PatternRewriter &rewriter) const override {
    for (unsigned i : {0, 1})
      if (isSplat(splatOf(op->getOperand(i)), -1.0)) {
        rewriter.replaceOpWithNewOp<NegOp>(op, op->getOperand(1 - i));
        return success();
      }
    return failure();
  }
};

/// x / 2^k = x * 2^-k: the real numbers are the same, and so is how they round.
struct DivToMul : OpRewritePattern<DivOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(DivOp op,
                                PatternRewriter &rewriter) const override {
    auto divisor = dyn_cast_or_null<FloatAttr>(splatOf(op.getRhs()));
    APFloat inverse(0.0);
    if (!divisor || !divisor.getValue().getExactInverse(&inverse))
      return failure();
    auto factor = rewriter.create<FillOp>(
        op.getLoc(), op.getType(), FloatAttr::get(divisor.getType(), inverse));
    rewriter.replaceOpWithNewOp<MulOp>(op, op.getLhs(), factor);
    return success();
  }
};

/// a + (-b) = a - b, and the other ways round.
struct AddNegToSub : OpRewritePattern<AddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(AddOp op,
                                PatternRewriter &rewriter) const override {
    for (unsigned i : {1, 0})
      if (auto negated = op->getOperand(i).getDefiningOp<NegOp>()) {
        rewriter.replaceOpWithNewOp<SubOp>(op, op->getOperand(1 - i),
                                           negated.getOperand());
        return success();
      }
    return failure();
  }
};

/// a - (-b) = a + b; -0 - x = -x, and for integers 0 - x = -x.
struct SimplifySub : OpRewritePattern<SubOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SubOp op,
                                PatternRewriter &rewriter) const override {
    if (auto negated = op.getRhs().getDefiningOp<NegOp>()) {
      rewriter.replaceOpWithNewOp<AddOp>(op, op.getLhs(), negated.getOperand());
      return success();
    }
    if (!isSplat(splatOf(op.getLhs()), isFloat(op) ? -0.0 : 0.0))
      return failure();
    rewriter.replaceOpWithNewOp<NegOp>(op, op.getRhs());
    return success();
  }
};

/// The powers that IEEE 754 gives exactly or rounds like one operation: x^0 and
/// 1^y are 1, x^1 is x, x^2 is x * x, x^-1 is 1 / x. Not x^0.5: sqrt(-inf) is
/// NaN and sqrt(-0) is -0, where the power is inf and +0.
struct SimplifyPow : OpRewritePattern<PowOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(PowOp op,
                                PatternRewriter &rewriter) const override {
    Attribute base = splatOf(op.getLhs()), exponent = splatOf(op.getRhs());
    auto one = [&]() -> Value {
      TypedAttr number =
          rewriter.getFloatAttr(op.getType().getElementType(), 1.0);
      return rewriter.create<FillOp>(op.getLoc(), op.getType(), number);
    };
    if (isSplat(base, 1.0) || isSplat(exponent, 0.0) || isSplat(exponent, -0.0))
      rewriter.replaceOp(op, one());
    else if (isSplat(exponent, 1.0))
      rewriter.replaceOp(op, op.getLhs());
    else if (isSplat(exponent, 2.0))
      rewriter.replaceOpWithNewOp<MulOp>(op, op.getLhs(), op.getLhs());
    else if (isSplat(exponent, -1.0))
      rewriter.replaceOpWithNewOp<DivOp>(op, one(), op.getLhs());
    else
      return failure();
    return success();
  }
};

/// select(!c, a, b) = select(c, b, a).
struct SelectOfNot : OpRewritePattern<SelectOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SelectOp op,
                                PatternRewriter &rewriter) const override {
    auto negated = op.getCondition().getDefiningOp<NotOp>();
    if (!negated)
      return failure();
    rewriter.replaceOpWithNewOp<SelectOp>(op, negated.getOperand(),
                                          op.getOnFalse(), op.getOnTrue());
    return success();
  }
};

/// An operation on arrays that are repeated in the same way is computed once,
/// and its result repeated. Constants are repeated in every way.
struct ElementwiseOfBroadcasts
    : OpInterfaceRewritePattern<ElementwiseOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(ElementwiseOpInterface op,
                                PatternRewriter &rewriter) const override {
    BroadcastOp broadcast = commonBroadcast(op);
    if (!broadcast)
      return failure();
    ArrayRef<SizeAttr> shape = broadcast.getOperand().getType().getShape();
    auto shrink = [&](Type type) {
      return cast<ArrayType>(type).withShape(shape);
    };
    IRMapping mapping;
    for (Value operand : op->getOperands()) {
      if (auto repeated = operand.getDefiningOp<BroadcastOp>())
        mapping.map(operand, repeated.getOperand());
      else
        mapping.map(operand, rewriter.create<FillOp>(
                                 operand.getLoc(), shrink(operand.getType()),
                                 cast<TypedAttr>(splatOf(operand))));
    }
    Operation *small = rewriter.clone(*op, mapping);
    Value result = small->getResult(0);
    rewriter.modifyOpInPlace(small,
                             [&] { result.setType(shrink(result.getType())); });
    rewriter.replaceOpWithNewOp<BroadcastOp>(op, result, broadcast.getShape(),
                                             broadcast.getAxes());
    return success();
  }

private:
  /// A broadcast among the operands, if all others are constants or do the
  /// same to an array of the same shape.
  static BroadcastOp commonBroadcast(ElementwiseOpInterface op) {
    BroadcastOp common;
    for (Value operand : op->getOperands()) {
      if (splatOf(operand))
        continue;
      auto broadcast = operand.getDefiningOp<BroadcastOp>();
      if (!broadcast)
        return nullptr;
      if (!common)
        common = broadcast;
      if (common.getAxes() != broadcast.getAxes() ||
          common.getOperand().getType().getShape() !=
              broadcast.getOperand().getType().getShape())
        return nullptr;
    }
    return common;
  }
};
} // namespace

void model::populateElementwiseFolds(RewritePatternSet &patterns) {
  patterns.add<MulToNeg, DivToMul, AddNegToSub, SimplifySub, SimplifyPow,
               SelectOfNot, ElementwiseOfBroadcasts>(patterns.getContext());
}
