// Layout.h: from the words of a file and how they belong together to lines.
#ifndef MODELC_FRONTEND_FORMATTING_LAYOUT_H
#define MODELC_FRONTEND_FORMATTING_LAYOUT_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace modelc {

/// A token, or a comment on a line of its own, with what is before it.
struct Piece {
  enum class Kind { Word, Comment, Open, Close };

  Kind kind = Kind::Word;
  llvm::StringRef text;
  /// A comment that ends the line.
  llvm::StringRef trailingComment;
  /// Columns between the piece and the one before it on its line.
  unsigned spaces = 0;
  bool beginsLine = false;
  bool blankBefore = false;
  /// Whether a statement, a member or a declaration begins here.
  bool beginsStatement = false;
  /// Of `Open` and `Close`: whether they are the braces of a body.
  bool isBody = false;
  /// Of `Open`: the index of its `Close`.
  size_t close = 0;
  /// How good it is to break the line before this piece, lower being better;
  /// the nesting of brackets counts for more.
  static constexpr unsigned never = ~0u;
  unsigned breakRank = never;
};

/// The text of the pieces: breaks lines that are too long, indents, aligns the
/// comments at the ends of neighbouring lines.
std::string layOut(std::vector<Piece> pieces);

} // namespace modelc

#endif
