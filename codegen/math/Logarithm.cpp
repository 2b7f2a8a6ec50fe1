//===- Logarithm.cpp - log and log1p --------------------------------------===//
//
// x = 2^k (1 + f) with 1 + f around 1; log(x) = k log(2) + log(1 + f), where
// the product of k and the upper part of log(2) is exact. In f32,
//   log(1 + f) = f - f^2 / 2 + f^3 p(f),
// in f64, with s = f / (2 + f), z = s^2 (as in FreeBSD's msun),
//   log(1 + f) = 2 s + s z p(z) = f - f^2 / 2 + s (f^2 / 2 + z p(z)).
// k log(2) + f is a sum with its error, so that one rounding remains.
//
//===----------------------------------------------------------------------===//
#include "codegen/math/Logarithm.h"
#include "codegen/math/Functions.h"
#include <limits>

using namespace mlir;
using namespace mlir::model;
using namespace mlir::model::math_functions;

static constexpr double infinity = std::numeric_limits<double>::infinity();

// Made by coefficients.py.
static const double log32[] = {0.333333105,  -0.250000149, 0.200022265,
                               -0.166677266, 0.14217563,   -0.124097466,
                               0.119054131,  -0.116551459, 0.0668415576};
static const double log64[] = {0.66666666666667362, 0.39999999999405483,
                               0.28571428744061894, 0.22222198426151224,
                               0.18183571057432849, 0.15313895728652202,
                               0.14797363505876421};

Decomposed math_functions::decomposeNormal(Lanes x) {
  Format format = formatOf(x);
  int64_t rootBits = isSingle(x) ? 0x3F3504F3 : 0x3FE6A09E667F3BCD;
  // The exponent steps at sqrt(1/2).
  Lanes bits = bitsOf(x);
  bits = bits + bits.integer(format.oneBits() - rootBits);
  // An exponent in the low bits of `magic` is a float without a conversion.
  Lanes exponent = floatOfBits((bits >> format.fraction) | format.magicBits());
  Lanes fraction = bits & format.fractionMask();
  Lanes one = floatOfBits(fraction + fraction.integer(rootBits));
  return {exponent - (format.magic + double(format.bias)), one - 1.0};
}

Decomposed math_functions::decompose(Lanes x) {
  Format format = formatOf(x);
  Lanes isSmall = x < format.smallestNormal;
  Lanes normal = select(isSmall, x * double(int64_t(1) << format.fraction), x);
  auto [count, fraction] = decomposeNormal(normal);
  Lanes correction =
      select(isSmall, x.constant(format.fraction), x.constant(0));
  return {count - correction, fraction};
}

Pair math_functions::multipleOfLog2(Lanes count) {
  return {count * pick(count, 0x1.62e4p-1, 0x1.62e42fefa38p-1),
          count * pick(count, 1.42860682030941723e-6, 0x1.ef35793c7673p-45)};
}

/// k log(2) + log(1 + f) + rest.
static Lanes recompose(Decomposed x, Lanes rest) {
  Lanes f = x.fraction;
  Pair multiple = multipleOfLog2(x.count);
  Pair start = sumOrdered(multiple.high, f);
  Lanes square = f * f;
  Lanes tail = square;
  if (isSingle(f)) {
    tail = square * (f * polynomial(f, log32) - 0.5);
  } else {
    Lanes s = f / (2.0 + f), z = s * s, half = square * 0.5;
    tail = s * (half + z * polynomial(z, log64)) - half;
  }
  return start.high + (start.low + (tail + (multiple.low + rest)));
}

Lanes math_functions::withLogarithmEdges(Lanes x, Lanes result) {
  result = select(x < infinity, result, x); // infinity and NaN
  Lanes pole = select(x == 0.0, x.constant(-infinity),
                      x.constant(std::numeric_limits<double>::quiet_NaN()));
  return select(x <= 0.0, pole, result);
}

Lanes math_functions::log(Lanes x) {
  return withLogarithmEdges(x, recompose(decompose(x), x.constant(0.0)));
}

/// log(u) + (1 + x - u) / u, where u is 1 + x rounded.
Lanes math_functions::log1p(Lanes x) {
  Lanes u = 1.0 + x;
  Lanes lost = select(x >= 1.0, 1.0 - (u - x), x - (u - 1.0));
  Lanes result = recompose(decomposeNormal(u), lost / u);
  return select(x == 0.0, x, withLogarithmEdges(u, result));
}
