// Statements.cpp: executes the statements of a body.
#include "dialect/Names.h"
#include "dialect/Size.h"
#include "frontend/lowering/Lowering.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// Loops are unrolled; this many statements are more than anybody wants.
static constexpr uint64_t mostSteps = 500'000;
static constexpr int64_t mostIterations = 1 << 16;

bool Lowering::takeStep(SourceRange range) {
  if (++steps < mostSteps)
    return true;
  if (steps == mostSteps)
    diagnostics.report(DID::TooManySteps, range, llvm::Twine(mostSteps));
  return false;
}

Object Lowering::evaluateBlock(const ast::Block &block, ArrayType expected) {
  bool good = true;
  for (const ast::Statement *statement : block.statements)
    good &= execute(statement);
  Object value =
      block.value ? evaluate(block.value, expected) : Object::nothing();
  return good ? value : Object::poison();
}

bool Lowering::execute(const ast::Statement *statement) {
  if (!takeStep(statement->range)) {
    if (auto *bound = llvm::dyn_cast<ast::Let>(statement))
      definePoison(*bound->pattern);
    return false;
  }
  switch (statement->kind) {
  case ast::NodeKind::Let:
    return let(*llvm::cast<ast::Let>(statement));
  case ast::NodeKind::Rebind:
    return rebind(*llvm::cast<ast::Rebind>(statement));
  case ast::NodeKind::Update:
    return update(*llvm::cast<ast::Update>(statement));
  case ast::NodeKind::For:
    return loop(*llvm::cast<ast::For>(statement));
  case ast::NodeKind::LocalFunction: {
    const ast::Function *declaration =
        llvm::cast<ast::LocalFunction>(statement)->function;
    auto reference = std::make_shared<FunctionReference>();
    reference->declaration = declaration;
    reference->environment = scope;
    reference->frame = frame;
    Object object = Object::of(std::move(reference));
    object.declared = declaration->name.range;
    scope->define(declaration->name.name, std::move(object));
    return true;
  }
  default: {
    auto *effect = llvm::cast<ast::ExpressionStatement>(statement);
    return !evaluate(effect->expression).is(Object::Poison);
  }
  }
}

void Lowering::definePoison(const ast::Pattern &pattern) {
  if (!pattern.isTuple && pattern.name.name != "_")
    scope->define(pattern.name.name, Object::poison());
  for (ast::Pattern *element : pattern.elements)
    definePoison(*element);
}

bool Lowering::bindPattern(const ast::Pattern &pattern, Object object,
                           bool define, SourceRange range) {
  if (pattern.isTuple) {
    if (!object.is(Object::Tuple) ||
        object.elements.size() != pattern.elements.size()) {
      if (!object.is(Object::Poison))
        diagnostics.report(DID::WrongKind, range, describe(object),
                           llvm::Twine("a tuple of ") +
                               llvm::Twine(pattern.elements.size()));
      return false;
    }
    bool good = true;
    for (auto [part, element] : llvm::zip(pattern.elements, object.elements))
      good &= bindPattern(*part, element, define, range);
    return good;
  }
  llvm::StringRef name = pattern.name.name;
  if (name == "_")
    return true;
  object.declared = pattern.name.range;
  if (define) {
    scope->define(name, std::move(object));
    return true;
  }
  for (Environment *at = scope; at && (at->kind == Environment::Block ||
                                       at->kind == Environment::Function);
       at = at->parent) {
    if (Object *bound = at->find(name)) {
      SourceRange declared = bound->declared;
      *bound = std::move(object);
      bound->declared = declared;
      return true;
    }
    if (at->kind == Environment::Function)
      break;
  }
  auto &error =
      diagnostics.report(DID::NotRebindable, pattern.name.range, name);
  Object other = lookUp(name, pattern.name.range, scope, /*quiet=*/true);
  if (other.is(Object::SlotKind))
    error.hint(HintId::UseUpdate, name);
  else
    error.hint(HintId::UseLet);
  if (!isDeclared(name, scope)) // what follows means it
    scope->define(name, Object::poison());
  return false;
}

/// Names arrays as the pattern does that binds them. Those that are in use
/// already, and so may have a name, keep it.
static void nameArrays(const ast::Pattern &pattern, const Object &object) {
  if (pattern.isTuple) {
    for (auto [part, element] : llvm::zip(pattern.elements, object.elements))
      nameArrays(*part, element);
    return;
  }
  auto result =
      object.is(Object::Array) ? dyn_cast<OpResult>(object.value) : OpResult();
  if (!result || result.getResultNumber() > 0)
    return;
  Operation *made = result.getOwner();
  if (made->use_empty())
    made->setLoc(model::nameLocation(made->getLoc(), pattern.name.name));
}

