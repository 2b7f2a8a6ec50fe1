// UnusedNames.cpp: names in what no program evaluates.
//
// Functions and modules are evaluated where they are used, with the types that
// they have there. What nothing uses is looked through here, so that a slip in
// it does not wait for its first use: each name has to be declared somewhere,
// in the function, its module, the file or the library. Where in a function is
// not asked, since only its evaluation knows.
#include "frontend/lowering/Lowering.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// Looks through the functions and modules of one file.
class Lowering::NameCheck {
public:
  explicit NameCheck(Lowering &lowering)
      : lowering(lowering), known(lowering.fileScope) {
    // The evaluation may have found a name too, here or at another place.
    for (const Diagnostic &error : lowering.diagnostics.all())
      reported.insert(error.range.text());
  }

  void check(const ast::File &file) {
    for (const ast::Declaration *declaration : file.declarations)
      if (!llvm::isa<ast::Data, ast::Train, ast::Hyper, ast::Import>(
              declaration))
        checkDeclaration(*declaration, file.declarations);
  }

private:
  using Declarations = llvm::ArrayRef<ast::Declaration *>;

  /// What is declared by `declare` is known to `check`.
  void inScope(llvm::function_ref<void()> declare,
               llvm::function_ref<void()> check) {
    llvm::SaveAndRestore inner(
        known, lowering.newEnvironment(Environment::Function, known));
    declare();
    check();
  }
  void define(llvm::StringRef name) {
    if (!name.empty() && !known->find(name))
      known->define(name, Object::poison());
  }

  //===--------------------------------------------------------------------===//
  // What is declared
  //===--------------------------------------------------------------------===//

  void declarePattern(const ast::Pattern &pattern) {
    define(pattern.name.name);
    for (const ast::Pattern *element : pattern.elements)
      declarePattern(*element);
  }

  /// Sizes and element types with a capital stand for what an argument has.
  void declareType(const ast::Type *type) {
    if (auto *tuple = llvm::dyn_cast_or_null<ast::TupleType>(type))
      for (const ast::Type *element : tuple->elements)
        declareType(element);
    auto *array = llvm::dyn_cast_or_null<ast::ArrayType>(type);
    if (!array)
      return;
    define(array->elementType.name);
    for (const ast::Dimension &dimension : array->dimensions)
      declareSizes(dimension.size);
  }
  void declareSizes(const ast::Expression *size) {
    if (auto *binary = llvm::dyn_cast_or_null<ast::Binary>(size)) {
      declareSizes(binary->left);
      declareSizes(binary->right);
    }
    if (auto *name = llvm::dyn_cast_or_null<ast::Name>(size))
      if (llvm::isUpper(name->name.front()))
        define(name->name);
  }

  void declareParameters(llvm::ArrayRef<ast::ParameterDeclaration> parameters) {
    for (const ast::ParameterDeclaration &parameter : parameters) {
      define(parameter.name.name);
      declareType(parameter.type);
    }
  }

  void declareBlock(const ast::Block *block) {
    if (!block)
      return;
    for (const ast::Statement *statement : block->statements) {
      if (auto *let = llvm::dyn_cast<ast::Let>(statement)) {
        declarePattern(*let->pattern);
        declareType(let->type);
        declareNested(let->value);
      } else if (auto *rebind = llvm::dyn_cast<ast::Rebind>(statement)) {
        declarePattern(*rebind->pattern); // one of its own is an error already
        declareNested(rebind->value);
      } else if (auto *update = llvm::dyn_cast<ast::Update>(statement)) {
        declareNested(update->value);
      } else if (auto *loop = llvm::dyn_cast<ast::For>(statement)) {
        declarePattern(*loop->pattern);
        declareBlock(loop->body);
      } else if (auto *local = llvm::dyn_cast<ast::LocalFunction>(statement)) {
        define(local->function->name.name);
        declareFunction(*local->function);
      } else {
        declareNested(
            llvm::cast<ast::ExpressionStatement>(statement)->expression);
      }
    }
    declareNested(block->value);
  }
  /// What an `if` declares is gone after it, but asked for only inside.
  void declareNested(const ast::Expression *expression) {
    if (auto *branch = llvm::dyn_cast_or_null<ast::If>(expression)) {
      declareBlock(branch->thenBlock);
      declareBlock(branch->elseBlock);
    }
  }

