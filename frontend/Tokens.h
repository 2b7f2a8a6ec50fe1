// Tokens.h: where ANTLR's tokens are in the source, and how they are named to
// the user.
//
// Only files of the ANTLR boundary include this.
#ifndef MODELC_FRONTEND_TOKENS_H
#define MODELC_FRONTEND_TOKENS_H

#include "antlr4-runtime.h"
#include "frontend/Source.h"

namespace modelc {

/// Turns ANTLR's positions, which count the code points of the part of a source
/// that is parsed, into byte ranges of the source.
class TokenPlaces {
public:
  explicit TokenPlaces(SourceRange part);

  SourceRange part() const { return parsed; }
  SourceRange range(const antlr4::Token *token) const;
  /// From the first token to the last one of a rule.
  SourceRange range(const antlr4::ParserRuleContext *context) const;
  llvm::StringRef text(const antlr4::Token *token) const {
    return range(token).text();
  }
  /// A token in an error message: "`x`", "a line break", "the end of the file".
  std::string describe(const antlr4::Token *token) const;

private:
  uint32_t byteOffset(size_t codePoint) const;

  SourceRange parsed;
  std::vector<uint32_t> offsets; // empty if the text is ASCII
};

/// The operators that take an operand on their right, and so continue a line.
bool isBinaryOperator(size_t tokenType);

} // namespace modelc

#endif