bool Lowering::let(const ast::Let &statement) {
  SignatureTypes types;
  for (Environment *at = scope; at; at = at->parent)
    if (Object *rest = at->find("...")) {
      types.rest.emplace();
      for (const Object &size : rest->elements)
        types.rest->push_back(size.size);
      break;
    }
  ArrayType expected = expectedOf(statement.type, types, scope);
  Object value = evaluate(statement.value, expected);
  value = coerce(std::move(value), statement.type, types, scope,
                 statement.value->range, "the value");
  if (value.is(Object::Nothing)) {
    diagnostics.report(DID::WrongKind, statement.value->range, "nothing",
                       "a value");
    value = Object::poison();
  }
  if (value.is(Object::Poison)) {
    definePoison(*statement.pattern);
    return false;
  }
  if (bindPattern(*statement.pattern, value, true, statement.value->range)) {
    nameArrays(*statement.pattern, value);
    return true;
  }
  definePoison(*statement.pattern);
  return false;
}

bool Lowering::rebind(const ast::Rebind &statement) {
  Object value = evaluate(statement.value);
  if (value.is(Object::Poison)) {
    if (!statement.pattern->isTuple)
      for (Environment *at = scope; at && at->kind == Environment::Block;
           at = at->parent)
        if (Object *bound = at->find(statement.pattern->name.name)) {
          *bound = Object::poison();
          break;
        }
    return false;
  }
  if (!bindPattern(*statement.pattern, value, false, statement.value->range))
    return false;
  nameArrays(*statement.pattern, value);
  return true;
}

bool Lowering::update(const ast::Update &statement) {
  llvm::StringRef name = statement.state.name;
  Object target = lookUp(name, statement.state.range, scope);
  if (target.is(Object::Poison))
    return false;
  if (!target.is(Object::SlotKind) || target.slot->kind == "parameter") {
    diagnostics.report(DID::NotAState, statement.state.range, name)
        .note(NoteId::DeclaredHere, target.declared, name);
    return false;
  }
  if (!needsFrame(statement.range))
    return false;
  unsigned level = target.slot->stacks.size() - target.instance.indices.size();
  ArrayType wanted =
      target.slot->type.withShape(target.slot->type.getShape().drop_front(
          level + target.instance.indices.size()));
  Object object = evaluate(statement.value, wanted);
  if (object.is(Object::Poison))
    return false;
  SourceRange range = statement.value->range;
  Value value = materialize(object, range, wanted.getElementType());
  if (!value)
    return false;
  bool adapts = object.isNumber() || (object.is(Object::Array) && object.weak);
  if (adapts)
    value = broadcastTo(value, wanted.getShape(), range);
  if (!value)
    return false;
  if (value.getType() != wanted) {
    diagnostics
        .report(DID::ShapeMismatch, range, "the new value of `" + name + "`",
                describe(value.getType()), describe(wanted))
        .note(NoteId::DeclaredHere, target.slot->range, name);
    return false;
  }
  writeSlot(target.slot, target.instance, value, range);
  return true;
}

bool Lowering::loop(const ast::For &statement) {
  Object over = evaluate(statement.iterable);
  SourceRange range = statement.iterable->range;
  std::vector<Object> elements;
  if (over.is(Object::Tuple)) {
    elements = over.elements;
  } else if (over.is(Object::Range)) {
    SizeAttr length =
        model::subtract(over.elements[1].size, over.elements[0].size);
    std::optional<int64_t> count = length ? length.asConstant() : std::nullopt;
    if (!count) {
      diagnostics
          .report(DID::WrongKind, range,
                  "a range of " + (length ? length.str() : "?"),
                  "a number of repetitions that is known at compile time")
          .hint(HintId::UseScan);
      return false;
    }
    if (*count > mostIterations) {
      diagnostics.report(DID::OutOfRange, range, llvm::Twine(*count), "0",
                         llvm::Twine(mostIterations));
      return false;
    }
    for (int64_t i = 0; i < *count; ++i)
      elements.push_back(
          Object::integer(model::add(over.elements[0].size, constantSize(i))));
  } else if (over.is(Object::InstanceArray)) {
    for (int64_t i = 0; i < over.instance.instance->stacks.back(); ++i) {
      Object element = over;
      element.kind = Object::InstanceKind;
      element.instance.indices.push_back(i);
      elements.push_back(std::move(element));
    }
  } else {
    if (!over.is(Object::Poison))
      diagnostics.report(DID::WrongKind, range, describe(over),
                         "a range, a tuple or an array of modules");
    return false;
  }
  for (Object &element : elements) {
    llvm::SaveAndRestore inScope(scope,
                                 newEnvironment(Environment::Block, scope));
    if (!bindPattern(*statement.pattern, std::move(element), true, range) ||
        evaluateBlock(*statement.body).is(Object::Poison))
      return false; // the other iterations would say the same
  }
  return true;
}

} // namespace modelc::lowering
