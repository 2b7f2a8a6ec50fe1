//===- Elementwise.cpp - element-wise operations --------------------------===//
//
// Meaning and gradient of the element-wise family: a formula each.
//
//===----------------------------------------------------------------------===//
#include "dialect/ops/Elementwise.h"
#include "dialect/Gradient.h"
#include "dialect/Ops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;
using namespace mlir::model;

#define GET_OP_CLASSES
#include "dialect/ops/Elementwise.cpp.inc"

void model::registerElementwiseOps(ModelDialect &dialect) {
  dialect.addOperationsOf<
#define GET_OP_LIST
#include "dialect/ops/Elementwise.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// What the family shares
//===----------------------------------------------------------------------===//

FailureOr<ArrayType> model::inferElementwiseShape(ValueRange operands,
                                                  Type element,
                                                  ShapeError &error) {
  auto first = cast<ArrayType>(operands[0].getType());
  for (unsigned i = 1; i < operands.size(); ++i) {
    auto other = cast<ArrayType>(operands[i].getType());
    if (other.getRank() != first.getRank())
      return error.set(ShapeError::Kind::RankMismatch,
                       "ranks differ: " + Twine(first.getRank()) + " vs " +
                           Twine(other.getRank()),
                       {{0, -1}, {i, -1}});
    for (int64_t axis = 0; axis < first.getRank(); ++axis)
      if (first.getSize(axis) != other.getSize(axis))
        return error.set(ShapeError::Kind::SizeMismatch,
                         "sizes of axis " + Twine(axis) +
                             " differ: " + first.getSize(axis).str() + " vs " +
                             other.getSize(axis).str(),
                         {{0, axis}, {i, axis}});
  }
  return first.withElementType(element ? element : first.getElementType());
}

Value model::emitElementwiseElement(ElementwiseOpInterface op,
                                    OpBuilder &builder, Location location,
                                    ValueRange index, ElementSource &source) {
  SmallVector<Value> operands;
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    operands.push_back(source.load(builder, location, i, index));
  return op.emitScalar(builder, location, operands);
}

//===----------------------------------------------------------------------===//
// Meaning
//===----------------------------------------------------------------------===//

/// A scalar, or a vector of them, like `like`.
static Value constantLike(OpBuilder &b, Location loc, Value like,
                          double number) {
  Type type = like.getType();
  Type element = getElementTypeOrSelf(type);
  TypedAttr scalar;
  if (isa<FloatType>(element))
    scalar = b.getFloatAttr(element, number);
  else
    scalar = b.getIntegerAttr(element, static_cast<int64_t>(number));
  if (auto vector = dyn_cast<VectorType>(type))
    scalar = DenseElementsAttr::get(vector, Attribute(scalar));
  return b.create<arith::ConstantOp>(loc, scalar);
}

static bool isFloat(Value value) {
  return isa<FloatType>(getElementTypeOrSelf(value.getType()));
}

/// Emits the float or the integer form, as the operands demand.
template <typename FloatOp, typename IntegerOp>
static Value emitNumber(OpBuilder &b, Location loc, ValueRange x) {
  if (isFloat(x[0]))
    return b.create<FloatOp>(loc, x[0].getType(), x);
  return b.create<IntegerOp>(loc, x[0].getType(), x);
}

#define EMIT(Op) Value Op::emitScalar(OpBuilder &b, Location loc, ValueRange x)

EMIT(AddOp) { return emitNumber<arith::AddFOp, arith::AddIOp>(b, loc, x); }
EMIT(SubOp) { return emitNumber<arith::SubFOp, arith::SubIOp>(b, loc, x); }
EMIT(MulOp) { return emitNumber<arith::MulFOp, arith::MulIOp>(b, loc, x); }
EMIT(DivOp) { return b.create<arith::DivFOp>(loc, x[0], x[1]); }
EMIT(MinOp) { return emitNumber<arith::MinimumFOp, arith::MinSIOp>(b, loc, x); }
EMIT(MaxOp) { return emitNumber<arith::MaximumFOp, arith::MaxSIOp>(b, loc, x); }
EMIT(PowOp) { return b.create<math::PowFOp>(loc, x[0], x[1]); }
EMIT(ExpOp) { return b.create<math::ExpOp>(loc, x[0]); }
EMIT(Expm1Op) { return b.create<math::ExpM1Op>(loc, x[0]); }
EMIT(LogOp) { return b.create<math::LogOp>(loc, x[0]); }
EMIT(Log1pOp) { return b.create<math::Log1pOp>(loc, x[0]); }
EMIT(SqrtOp) { return b.create<math::SqrtOp>(loc, x[0]); }
EMIT(RsqrtOp) { return b.create<math::RsqrtOp>(loc, x[0]); }
EMIT(TanhOp) { return b.create<math::TanhOp>(loc, x[0]); }
EMIT(ErfOp) { return b.create<math::ErfOp>(loc, x[0]); }
EMIT(SinOp) { return b.create<math::SinOp>(loc, x[0]); }
EMIT(CosOp) { return b.create<math::CosOp>(loc, x[0]); }
EMIT(FloorOp) { return b.create<math::FloorOp>(loc, x[0]); }
EMIT(CeilOp) { return b.create<math::CeilOp>(loc, x[0]); }
EMIT(RoundOp) { return b.create<math::RoundEvenOp>(loc, x[0]); }
EMIT(AndOp) { return b.create<arith::AndIOp>(loc, x[0], x[1]); }
EMIT(OrOp) { return b.create<arith::OrIOp>(loc, x[0], x[1]); }
EMIT(SelectOp) { return b.create<arith::SelectOp>(loc, x[0], x[1], x[2]); }
EMIT(StopGradientOp) { return x[0]; }

EMIT(NegOp) {
  if (isFloat(x[0]))
    return b.create<arith::NegFOp>(loc, x[0]);
  return b.create<arith::SubIOp>(loc, constantLike(b, loc, x[0], 0), x[0]);
}

EMIT(AbsOp) {
  if (isFloat(x[0]))
    return b.create<math::AbsFOp>(loc, x[0]);
  return b.create<math::AbsIOp>(loc, x[0]);
}

EMIT(SignOp) {
  Value zero = constantLike(b, loc, x[0], 0),
        one = constantLike(b, loc, x[0], 1);
  Value minusOne = constantLike(b, loc, x[0], -1);
  if (!isFloat(x[0])) {
    Value negative =
        b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, x[0], zero);
    Value positive =
        b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sgt, x[0], zero);
    Value rest = b.create<arith::SelectOp>(loc, positive, one, zero);
    return b.create<arith::SelectOp>(loc, negative, minusOne, rest);
  }
  // The last alternative is x itself: a zero of either sign, or NaN.
  Value negative =
      b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLT, x[0], zero);
  Value positive =
      b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OGT, x[0], zero);
  Value rest = b.create<arith::SelectOp>(loc, positive, one, x[0]);
  return b.create<arith::SelectOp>(loc, negative, minusOne, rest);
}

