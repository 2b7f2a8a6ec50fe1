//===- Lanes.cpp - formulas over numbers and vectors of numbers -----------===//
//
// Builds `arith` operations from C++ expressions.
//
//===----------------------------------------------------------------------===//
#include "dialect/Lanes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::model;

template <typename Op, typename... Operands>
static Lanes make(Lanes first, Operands... operands) {
  return first.at(
      first.getBuilder().create<Op>(first.getLocation(), operands...));
}

Type Lanes::element() const { return getElementTypeOrSelf(value.getType()); }

Type Lanes::typeOf(Type element) const {
  auto vector = dyn_cast<VectorType>(value.getType());
  return vector ? Type(vector.clone(element)) : element;
}

static Lanes splat(Lanes like, TypedAttr scalar) {
  if (auto vector = dyn_cast<VectorType>(like.type()))
    scalar = DenseElementsAttr::get(vector, Attribute(scalar));
  return make<arith::ConstantOp>(like, scalar);
}

Lanes Lanes::constant(double number) const {
  if (!isFloat())
    return integer(static_cast<int64_t>(number));
  return splat(*this, builder->getFloatAttr(element(), number));
}

Lanes Lanes::integer(int64_t number) const {
  return splat(*this, builder->getIntegerAttr(element(), number));
}

Lanes Lanes::broadcast(Value scalar) const {
  auto vector = dyn_cast<VectorType>(value.getType());
  if (!vector || isa<VectorType>(scalar.getType()))
    return at(scalar);
  return make<vector::BroadcastOp>(*this, vector.clone(scalar.getType()),
                                   scalar);
}

/// Builds the float or the integer operation, as the operands demand.
template <typename FloatOp, typename IntegerOp, typename... Operands>
static Lanes makeNumber(Lanes first, Operands... operands) {
  if (first.isFloat())
    return make<FloatOp>(first, first.get(), operands...);
  return make<IntegerOp>(first, first.get(), operands...);
}

Lanes model::operator+(Lanes a, Lanes b) {
  return makeNumber<arith::AddFOp, arith::AddIOp>(a, b.get());
}
Lanes model::operator-(Lanes a, Lanes b) {
  return makeNumber<arith::SubFOp, arith::SubIOp>(a, b.get());
}
Lanes model::operator*(Lanes a, Lanes b) {
  return makeNumber<arith::MulFOp, arith::MulIOp>(a, b.get());
}
Lanes model::operator/(Lanes a, Lanes b) {
  return makeNumber<arith::DivFOp, arith::DivSIOp>(a, b.get());
}
Lanes model::operator-(Lanes x) {
  return x.isFloat() ? make<arith::NegFOp>(x, x.get()) : x.integer(0) - x;
}

static Lanes compare(arith::CmpFPredicate floats, arith::CmpIPredicate integers,
                     Lanes a, Lanes b) {
  if (a.isFloat())
    return make<arith::CmpFOp>(a, floats, a.get(), b.get());
  return make<arith::CmpIOp>(a, integers, a.get(), b.get());
}

Lanes model::operator<(Lanes a, Lanes b) {
  return compare(arith::CmpFPredicate::OLT, arith::CmpIPredicate::slt, a, b);
}
Lanes model::operator<=(Lanes a, Lanes b) {
  return compare(arith::CmpFPredicate::OLE, arith::CmpIPredicate::sle, a, b);
}
Lanes model::operator>(Lanes a, Lanes b) {
  return compare(arith::CmpFPredicate::OGT, arith::CmpIPredicate::sgt, a, b);
}
Lanes model::operator>=(Lanes a, Lanes b) {
  return compare(arith::CmpFPredicate::OGE, arith::CmpIPredicate::sge, a, b);
}
Lanes model::operator==(Lanes a, Lanes b) {
  return compare(arith::CmpFPredicate::OEQ, arith::CmpIPredicate::eq, a, b);
}
Lanes model::operator!=(Lanes a, Lanes b) {
  return compare(arith::CmpFPredicate::UNE, arith::CmpIPredicate::ne, a, b);
}
Lanes model::isNan(Lanes x) {
  return make<arith::CmpFOp>(x, arith::CmpFPredicate::UNO, x.get(), x.get());
}

Lanes model::operator&(Lanes a, Lanes b) {
  return make<arith::AndIOp>(a, a.get(), b.get());
}
Lanes model::operator|(Lanes a, Lanes b) {
  return make<arith::OrIOp>(a, a.get(), b.get());
}
Lanes model::operator^(Lanes a, Lanes b) {
  return make<arith::XOrIOp>(a, a.get(), b.get());
}
Lanes model::operator~(Lanes x) { return x ^ x.integer(-1); }
Lanes model::operator<<(Lanes x, Lanes count) {
  return make<arith::ShLIOp>(x, x.get(), count.get());
}
Lanes model::operator>>(Lanes x, Lanes count) {
  return make<arith::ShRUIOp>(x, x.get(), count.get());
}
Lanes model::operator<<(Lanes x, int64_t count) {
  return x << x.integer(count);
}
Lanes model::operator>>(Lanes x, int64_t count) {
  return x >> x.integer(count);
}

Lanes model::select(Lanes condition, Lanes onTrue, Lanes onFalse) {
  return make<arith::SelectOp>(onTrue, condition.get(), onTrue.get(),
                               onFalse.get());
}

Lanes model::abs(Lanes x) { return make<math::AbsFOp>(x, x.get()); }
Lanes model::sqrt(Lanes x) { return make<math::SqrtOp>(x, x.get()); }
Lanes model::copySign(Lanes x, Lanes sign) {
  return make<math::CopySignOp>(x, x.get(), sign.get());
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

Lanes model::bitsOf(Lanes x) {
  Type integer = x.getBuilder().getIntegerType(x.width());
  return make<arith::BitcastOp>(x, x.typeOf(integer), x.get());
}

Lanes model::floatOfBits(Lanes x) {
  OpBuilder &b = x.getBuilder();
  Type number = x.width() == 64 ? b.getF64Type() : b.getF32Type();
  return make<arith::BitcastOp>(x, x.typeOf(number), x.get());
}

Lanes model::toFloat(Lanes x, FloatType type) {
  return make<arith::SIToFPOp>(x, x.typeOf(type), x.get());
}

Lanes model::toInteger(Lanes x, unsigned width) {
  Type integer = x.getBuilder().getIntegerType(width);
  return make<arith::FPToSIOp>(x, x.typeOf(integer), x.get());
}

Lanes model::resize(Lanes x, FloatType type) {
  if (type.getWidth() == x.width())
    return x;
  if (type.getWidth() > x.width())
    return make<arith::ExtFOp>(x, x.typeOf(type), x.get());
  return make<arith::TruncFOp>(x, x.typeOf(type), x.get());
}

Lanes model::resizeSigned(Lanes x, unsigned width) {
  if (width == x.width())
    return x;
  Type integer = x.getBuilder().getIntegerType(width);
  if (width > x.width())
    return make<arith::ExtSIOp>(x, x.typeOf(integer), x.get());
  return make<arith::TruncIOp>(x, x.typeOf(integer), x.get());
}
