//===- Ops.h - all families of operations -----------------------*- C++ -*-===//
//
// Includes every family; a file that needs one family includes that one alone.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_OPS_H
#define MODEL_DIALECT_OPS_H

#include "dialect/ops/Contraction.h"
#include "dialect/ops/Control.h"
#include "dialect/ops/Elementwise.h"
#include "dialect/ops/Kernel.h"
#include "dialect/ops/Random.h"
#include "dialect/ops/Reduction.h"
#include "dialect/ops/Shape.h"

namespace mlir::model {
// Each family registers its own operations, so that one file compiles one
// family.
void registerElementwiseOps(ModelDialect &dialect);
void registerControlOps(ModelDialect &dialect);
void registerContractionOps(ModelDialect &dialect);
void registerReductionOps(ModelDialect &dialect);
void registerShapeOps(ModelDialect &dialect);
void registerRandomOps(ModelDialect &dialect);
void registerKernelOps(ModelDialect &dialect);
} // namespace mlir::model

#endif