/// With e = exp(-|x|), which never overflows: x >= 0 ? 1 / (1 + e) : e / (1 +
/// e).
EMIT(SigmoidOp) {
  Value one = constantLike(b, loc, x[0], 1),
        zero = constantLike(b, loc, x[0], 0);
  Value magnitude = b.create<math::AbsFOp>(loc, x[0]);
  Value e = b.create<math::ExpOp>(loc, b.create<arith::NegFOp>(loc, magnitude));
  Value positive =
      b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OGE, x[0], zero);
  Value numerator = b.create<arith::SelectOp>(loc, positive, one, e);
  return b.create<arith::DivFOp>(loc, numerator,
                                 b.create<arith::AddFOp>(loc, one, e));
}

namespace {
/// Quotient and remainder of integers, towards zero, by a divisor that no
/// machine traps on: 1 stands for 0 and -1.
struct SafeDivision {
  Value quotient, remainder, divisor;
  Value isRoundedUp; // the signs of remainder and divisor differ
};
} // namespace

static SafeDivision divideSafely(OpBuilder &b, Location loc, ValueRange x) {
  auto equal = [&](Value value, double number) -> Value {
    return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, value,
                                   constantLike(b, loc, value, number));
  };
  Value unsafe = b.create<arith::OrIOp>(loc, equal(x[1], 0), equal(x[1], -1));
  SafeDivision made;
  made.divisor = b.create<arith::SelectOp>(loc, unsafe,
                                           constantLike(b, loc, x[1], 1), x[1]);
  made.quotient = b.create<arith::DivSIOp>(loc, x[0], made.divisor);
  made.remainder = b.create<arith::SubIOp>(
      loc, x[0], b.create<arith::MulIOp>(loc, made.quotient, made.divisor));
  Value zero = constantLike(b, loc, x[0], 0);
  Value signs = b.create<arith::XOrIOp>(loc, made.remainder, made.divisor);
  Value differ =
      b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, signs, zero);
  Value leaves = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne,
                                         made.remainder, zero);
  made.isRoundedUp = b.create<arith::AndIOp>(loc, differ, leaves);
  return made;
}

