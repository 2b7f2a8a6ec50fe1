// Hints.h: numbers, lists and advice in the words of messages.
#ifndef MODELC_FRONTEND_LOWERING_HINTS_H
#define MODELC_FRONTEND_LOWERING_HINTS_H

#include "frontend/Ast.h"
#include "frontend/Diagnostics.h"

namespace modelc::lowering {

/// "1 argument", "2 arguments".
std::string countOf(size_t number, llvm::StringRef what);

/// "the parameters `a`, `b`".
std::string
listParameters(llvm::ArrayRef<ast::ParameterDeclaration> parameters);

/// The array of this text wants its last two dimensions swapped.
void hintSwap(Diagnostic &error, llvm::StringRef text);

} // namespace modelc::lowering

#endif
