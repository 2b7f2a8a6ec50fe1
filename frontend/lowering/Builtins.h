// Builtins.h: one call of a built-in function, its arguments by parameter.
#ifndef MODELC_FRONTEND_LOWERING_BUILTINS_H
#define MODELC_FRONTEND_LOWERING_BUILTINS_H

#include "frontend/lowering/Lowering.h"
#include "llvm/ADT/StringMap.h"

namespace modelc::lowering {

struct BuiltinCall {
  llvm::StringRef name;
  SourceRange range;
  ArrayType expected; // what is wanted of the result; may be null
  llvm::StringMap<ArgumentValue> named; // by parameter, those that are given
  std::vector<ArgumentValue> rest;      // of a parameter that takes many

  bool has(llvm::StringRef parameter) const { return named.count(parameter); }
  const ArgumentValue &operator[](llvm::StringRef parameter) const {
    return named.find(parameter)->second;
  }
  const Object &object(llvm::StringRef parameter) const {
    return (*this)[parameter].object;
  }
  SourceRange rangeOf(llvm::StringRef parameter) const {
    return (*this)[parameter].range;
  }
};

} // namespace modelc::lowering

#endif
