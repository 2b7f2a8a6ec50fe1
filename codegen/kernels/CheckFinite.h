//===- CheckFinite.h - finding what is not finite ---------------*- C++ -*-===//
//
// The function behind `model.check_finite`, one for each type of floats.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_KERNELS_CHECKFINITE_H
#define MODEL_CODEGEN_KERNELS_CHECKFINITE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::model {

/// The function
///   func.func private @model.check_finite.f32(
///       %memory: memref<f32>, %begin: index, %count: index,
///       %record: memref<i64>, %id: i64)
/// of `module`, made if it is not there yet. It looks at `count` elements from
/// number `begin` on. If it finds a NaN it puts `id` into the second number of
/// `record`, if it finds an infinity and no NaN into the first; but not where
/// there is one already, nor into the first after a NaN.
func::FuncOp getCheckFinite(ModuleOp module, FloatType element);

} // namespace mlir::model

#endif