  void declareFunction(const ast::Function &function) {
    declareParameters(function.parameters);
    declareType(function.result);
    declareBlock(function.body);
  }

  /// The sizes that a function of this name, be it in an `if`, has.
  void declareParametersOf(llvm::StringRef name, Declarations members) {
    for (const ast::Declaration *member : members) {
      if (auto *function = llvm::dyn_cast<ast::Function>(member))
        if (function->name.name == name)
          declareParameters(function->parameters);
      if (auto *branch = llvm::dyn_cast<ast::MemberIf>(member)) {
        declareParametersOf(name, branch->thenMembers);
        declareParametersOf(name, branch->elseMembers);
      }
    }
  }

  void declareMembers(Declarations members) {
    for (const ast::Declaration *member : members) {
      define(member->name.name);
      if (auto *branch = llvm::dyn_cast<ast::MemberIf>(member)) {
        declareMembers(branch->thenMembers);
        declareMembers(branch->elseMembers);
      }
    }
  }

  //===--------------------------------------------------------------------===//
  // What is named
  //===--------------------------------------------------------------------===//

  void checkName(const ast::Name &name, bool isSize = false) {
    if (name.name == "training" || name.name == "parameters" ||
        name.name == "_" || lowering.isDeclared(name.name, known) ||
        !reported.insert(name.name).second)
      return;
    if (isSize)
      lowering.reportUnknownSize(name, known);
    else
      lowering.reportUnknown(name.name, name.range, known);
  }

  void checkType(const ast::Type *type) {
    if (auto *tuple = llvm::dyn_cast_or_null<ast::TupleType>(type))
      for (const ast::Type *element : tuple->elements)
        checkType(element);
    if (auto *array = llvm::dyn_cast_or_null<ast::ArrayType>(type))
      for (const ast::Dimension &dimension : array->dimensions) {
        if (auto *name = llvm::dyn_cast_or_null<ast::Name>(dimension.size))
          checkName(*name, /*isSize=*/true);
        else
          check(dimension.size);
        check(dimension.bound);
      }
  }

  void check(const ast::Expression *expression) {
    if (!expression)
      return;
    switch (expression->kind) {
    case ast::NodeKind::Name:
      return checkName(*llvm::cast<ast::Name>(expression));
    case ast::NodeKind::Member:
      return check(llvm::cast<ast::Member>(expression)->base);
    case ast::NodeKind::Call: {
      auto *call = llvm::cast<ast::Call>(expression);
      check(call->callee);
      for (const ast::Argument &argument : call->arguments)
        // `wrt` names parameters of the function that is differentiated.
        if (argument.name.name != "wrt")
          check(argument.value);
      return;
    }
    case ast::NodeKind::Pipe:
      check(llvm::cast<ast::Pipe>(expression)->input);
      return check(llvm::cast<ast::Pipe>(expression)->target);
    case ast::NodeKind::Unary:
      return check(llvm::cast<ast::Unary>(expression)->operand);
    case ast::NodeKind::Binary:
      check(llvm::cast<ast::Binary>(expression)->left);
      return check(llvm::cast<ast::Binary>(expression)->right);
    case ast::NodeKind::Index: {
      auto *index = llvm::cast<ast::Index>(expression);
      check(index->base);
      for (const ast::Subscript &subscript : index->subscripts)
        for (const ast::Expression *part :
             {subscript.start, subscript.stop, subscript.step})
          check(part);
      return;
    }
    case ast::NodeKind::Tuple:
      return checkAll(llvm::cast<ast::Tuple>(expression)->elements);
    case ast::NodeKind::List:
      return checkAll(llvm::cast<ast::List>(expression)->elements);
    case ast::NodeKind::If: {
      auto *branch = llvm::cast<ast::If>(expression);
      check(branch->condition);
      checkBlock(branch->thenBlock);
      return checkBlock(branch->elseBlock);
    }
    case ast::NodeKind::Range:
      check(llvm::cast<ast::Range>(expression)->start);
      return check(llvm::cast<ast::Range>(expression)->stop);
    default: // literals
      return;
    }
  }
  void checkAll(llvm::ArrayRef<ast::Expression *> expressions) {
    for (const ast::Expression *expression : expressions)
      check(expression);
  }

