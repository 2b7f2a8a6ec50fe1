//===- Random.h - counter-based random numbers ------------------*- C++ -*-===//
//
// Declarations of the random family.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_OPS_RANDOM_H
#define MODEL_DIALECT_OPS_RANDOM_H

#include "dialect/Model.h"

#define GET_OP_CLASSES
#include "dialect/ops/Random.h.inc"

#endif
