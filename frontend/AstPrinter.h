// AstPrinter.h: the syntax tree as readable, indented text: `--emit=ast`.
#ifndef MODELC_FRONTEND_ASTPRINTER_H
#define MODELC_FRONTEND_ASTPRINTER_H

#include "frontend/Ast.h"

namespace llvm {
class raw_ostream;
}

namespace modelc {

/// One node a line: its kind, its own words, and where it is (line:column).
void printAst(const ast::File &file, llvm::raw_ostream &os);

} // namespace modelc

#endif
