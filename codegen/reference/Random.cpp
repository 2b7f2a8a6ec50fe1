//===- Random.cpp - random numbers as tensor code -------------------------===//
//
// y[i...] = f(key, row-major position of i...)
//
//===----------------------------------------------------------------------===//
#include "codegen/reference/ReferenceEmitter.h"

using namespace mlir;
using namespace mlir::model;

Value ReferenceEmitter::emitRandom(Operation *op) {
  auto type = cast<ArrayType>(op->getResult(0).getType());
  Value key = at(lookup(op->getOperand(0)), {});
  if (auto fold = dyn_cast<FoldInOp>(op))
    return scalar(emitFoldIn(b, loc, key, at(lookup(fold.getData()), {})));
  Value p;
  if (auto bernoulli = dyn_cast<RandomBernoulliOp>(op))
    p = at(lookup(bernoulli.getP()), {});
  return generate(type, [&](ValueRange index) -> Value {
    Value counter = number(position(type.getShape(), index), b.getI64Type());
    if (p)
      return emitRandomBernoulli(b, loc, key, counter, p);
    auto element = cast<FloatType>(type.getElementType());
    if (isa<RandomUniformOp>(op))
      return emitRandomUniform(b, loc, key, counter, element);
    return emitRandomNormal(b, loc, key, counter, element);
  });
}
