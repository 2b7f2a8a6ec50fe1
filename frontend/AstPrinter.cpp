// AstPrinter.cpp: the syntax tree as text. Declarations and statements are a
// line each, with their place; expressions are written with all their
// parentheses.
#include "frontend/AstPrinter.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace modelc;
using namespace modelc::ast;
using llvm::dyn_cast;
using llvm::StringRef;

namespace {
class AstPrinter {
public:
  explicit AstPrinter(llvm::raw_ostream &os) : os(os) {}

  void declaration(const Declaration *node);

private:
  // One line, begun and ended.
  llvm::raw_ostream &line() { return os.indent(indentation); }
  void end(SourceRange range) {
    LineColumn start = range.start();
    os << "  @" << start.line << ':' << start.column << '\n';
  }
  void documentation(StringRef text) {
    if (text.empty())
      return;
    auto [first, rest] = text.split('\n');
    line() << "documentation \"" << first << '"' << '\n';
    documentation(rest);
  }

  void module(const Module *node);
  void function(const Function *node);
  void memberIf(const MemberIf *node);
  void data(const Data *node);
  void hyper(const Hyper *node);
  void train(const Train *node);
  void members(StringRef label, llvm::ArrayRef<Declaration *> list);
  void parameters(llvm::ArrayRef<ParameterDeclaration> list);
  void typedName(StringRef word, const Identifier &name, const Type *type,
                 const Expression *value);

  void blockBody(const Block *block);
  void statement(const Statement *node);
  void pattern(const Pattern *node);
  void type(const Type *node);
  void expression(const Expression *node);
  void choice(const If *node);
  void subscript(const Subscript &subscript);
  void arguments(llvm::ArrayRef<Argument> list);
  void optional(StringRef before, const Expression *node) {
    if (!node)
      return;
    os << before;
    expression(node);
  }
  void list(llvm::ArrayRef<Expression *> elements) {
    llvm::interleaveComma(elements, os,
                          [&](const Expression *e) { expression(e); });
  }

  struct Indent {
    explicit Indent(AstPrinter &printer) : printer(printer) {
      printer.indentation += 2;
    }
    ~Indent() { printer.indentation -= 2; }
    AstPrinter &printer;
  };

  llvm::raw_ostream &os;
  unsigned indentation = 0;
};
} // namespace

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

void AstPrinter::typedName(StringRef word, const Identifier &name,
                           const Type *written, const Expression *value) {
  line() << word << ' ' << name.name;
  if (written) {
    os << ": ";
    type(written);
  }
  optional(" = ", value);
  end(name.range);
}

void AstPrinter::declaration(const Declaration *node) {
  switch (node->kind) {
  case NodeKind::Import:
    line() << "import ";
    expression(llvm::cast<Import>(node)->path);
    return end(node->range);
  case NodeKind::Module:
    return module(llvm::cast<Module>(node));
  case NodeKind::Function:
    return function(llvm::cast<Function>(node));
  case NodeKind::CustomGradient: {
    auto *custom = llvm::cast<CustomGradient>(node);
    line() << "custom-gradient " << node->name.name;
    end(node->range);
    Indent body(*this);
    documentation(node->documentation);
    parameters(custom->parameters);
    return blockBody(custom->body);
  }
  case NodeKind::Data:
    return data(llvm::cast<Data>(node));
  case NodeKind::Hyper:
    return hyper(llvm::cast<Hyper>(node));
  case NodeKind::Train:
    return train(llvm::cast<Train>(node));
  case NodeKind::Parameter: {
    auto *parameter = llvm::cast<Parameter>(node);
    typedName(parameter->isFrozen ? "frozen param" : "param", node->name,
              parameter->type, parameter->initializer);
    break;
  }
  case NodeKind::State:
    typedName("state", node->name, llvm::cast<State>(node)->type,
              llvm::cast<State>(node)->initializer);
    break;
  case NodeKind::Submodule: {
    auto *submodule = llvm::cast<Submodule>(node);
    line() << (submodule->isFrozen ? "frozen " : "") << "sub-module "
           << node->name.name << ": ";
    expression(submodule->module);
    if (submodule->count) {
      optional("[", submodule->count);
      os << ']';
    }
    end(node->range);
    break;
  }
  case NodeKind::Constant:
    typedName("constant", node->name, nullptr,
              llvm::cast<Constant>(node)->value);
    break;
  case NodeKind::Assertion:
    line() << "assert ";
    expression(llvm::cast<Assertion>(node)->condition);
    optional(" message ", llvm::cast<Assertion>(node)->message);
    end(node->range);
    break;
  case NodeKind::MemberIf:
    return memberIf(llvm::cast<MemberIf>(node));
  default:
    llvm_unreachable("not a declaration");
  }
  Indent body(*this);
  documentation(node->documentation);
}

void AstPrinter::members(StringRef label, llvm::ArrayRef<Declaration *> list) {
  line() << label << '\n';
  Indent body(*this);
  for (const Declaration *node : list)
    declaration(node);
}

