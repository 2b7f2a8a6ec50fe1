// Stdlib.h: the standard library, which is written in the language and part of
// the compiler.
#ifndef MODELC_FRONTEND_STDLIB_H
#define MODELC_FRONTEND_STDLIB_H

#include "frontend/Ast.h"
#include "llvm/ADT/StringMap.h"
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

/// The standard library as a program sees it: a declaration is parsed when
/// it is first asked for, so that programs do not pay for what they do not use.
/// Its files are called "stdlib/layers.model" and so on in locations.
class StandardLibrary {
public:
  StandardLibrary(SourceManager &sources, DiagnosticEngine &diagnostics);

  /// The declaration called `name`, with its custom gradient if it has one;
  /// null if there is none, or if it has been taken before. `word` is what it
  /// begins with: metrics, optimizers and transforms have names of their own,
  /// and anything else is the word "fn".
  const ast::File *take(llvm::StringRef word, llvm::StringRef name);

  /// All names under a word, taken or not.
  std::vector<llvm::StringRef> names(llvm::StringRef word) const;

private:
  void index(SourceRange file);
  void add(llvm::StringRef firstLine, SourceRange part);

  /// By word and name: "metric rmse".
  llvm::StringMap<SourceRange> parts;
  std::vector<std::unique_ptr<ast::File>> parsed;
  DiagnosticEngine &diagnostics;
};

} // namespace modelc

#endif
