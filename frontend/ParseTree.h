// ParseTree.h: a text with its tokens and ANTLR's tree of it.
//
// Only files of the ANTLR boundary include this.
#ifndef MODELC_FRONTEND_PARSETREE_H
#define MODELC_FRONTEND_PARSETREE_H

#include "ModelLexer.h"
#include "ModelParser.h"
#include "frontend/Tokens.h"
#include <optional>

namespace modelc {

class DiagnosticEngine;

/// The tokens after the newline filter, comments among them, and the tree that
/// is made of them.
class ParseTree {
public:
  /// Null if there were errors, all of which have been reported.
  static std::unique_ptr<ParseTree> parse(SourceRange part,
                                          DiagnosticEngine &diagnostics);

  const TokenPlaces &places() const { return tokenPlaces; }
  /// Null if the text has no tokens at all.
  antlr4::CommonTokenStream *tokens() { return stream ? &*stream : nullptr; }
  grammar::ModelParser::FileContext *file() const { return tree; }

private:
  explicit ParseTree(SourceRange part)
      : tokenPlaces(part), input(part.text().str()), lexer(&input) {}

  TokenPlaces tokenPlaces;
  antlr4::ANTLRInputStream input;
  grammar::ModelLexer lexer;
  std::optional<antlr4::ListTokenSource> filtered;
  std::optional<antlr4::CommonTokenStream> stream;
  std::optional<grammar::ModelParser> parser;
  grammar::ModelParser::FileContext *tree = nullptr;
};

} // namespace modelc

#endif