void AstPrinter::parameters(llvm::ArrayRef<ParameterDeclaration> list) {
  for (const ParameterDeclaration &node : list)
    typedName("parameter", node.name, node.type, node.defaultValue);
}

void AstPrinter::module(const Module *node) {
  line() << spelling(node->moduleKind) << ' ' << node->name.name;
  end(node->range);
  Indent body(*this);
  documentation(node->documentation);
  parameters(node->parameters);
  for (const Declaration *member : node->members)
    declaration(member);
}

void AstPrinter::function(const Function *node) {
  line() << (node->isExported ? "export function" : "function");
  if (!node->name.empty())
    os << ' ' << node->name.name;
  end(node->range);
  Indent body(*this);
  documentation(node->documentation);
  parameters(node->parameters);
  if (node->result) {
    line() << "result ";
    type(node->result);
    end(node->result->range);
  }
  blockBody(node->body);
}

void AstPrinter::memberIf(const MemberIf *node) {
  line() << "if ";
  expression(node->condition);
  end(node->range);
  Indent body(*this);
  members("then", node->thenMembers);
  if (!node->elseMembers.empty())
    members("else", node->elseMembers);
}

void AstPrinter::data(const Data *node) {
  line() << "data " << node->name.name;
  optional(" from ", node->source);
  end(node->range);
  Indent body(*this);
  documentation(node->documentation);
  for (const DataField &field : node->fields) {
    typedName("field", field.name, nullptr, field.value);
    Indent inner(*this);
    documentation(field.documentation);
  }
  for (const DataSplit &split : node->splits) {
    line() << "split " << split.name.name;
    optional(" ", split.share);
    optional(" from ", split.source);
    end(split.range);
  }
  if (node->folds) {
    line() << "split folds";
    optional(" ", node->folds);
    end(node->splitRange);
  }
  if (node->key) {
    line() << "split " << node->rule.name << " by";
    optional(" ", node->key);
    end(node->key->range);
  }
}

void AstPrinter::hyper(const Hyper *node) {
  line() << "hyper " << node->name.name << ": ";
  type(node->type);
  optional(" = ", node->defaultValue);
  if (node->spaceKind != Hyper::None) {
    bool isSet = node->spaceKind == Hyper::Set;
    os << " in " << node->spaceName.name << (isSet ? "{" : "(");
    list(node->space);
    os << (isSet ? "}" : ")");
  }
  end(node->range);
  Indent body(*this);
  documentation(node->documentation);
}

void AstPrinter::train(const Train *node) {
  line() << "train " << node->model.name;
  arguments(node->arguments);
  os << " on " << node->data.name;
  end(node->range);
  Indent body(*this);
  documentation(node->documentation);
  for (const Objective &objective : node->objectives) {
    line() << "minimize ";
    expression(objective.loss);
    if (!objective.over.empty()) {
      os << " over ";
      list(objective.over);
    }
    optional(" with ", objective.optimizer);
    end(objective.range);
  }
  for (const StopEarly &stop : node->stops) {
    line() << "stop-early patience ";
    expression(stop.patience);
    optional(" on ", stop.monitor);
    end(stop.range);
  }
  for (const TrainSetting &setting : node->settings) {
    line() << "setting " << setting.name.name << ' ';
    list(setting.values);
    if (!setting.over.empty()) {
      os << " over ";
      list(setting.over);
    }
    end(setting.range);
  }
}

//===----------------------------------------------------------------------===//
// Statements and types
//===----------------------------------------------------------------------===//

void AstPrinter::blockBody(const Block *block) {
  for (const Statement *node : block->statements)
    statement(node);
  if (!block->value)
    return;
  line() << "value ";
  expression(block->value);
  end(block->value->range);
}

void AstPrinter::statement(const Statement *node) {
  if (auto *local = dyn_cast<LocalFunction>(node))
    return function(local->function);
  if (auto *loop = dyn_cast<For>(node)) {
    line() << "for ";
    pattern(loop->pattern);
    optional(" in ", loop->iterable);
    end(node->range);
    Indent body(*this);
    return blockBody(loop->body);
  }
  line();
  if (auto *let = dyn_cast<Let>(node)) {
    os << "let ";
    pattern(let->pattern);
    if (let->type) {
      os << ": ";
      type(let->type);
    }
    optional(" = ", let->value);
  } else if (auto *rebind = dyn_cast<Rebind>(node)) {
    os << "rebind ";
    pattern(rebind->pattern);
    optional(" = ", rebind->value);
  } else if (auto *update = dyn_cast<Update>(node)) {
    os << "update " << update->state.name;
    optional(" = ", update->value);
  } else {
    optional("do ", llvm::cast<ExpressionStatement>(node)->expression);
  }
  end(node->range);
}

void AstPrinter::pattern(const Pattern *node) {
  if (!node->isTuple) {
    os << node->name.name;
    return;
  }
  os << '(';
  llvm::interleaveComma(node->elements, os,
                        [&](const Pattern *element) { pattern(element); });
  os << ')';
}

