// Names.cpp: where names are looked up, and what members an instance has.
#include "frontend/Parser.h"
#include "frontend/lowering/Lowering.h"
#include "llvm/Support/Path.h"
#include <cmath>

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

Environment *Lowering::newEnvironment(Environment::Kind kind,
                                      Environment *parent) {
  Environment &made = environments.emplace_back();
  made.kind = kind;
  made.parent = parent;
  if (parent)
    made.instance = parent->instance;
  return &made;
}

/// Is a declaration looked up by its kind alone, apart from other names?
static bool isApart(const ast::Declaration &declaration) {
  if (auto *module = llvm::dyn_cast<ast::Module>(&declaration))
    return module->moduleKind != ast::ModuleKind::Model &&
           module->moduleKind != ast::ModuleKind::Module;
  return llvm::isa<ast::Data, ast::Train, ast::Import, ast::CustomGradient>(
      declaration);
}

/// The gradient that `members` give the function `name`, if any.
static const ast::CustomGradient *
gradientFor(llvm::StringRef name, llvm::ArrayRef<ast::Declaration *> members) {
  for (ast::Declaration *member : members)
    if (auto *custom = llvm::dyn_cast<ast::CustomGradient>(member))
      if (custom->name.name == name)
        return custom;
  return nullptr;
}

void Lowering::declareFile(const ast::File &from, Environment *environment) {
  filesOf[environment].push_back(&from);
  for (ast::Declaration *declaration : from.declarations) {
    if (auto *import = llvm::dyn_cast<ast::Import>(declaration)) {
      importFile(*import, from, environment);
      continue;
    }
    if (auto *custom = llvm::dyn_cast<ast::CustomGradient>(declaration)) {
      bool known =
          llvm::any_of(from.declarations, [&](ast::Declaration *other) {
            return llvm::isa<ast::Function>(other) &&
                   other->name.name == custom->name.name;
          });
      if (!known)
        diagnostics.report(DID::UnknownName, custom->name.range,
                           custom->name.name);
    }
    if (isApart(*declaration))
      continue;
    llvm::StringRef name = declaration->name.name;
    if (Object *other = environment->find(name)) {
      diagnostics.report(DID::Redeclared, declaration->name.range, name)
          .note(NoteId::DeclaredHere, other->declared, name);
      continue;
    }
    Object object;
    if (auto *function = llvm::dyn_cast<ast::Function>(declaration)) {
      auto reference = std::make_shared<FunctionReference>();
      reference->declaration = function;
      reference->environment = environment;
      reference->customGradient = gradientFor(name, from.declarations);
      object = Object::of(std::move(reference));
    } else if (auto *module = llvm::dyn_cast<ast::Module>(declaration)) {
      object.kind = Object::Declaration;
      object.module = module;
      object.environment = environment;
    } else if (auto *hyper = llvm::dyn_cast<ast::Hyper>(declaration)) {
      object.kind = Object::Hyper;
      object.hyper = hyper;
      object.environment = environment;
    } else {
      object.kind = Object::Pending;
      object.pending = declaration;
      object.environment = environment;
    }
    object.declared = declaration->name.range;
    environment->define(name, std::move(object));
  }
}

void Lowering::importFile(const ast::Import &import, const ast::File &from,
                          Environment *environment) {
  SourceRange range = import.path->range;
  if (!options.sources) {
    unsupported("`import` here", range);
    return;
  }
  llvm::SmallString<128> path(llvm::sys::path::parent_path(from.source.name()));
  llvm::sys::path::append(path, import.path->value);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  for (const ast::File *open : filesOf[environment])
    if (open->source.name() == path) {
      diagnostics.report(DID::ImportCycle, range, path.str());
      return;
    }
  for (const auto &known : imported)
    if (known->source.name() == path)
      return;
  SourceFile *source = options.sources->load(path, diagnostics, range);
  std::unique_ptr<ast::File> tree =
      source ? parse(*source, diagnostics) : nullptr;
  if (!tree)
    return;
  imported.push_back(std::move(tree));
  const ast::File &read = *imported.back();
  declareFile(read, environment);
}

bool Lowering::declareFromLibrary(llvm::StringRef word, llvm::StringRef name) {
  const ast::File *part = library.take(word, name);
  if (!part)
    return false;
  libraryFiles.insert(&part->source);
  declareFile(*part, libraryScope);
  return true;
}

const ast::Module *Lowering::findModule(ast::ModuleKind kind,
                                        llvm::StringRef name, SourceRange range,
                                        Environment *&environment, bool quiet) {
  std::vector<llvm::StringRef> candidates = library.names(spelling(kind));
  for (Environment *at = fileScope; at; at = at->parent) {
    if (at == libraryScope)
      declareFromLibrary(spelling(kind), name);
    for (const ast::File *from : filesOf.lookup(at))
      for (ast::Declaration *declaration : from->declarations) {
        auto *module = llvm::dyn_cast<ast::Module>(declaration);
        if (!module || module->moduleKind != kind)
          continue;
        candidates.push_back(module->name.name);
        environment = at;
        if (module->name.name == name)
          return module;
      }
  }
  if (quiet)
    return nullptr;
  auto &error =
      diagnostics.report(DID::UnknownModuleKind, range, name, spelling(kind));
  if (std::optional<llvm::StringRef> near = nearestName(name, candidates))
    error.hint(HintId::DidYouMean, *near);
  return nullptr;
}

