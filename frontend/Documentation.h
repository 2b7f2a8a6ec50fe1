// Documentation.h: what a file says of its declarations: how each is used, and
// the `///` comment above it.
#ifndef MODELC_FRONTEND_DOCUMENTATION_H
#define MODELC_FRONTEND_DOCUMENTATION_H

#include "frontend/Ast.h"
#include <string>
#include <vector>

namespace modelc {

/// A declaration as its user sees it.
struct Documentation {
  /// "Dense"; of a member "Line.predict". Empty for `train` and `fn (…)`.
  std::string name;
  /// How it is used, on one line: `relu(x: float[...]) -> float[...]`,
  /// `metric rmse`, `hyper lr: float = 1e-3`.
  std::string signature;
  /// The comment, a line of it a line; may be empty.
  llvm::StringRef text;
  SourceRange range;
  /// Of a module: what is exported or has a comment.
  std::vector<Documentation> members;
};

/// All declarations of a file but imports and what only the compiler looks at.
std::vector<Documentation> document(const ast::File &file);

/// The comment that a file begins with, without the slashes and, where it
/// begins with the file's name and a colon, without these.
std::string fileComment(const SourceFile &source);

/// The first sentence of a comment, on one line.
std::string firstSentence(llvm::StringRef text);

} // namespace modelc

#endif