void AstPrinter::type(const Type *node) {
  if (auto *kind = dyn_cast<KindType>(node)) {
    os << (kind->parameterKind == KindType::Module  ? "module"
           : kind->parameterKind == KindType::Tuple ? "tuple"
                                                    : "fn");
    return;
  }
  if (auto *tuple = dyn_cast<TupleType>(node)) {
    os << '(';
    llvm::interleaveComma(tuple->elements, os,
                          [&](const Type *element) { type(element); });
    os << ')';
    return;
  }
  auto *array = llvm::cast<ArrayType>(node);
  os << array->elementType.name;
  if (!array->hasBrackets)
    return;
  os << '[';
  llvm::interleaveComma(array->dimensions, os, [&](const Dimension &size) {
    if (size.isEllipsis)
      os << "...";
    optional("", size.size);
    optional(" <= ", size.bound);
  });
  os << ']';
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

void AstPrinter::arguments(llvm::ArrayRef<Argument> list) {
  os << '(';
  llvm::interleaveComma(list, os, [&](const Argument &argument) {
    if (!argument.name.empty())
      os << argument.name.name << " = ";
    expression(argument.value);
  });
  os << ')';
}

void AstPrinter::subscript(const Subscript &subscript) {
  switch (subscript.kind) {
  case Subscript::Full:
    os << ':';
    return;
  case Subscript::Ellipsis:
    os << "...";
    return;
  case Subscript::Single:
    return expression(subscript.start);
  case Subscript::Slice:
    optional("", subscript.start);
    os << "..";
    optional("", subscript.stop);
    optional(" step ", subscript.step);
  }
}

void AstPrinter::choice(const If *node) {
  os << "if ";
  expression(node->condition);
  os << '\n';
  Indent body(*this);
  line() << "then\n";
  {
    Indent inner(*this);
    blockBody(node->thenBlock);
  }
  if (node->elseBlock) {
    line() << "else\n";
    Indent inner(*this);
    blockBody(node->elseBlock);
  }
  line() << "end";
}

void AstPrinter::expression(const Expression *node) {
  switch (node->kind) {
  case NodeKind::IntegerLiteral:
    os << llvm::cast<IntegerLiteral>(node)->spelling;
    return;
  case NodeKind::FloatLiteral:
    os << llvm::cast<FloatLiteral>(node)->spelling;
    return;
  case NodeKind::PercentLiteral:
    os << llvm::cast<PercentLiteral>(node)->spelling << '%';
    return;
  case NodeKind::BooleanLiteral:
    os << (llvm::cast<BooleanLiteral>(node)->value ? "true" : "false");
    return;
  case NodeKind::StringLiteral:
    os << '"';
    os.write_escaped(llvm::cast<StringLiteral>(node)->value) << '"';
    return;
  case NodeKind::Name:
    os << llvm::cast<Name>(node)->name;
    return;
  case NodeKind::Member:
    expression(llvm::cast<Member>(node)->base);
    os << '.' << llvm::cast<Member>(node)->name.name;
    return;
  case NodeKind::Call:
    expression(llvm::cast<Call>(node)->callee);
    arguments(llvm::cast<Call>(node)->arguments);
    return;
  case NodeKind::Pipe:
    os << '(';
    expression(llvm::cast<Pipe>(node)->input);
    optional(" |> ", llvm::cast<Pipe>(node)->target);
    os << ')';
    return;
  case NodeKind::Unary: {
    auto *unary = llvm::cast<Unary>(node);
    os << '(' << spelling(unary->op)
       << (unary->op == UnaryOperator::Not ? " " : "");
    expression(unary->operand);
    os << ')';
    return;
  }
  case NodeKind::Binary: {
    auto *binary = llvm::cast<Binary>(node);
    os << '(';
    expression(binary->left);
    os << ' ' << spelling(binary->op) << ' ';
    expression(binary->right);
    os << ')';
    return;
  }
  case NodeKind::Index: {
    auto *index = llvm::cast<Index>(node);
    expression(index->base);
    os << '[';
    llvm::interleaveComma(index->subscripts, os,
                          [&](const Subscript &s) { subscript(s); });
    os << ']';
    return;
  }
  case NodeKind::Tuple: {
    llvm::ArrayRef<Expression *> elements = llvm::cast<Tuple>(node)->elements;
    os << '(';
    list(elements);
    os << (elements.size() == 1 ? ",)" : ")");
    return;
  }
  case NodeKind::List:
    os << '[';
    list(llvm::cast<List>(node)->elements);
    os << ']';
    return;
  case NodeKind::If:
    return choice(llvm::cast<If>(node));
  case NodeKind::Range:
    os << '(';
    expression(llvm::cast<Range>(node)->start);
    optional("..", llvm::cast<Range>(node)->stop);
    os << ')';
    return;
  case NodeKind::Ellipsis:
    os << "...";
    return;
  default:
    llvm_unreachable("not an expression");
  }
}

void modelc::printAst(const File &file, llvm::raw_ostream &os) {
  AstPrinter printer(os);
  for (const Declaration *node : file.declarations)
    printer.declaration(node);
}
