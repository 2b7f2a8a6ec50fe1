//===- AngleReduction.cpp - angles modulo pi / 2 --------------------------===//
//
// Small arguments: x - k P1 - k P2 - k P3 with pi / 2 = P1 + P2 + P3, where the
// first two products are exact (W. Cody, W. Waite, 1980). Large ones: x is an
// integer m times a power of two; m times a window of the bits of 2 / pi,
// modulo 4, is the quadrant and the angle (M. Payne, R. Hanek, "Radian
// reduction for trigonometric functions", SIGNUM Newsletter 18, 1983). They are
// rare and take a branch, lane by lane.
//
//===----------------------------------------------------------------------===//
#include "codegen/math/AngleReduction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::model;
using namespace mlir::model::math_functions;

/// Below this, k has 15 bits, and its products with 38 bits are exact.
static constexpr double smallLimit = 32768;

// pi / 2: twice 38 bits and the rest, and all in two.
static constexpr double halfPi1 = 0x1.921fb54440000p+0;
static constexpr double halfPi2 = 0x1.68c234c4c0000p-39;
static constexpr double halfPi3 = 0x1.98a2e03707345p-77;
static constexpr double halfPi2And3 = 0x1.68c234c4c6629p-39;
static constexpr double halfPiHigh = 0x1.921fb54442d18p+0;
static constexpr double halfPiLow = 0x1.1a62633145c07p-54;

/// 64 zero bits, then those of 2 / pi.
static constexpr uint64_t twoOverPi[] = {
    0,
    0xA2F9836E4E441529,
    0xFC2757D1F534DDC0,
    0xDB6295993C439041,
    0xFE5163ABDEBBC561,
    0xB7246E3A424DD2E0,
    0x06492EEA09D1921C,
    0xFE1DEB1CB129A73E,
    0xE88235F52EBB4484,
    0xE99C7026B45F7E41,
    0x3991D639835339F4,
    0x9C845F8BBDF9283B,
    0x1FF897FFDE05980F,
    0xEF2F118B5A0A6D1F,
    0x6D367ECF27CB09B7,
    0x4F463F669E5FEA2D,
    0x7527BAC7EBE5F17B,
    0x3D0739F78A5292EA,
    0x6BFB5FB11F8D5D08,
    0x56033046FC7B6BAB,
};

//===----------------------------------------------------------------------===//
// Small arguments
//===----------------------------------------------------------------------===//

/// Of f64; where `isPrecise`, to 2^-114, else to 2^-76 without a low part.
static ReducedAngle reduceSmall(Lanes x, bool isPrecise) {
  Format format = formatOf(x);
  Lanes shifted = x * 0.63661977236758134308 + format.magic;
  Lanes count = shifted - format.magic;
  Lanes first = x - count * halfPi1;
  if (!isPrecise)
    return {{first - count * halfPi2And3, x.constant(0.0)}, bitsOf(shifted)};
  Pair second = sum(first, -(count * halfPi2));
  Pair angle = sumOrdered(second.high, second.low - count * halfPi3);
  return {angle, bitsOf(shifted)};
}

//===----------------------------------------------------------------------===//
// Large arguments: scalars of f64
//===----------------------------------------------------------------------===//

/// Three words from bit `start` of `twoOverPi` on.
static SmallVector<Lanes> bitsFrom(Lanes start) {
  SmallVector<Lanes> words;
  for (uint64_t word : twoOverPi)
    words.push_back(start.integer(static_cast<int64_t>(word)));
  // Each bit of the number of the first word halves what can still be needed.
  Lanes index = start >> 6;
  for (int64_t step : {16, 8, 4, 2, 1}) {
    Lanes isFar = (index & step) == 0.0;
    size_t needed = std::min<size_t>(words.size(), step + 3);
    for (size_t i = 0; i < needed; ++i)
      if (i + step < words.size())
        words[i] = select(isFar, words[i], words[i + step]);
    words.resize(needed, start);
  }
  Lanes shift = start & 63, back = 63 - shift;
  SmallVector<Lanes> window;
  for (size_t i = 0; i < 3; ++i)
    window.push_back(words[i] << shift | (words[i + 1] >> 1) >> back);
  return window;
}

/// Low and high word.
static std::pair<Lanes, Lanes> wideProduct(Lanes a, Lanes b) {
  auto op = a.getBuilder().create<arith::MulUIExtendedOp>(a.getLocation(),
                                                          a.get(), b.get());
  return {a.at(op.getLow()), a.at(op.getHigh())};
}

/// a + b and what it carries, 0 or 1.
static std::pair<Lanes, Lanes> addWithCarry(Lanes a, Lanes b) {
  auto op = a.getBuilder().create<arith::AddUIExtendedOp>(a.getLocation(),
                                                          a.get(), b.get());
  Type integer = a.type();
  auto carry = a.getBuilder().create<arith::ExtUIOp>(a.getLocation(), integer,
                                                     op.getOverflow());
  return {a.at(op.getSum()), a.at(carry)};
}

