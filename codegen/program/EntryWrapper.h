//===- EntryWrapper.h - entries as the runtime calls them -------*- C++ -*-===//
//
// The functions that a `struct modelc_entry` of runtime/core/abi.h names.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_PROGRAM_ENTRYWRAPPER_H
#define MODEL_CODEGEN_PROGRAM_ENTRYWRAPPER_H

#include "codegen/program/EntryInterface.h"

namespace mlir::model {

/// Makes `int32_t call.f(const modelc_call *)`: checks pointers and symbols,
/// loads them and calls the entry's function.
LLVM::LLVMFuncOp emitWrapper(const EntryInterface &entry);

/// Makes `int32_t resolve.f(const int64_t *symbols, int64_t *extents)`; null if
/// the entry has no derived size and requires nothing.
LLVM::LLVMFuncOp emitResolve(const EntryInterface &entry);

} // namespace mlir::model

#endif
