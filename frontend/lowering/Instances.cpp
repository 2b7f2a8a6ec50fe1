// Instances.cpp: makes instances of modules, with their parameters and state.
#include "dialect/Size.h"
#include "frontend/lowering/Lowering.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

static constexpr unsigned deepestModules = 64;
static constexpr size_t mostInstances = 1 << 14;
/// The name under which an instance's call operator is found.
static constexpr llvm::StringLiteral callName = "()";

Instance *Lowering::instantiate(const ast::Module *declaration,
                                Environment *from,
                                std::vector<ArgumentValue> arguments,
                                SourceRange range, Instance *prototype) {
  if (modulesNested >= deepestModules || instances.size() >= mostInstances) {
    diagnostics.report(
        DID::ModulesNestedTooDeeply, range, declaration->name.name,
        llvm::Twine(modulesNested >= deepestModules ? deepestModules
                                                    : unsigned(mostInstances)));
    return nullptr;
  }
  llvm::SaveAndRestore nested(modulesNested, modulesNested + 1);
  llvm::SaveAndRestore noFrame(frame, static_cast<Frame *>(nullptr));

  Instance &made = instances.emplace_back(*prototype);
  made.declaration = declaration;
  made.range = range;
  made.environment = newEnvironment(Environment::Members, from);
  made.environment->instance = &made;
  llvm::SaveAndRestore inScope(scope, made.environment);

  std::vector<ArgumentValue> arranged;
  if (!arrangeArguments(declaration->parameters, std::move(arguments),
                        declaration->name.name, range, made.environment,
                        arranged))
    return nullptr;
  for (auto [parameter, argument] :
       llvm::zip(declaration->parameters, arranged)) {
    if (!bindCompileTime(parameter, argument, made.environment,
                         declaration->name.name))
      return nullptr;
    argument.object.declared = parameter.name.range;
    made.environment->define(parameter.name.name, argument.object);
  }
  declareMembers(&made, declaration->members);
  if (!checkAssertions(made, declaration->members))
    return nullptr;
  forceMembers(&made, declaration->members);
  return &made;
}

void Lowering::declareMembers(Instance *instance,
                              llvm::ArrayRef<ast::Declaration *> members) {
  Environment *environment = instance->environment;
  for (ast::Declaration *member : members) {
    if (llvm::isa<ast::MemberIf, ast::CustomGradient, ast::Assertion>(member))
      continue;
    Object object;
    object.kind = Object::Pending;
    object.pending = member;
    object.environment = environment;
    llvm::StringRef name = member->name.name;
    if (auto *function = llvm::dyn_cast<ast::Function>(member)) {
      auto reference = std::make_shared<FunctionReference>();
      reference->declaration = function;
      reference->environment = environment;
      reference->self.instance = instance;
      for (ast::Declaration *other : members)
        if (auto *custom = llvm::dyn_cast<ast::CustomGradient>(other))
          if (custom->name.name == name && !name.empty())
            reference->customGradient = custom;
      object = Object::of(std::move(reference));
      if (name.empty())
        name = callName;
    }
    object.declared = member->name.empty() ? member->range : member->name.range;
    if (Object *other = environment->find(name)) {
      diagnostics
          .report(DID::Redeclared, object.declared,
                  name == callName ? "fn" : name)
          .note(NoteId::DeclaredHere, other->declared,
                name == callName ? "fn" : name);
      continue;
    }
    environment->define(name, std::move(object));
  }
  // Conditions may refer to constants, wherever these stand.
  for (ast::Declaration *member : members)
    if (auto *branch = llvm::dyn_cast<ast::MemberIf>(member))
      if (std::optional<bool> truth = evaluateCondition(branch->condition))
        declareMembers(instance,
                       *truth ? branch->thenMembers : branch->elseMembers);
}

/// Where the user made an instance, or the one around it that he made.
SourceRange Lowering::userRange(const Instance &instance) const {
  for (const Instance *at = &instance; at; at = at->parent)
    if (at->range.isValid() && !libraryFiles.contains(at->range.file))
      return at->range;
  return instance.range;
}