  void checkBlock(const ast::Block *block) {
    if (!block)
      return;
    for (const ast::Statement *statement : block->statements) {
      if (auto *let = llvm::dyn_cast<ast::Let>(statement)) {
        checkType(let->type);
        check(let->value);
      } else if (auto *rebind = llvm::dyn_cast<ast::Rebind>(statement)) {
        check(rebind->value);
      } else if (auto *update = llvm::dyn_cast<ast::Update>(statement)) {
        check(update->value);
      } else if (auto *loop = llvm::dyn_cast<ast::For>(statement)) {
        check(loop->iterable);
        checkBlock(loop->body);
      } else if (auto *local = llvm::dyn_cast<ast::LocalFunction>(statement)) {
        checkFunction(*local->function);
      } else {
        check(llvm::cast<ast::ExpressionStatement>(statement)->expression);
      }
    }
    check(block->value);
  }

  void checkParameters(llvm::ArrayRef<ast::ParameterDeclaration> parameters) {
    for (const ast::ParameterDeclaration &parameter : parameters) {
      checkType(parameter.type);
      check(parameter.defaultValue);
    }
  }

  void checkFunction(const ast::Function &function) {
    checkParameters(function.parameters);
    checkType(function.result);
    checkBlock(function.body);
  }

  void checkDeclaration(const ast::Declaration &declaration,
                        Declarations siblings) {
    if (auto *function = llvm::dyn_cast<ast::Function>(&declaration)) {
      inScope([&] { declareFunction(*function); },
              [&] { checkFunction(*function); });
    } else if (auto *custom =
                   llvm::dyn_cast<ast::CustomGradient>(&declaration)) {
      inScope(
          [&] {
            // Its parameters have the types of the function's.
            declareParametersOf(custom->name.name, siblings);
            declareParameters(custom->parameters);
            declareBlock(custom->body);
          },
          [&] { checkBlock(custom->body); });
    } else if (auto *module = llvm::dyn_cast<ast::Module>(&declaration)) {
      inScope(
          [&] {
            declareParameters(module->parameters);
            declareMembers(module->members);
          },
          [&] {
            checkParameters(module->parameters);
            for (const ast::Declaration *member : module->members)
              checkDeclaration(*member, module->members);
          });
    } else {
      checkMember(declaration, siblings);
    }
  }

  void checkMember(const ast::Declaration &member, Declarations siblings) {
    if (auto *parameter = llvm::dyn_cast<ast::Parameter>(&member)) {
      checkType(parameter->type);
      check(parameter->initializer);
    } else if (auto *state = llvm::dyn_cast<ast::State>(&member)) {
      checkType(state->type);
      check(state->initializer);
    } else if (auto *submodule = llvm::dyn_cast<ast::Submodule>(&member)) {
      check(submodule->module);
      check(submodule->count);
    } else if (auto *constant = llvm::dyn_cast<ast::Constant>(&member)) {
      check(constant->value);
    } else if (auto *assertion = llvm::dyn_cast<ast::Assertion>(&member)) {
      check(assertion->condition);
    } else if (auto *branch = llvm::dyn_cast<ast::MemberIf>(&member)) {
      check(branch->condition);
      for (Declarations members : {branch->thenMembers, branch->elseMembers})
        for (const ast::Declaration *other : members)
          checkDeclaration(*other, siblings);
    }
  }

  Lowering &lowering;
  Environment *known;
  /// What errors underline.
  llvm::StringSet<> reported;
};

void Lowering::checkNames() {
  NameCheck check(*this);
  check.check(file);
  // Files that are imported are found while others are.
  for (size_t i = 0; i < imported.size(); ++i)
    check.check(*imported[i]);
}

} // namespace modelc::lowering
