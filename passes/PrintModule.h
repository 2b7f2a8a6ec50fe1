//===- PrintModule.h - modules as text for people ---------------*- C++ -*-===//
//
// What `--emit` writes of a module: text that is read back as the same module,
// and that says on the way what it is about.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_PASSES_PRINTMODULE_H
#define MODEL_PASSES_PRINTMODULE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace mlir::model {

/// The text of a line (from 1) of a user's file; nothing if it is not known.
using SourceLine =
    llvm::function_ref<std::optional<StringRef>(StringRef file, unsigned line)>;

/// Prints `module` with locations. Arguments of functions bear the names of
/// their slots and inputs, one in a line; before the operations of each line of
/// the user's program comes that line, and before each part of a training step
/// its role, as comments.
void printModule(ModuleOp module, SourceLine sourceLine,
                 llvm::raw_ostream &out);

} // namespace mlir::model

#endif
