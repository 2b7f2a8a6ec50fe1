//===- Trigonometric.cpp - sin and cos ------------------------------------===//
//
// With x = q pi / 2 + r + l, |r| <= pi / 4, z = r^2, and l far below r,
//   sin(r + l) = r + (l + r z p(z)),
//   cos(r + l) = 1 - z / 2 + (z^2 p(z) - r l),
// one of which, with a sign, is what the quadrant q asks for.
//
//===----------------------------------------------------------------------===//
#include "codegen/math/AngleReduction.h"
#include "codegen/math/Functions.h"
#include <limits>

using namespace mlir;
using namespace mlir::model;
using namespace mlir::model::math_functions;

// Made by coefficients.py.
static const double sin32[] = {-0.166666538, 0.00833212025, -0.000195108019};
static const double sin64[] = {-0.1666666666666663,    0.0083333333333218875,
                               -0.0001984126982941891, 2.7557313565053352e-6,
                               -2.5050739215561319e-8, 1.5895744543462727e-10};
static const double cos32[] = {0.0416666456, -0.00138873095, 2.44323383e-5};
static const double cos64[] = {0.041666666666666588,  -0.0013888888888872318,
                               2.4801587288437122e-5, -2.7557314069115181e-7,
                               2.0875686841899258e-9, -1.1357850815217086e-11};

static Lanes sinOfReduced(Pair angle) {
  Lanes r = angle.high, z = r * r;
  return r + (angle.low + r * (z * polynomial(z, sin32, sin64)));
}

static Lanes cosOfReduced(Pair angle) {
  Lanes r = angle.high, z = r * r, half = z * 0.5;
  Pair start = sumOrdered(r.constant(1.0), -half);
  Lanes tail = z * (z * polynomial(z, cos32, cos64)) - r * angle.low;
  return start.high + (start.low + tail);
}

/// sin(x + `quadrants` pi / 2).
static Lanes sinFrom(Lanes x, int64_t quadrants) {
  auto [angle, quadrant] = reduceAngle(x);
  Lanes number = resizeSigned(quadrant, x.width());
  if (quadrants)
    number = number + double(quadrants);
  Lanes result =
      select((number & 1) == 0.0, sinOfReduced(angle), cosOfReduced(angle));
  Lanes sign = (number & 2) << (x.width() - 2);
  result = floatOfBits(bitsOf(result) ^ sign);
  // Infinities and NaN give NaN.
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return select(abs(x) < infinity, result, x - x);
}

Lanes math_functions::sin(Lanes x) {
  return select(x == 0.0, x, sinFrom(x, 0));
}

Lanes math_functions::cos(Lanes x) { return sinFrom(x, 1); }
