//===- Kernel.h - groups of operations and planned memory -------*- C++ -*-===//
//
// Declarations of the kernel family.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_OPS_KERNEL_H
#define MODEL_DIALECT_OPS_KERNEL_H

#include "dialect/Model.h"
#include "mlir/IR/SymbolTable.h"

#define GET_OP_CLASSES
#include "dialect/ops/Kernel.h.inc"

#endif
