//===- ErrorFunction.cpp - erf --------------------------------------------===//
//
// Near 0, erf(x) = x + x p(x^2); elsewhere 1 - exp(p(|x|)) with the sign of x.
//
//===----------------------------------------------------------------------===//
#include "codegen/math/Exponential.h"
#include "codegen/math/Functions.h"

using namespace mlir;
using namespace mlir::model;
using namespace mlir::model::math_functions;

// Made by coefficients.py.
static const double erf32[] = {0.128379166,   -0.376125902,  0.112828784,
                               -0.0268082768, 0.00505994679, -0.000636448385};
static const double erf64[] = {
    0.12837916709551256,    -0.37612638903183332,   0.11283791670932819,
    -0.02686617064038483,   0.0052239775730465671,  -0.0008548323625869851,
    0.00012055194876697459, -1.4922024645422627e-5, 1.6400501558581584e-6,
    -1.5707158449168671e-7, 1.0706414798021913e-8};
static const double tail32[] = {0.00015932825,  -1.1294415,    -0.63349396,
                                -0.108120359,   0.0250178762,  -0.00413329899,
                                0.000426860875, -2.04563094e-5};
static const double tail64[] = {
    1.0393060866847516e-8,   -1.1283793162056992,    -0.6366187707077402,
    -0.10277679739832783,    0.019140736738534482,   0.00018238009641528361,
    -0.001650970136933296,   0.0005296789609940414,  3.9083448120912087e-5,
    -0.00012111029670487876, 6.9798258488702026e-5,  -2.6261844091649565e-5,
    7.4102346765724382e-6,   -1.6271852929051124e-6, 2.792136122800554e-7,
    -3.6895490210757412e-8,  3.6338813182719386e-9,  -2.5143426401420043e-10,
    1.0904686535756063e-11,  -2.2295637687334429e-13};

/// For x from 0.84 on.
static Lanes erfFar(Lanes x) {
  Lanes bounded = atMost(x, pick(x, 4, 6));
  auto [count, power, rest, low] =
      reduceExponent(polynomial(bounded, tail32, tail64));
  Lanes exponential = 1.0 + (rest + exponentialTail(rest));
  return 1.0 - exponential * powerOfTwo(x, power);
}

Lanes math_functions::erf(Lanes x) {
  Lanes magnitude = abs(x), square = x * x;
  Lanes near = x + x * polynomial(square, erf32, erf64);
  Lanes far = copySign(erfFar(magnitude), x);
  return select(magnitude < 0.84375, near, far);
}
