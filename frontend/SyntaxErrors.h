// SyntaxErrors.h: what the parser says about a mistake, and where it goes on
// after it.
#ifndef MODELC_FRONTEND_SYNTAXERRORS_H
#define MODELC_FRONTEND_SYNTAXERRORS_H

#include "frontend/Tokens.h"
#include <set>

namespace modelc {

class DiagnosticEngine;
struct Diagnostic;

/// Reports syntax errors in the user's terms, and recovers by lines: what is
/// left of the line with the mistake (and of bodies that begin on it) is
/// skipped. Nothing is guessed in between.
class SyntaxErrors : public antlr4::DefaultErrorStrategy {
public:
  SyntaxErrors(const TokenPlaces &places, DiagnosticEngine &diagnostics);

  void sync(antlr4::Parser *parser) override;
  void recover(antlr4::Parser *parser, std::exception_ptr) override;
  antlr4::Token *recoverInline(antlr4::Parser *parser) override;
  void reportError(antlr4::Parser *parser,
                   const antlr4::RecognitionException &) override;

private:
  void report(antlr4::Parser *parser, antlr4::Token *found,
              antlr4::Token *first, size_t rule);
  std::string expected(antlr4::Parser *parser, antlr4::Token *found,
                       antlr4::Token *first, size_t rule) const;
  void skipLine(antlr4::Parser *parser) const;

  const TokenPlaces &places;
  DiagnosticEngine &diagnostics;
  std::set<unsigned> reportedLines; // those with errors of the newline filter
};

/// Rules that end with NEWLINE and are repeated in a file or a body.
bool isLineRule(size_t rule);
/// Rules whose elements are separated by commas.
bool isCommaList(size_t rule);
/// Words that are keywords everywhere; words that are names somewhere.
bool isReservedWord(size_t type);
bool isWord(size_t type);

/// Adds to a syntax error what is to be changed, if its place says so
/// (SyntaxHints.cpp).
void addSyntaxHint(Diagnostic &error, const TokenPlaces &places,
                   antlr4::Parser *parser, antlr4::Token *found, size_t rule);

} // namespace modelc

#endif
