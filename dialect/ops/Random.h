//===- Random.h - counter-based random numbers ------------------*- C++ -*-===//
//
// Declarations of the random family, and its functions on single elements.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_OPS_RANDOM_H
#define MODEL_DIALECT_OPS_RANDOM_H

#include "dialect/Model.h"

#define GET_OP_CLASSES
#include "dialect/ops/Random.h.inc"

namespace mlir::model {
// Functions of a key (i64) and the number of an element (i64, row-major), made
// of `arith` and `math` operations. The number may be a vector; then the result
// is one too, and key and probability are scalars or vectors of its shape.

/// A key made of a key and a number.
Value emitFoldIn(OpBuilder &builder, Location location, Value key, Value data);
/// A float uniform in [0, 1), a multiple of 2^-24 (f32) or 2^-53 (f64).
Value emitRandomUniform(OpBuilder &builder, Location location, Value key,
                        Value linearIndex, FloatType type);
/// A float of the standard normal distribution, never infinite.
Value emitRandomNormal(OpBuilder &builder, Location location, Value key,
                       Value linearIndex, FloatType type);
/// True with probability `p`, a float: never if it is 0, always if it is 1.
Value emitRandomBernoulli(OpBuilder &builder, Location location, Value key,
                          Value linearIndex, Value p);
} // namespace mlir::model

#endif