/// Checks what a module demands of its arguments. What depends on a hyper is
/// known only at run time and not checked.
bool Lowering::checkAssertions(const Instance &made,
                               llvm::ArrayRef<ast::Declaration *> members) {
  bool good = true;
  for (ast::Declaration *member : members) {
    if (auto *branch = llvm::dyn_cast<ast::MemberIf>(member)) {
      std::optional<bool> truth = evaluateCondition(branch->condition);
      good &= truth && checkAssertions(made, *truth ? branch->thenMembers
                                                    : branch->elseMembers);
      continue;
    }
    auto *assertion = llvm::dyn_cast<ast::Assertion>(member);
    if (!assertion)
      continue;
    SourceRange range = assertion->condition->range;
    Object holds = evaluateOrDefer(assertion->condition);
    if (holds.is(Object::Deferred) ||
        (holds.is(Object::Boolean) && holds.truth))
      continue;
    good = false;
    if (holds.is(Object::Boolean))
      diagnostics
          .report(DID::AssertionFailed, userRange(made),
                  assertion->message
                      ? llvm::StringRef(assertion->message->value)
                      : range.text())
          .note(NoteId::AssertedHere, range, made.declaration->name.name);
    else if (!holds.is(Object::Poison))
      diagnostics.report(DID::WrongKind, range, describe(holds),
                         "a truth value");
  }
  return good;
}

/// Evaluates the members that nothing has referred to, in their order.
void Lowering::forceMembers(Instance *instance,
                            llvm::ArrayRef<ast::Declaration *> members) {
  for (ast::Declaration *member : members) {
    if (auto *branch = llvm::dyn_cast<ast::MemberIf>(member)) {
      forceMembers(instance, branch->thenMembers);
      forceMembers(instance, branch->elseMembers);
      continue;
    }
    Object *object = instance->environment->find(member->name.name);
    if (object && object->is(Object::Pending) && object->pending == member)
      force(*object, member->name.name, object->declared);
  }
}

static std::string joined(llvm::StringRef path, llvm::StringRef name) {
  return path.empty() ? name.str() : (path + "." + name).str();
}

Object Lowering::makeSubmodule(const ast::Submodule &member,
                               Environment *environment) {
  llvm::SaveAndRestore inScope(scope, environment);
  llvm::SaveAndRestore noFrame(frame, static_cast<Frame *>(nullptr));
  auto *call = llvm::dyn_cast<ast::Call>(member.module);
  Object callee = evaluate(call ? call->callee : member.module);
  if (callee.is(Object::Poison))
    return callee;
  if (!call && !callee.is(Object::Declaration)) {
    if (callee.is(Object::InstanceKind) || callee.is(Object::InstanceArray)) {
      if (!member.count && !member.isFrozen)
        return callee; // shared
      return unsupported("a shared module as an array, or frozen",
                         member.range);
    }
  }
  if (!callee.is(Object::Declaration)) {
    diagnostics.report(DID::WrongKind,
                       (call ? call->callee : member.module)->range,
                       describe(callee), "a module");
    return Object::poison();
  }
  Instance prototype;
  prototype.parent = environment->instance;
  prototype.kindOfState = prototype.parent->kindOfState;
  prototype.isFrozen = member.isFrozen || prototype.parent->isFrozen;
  prototype.stacks = prototype.parent->stacks;
  prototype.path = joined(prototype.parent->path, member.name.name);
  prototype.fileName = joined(prototype.parent->fileName, member.name.name);
  if (member.count) {
    std::optional<int64_t> count = evaluateInteger(member.count);
    if (!count)
      return Object::poison();
    if (*count < 1 || *count > (1 << 20)) {
      diagnostics.report(DID::OutOfRange, member.count->range,
                         llvm::Twine(*count), "1", llvm::Twine(1 << 20));
      return Object::poison();
    }
    if (prototype.stacks.empty())
      prototype.fileName += ".*";
    prototype.stacks.push_back(*count);
  }
  std::vector<ArgumentValue> arguments;
  if (call)
    arguments = evaluateArguments(call->arguments);
  Object object;
  object.instance.instance =
      instantiate(callee.module, callee.environment, std::move(arguments),
                  member.range, &prototype);
  if (!object.instance.instance)
    return Object::poison();
  object.kind = member.count ? Object::InstanceArray : Object::InstanceKind;
  return object;
}

