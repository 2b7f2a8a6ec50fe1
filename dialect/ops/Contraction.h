//===- Contraction.h - sums of products -------------------------*- C++ -*-===//
//
// Declarations of the contraction family.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_OPS_CONTRACTION_H
#define MODEL_DIALECT_OPS_CONTRACTION_H

#include "dialect/Model.h"

#define GET_OP_CLASSES
#include "dialect/ops/Contraction.h.inc"

#endif
