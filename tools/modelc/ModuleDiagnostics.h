// ModuleDiagnostics.h: what passes report, in the words and the form of the
// frontend.
#ifndef MODELC_TOOLS_MODELC_MODULEDIAGNOSTICS_H
#define MODELC_TOOLS_MODELC_MODULEDIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "tools/modelc/Compilation.h"

namespace modelc {

/// Whether to colour what goes to standard error.
bool hasColours();

/// Listens to the diagnostics of a context while it lives. Those that name a
/// place of a source file are shown there; what a verifier says of an operation
/// is the compiler's mistake.
class ModuleDiagnostics {
public:
  ModuleDiagnostics(mlir::MLIRContext &context, SourceManager &sources,
                    ErrorFormat format, bool remarks);

  /// After a pass has failed: prints, and says whose mistake it was.
  ExitCode finish();

private:
  llvm::LogicalResult handle(mlir::Diagnostic &diagnostic);
  SourceRange rangeOf(mlir::Location location) const;

  SourceManager &sources;
  ErrorFormat format;
  bool remarks;
  DiagnosticEngine errors;
  bool isInternal = false;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace modelc

#endif