/// Does the name stand for something, be it only an error?
bool Lowering::isDeclared(llvm::StringRef name, Environment *from) {
  for (Environment *at = from; at; at = at->parent)
    if (at->find(name))
      return true;
  return !lookUp(name, SourceRange(), from, /*quiet=*/true).is(Object::Poison);
}

void Lowering::reportUnknown(llvm::StringRef name, SourceRange range,
                             Environment *from) {
  llvm::SmallVector<llvm::StringRef> candidates;
  llvm::append_range(candidates, library.names("fn"));
  for (Environment *at = from; at; at = at->parent)
    for (const auto &[known, object] : at->names)
      candidates.push_back(known);
  llvm::append_range(candidates, builtinNames());
  candidates.append({"true", "false", "infinity", "pi", "training"});
  auto &error = diagnostics.report(DID::UnknownName, range, name);
  if (name == "self" || name == "this")
    error.hint(HintId::NoSelf);
  else if (std::optional<llvm::StringRef> written = familiarOperator(name))
    error.hint(HintId::WriteOperator, *written);
  else if (std::optional<llvm::StringRef> near = nearestName(name, candidates))
    error.hint(HintId::DidYouMean, *near);
  else if (from && from == fieldsScope)
    hintFields(error);
}

/// `torch.relu`, `nn.Linear`, `data.csv`: the first of the names joined by
/// dots, if it stands for nothing; this is reported.
bool Lowering::reportUnknownPrefix(const ast::Member &access) {
  const ast::Expression *root = access.base;
  while (auto *inner = llvm::dyn_cast<ast::Member>(root))
    root = inner->base;
  auto *name = llvm::dyn_cast<ast::Name>(root);
  if (!name || isDeclared(name->name, scope))
    return false;
  llvm::StringRef last = access.name.name;
  if (llvm::is_contained({"csv", "tsv", "npy", "gz", "safetensors"}, last)) {
    diagnostics.report(DID::UnknownName, name->range, name->name)
        .hint(HintId::FileInQuotes, access.range.text());
    return true;
  }
  std::optional<llvm::StringRef> familiar = familiarName(last);
  std::string lower = last.lower();
  for (llvm::StringRef known :
       {familiar.value_or(last), last, llvm::StringRef(lower)})
    if (name->name != "self" && isDeclared(known, fileScope)) {
      diagnostics.report(DID::UnknownName, name->range, name->name)
          .hint(HintId::NoPrefix, known);
      return true;
    }
  reportUnknown(name->name, name->range, scope);
  return true;
}

/// Evaluates a declaration that waited for its first use.
Object Lowering::force(Object &object, llvm::StringRef name,
                       SourceRange range) {
  if (!object.is(Object::Pending))
    return object;
  const ast::Declaration *declaration = object.pending;
  if (!declaration) {
    diagnostics.report(DID::DefinedByItself, range, name);
    object = Object::poison();
    return object;
  }
  object.pending = nullptr; // under evaluation
  Environment *environment = object.environment;
  SourceRange declared = object.declared;
  Object made;
  if (auto *constant = llvm::dyn_cast<ast::Constant>(declaration)) {
    llvm::SaveAndRestore inScope(scope, environment);
    llvm::SaveAndRestore noFrame(frame, static_cast<Frame *>(nullptr));
    made = evaluateOrDefer(constant->value);
  } else if (auto *member = llvm::dyn_cast<ast::Submodule>(declaration)) {
    made = makeSubmodule(*member, environment);
  } else {
    made = makeSlot(*declaration, environment);
  }
  made.declared = declared;
  object = std::move(made);
  return object;
}

Object Lowering::lookUp(llvm::StringRef name, SourceRange range,
                        Environment *from, bool quiet) {
  for (Environment *at = from; at; at = at->parent) {
    if (at == libraryScope && !at->find(name))
      declareFromLibrary("fn", name);
    if (Object *found = at->find(name)) {
      Object object = force(*found, name, range);
      if (object.is(Object::Hyper) && object.hyper) {
        auto *type = llvm::dyn_cast_or_null<ast::ArrayType>(object.hyper->type);
        if (type && !type->hasBrackets && type->elementType.name != "float") {
          return constantHyper(*object.hyper, object.environment);
        }
        if (!llvm::is_contained(hypers, object.hyper))
          hypers.push_back(object.hyper);
      }
      return object;
    }
  }
  if (name == "training" && frame) {
    frame->dependsOnTraining = true;
    return Object::boolean(frame->training);
  }
  if (name == "parameters" && from && from->instance)
    return parametersOf({from->instance, {}}, range);
  if (name == "pi")
    return Object::floating(3.14159265358979323846);
  if (name == "infinity")
    return Object::floating(HUGE_VAL);
  if (isBuiltin(name)) {
    auto reference = std::make_shared<FunctionReference>();
    for (llvm::StringRef known : builtinNames())
      if (known == name)
        reference->builtin = known;
    if (reference->builtin.empty())
      reference->builtin =
          StringAttr::get(&context, name).getValue(); // kept by the context
    return Object::of(std::move(reference));
  }
  if (elementTypeNamed(name)) // an argument of `cast`
    return Object::string(name);
  if (!quiet)
    reportUnknown(name, range, from);
  return Object::poison();
}

