// NewlineFilter.h: between lexer and parser: which line breaks end something,
// and brackets.
#ifndef MODELC_FRONTEND_NEWLINEFILTER_H
#define MODELC_FRONTEND_NEWLINEFILTER_H

#include "frontend/Tokens.h"

namespace modelc {

class DiagnosticEngine;

/// Brackets may nest this deep, and one statement may have this many operators:
/// the limits keep everything that recurses over the syntax tree within its
/// stack.
constexpr unsigned maximumNesting = 256;
constexpr unsigned maximumOperators = 2000;

/// Filters the tokens of a file. Line breaks inside `( )` and `[ ]`, after an
/// operator, a comma or an opening brace, before `|>` and `else`, and empty
/// lines go to the hidden channel; a NEWLINE is put before each closing brace
/// and the end of the file. Characters that mean nothing, brackets that do not
/// match and too deep nesting are reported. Returns false if the brackets are
/// such that parsing would only lead to errors that make no sense. A `}` that
/// closes nothing is left out, and `surplusBrace` is the first: if the parser
/// finds no other mistake, it is one.
bool filterNewlines(std::vector<std::unique_ptr<antlr4::Token>> &tokens,
                    const TokenPlaces &places, DiagnosticEngine &diagnostics,
                    SourceRange &surplusBrace);

} // namespace modelc

#endif