/// 128 bits after the point, below 1/2, times pi / 2.
static Pair angleOfFraction(Lanes high, Lanes low) {
  FloatType type = high.getBuilder().getF64Type();
  constexpr int64_t mask = 0xFFFFFFFF;
  Lanes part0 = toFloat(high >> 32, type) * 0x1p-32;
  Lanes part1 = toFloat(high & mask, type) * 0x1p-64;
  Lanes part2 = toFloat(low >> 32, type) * 0x1p-96;
  Lanes part3 = toFloat(low & mask, type) * 0x1p-128;
  Pair start = sumOrdered(part0, part1);
  Pair turns = sumOrdered(start.high, start.low + (part2 + part3));
  Pair angle = product(turns.high, turns.high.constant(halfPiHigh));
  Lanes rest = turns.high * halfPiLow + turns.low * halfPiHigh;
  return sumOrdered(angle.high, angle.low + rest);
}

/// Of |x| at least `smallLimit`, with the sign of x.
static ReducedAngle reduceLarge(Lanes x) {
  Format format = formatOf(x);
  Lanes bits = bitsOf(abs(x));
  Lanes exponent = bits >> format.fraction;
  Lanes integer = (bits & format.fractionMask()) | int64_t(1)
                                                       << format.fraction;
  // |x| is `integer` 2^(exponent - 1075). The window starts two bits before the
  // point of 2 / pi times that power, after the 64 zero bits.
  SmallVector<Lanes> window = bitsFrom(exponent - (1075 - 64 + 2));

  // The product modulo 2^192, which is modulo 4.
  auto [word2, carry2] = wideProduct(integer, window[2]);
  auto [middle, carry1] = wideProduct(integer, window[1]);
  auto [word1, carry] = addWithCarry(middle, carry2);
  Lanes word0 = integer * window[0] + carry1 + carry;

  // Two bits of quadrant, then the fraction; from 1/2 on it counts back from
  // the next quadrant.
  Lanes high = word0 << 2 | word1 >> 62, low = word1 << 2 | word2 >> 62;
  Lanes isBack = high < 0.0;
  Lanes quadrant = (word0 >> 62) + (high >> 63);
  Pair angle =
      angleOfFraction(select(isBack, ~high, high), select(isBack, ~low, low));

  Lanes isNegative = x < 0.0;
  Lanes isFlipped = isBack ^ isNegative;
  return {{select(isFlipped, -angle.high, angle.high),
           select(isFlipped, -angle.low, angle.low)},
          select(isNegative, -quadrant, quadrant)};
}

//===----------------------------------------------------------------------===//
// The branch
//===----------------------------------------------------------------------===//

using Values = SmallVector<Value>;

static Values valuesOf(ReducedAngle reduced) {
  return {reduced.angle.high, reduced.angle.low, reduced.quadrant};
}

/// `small`, but at large lanes of the vector x. Large arguments are reduced as
/// scalars, since vectors have no wide products.
static Values reduceLanes(Lanes x, Values small) {
  OpBuilder &b = x.getBuilder();
  Location loc = x.getLocation();
  int64_t count = cast<VectorType>(x.type()).getNumElements();
  auto bound = [&](int64_t i) -> Value {
    return b.create<arith::ConstantIndexOp>(loc, i);
  };
  auto loop =
      b.create<scf::ForOp>(loc, bound(0), bound(count), bound(1), small);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value lane = loop.getInductionVar();
  auto extract = [&](Value vector) {
    return x.at(b.create<vector::ExtractOp>(loc, vector, lane));
  };
  Lanes argument = extract(x);
  Lanes isLarge = abs(argument) >= smallLimit;
  Lanes safe = select(isLarge, argument, argument.constant(smallLimit));
  Values results;
  for (auto [large, vector] :
       llvm::zip(valuesOf(reduceLarge(safe)), loop.getRegionIterArgs())) {
    Lanes chosen = select(isLarge, x.at(large), extract(vector));
    results.push_back(
        b.create<vector::InsertOp>(loc, chosen.get(), vector, lane));
  }
  b.create<scf::YieldOp>(loc, results);
  return loop.getResults();
}

/// Of f64.
static ReducedAngle reduceWide(Lanes x, bool isPrecise) {
  OpBuilder &b = x.getBuilder();
  Location loc = x.getLocation();
  Values small = valuesOf(reduceSmall(x, isPrecise));
  bool isVector = isa<VectorType>(x.type());
  Value isLarge = abs(x) >= smallLimit;
  if (isVector)
    isLarge =
        b.create<vector::ReductionOp>(loc, vector::CombiningKind::OR, isLarge);
  auto branch = b.create<scf::IfOp>(loc, TypeRange(ValueRange(small)), isLarge,
                                    /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  b.create<scf::YieldOp>(loc, isVector ? reduceLanes(x, small)
                                       : valuesOf(reduceLarge(x)));
  b.setInsertionPointToStart(branch.elseBlock());
  b.create<scf::YieldOp>(loc, small);
  return {{x.at(branch.getResult(0)), x.at(branch.getResult(1))},
          x.at(branch.getResult(2))};
}

ReducedAngle math_functions::reduceAngle(Lanes x) {
  OpBuilder &b = x.getBuilder();
  if (!isSingle(x))
    return reduceWide(x, /*isPrecise=*/true);
  auto [angle, quadrant] =
      reduceWide(resize(x, b.getF64Type()), /*isPrecise=*/false);
  Lanes high = resize(angle.high, b.getF32Type());
  Lanes low = angle.high - resize(high, b.getF64Type());
  return {{high, resize(low, b.getF32Type())}, quadrant};
}