Object Lowering::makeSlot(const ast::Declaration &member,
                          Environment *environment) {
  llvm::SaveAndRestore inScope(scope, environment);
  llvm::SaveAndRestore noFrame(frame, static_cast<Frame *>(nullptr));
  auto *parameter = llvm::dyn_cast<ast::Parameter>(&member);
  auto *state = llvm::dyn_cast<ast::State>(&member);
  Instance &owner = *environment->instance;
  Slot slot;
  slot.kind = parameter ? "parameter" : owner.kindOfState;
  slot.isFrozen = owner.isFrozen || (parameter && parameter->isFrozen);
  slot.owner = &owner;
  slot.initializer = parameter ? parameter->initializer : state->initializer;
  slot.environment = environment;
  slot.range = member.name.range;
  slot.symbol = joined(owner.path, member.name.name);
  slot.fileName = joined(owner.fileName, member.name.name);
  slot.stacks = owner.stacks;
  slot.fileStack = owner.stacks.empty() ? 0 : owner.stacks.front();
  if (!slot.initializer) {
    diagnostics.report(DID::NoInitializer, slot.range, member.name.name)
        .hint(HintId::InitializeWith, member.name.name);
    return Object::poison();
  }
  const ast::Type *written = parameter ? parameter->type : state->type;
  if (owner.served)
    slot.symbol = (member.name.name + "." + owner.served->symbol).str();
  if (!written && owner.served) {
    slot.type = owner.served->type;
    slot.fileName = (member.name.name + "." + owner.served->fileName).str();
    slot.fileStack = owner.served->fileStack;
  } else {
    auto *type = llvm::dyn_cast_or_null<ast::ArrayType>(written);
    if (!type) {
      diagnostics.report(DID::NoSlotType, slot.range, member.name.name);
      return Object::poison();
    }
    slot.type = declaredType(*type, SignatureTypes(), environment);
    if (!slot.type)
      return Object::poison();
    // What is kept once beside all of a stack has no `*` in its name.
    if (owner.served)
      slot.fileName = slot.symbol;
  }
  if (parameter && !slot.type.isFloat()) {
    diagnostics.report(DID::WrongKind, written->range, describe(slot.type),
                       "an array of floats");
    return Object::poison();
  }
  llvm::SmallVector<SizeAttr> shape;
  for (int64_t count : slot.stacks)
    shape.push_back(constantSize(count));
  llvm::append_range(shape, slot.type.getShape());
  slot.type = slot.type.withShape(shape);
  if (!checkBytes(slot.type, slot.range))
    return Object::poison();
  Object object;
  object.kind = Object::SlotKind;
  object.slot = addSlot(std::move(slot));
  object.instance.instance = &owner;
  return object;
}

/// All slots together must fit an address space of 47 bits.
void Lowering::countBytes(const Slot &slot) {
  constexpr int64_t limit = int64_t(1) << 47;
  auto count =
      model::range(slot.type.getElementCount(),
                   [](StringAttr) -> std::optional<int64_t> { return 1; });
  bool fitted = slotBytes <= limit;
  unsigned width = slot.type.getElementType().getIntOrFloatBitWidth();
  slotBytes += count->high * std::max(1u, width / 8);
  if (fitted && slotBytes > limit)
    diagnostics.report(DID::ProgramTooLarge, slot.range, slot.symbol,
                       slotBytes);
}

Slot *Lowering::addSlot(Slot slot) {
  countBytes(slot);
  slot.symbol = uniqueSymbol(slot.symbol);
  // Two losses may train one parameter, each with an optimizer of its own.
  std::string fileName = slot.fileName;
  for (unsigned i = 1; !slotFileNames.insert(slot.fileName).second; ++i)
    slot.fileName = fileName + "#" + std::to_string(i);
  return &slots.emplace_back(std::move(slot));
}

/// A function of an instance as it is seen through `reference`; poison without
/// an error if there is none of that name.
Object Lowering::methodOf(const InstanceReference &reference,
                          llvm::StringRef name) {
  Object *found = reference.instance->environment->find(
      name.empty() ? llvm::StringRef(callName) : name);
  if (!found || !found->is(Object::Function))
    return Object::poison();
  return rebase(*found, reference);
}

//===----------------------------------------------------------------------===//
// Slots in the current frame
//===----------------------------------------------------------------------===//

Value Lowering::readSlot(Slot *slot, const InstanceReference &owner,
                         SourceRange range) {
  return readSelected(slot, slot->stacks.size() - owner.indices.size(),
                      owner.indices, range);
}

void Lowering::writeSlot(Slot *slot, const InstanceReference &owner,
                         Value value, SourceRange range) {
  writeSelected(slot, slot->stacks.size() - owner.indices.size(), owner.indices,
                value, range);
}

Value Lowering::readSelected(Slot *slot, unsigned level,
                             llvm::ArrayRef<int64_t> indices,
                             SourceRange range) {
  Value value = frame->readSlot(slot, level);
  for (int64_t index : indices)
    value = value ? element(value, index, range) : value;
  return value;
}

void Lowering::writeSelected(Slot *slot, unsigned level,
                             llvm::ArrayRef<int64_t> indices, Value value,
                             SourceRange range) {
  for (size_t count = indices.size(); count > 0 && value; --count) {
    Value outer =
        readSelected(slot, level, indices.take_front(count - 1), range);
    value = outer ? replaceElement(outer, indices[count - 1], value, range)
                  : nullptr;
  }
  if (value)
    frame->writeSlot(slot, level, value);
}

} // namespace modelc::lowering
