// Parser.h: from the text of a file to its syntax tree.
#ifndef MODELC_FRONTEND_PARSER_H
#define MODELC_FRONTEND_PARSER_H

#include "frontend/Ast.h"

namespace modelc {

class DiagnosticEngine;

/// Parses a file. Returns null if there were errors, all of which have been
/// reported. `source` must outlive the tree. Never throws, and accepts any
/// bytes.
std::unique_ptr<ast::File> parse(const SourceFile &source,
                                 DiagnosticEngine &diagnostics);

/// The same for a part of a file that is a sequence of declarations.
std::unique_ptr<ast::File> parse(SourceRange part,
                                 DiagnosticEngine &diagnostics);

} // namespace modelc

#endif