/// `whole` where the divisor is neither 0 nor -1.
static Value chooseByDivisor(OpBuilder &b, Location loc, Value divisor,
                             Value byZero, Value byMinusOne, Value whole) {
  auto equal = [&](double number) -> Value {
    return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, divisor,
                                   constantLike(b, loc, divisor, number));
  };
  Value rest = b.create<arith::SelectOp>(loc, equal(-1), byMinusOne, whole);
  return b.create<arith::SelectOp>(loc, equal(0), byZero, rest);
}

EMIT(FloorDivOp) {
  SafeDivision division = divideSafely(b, loc, x);
  Value one = constantLike(b, loc, x[0], 1),
        zero = constantLike(b, loc, x[0], 0);
  Value lower = b.create<arith::SubIOp>(loc, division.quotient, one);
  Value floor = b.create<arith::SelectOp>(loc, division.isRoundedUp, lower,
                                          division.quotient);
  Value negated = b.create<arith::SubIOp>(loc, zero, x[0]);
  return chooseByDivisor(b, loc, x[1], zero, negated, floor);
}

EMIT(RemainderOp) {
  SafeDivision division = divideSafely(b, loc, x);
  Value zero = constantLike(b, loc, x[0], 0);
  Value raised =
      b.create<arith::AddIOp>(loc, division.remainder, division.divisor);
  Value rest = b.create<arith::SelectOp>(loc, division.isRoundedUp, raised,
                                         division.remainder);
  return chooseByDivisor(b, loc, x[1], x[0], zero, rest);
}

EMIT(NotOp) {
  return b.create<arith::XOrIOp>(loc, x[0], constantLike(b, loc, x[0], 1));
}

EMIT(CompareOp) {
  if (isFloat(x[0])) {
    static constexpr arith::CmpFPredicate floats[] = {
        arith::CmpFPredicate::OEQ, arith::CmpFPredicate::UNE,
        arith::CmpFPredicate::OLT, arith::CmpFPredicate::OLE,
        arith::CmpFPredicate::OGT, arith::CmpFPredicate::OGE};
    return b.create<arith::CmpFOp>(loc, floats[unsigned(getPredicate())], x[0],
                                   x[1]);
  }
  static constexpr arith::CmpIPredicate integers[] = {
      arith::CmpIPredicate::eq,  arith::CmpIPredicate::ne,
      arith::CmpIPredicate::slt, arith::CmpIPredicate::sle,
      arith::CmpIPredicate::sgt, arith::CmpIPredicate::sge};
  static constexpr arith::CmpIPredicate bools[] = {
      arith::CmpIPredicate::eq,  arith::CmpIPredicate::ne,
      arith::CmpIPredicate::ult, arith::CmpIPredicate::ule,
      arith::CmpIPredicate::ugt, arith::CmpIPredicate::uge};
  bool isBool = getElementTypeOrSelf(x[0].getType()).isInteger(1);
  auto predicate = (isBool ? bools : integers)[unsigned(getPredicate())];
  return b.create<arith::CmpIOp>(loc, predicate, x[0], x[1]);
}

