// Stdlib.h: the standard library, which is written in the language and part of
// the compiler.
#ifndef MODELC_FRONTEND_STDLIB_H
#define MODELC_FRONTEND_STDLIB_H

#include "frontend/Ast.h"
#include <vector>

namespace modelc {

class DiagnosticEngine;

/// The text of a file of frontend/stdlib/.
struct StdlibText {
  llvm::StringRef name; // "layers.model"
  llvm::StringRef text;
};

/// All files of the standard library, in alphabetical order.
llvm::ArrayRef<StdlibText> stdlibTexts();

/// Parses the standard library; its files are called "stdlib/layers.model" and
/// so on in locations. Empty if there were errors, which would be ours.
std::vector<std::unique_ptr<ast::File>>
parseStdlib(SourceManager &sources, DiagnosticEngine &diagnostics);

} // namespace modelc

#endif