Object Lowering::load(Object object, SourceRange range) {
  SourceRange declared = object.declared;
  if (object.is(Object::SlotKind)) {
    if (!needsFrame(range))
      return Object::poison();
    Value value = readSlot(object.slot, object.instance, range);
    object = value ? Object::array(value) : Object::poison();
  } else if (object.is(Object::Hyper)) {
    if (!needsFrame(range))
      return Object::poison();
    object = Object::array(frame->readHyper(object.hyper, floatType), true);
  } else if (object.is(Object::Step)) {
    if (!needsFrame(range))
      return Object::poison();
    object = Object::array(frame->readStep(floatType), true);
  } else if (object.is(Object::Steps)) {
    if (!needsFrame(range))
      return Object::poison();
    object = Object::array(readSteps(range), true);
  } else if (object.is(Object::Deferred)) {
    if (!needsFrame(range))
      return Object::poison();
    llvm::SaveAndRestore inScope(scope, object.environment);
    object = evaluate(object.expression);
  } else if (object.is(Object::Array) && frame) {
    object.value = frame->local(object.value);
  }
  object.declared = declared;
  return object;
}

/// A member as it is seen through a reference to its instance: the elements
/// that the reference selects are selected for the member too.
Object Lowering::rebase(Object object, const InstanceReference &from) {
  if (from.indices.empty())
    return object;
  unsigned level = levelOf(from);
  auto adjust = [&](InstanceReference &reference, unsigned own) {
    unsigned shared = own - reference.indices.size();
    if (shared <= level)
      return;
    reference.indices.insert(reference.indices.begin(), from.indices.begin(),
                             from.indices.begin() + (shared - level));
  };
  if (object.is(Object::SlotKind))
    adjust(object.instance, object.slot->stacks.size());
  else if (object.is(Object::InstanceKind))
    adjust(object.instance, object.instance.instance->depth());
  else if (object.is(Object::InstanceArray))
    adjust(object.instance, object.instance.instance->depth() - 1);
  else if (object.is(Object::Function) && object.function->self.instance) {
    auto copy = std::make_shared<FunctionReference>(*object.function);
    adjust(copy->self, copy->self.instance->depth());
    object.function = std::move(copy);
  }
  for (Object &element : object.elements)
    element = rebase(std::move(element), from);
  return object;
}

/// The slots of all learnt parameters of an instance and its sub-modules.
std::vector<Slot *> Lowering::learntSlots(const Instance *instance) {
  std::vector<Slot *> found;
  for (Slot &slot : slots)
    if (slot.kind == "parameter" && !slot.isFrozen &&
        slot.owner->isWithin(instance))
      found.push_back(&slot);
  return found;
}

/// All learnt parameters of an instance and its sub-modules, as a tuple; those
/// of an array of modules are stacked.
Object Lowering::parametersOf(const InstanceReference &reference,
                              SourceRange range) {
  if (!needsFrame(range))
    return Object::poison();
  std::vector<Object> values;
  for (Slot *slot : learntSlots(reference.instance)) {
    values.push_back(Object::arrayOrPoison(
        readSelected(slot, levelOf(reference), reference.indices, range)));
    if (values.back().is(Object::Poison))
      return Object::poison();
  }
  return Object::tuple(std::move(values));
}

Object Lowering::member(const Object &base, Identifier name,
                        SourceRange range) {
  if (base.is(Object::Poison))
    return base;
  if (!base.is(Object::InstanceKind)) {
    auto &error = diagnostics.report(DID::NoMembers, name.range, describe(base),
                                     name.name);
    if (name.name == "shape")
      error.hint(HintId::SizeOfArray);
    else if (base.is(Object::Array))
      hintCall(error, name.name, range);
    return Object::poison();
  }
  const Instance &instance = *base.instance.instance;
  Environment *members = instance.environment;
  if (Object *found = members->find(name.name))
    return rebase(force(*found, name.name, name.range), base.instance);
  if (name.name == "parameters")
    return parametersOf(base.instance, range);
  llvm::SmallVector<llvm::StringRef> candidates;
  for (const auto &[known, object] : members->names)
    candidates.push_back(known);
  auto &error = diagnostics.report(DID::UnknownMember, name.range,
                                   instance.declaration->name.name, name.name);
  if (std::optional<llvm::StringRef> near = nearestName(name.name, candidates))
    error.hint(HintId::DidYouMean, *near);
  return Object::poison();
}

} // namespace modelc::lowering