/// Truncates towards zero, saturating; NaN gives 0. `arith.fptosi` alone is
/// undefined there.
static Value emitFloatToInteger(OpBuilder &b, Location loc, Value x, Type to) {
  unsigned width = getElementTypeOrSelf(to).getIntOrFloatBitWidth();
  double limit = std::ldexp(1.0, width - 1);
  Value low = constantLike(b, loc, x, -limit),
        high = constantLike(b, loc, x, limit);
  Value below = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLT, x, low);
  Value above =
      b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OGE, x, high);
  Value nan = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::UNO, x, x);
  Value outside = b.create<arith::OrIOp>(
      loc, b.create<arith::OrIOp>(loc, below, above), nan);
  Value safe =
      b.create<arith::SelectOp>(loc, outside, constantLike(b, loc, x, 0), x);
  Value result = b.create<arith::FPToSIOp>(loc, to, safe);
  auto bound = [&](const APInt &value) -> Value {
    TypedAttr scalar = b.getIntegerAttr(getElementTypeOrSelf(to), value);
    if (auto vector = dyn_cast<VectorType>(to))
      scalar = DenseElementsAttr::get(vector, Attribute(scalar));
    return b.create<arith::ConstantOp>(loc, scalar);
  };
  result = b.create<arith::SelectOp>(
      loc, below, bound(APInt::getSignedMinValue(width)), result);
  return b.create<arith::SelectOp>(
      loc, above, bound(APInt::getSignedMaxValue(width)), result);
}

EMIT(CastOp) {
  Type to = getElement();
  if (auto vector = dyn_cast<VectorType>(x[0].getType()))
    to = VectorType::get(vector.getShape(), to);
  Type from = getElementTypeOrSelf(x[0].getType()), element = getElement();
  if (from == element)
    return x[0];
  unsigned fromWidth = from.getIntOrFloatBitWidth(),
           width = element.getIntOrFloatBitWidth();
  if (element.isInteger(1)) {
    Value zero = constantLike(b, loc, x[0], 0);
    if (isFloat(x[0]))
      return b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::UNE, x[0],
                                     zero);
    return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, x[0], zero);
  }
  if (isa<FloatType>(from) && isa<FloatType>(element))
    return width > fromWidth ? Value(b.create<arith::ExtFOp>(loc, to, x[0]))
                             : Value(b.create<arith::TruncFOp>(loc, to, x[0]));
  if (isa<FloatType>(from))
    return emitFloatToInteger(b, loc, x[0], to);
  if (isa<FloatType>(element))
    return from.isInteger(1) ? Value(b.create<arith::UIToFPOp>(loc, to, x[0]))
                             : Value(b.create<arith::SIToFPOp>(loc, to, x[0]));
  if (width < fromWidth)
    return b.create<arith::TruncIOp>(loc, to, x[0]);
  return from.isInteger(1) ? Value(b.create<arith::ExtUIOp>(loc, to, x[0]))
                           : Value(b.create<arith::ExtSIOp>(loc, to, x[0]));
}
#undef EMIT

//===----------------------------------------------------------------------===//
// Gradients: with y = f(x) and dy the cotangent of y
//===----------------------------------------------------------------------===//

#define GRADIENT(Op) LogicalResult Op::emitGradient(GradientRule &rule)

/// Operations whose derivative is zero where it exists, and those without float
/// operands.
#define ZERO_GRADIENT(Op)                                                      \
  GRADIENT(Op) { return success(); }
ZERO_GRADIENT(SignOp)
ZERO_GRADIENT(FloorDivOp)
ZERO_GRADIENT(RemainderOp)
ZERO_GRADIENT(FloorOp)
ZERO_GRADIENT(CeilOp)
ZERO_GRADIENT(RoundOp)
ZERO_GRADIENT(CompareOp)
ZERO_GRADIENT(AndOp)
ZERO_GRADIENT(OrOp)
ZERO_GRADIENT(NotOp)
ZERO_GRADIENT(StopGradientOp)
#undef ZERO_GRADIENT

/// A rule of one operand: `FORMULA` is its cotangent.
#define UNARY_GRADIENT(Op, FORMULA)                                            \
  GRADIENT(Op) {                                                               \
    [[maybe_unused]] Expression x = rule.operand(0), y = rule.result(),        \
                                dy = rule.cotangent();                         \
    rule.add(0, FORMULA);                                                      \
    return success();                                                          \
  }
