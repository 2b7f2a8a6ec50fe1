// Hints.h: numbers and lists in the words of messages.
#ifndef MODELC_FRONTEND_LOWERING_HINTS_H
#define MODELC_FRONTEND_LOWERING_HINTS_H

#include "frontend/Ast.h"

namespace modelc::lowering {

/// "1 argument", "2 arguments".
std::string countOf(size_t number, llvm::StringRef what);

/// "the parameters `a`, `b`".
std::string
listParameters(llvm::ArrayRef<ast::ParameterDeclaration> parameters);

} // namespace modelc::lowering

#endif
