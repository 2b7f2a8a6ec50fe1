//===- Random.cpp - counter-based random numbers --------------------------===//
//
// Philox4x32-10 as `arith` operations, the same generator as in
// runtime/core/Random.c, and the element functions made of it.
//
// J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as
// 1, 2, 3", SC 2011.
//
//===----------------------------------------------------------------------===//
#include "dialect/ops/Random.h"
#include "dialect/Gradient.h"
#include "dialect/Lanes.h"
#include "dialect/Ops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include <cmath>

using namespace mlir;
using namespace mlir::model;

#define GET_OP_CLASSES
#include "dialect/ops/Random.cpp.inc"

void model::registerRandomOps(ModelDialect &dialect) {
  dialect.addOperationsOf<
#define GET_OP_LIST
#include "dialect/ops/Random.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// The generator
//===----------------------------------------------------------------------===//

// The second half of the counter: elements of arrays, and keys made of keys.
// The runtime uses 2^60 and 2^61 for its shuffles.
static constexpr int64_t elementStream = 0;
static constexpr int64_t foldStream = int64_t(1) << 62;

namespace {
/// 128 random bits, as two i64: the first two and the last two words of
/// Philox's result.
struct RandomBits {
  Lanes first, second;
};
} // namespace

/// A word of 32 bits is held in an i64, where one multiplication gives a whole
/// product. `key` may be a scalar where `counter` is a vector.
static RandomBits emitPhilox(Lanes key, Lanes counter, int64_t stream) {
  constexpr int64_t mask = 0xFFFFFFFF;
  Lanes words[4] = {counter & mask, counter >> 32,
                    counter.integer(stream & mask),
                    counter.integer(stream >> 32)};
  Lanes key0 = key & mask, key1 = key >> 32;
  for (int round = 0; round < 10; ++round) {
    Lanes product0 = words[0] * counter.integer(0xD2511F53);
    Lanes product1 = words[2] * counter.integer(0xCD9E8D57);
    Lanes next0 = (product1 >> 32) ^ words[1] ^ counter.broadcast(key0);
    Lanes next2 = (product0 >> 32) ^ words[3] ^ counter.broadcast(key1);
    words[0] = next0, words[1] = product1 & mask;
    words[2] = next2, words[3] = product0 & mask;
    key0 = (key0 + key0.integer(0x9E3779B9)) & mask;
    key1 = (key1 + key1.integer(0xBB67AE85)) & mask;
  }
  return {words[0] | words[1] << 32, words[2] | words[3] << 32};
}

static RandomBits emitElementBits(OpBuilder &b, Location loc, Value key,
                                  Value linearIndex) {
  return emitPhilox(Lanes(b, loc, key), Lanes(b, loc, linearIndex),
                    elementStream);
}

/// The highest `count` bits as a float.
static Lanes highBits(Lanes bits, unsigned count, FloatType type) {
  Lanes number = bits >> (64 - count);
  return toFloat(resizeSigned(number, type.getWidth()), type);
}

Value model::emitFoldIn(OpBuilder &b, Location loc, Value key, Value data) {
  return emitPhilox(Lanes(b, loc, key), Lanes(b, loc, data), foldStream).first;
}

/// The highest 24 or 53 bits, so that f32 gives what f64 gives, rounded down.
Value model::emitRandomUniform(OpBuilder &b, Location loc, Value key,
                               Value linearIndex, FloatType type) {
  unsigned digits = type.getFPMantissaWidth();
  Lanes bits = emitElementBits(b, loc, key, linearIndex).first;
  return highBits(bits, digits, type) * std::ldexp(1.0, -int(digits));
}

/// Box and Muller: sqrt(-2 log u) cos(2 pi v), with u in (0, 1], never 0, and
/// v in [-1/2, 1/2]. Rounding is relative to u, so that the tails are fine.
Value model::emitRandomNormal(OpBuilder &b, Location loc, Value key,
                              Value linearIndex, FloatType type) {
  constexpr double twoPi = 6.283185307179586477;
  unsigned width = type.getWidth();
  RandomBits bits = emitElementBits(b, loc, key, linearIndex);
  Lanes number = highBits(bits.first, width - 1, type) + 0.5;
  Lanes u = number * std::ldexp(1.0, 1 - int(width));
  // The highest bits again, as a signed number.
  Lanes angle =
      toFloat(resizeSigned(bits.second >> (64 - width), width), type) *
      (twoPi * std::ldexp(1.0, -int(width)));
  Lanes logarithm = u.at(b.create<math::LogOp>(loc, u));
  Lanes cosine = u.at(b.create<math::CosOp>(loc, angle));
  return sqrt(logarithm * -2.0) * cosine;
}

Value model::emitRandomBernoulli(OpBuilder &b, Location loc, Value key,
                                 Value linearIndex, Value p) {
  auto type = cast<FloatType>(Lanes(b, loc, p).element());
  Lanes uniform(b, loc, emitRandomUniform(b, loc, key, linearIndex, type));
  return uniform < uniform.broadcast(p);
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

/// The number of the element, on which its random bits depend.
static Value emitNumber(Operation *op, OpBuilder &b, Location loc,
                        ValueRange index, ElementSource &source) {
  auto type = cast<ArrayType>(op->getResult(0).getType());
  Lanes position(b, loc, source.position(b, loc, type.getShape(), index));
  return b.create<arith::IndexCastOp>(loc, position.typeOf(b.getI64Type()),
                                      position);
}

Value FoldInOp::emitElement(OpBuilder &b, Location loc, ValueRange,
                            ElementSource &source) {
  Value key = source.load(b, loc, 0, {});
  return emitFoldIn(b, loc, key, source.load(b, loc, 1, {}));
}

Value RandomUniformOp::emitElement(OpBuilder &b, Location loc, ValueRange index,
                                   ElementSource &source) {
  Value number = emitNumber(*this, b, loc, index, source);
  return emitRandomUniform(b, loc, source.load(b, loc, 0, {}), number,
                           cast<FloatType>(getType().getElementType()));
}

Value RandomNormalOp::emitElement(OpBuilder &b, Location loc, ValueRange index,
                                  ElementSource &source) {
  Value number = emitNumber(*this, b, loc, index, source);
  return emitRandomNormal(b, loc, source.load(b, loc, 0, {}), number,
                          cast<FloatType>(getType().getElementType()));
}

Value RandomBernoulliOp::emitElement(OpBuilder &b, Location loc,
                                     ValueRange index, ElementSource &source) {
  Value number = emitNumber(*this, b, loc, index, source);
  Value key = source.load(b, loc, 0, {});
  return emitRandomBernoulli(b, loc, key, number, source.load(b, loc, 1, {}));
}

//===----------------------------------------------------------------------===//
// Gradients: random numbers do not depend on floats
//===----------------------------------------------------------------------===//

LogicalResult FoldInOp::emitGradient(GradientRule &) { return success(); }
LogicalResult RandomUniformOp::emitGradient(GradientRule &) {
  return success();
}
LogicalResult RandomNormalOp::emitGradient(GradientRule &) { return success(); }
LogicalResult RandomBernoulliOp::emitGradient(GradientRule &) {
  return success();
}
