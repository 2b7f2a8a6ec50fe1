//===- Gradient.h - how gradient rules are written --------------*- C++ -*-===//
//
// An expression helper over model operations, and the context in which a rule
// runs.
//
// A rule reads like the formula. The one of `tanh`, y = tanh(x):
//   rule.add(0, rule.cotangent() * (1.0 - rule.result() * rule.result()));
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_GRADIENT_H
#define MODEL_DIALECT_GRADIENT_H

#include "dialect/Model.h"
#include "llvm/ADT/DenseSet.h"

namespace mlir::model {

/// A value together with the place where operations on it are inserted. The
/// operators build model operations; a number takes the type of the other
/// operand.
class Expression {
public:
  Expression(OpBuilder &builder, Location location, Value value)
      : builder(&builder), location(location), value(value) {}

  operator Value() const { return value; }
  Value get() const { return value; }
  ArrayType type() const { return llvm::cast<ArrayType>(value.getType()); }
  OpBuilder &getBuilder() const { return *builder; }
  Location getLocation() const { return location; }
  /// Another value at the same place.
  Expression at(Value other) const { return {*builder, location, other}; }
  /// An array of this one's type, each element `number`.
  Expression constant(double number) const;

private:
  OpBuilder *builder;
  Location location;
  Value value;
};

Expression operator+(Expression a, Expression b);
Expression operator-(Expression a, Expression b);
Expression operator*(Expression a, Expression b);
Expression operator/(Expression a, Expression b);
Expression operator-(Expression x);
inline Expression operator+(double a, Expression b) {
  return b.constant(a) + b;
}
inline Expression operator+(Expression a, double b) {
  return a + a.constant(b);
}
inline Expression operator-(double a, Expression b) {
  return b.constant(a) - b;
}
inline Expression operator-(Expression a, double b) {
  return a - a.constant(b);
}
inline Expression operator*(double a, Expression b) {
  return b.constant(a) * b;
}
inline Expression operator*(Expression a, double b) {
  return a * a.constant(b);
}
inline Expression operator/(double a, Expression b) {
  return b.constant(a) / b;
}
inline Expression operator/(Expression a, double b) {
  return a / a.constant(b);
}
Expression exp(Expression x);
Expression log(Expression x);
Expression sin(Expression x);
Expression cos(Expression x);
Expression sign(Expression x);
Expression pow(Expression a, Expression b);
Expression compare(ComparePredicate predicate, Expression a, Expression b);
Expression select(Expression condition, Expression onTrue, Expression onFalse);

/// Extends `varied` by the float values of `block` that depend on it. Gradients
/// do not pass through integers, bools or `stop_gradient`.
void propagateVaried(Block &block, llvm::DenseSet<Value> &varied);

/// What a gradient rule sees of the walk: one operation, the cotangents of its
/// results, and where its operands' cotangents go. The pass
/// passes/ResolveGradients.cpp implements it. A rule may replace its own
/// operation (that of `scan` does), as long as it does so last.
class GradientRule {
public:
  virtual ~GradientRule() = default;

  /// The operation that is differentiated. Rules may use its operands and
  /// results.
  virtual Operation *operation() const = 0;
  virtual OpBuilder &builder() const = 0;
  virtual Location location() const = 0;
  /// The cotangent of a float result; an array of zeros where nothing flows
  /// into that result.
  virtual Value cotangentValue(unsigned result) = 0;
  /// Whether something flows into that result.
  virtual bool hasCotangent(unsigned result) const = 0;
  /// Whether the cotangent of that operand is wanted.
  virtual bool needs(unsigned operand) const = 0;
  /// Adds to the cotangent of an operand; ignored where it is not needed.
  virtual void add(unsigned operand, Value contribution) = 0;

  /// Emits the reverse pass of `block` at the builder's place, for rules of
  /// operations with a region: from the cotangents of values of the block
  /// (`seeds`) to those of `wanted`, null where nothing flows. What is emitted
  /// refers to values of `block`, whose operations that have regions of their
  /// own may be replaced on the way.
  virtual FailureOr<SmallVector<Value>>
  differentiate(Block &block, ArrayRef<std::pair<Value, Value>> seeds,
                ArrayRef<Value> wanted) = 0;

  /// Replaces results of the operation, for rules that make their own operation
  /// again. Contributions may be such results, so that not only their uses
  /// change.
  virtual void replaceResults(ValueRange replacements) = 0;

  Expression expression(Value value) { return {builder(), location(), value}; }
  Expression operand(unsigned i) {
    return expression(operation()->getOperand(i));
  }
  Expression result(unsigned i = 0) {
    return expression(operation()->getResult(i));
  }
  Expression cotangent(unsigned i = 0) { return expression(cotangentValue(i)); }
};

} // namespace mlir::model

#endif
