// Signature.h: the arguments of a call, what a signature says of them, and the
// function that is built for them.
#ifndef MODELC_FRONTEND_LOWERING_SIGNATURE_H
#define MODELC_FRONTEND_LOWERING_SIGNATURE_H

#include "frontend/lowering/Frame.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace modelc::lowering {

using ast::Identifier;

/// An argument of a call, evaluated.
struct ArgumentValue {
  Identifier name; // empty: positional
  Object object;
  SourceRange range;
};

/// A function's body, built for certain arguments.
struct FunctionInstance {
  mlir::func::FuncOp function;
  std::vector<ImplicitInput> inputs;  // the leading arguments
  std::vector<ImplicitInput> written; // results behind those of `result`
  std::vector<Message> messages;      // their values are the last results
  Object result;                      // arrays stand for results, in order
  bool failed = false;
  bool dependsOnTraining = false;
  const ast::Function *declaration = nullptr; // null: none, or its gradient
  const Instance *self = nullptr;
  llvm::SmallVector<unsigned> firstArray; // by parameter, behind `inputs`
};

/// Declared types of one signature, and what their symbols stand for.
struct SignatureTypes {
  struct Bound {
    SizeAttr size;
    SourceRange range;
  };
  std::map<std::string, Bound, std::less<>> symbols;
  std::map<std::string, mlir::Type, std::less<>> elementTypes;
  std::optional<std::vector<SizeAttr>> rest; // `...`
  SourceRange restRange;
};

/// The arguments of one call of a declared function, bound to its parameters.
struct Signature {
  Environment *environment = nullptr; // parameters and symbols by name
  SignatureTypes types;
  std::vector<ArgumentValue> arguments;
  llvm::SmallVector<Value> arrays;        // all arrays in them, in order
  llvm::SmallVector<unsigned> firstArray; // by parameter
  ArrayType expected;
};

} // namespace modelc::lowering

#endif
