//===- Lanes.h - formulas over numbers and vectors of numbers ---*- C++ -*-===//
//
// An expression helper over `arith` operations: what is written once works on a
// scalar and on a vector whose lanes are independent.
//
//   Lanes x = ...;                      // f32 or vector<8xf32>
//   return select(x < 0.0, -x, x * 2.0); // cmpf, negf, mulf, select
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_LANES_H
#define MODEL_DIALECT_LANES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace mlir::model {

/// A number, or a vector of them, together with the place where operations on
/// it are inserted. The operators build `arith` operations of the element type;
/// a C++ number takes the type of the other operand. Comparisons of floats are
/// ordered but `!=`, those of integers are signed; `>>` shifts zeros in.
class Lanes {
public:
  Lanes(OpBuilder &builder, Location location, Value value)
      : builder(&builder), location(location), value(value) {}

  operator Value() const { return value; }
  Value get() const { return value; }
  Type type() const { return value.getType(); }
  Type element() const;
  bool isFloat() const { return isa<FloatType>(element()); }
  unsigned width() const { return element().getIntOrFloatBitWidth(); }
  OpBuilder &getBuilder() const { return *builder; }
  Location getLocation() const { return location; }
  /// This one's type with another element type.
  Type typeOf(Type element) const;

  /// Another value at the same place.
  Lanes at(Value other) const { return {*builder, location, other}; }
  /// `number` in this one's type.
  Lanes constant(double number) const;
  /// The same for integers, all bits of which count.
  Lanes integer(int64_t number) const;
  /// A scalar in every lane, if this is a vector.
  Lanes broadcast(Value scalar) const;

private:
  OpBuilder *builder;
  Location location;
  Value value;
};

Lanes operator+(Lanes a, Lanes b);
Lanes operator-(Lanes a, Lanes b);
Lanes operator*(Lanes a, Lanes b);
Lanes operator/(Lanes a, Lanes b);
Lanes operator-(Lanes x);
Lanes operator<(Lanes a, Lanes b);
Lanes operator<=(Lanes a, Lanes b);
Lanes operator>(Lanes a, Lanes b);
Lanes operator>=(Lanes a, Lanes b);
Lanes operator==(Lanes a, Lanes b);
Lanes operator!=(Lanes a, Lanes b);

#define MODEL_WITH_NUMBERS(OPERATOR)                                           \
  inline Lanes operator OPERATOR(double a, Lanes b) {                          \
    return b.constant(a) OPERATOR b;                                           \
  }                                                                            \
  inline Lanes operator OPERATOR(Lanes a, double b) {                          \
    return a OPERATOR a.constant(b);                                           \
  }
MODEL_WITH_NUMBERS(+)
MODEL_WITH_NUMBERS(-)
MODEL_WITH_NUMBERS(*)
MODEL_WITH_NUMBERS(/)
MODEL_WITH_NUMBERS(<)
MODEL_WITH_NUMBERS(<=)
MODEL_WITH_NUMBERS(>)
MODEL_WITH_NUMBERS(>=)
MODEL_WITH_NUMBERS(==)
MODEL_WITH_NUMBERS(!=)
#undef MODEL_WITH_NUMBERS

// Integers and conditions.
Lanes operator&(Lanes a, Lanes b);
Lanes operator|(Lanes a, Lanes b);
Lanes operator^(Lanes a, Lanes b);
Lanes operator~(Lanes x);
Lanes operator<<(Lanes x, int64_t count);
Lanes operator>>(Lanes x, int64_t count);
Lanes operator<<(Lanes x, Lanes count);
Lanes operator>>(Lanes x, Lanes count);
inline Lanes operator&(Lanes a, int64_t b) { return a & a.integer(b); }
inline Lanes operator|(Lanes a, int64_t b) { return a | a.integer(b); }
inline Lanes operator^(Lanes a, int64_t b) { return a ^ a.integer(b); }

Lanes select(Lanes condition, Lanes onTrue, Lanes onFalse);
Lanes isNan(Lanes x);
Lanes abs(Lanes x);
Lanes sqrt(Lanes x);
/// The magnitude of `x` with the sign of `sign`.
Lanes copySign(Lanes x, Lanes sign);

// Conversions, of the number and of its bits.
Lanes bitsOf(Lanes x);
Lanes floatOfBits(Lanes x);
/// A float of a signed integer, rounded to nearest.
Lanes toFloat(Lanes x, FloatType type);
/// A signed integer of `width` bits of a float in its range, towards zero.
Lanes toInteger(Lanes x, unsigned width);
/// A wider or narrower float; narrower ones are rounded to nearest.
Lanes resize(Lanes x, FloatType type);
/// The low bits, or the bits with copies of the sign before them.
Lanes resizeSigned(Lanes x, unsigned width);

} // namespace mlir::model

#endif
