//===- Random.cpp - counter-based random numbers --------------------------===//
//
// Gradients of the random family: random numbers do not depend on floats.
//
//===----------------------------------------------------------------------===//
#include "dialect/ops/Random.h"
#include "dialect/Gradient.h"
#include "dialect/Ops.h"

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

LogicalResult FoldInOp::emitGradient(GradientRule &) { return success(); }
LogicalResult RandomUniformOp::emitGradient(GradientRule &) {
  return success();
}
LogicalResult RandomNormalOp::emitGradient(GradientRule &) { return success(); }
LogicalResult RandomBernoulliOp::emitGradient(GradientRule &) {
  return success();
}
