//===- Gradient.cpp - the expression helper of gradient rules -------------===//
//
// Builds model operations from C++ expressions.
//
//===----------------------------------------------------------------------===//
#include "dialect/Gradient.h"
#include "dialect/ops/Control.h"
#include "dialect/ops/Elementwise.h"

using namespace mlir;
using namespace mlir::model;

template <typename Op, typename... Operands>
static Expression make(Expression first, Operands... operands) {
  Value result = first.getBuilder()
                     .create<Op>(first.getLocation(), first.get(), operands...)
                     .getResult();
  return first.at(result);
}

Expression Expression::constant(double number) const {
  Type element = type().getElementType();
  TypedAttr scalar;
  if (type().isFloat())
    scalar = builder->getFloatAttr(element, number);
  else
    scalar = builder->getIntegerAttr(element, static_cast<int64_t>(number));
  return at(builder->create<FillOp>(location, type(), scalar));
}

void model::propagateVaried(Block &block, llvm::DenseSet<Value> &varied) {
  for (Operation &op : block) {
    if (isa<StopGradientOp>(op) ||
        llvm::none_of(op.getOperands(),
                      [&](Value operand) { return varied.contains(operand); }))
      continue;
    for (Value result : op.getResults())
      if (auto type = dyn_cast<ArrayType>(result.getType());
          type && type.isFloat())
        varied.insert(result);
  }
}

namespace mlir::model {
Expression operator+(Expression a, Expression b) {
  return make<AddOp>(a, b.get());
}
Expression operator-(Expression a, Expression b) {
  return make<SubOp>(a, b.get());
}
Expression operator*(Expression a, Expression b) {
  return make<MulOp>(a, b.get());
}
Expression operator/(Expression a, Expression b) {
  return make<DivOp>(a, b.get());
}
Expression operator-(Expression x) { return make<NegOp>(x); }
Expression exp(Expression x) { return make<ExpOp>(x); }
Expression log(Expression x) { return make<LogOp>(x); }
Expression sin(Expression x) { return make<SinOp>(x); }
Expression cos(Expression x) { return make<CosOp>(x); }
Expression sign(Expression x) { return make<SignOp>(x); }
Expression pow(Expression a, Expression b) { return make<PowOp>(a, b.get()); }
Expression compare(ComparePredicate predicate, Expression a, Expression b) {
  return a.at(
      a.getBuilder().create<CompareOp>(a.getLocation(), predicate, a, b));
}
Expression select(Expression condition, Expression onTrue, Expression onFalse) {
  return make<SelectOp>(condition, onTrue.get(), onFalse.get());
}
} // namespace mlir::model