UNARY_GRADIENT(NegOp, -dy)
UNARY_GRADIENT(AbsOp, dy *sign(x))
UNARY_GRADIENT(ExpOp, dy *y)
UNARY_GRADIENT(Expm1Op, dy *(y + 1.0))
UNARY_GRADIENT(LogOp, dy / x)
UNARY_GRADIENT(Log1pOp, dy / (1.0 + x))
UNARY_GRADIENT(SqrtOp, dy * 0.5 / y)
UNARY_GRADIENT(RsqrtOp, dy * -0.5 * (y * y * y))
UNARY_GRADIENT(TanhOp, dy * (1.0 - y * y))
UNARY_GRADIENT(SigmoidOp, dy *(y * (1.0 - y)))
UNARY_GRADIENT(ErfOp,
               dy * (1.12837916709551257390 * exp(-(x * x)))) // 2 / sqrt(pi)
UNARY_GRADIENT(SinOp, dy *cos(x))
UNARY_GRADIENT(CosOp, -(dy *sin(x)))
#undef UNARY_GRADIENT

GRADIENT(AddOp) {
  rule.add(0, rule.cotangent());
  rule.add(1, rule.cotangent());
  return success();
}

GRADIENT(SubOp) {
  rule.add(0, rule.cotangent());
  if (rule.needs(1))
    rule.add(1, -rule.cotangent());
  return success();
}

GRADIENT(MulOp) {
  for (unsigned i : {0, 1})
    if (rule.needs(i))
      rule.add(i, rule.cotangent() * rule.operand(1 - i));
  return success();
}

GRADIENT(DivOp) {
  Expression quotient = rule.cotangent() / rule.operand(1);
  rule.add(0, quotient);
  if (rule.needs(1))
    rule.add(1, -(quotient * rule.result()));
  return success();
}

/// d/da a^b = b a^(b-1), and 0 where b is 0; d/db a^b = a^b log a, and 0 where
/// a is 0.
GRADIENT(PowOp) {
  Expression a = rule.operand(0), b = rule.operand(1), dy = rule.cotangent();
  if (rule.needs(0)) {
    Expression isZero = compare(ComparePredicate::eq, b, b.constant(0.0));
    Expression exponent = select(isZero, b.constant(1.0), b - 1.0);
    rule.add(0, dy * select(isZero, b.constant(0.0), b * pow(a, exponent)));
  }
  if (rule.needs(1)) {
    Expression isZero = compare(ComparePredicate::eq, a, a.constant(0.0));
    Expression logarithm = log(select(isZero, a.constant(1.0), a));
    rule.add(1, dy * (rule.result() * logarithm));
  }
  return success();
}

/// The operand that was chosen receives the cotangent; at a tie each receives
/// half of it.
static LogicalResult emitExtremumGradient(GradientRule &rule) {
  Expression a = rule.operand(0), b = rule.operand(1), y = rule.result(),
             dy = rule.cotangent();
  Expression tie = compare(ComparePredicate::eq, a, b);
  Expression whole = select(tie, dy * 0.5, dy), none = dy.constant(0.0);
  rule.add(0, select(compare(ComparePredicate::eq, a, y), whole, none));
  rule.add(1, select(compare(ComparePredicate::eq, b, y), whole, none));
  return success();
}
GRADIENT(MinOp) { return emitExtremumGradient(rule); }
GRADIENT(MaxOp) { return emitExtremumGradient(rule); }

GRADIENT(SelectOp) {
  Expression dy = rule.cotangent(), condition = rule.operand(0),
             none = dy.constant(0.0);
  if (rule.needs(1))
    rule.add(1, select(condition, dy, none));
  if (rule.needs(2))
    rule.add(2, select(condition, none, dy));
  return success();
}

GRADIENT(CastOp) {
  auto from = cast<ArrayType>(getOperand().getType());
  if (from.isFloat() && cast<ArrayType>(getType()).isFloat())
    rule.add(0, rule.builder().create<CastOp>(rule.location(), rule.cotangent(),
                                              from.getElementType()));
  return success();
}
#undef GRADIENT
