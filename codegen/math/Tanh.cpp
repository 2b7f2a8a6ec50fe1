//===- Tanh.cpp - tanh ----------------------------------------------------===//
//
// Near 0, tanh(x) = x + x^3 p(x^2); elsewhere 1 - 2 / (exp(2 |x|) + 1) with
// the sign of x, where the sum below the line is a pair of numbers.
//
//===----------------------------------------------------------------------===//
#include "codegen/math/Exponential.h"
#include "codegen/math/Functions.h"

using namespace mlir;
using namespace mlir::model;
using namespace mlir::model::math_functions;

// Made by coefficients.py.
static const double tanh32[] = {-0.333333135, 0.1333244, -0.0538362898,
                                0.0210032519, -0.00617442885};
static const double tanh64[] = {
    -0.33333333333333331,   0.13333333333332922,    -0.053968253967940173,
    0.021869488524192807,   -0.0088632352628937837, 0.0035921242378977891,
    -0.0014557982463567019, 0.00058979163935770219, -0.00023806589421780026,
    9.3632050354892335e-5,  -3.2531879509218924e-5, 7.2035605195121784e-6};

/// For x from 0.5 on.
static Lanes tanhFar(Lanes x) {
  auto [count, power, rest, low] =
      reduceExponent(atMost(x * 2.0, pick(x, 20, 40)));
  Lanes scale = powerOfTwo(x, power);
  Pair near1 = sumOrdered(x.constant(1.0), rest);
  Lanes tail = exponentialTail(rest) + low;
  Pair exponential = sumOrdered(near1.high, near1.low + tail);
  Pair below = sumOrdered(exponential.high * scale, x.constant(1.0));
  Lanes belowLow = below.low + exponential.low * scale;
  // 2 / (b + d) = q - q d / b + ..., and 1 / b = q / 2.
  Lanes quotient = 2.0 / below.high;
  return 1.0 - (quotient - quotient * quotient * (belowLow * 0.5));
}

Lanes math_functions::tanh(Lanes x) {
  Lanes magnitude = abs(x), square = x * x;
  Lanes near = x + x * (square * polynomial(square, tanh32, tanh64));
  Lanes far = copySign(tanhFar(magnitude), x);
  return select(magnitude < 0.5625, near, far);
}
