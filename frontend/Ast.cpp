// Ast.cpp: the words of the syntax tree.
#include "frontend/Ast.h"
#include "llvm/Support/ErrorHandling.h"

using namespace modelc::ast;
using llvm::StringRef;

StringRef modelc::ast::nodeKindName(NodeKind kind) {
  static constexpr StringRef names[] = {"import",     "module",
                                        "function",   "custom-gradient",
                                        "data",       "hyper",
                                        "train",      "parameter",
                                        "state",      "sub-module",
                                        "constant",   "assertion",
                                        "member-if",  "let",
                                        "rebind",     "update",
                                        "for",        "local-function",
                                        "expression", "array-type",
                                        "tuple-type", "kind-type",
                                        "integer",    "float",
                                        "percent",    "boolean",
                                        "string",     "name",
                                        "member",     "call",
                                        "pipe",       "unary",
                                        "binary",     "index",
                                        "tuple",      "list",
                                        "if",         "range",
                                        "ellipsis",   "pattern",
                                        "block"};
  static_assert(std::size(names) == static_cast<size_t>(NodeKind::Block) + 1);
  return names[static_cast<size_t>(kind)];
}

StringRef modelc::ast::spelling(UnaryOperator op) {
  return op == UnaryOperator::Negate ? "-" : "not";
}

StringRef modelc::ast::spelling(BinaryOperator op) {
  static constexpr StringRef spellings[] = {"+", "-",  "*",   "/", "**",
                                            "@", "==", "!=",  "<", "<=",
                                            ">", ">=", "and", "or"};
  static_assert(std::size(spellings) ==
                static_cast<size_t>(BinaryOperator::Or) + 1);
  return spellings[static_cast<size_t>(op)];
}

StringRef modelc::ast::spelling(ModuleKind kind) {
  switch (kind) {
  case ModuleKind::Model:
    return "model";
  case ModuleKind::Module:
    return "module";
  case ModuleKind::Optimizer:
    return "optimizer";
  case ModuleKind::Metric:
    return "metric";
  case ModuleKind::Transform:
    return "transform";
  }
  llvm_unreachable("all kinds are handled");
}
