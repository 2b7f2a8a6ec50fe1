// Lower.h: from the syntax tree to the model dialect.
#ifndef MODELC_FRONTEND_LOWER_H
#define MODELC_FRONTEND_LOWER_H

#include "frontend/Ast.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>
#include <vector>

namespace modelc {

class DiagnosticEngine;

struct LoweringOptions {
  /// What `float` is: f32 or f64. Null stands for f32.
  mlir::Type floatType;
  /// Owns the texts that diagnostics point into: imported files and the
  /// standard library.
  SourceManager *sources = nullptr;
  /// Values of hypers in place of their defaults, as they are written: `64`.
  std::vector<std::pair<std::string, std::string>> settings;
  /// Add the entries that a check of gradients compares: GradientCheck.cpp.
  bool checkGradients = false;
};

/// Resolves names, instantiates modules and functions, checks shapes and builds
/// the `model` stage of docs/architecture.md. Returns null if there were
/// errors, all of which have been reported. Accepts whatever the parser does.
mlir::OwningOpRef<mlir::ModuleOp> lowerToModel(const ast::File &file,
                                               const LoweringOptions &options,
                                               mlir::MLIRContext &context,
                                               DiagnosticEngine &diagnostics);

} // namespace modelc

#endif
