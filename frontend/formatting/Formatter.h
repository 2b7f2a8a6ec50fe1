// Formatter.h: the one way to lay out a `.model` file: `modelc fmt`.
#ifndef MODELC_FRONTEND_FORMATTING_FORMATTER_H
#define MODELC_FRONTEND_FORMATTING_FORMATTER_H

#include "frontend/Source.h"
#include <optional>

namespace modelc {

class DiagnosticEngine;

/// The text of a file, laid out anew: spaces, indentation, alignment, lines of
/// at most 100 columns. Tokens, comments and the lines that the user broke
/// stay. Formatting what is formatted changes nothing. None if the file does
/// not parse; the errors have been reported.
std::optional<std::string> format(const SourceFile &source,
                                  DiagnosticEngine &diagnostics);

} // namespace modelc

#endif
