// Entries.cpp: what the program can do: `init`, exported functions, and the
// declarations of slots.
#include "dialect/Size.h"
#include "dialect/ops/Control.h"
#include "frontend/lowering/Meanings.h"
#include "frontend/lowering/Repetition.h"
#include "llvm/Support/xxhash.h"
#include <cctype>

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// The bound of a size symbol where neither the program nor training gives one.
static constexpr int64_t defaultBound = 256;

//===----------------------------------------------------------------------===//
// Entries under construction
//===----------------------------------------------------------------------===//

Value Lowering::entryInput(ArrayType type, llvm::StringRef role,
                           llvm::StringRef name, SourceRange range) {
  Builder b(&context);
  llvm::SmallVector<NamedAttribute, 2> attributes = {
      attribute("model.input", b.getStringAttr(role))};
  if (!name.empty())
    attributes.push_back(attribute("model.name", b.getStringAttr(name)));
  inputs.push_back(std::move(attributes));
  return frame->addArgument(type, locate(range));
}

void Lowering::entryOutput(Value value, llvm::StringRef role,
                           llvm::StringRef name) {
  Builder b(&context);
  outputs.push_back({value,
                     {attribute("model.output", b.getStringAttr(role)),
                      attribute("model.name", b.getStringAttr(name))}});
}

/// Says of the last output what losses say of it.
void Lowering::describeOutput(Value value) {
  Meaning meaning = meanings ? meanings->of(value) : Meaning();
  if (meaning.kind == Meaning::Nothing)
    return;
  Builder b(&context);
  auto &attributes = outputs.back().attributes;
  attributes.push_back(
      attribute("model.meaning", b.getStringAttr(meaning.word())));
  attributes.push_back(
      attribute("model.field", b.getStringAttr(fieldNames[meaning.field])));
}

/// Builds an entry: `build` fills the body, with `entryInput` and
/// `entryOutput`.
void Lowering::makeEntry(llvm::StringRef name, llvm::StringRef kind,
                         bool training, SourceRange range,
                         llvm::StringRef documentation,
                         llvm::function_ref<bool()> build) {
  Frame entry(Frame::FunctionBody, &context, nullptr);
  entry.training = training;
  inputs.clear();
  outputs.clear();
  llvm::SaveAndRestore inEntry(frame, &entry);
  if (build())
    finishEntry(entry, name, kind, range, documentation);
}

void Lowering::finishEntry(Frame &entry, llvm::StringRef name,
                           llvm::StringRef kind, SourceRange range,
                           llvm::StringRef documentation) {
  Builder b(&context);
  Location location = locate(range);
  struct Argument {
    BlockArgument argument;
    llvm::SmallVector<NamedAttribute, 2> attributes;
  };
  std::vector<Argument> arguments;
  std::vector<EntryOutput> results;
  for (Frame::Implicit &implicit : entry.implicits) {
    if (implicit.input.kind != ImplicitInput::SlotInput)
      continue;
    NamedAttribute slot = attribute(
        "model.slot",
        FlatSymbolRefAttr::get(&context, implicit.input.slot()->symbol));
    implicit.argument.setLoc(locate(userRange(*implicit.input.slot())));
    bool isRead = !implicit.argument.use_empty() || !implicit.isWritten ||
                  implicit.current == implicit.argument;
    if (isRead)
      arguments.push_back({implicit.argument, {slot}});
    if (implicit.isWritten)
      results.push_back({implicit.current, {slot}});
  }
  for (auto [argument, attributes] : llvm::zip(entry.explicitArguments, inputs))
    arguments.push_back({argument, attributes});
  for (Frame::Implicit &implicit : entry.implicits) {
    if (implicit.input.kind == ImplicitInput::HyperInput)
      arguments.push_back(
          {implicit.argument,
           {attribute("model.input", b.getStringAttr("hyper")),
            attribute("model.name",
                      b.getStringAttr(implicit.input.hyper()->name.name))}});
    if (implicit.input.kind == ImplicitInput::StepsInput)
      arguments.push_back(
          {implicit.argument,
           {attribute("model.input", b.getStringAttr("steps"))}});
    if (implicit.input.kind == ImplicitInput::KeyInput)
      arguments.push_back(
          {implicit.argument,
           {attribute("model.input", b.getStringAttr("seed"))}});
  }
  llvm::append_range(results, outputs);
  if (!outputMessages(entry.messages, range, results))
    return;

  llvm::SmallVector<Type> types, resultTypes;
  llvm::SmallVector<Value> values;
  llvm::SmallVector<DictionaryAttr> argumentAttributes, resultAttributes;
  for (Argument &argument : arguments) {
    types.push_back(argument.argument.getType());
    argumentAttributes.push_back(
        DictionaryAttr::get(&context, argument.attributes));
  }
  for (EntryOutput &result : results) {
    values.push_back(frame->local(result.value));
    resultTypes.push_back(values.back().getType());
    resultAttributes.push_back(
        DictionaryAttr::get(&context, result.attributes));
  }
  entry.builder.create<func::ReturnOp>(location, values);
  auto function = declarations.create<func::FuncOp>(
      location, name, FunctionType::get(&context, types, resultTypes));
  function.setAllArgAttrs(argumentAttributes);
  function.setAllResultAttrs(resultAttributes);
  function->setAttr("model.entry", b.getStringAttr(kind));
  llvm::SmallVector<NamedAttribute> bounds;
  for (auto [symbol, bound] : entry.bounds)
    bounds.push_back({symbol, b.getI64IntegerAttr(bound)});
  function->setAttr("model.symbols", b.getDictionaryAttr(bounds));
  if (!documentation.empty())
    function->setAttr("model.documentation", b.getStringAttr(documentation));
  if (!entry.messages.empty())
    function->setAttr("model.messages", describeMessages(entry.messages));
  Block *block = function.addEntryBlock();
  for (auto [seen, argument] : llvm::zip(arguments, block->getArguments())) {
    Location at = seen.argument.getLoc();
    argument.setLoc(isa<UnknownLoc>(at) ? location : at);
    seen.argument.replaceAllUsesWith(argument);
  }
  block->getOperations().splice(block->end(), entry.block->getOperations());
}

SizeAttr Lowering::entrySymbol(llvm::StringRef name, int64_t bound) {
  frame->bounds.try_emplace(StringAttr::get(&context, name), bound);
  return SizeAttr::getSymbol(&context, name);
}

//===----------------------------------------------------------------------===//
// init
//===----------------------------------------------------------------------===//

/// The line of the user that a slot comes from: where the module that declares
/// it, or the nearest one around that is the user's own, stands.
SourceRange Lowering::userRange(const Slot &slot) const {
  if (!libraryFiles.contains(slot.range.file) || !slot.owner)
    return slot.range;
  SourceRange range = userRange(*slot.owner);
  return libraryFiles.contains(range.file) ? slot.range : range;
}

/// The initial value of a slot, below `level` of the arrays around it.
Value Lowering::initialValue(Slot &slot, unsigned level) {
  ArrayType type = slot.type.withShape(slot.type.getShape().drop_front(level));
  if (!slot.initializer)
    return fill(0, type, slot.range);
  SourceRange range = slot.initializer->range;
  if (level == slot.stacks.size()) {
    llvm::SaveAndRestore inScope(scope, slot.environment);
    Object object = evaluate(slot.initializer, type);
    if (object.is(Object::Array) && !object.weak && object.type() != type) {
      diagnostics
          .report(DID::ShapeMismatch, range, "the initial value",
                  describe(object.type()), describe(type))
          .note(NoteId::DeclaredHere, slot.range, slot.range.text());
      return nullptr;
    }
    Value value = materialize(object, range, type.getElementType());
    return broadcastTo(value, type.getShape(), range);
  }
  // Each element of an array of modules draws its own random numbers.
  ScanParts parts;
  parts.length = type.getSize(0);
  Frame body(Frame::ScanBody, &context, frame);
  {
    llvm::SaveAndRestore inBody(frame, &body);
    body.index = body.addArgument(ArrayType::get({}, body.builder.getI64Type()),
                                  locate(range));
    Value value = initialValue(slot, level + 1);
    if (!value)
      return nullptr;
    if (auto same = value.getDefiningOp<model::FillOp>()) {
      TypedAttr element = same.getValue();
      return frame->parent->builder.create<model::FillOp>(locate(range), type,
                                                          element);
    }
    parts.outputs.push_back(value);
  }
  std::optional<std::vector<Value>> stack = finishScan(body, parts, range);
  return stack ? stack->front() : nullptr;
}

bool Lowering::initializeSlot(Slot &slot, Value seed) {
  SourceRange user = userRange(slot);
  frame->user.reset();
  if (libraryFiles.contains(slot.range.file))
    frame->user = locate(user);
  frame->startKey(seed, locate(user), slot.fileName);
  Operation *key = frame->key.getDefiningOp();
  Operation *hash = key->getOperand(1).getDefiningOp();
  size_t errors = diagnostics.errorCount();
  Value value = initialValue(slot, 0);
  if (key->use_empty()) {
    key->erase();
    hash->erase();
  }
  frame->user.reset();
  for (size_t i = errors; i < diagnostics.errorCount(); ++i)
    if (user.begin != slot.range.begin || user.file != slot.range.file)
      diagnostics.at(i).note(NoteId::InstanceHere, user);
  if (value)
    frame->writeSlot(&slot, 0, value);
  return value != nullptr;
}

void Lowering::makeInit() {
  if (slots.empty())
    return;
  makeEntry("init", "init", false, model->declaration->name.range, "", [&] {
    Value seed = entryInput(ArrayType::get({}, IntegerType::get(&context, 64)),
                            "seed", "", model->declaration->name.range);
    bool good = true;
    for (Slot &slot : slots)
      good &= initializeSlot(slot, seed);
    return good;
  });
}

//===----------------------------------------------------------------------===//
// Exported functions
//===----------------------------------------------------------------------===//

/// The type that an exported function's argument has: its symbols are the
/// entry's.
ArrayType Lowering::exportedType(const ast::ArrayType &declared,
                                 SignatureTypes &types, Environment *from) {
  for (const ast::Dimension &dimension : declared.dimensions) {
    if (dimension.isEllipsis) {
      unsupported("`...` in an exported function: its rank must be known",
                  dimension.range);
      return nullptr;
    }
    auto *name = llvm::dyn_cast<ast::Name>(dimension.size);
    if (!name || !std::isupper(static_cast<unsigned char>(name->name[0])))
      continue;
    if (evaluateDimension(dimension, types, from, true))
      continue;
    int64_t bound = symbolBound;
    if (dimension.bound) {
      llvm::SaveAndRestore inScope(scope, from);
      std::optional<int64_t> written = evaluateInteger(dimension.bound);
      if (!written)
        return nullptr;
      if (*written < 1) {
        diagnostics.report(DID::OutOfRange, dimension.bound->range,
                           llvm::Twine(*written), "1", "2^46");
        return nullptr;
      }
      bound = *written;
    }
    types.symbols[name->name.str()] = {entrySymbol(name->name, bound),
                                       dimension.range};
  }
  return declaredType(declared, types, from);
}

bool Lowering::exportArguments(const FunctionReference &function,
                               std::vector<ArgumentValue> &arguments) {
  SignatureTypes types;
  for (const ast::ParameterDeclaration &parameter :
       function.declaration->parameters) {
    auto *array = llvm::dyn_cast_or_null<ast::ArrayType>(parameter.type);
    bool isArray = array && array->elementType.name != "int" &&
                   (array->hasBrackets || array->elementType.name != "bool");
    if (!isArray) {
      if (parameter.defaultValue)
        continue;
      unsupported("a parameter of an exported function that is no array",
                  parameter.range);
      return false;
    }
    bool scalar = !array->hasBrackets && array->elementType.name == "float";
    if (scalar && parameter.defaultValue)
      continue;
    ArrayType type = exportedType(*array, types, function.environment);
    if (!type)
      return false;
    Value value =
        entryInput(type, "data", parameter.name.name, parameter.range);
    arguments.push_back(
        {parameter.name, Object::array(value), parameter.range});
  }
  return true;
}

void Lowering::makeExport(const FunctionReference &function) {
  const ast::Function &declaration = *function.declaration;
  SourceRange range = declaration.name.range;
  llvm::StringRef name = declaration.name.name;
  makeEntry(name, "function", false, range, declaration.documentation, [&] {
    std::vector<ArgumentValue> arguments;
    if (!exportArguments(function, arguments))
      return false;
    Object result =
        callFunction(function, std::move(arguments), range, nullptr);
    if (result.is(Object::Poison))
      return false;
    result = carryOf(std::move(result), range);
    llvm::SmallVector<Value> values;
    if (result.is(Object::Poison) || !flatten(result, values, range))
      return false;
    for (auto [i, value] : llvm::enumerate(values)) {
      entryOutput(value, "result",
                  values.size() == 1 ? name.str()
                                     : (name + "_" + llvm::Twine(i)).str());
      describeOutput(value);
    }
    return true;
  });
}

void Lowering::makeExports(const Object &object) {
  for (ast::Declaration *member : model->declaration->members) {
    auto *function = llvm::dyn_cast<ast::Function>(member);
    if (!function || !function->isExported)
      continue;
    Object method = methodOf(object.instance, function->name.name);
    if (method.is(Object::Function))
      makeExport(*method.function);
  }
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

void Lowering::declareSlots() {
  declarations.setInsertionPointToStart(program->getBody());
  for (Slot &slot : slots)
    declarations.create<model::SlotOp>(locate(userRange(slot)), slot.symbol,
                                       slot.type, slot.kind, slot.fileName,
                                       slot.fileStack);
}

/// The model to compile: that of the training plan, or the only one.
bool Lowering::makeModel(const ast::Train *train, Object &object) {
  const ast::Module *chosen = nullptr;
  for (ast::Declaration *declaration : file.declarations) {
    auto *module = llvm::dyn_cast<ast::Module>(declaration);
    if (!module || module->moduleKind != ast::ModuleKind::Model)
      continue;
    if (train ? module->name.name == train->model.name : !chosen)
      chosen = module;
    else if (!train) {
      unsupported("more than one model without `train`", module->name.range);
      return false;
    }
  }
  Environment *environment = fileScope;
  std::vector<ArgumentValue> arguments;
  llvm::SaveAndRestore inScope(scope, fileScope);
  if (train) {
    Object named = lookUp(train->model.name, train->model.range, fileScope);
    if (named.is(Object::Poison))
      return false;
    if (!named.is(Object::Declaration) ||
        named.module->moduleKind != ast::ModuleKind::Model) {
      diagnostics.report(DID::WrongKind, train->model.range, describe(named),
                         "a model");
      return false;
    }
    chosen = named.module;
    environment = named.environment;
    arguments = evaluateArguments(train->arguments);
  }
  if (!chosen)
    return true;
  Instance prototype;
  prototype.range = chosen->name.range;
  object.instance.instance =
      instantiate(chosen, environment, std::move(arguments),
                  train ? train->model.range : chosen->name.range, &prototype);
  if (!object.instance.instance)
    return false;
  object.kind = Object::InstanceKind;
  model = object.instance.instance;
  return true;
}

void Lowering::reserveNames() {
  for (llvm::StringRef name : {"init", "step", "evaluate", "finish"})
    symbolNames[name];
  for (ast::Declaration *declaration : file.declarations) {
    if (llvm::isa<ast::Data, ast::Hyper>(declaration))
      symbolNames[declaration->name.name];
    if (auto *function = llvm::dyn_cast<ast::Function>(declaration))
      if (function->isExported)
        symbolNames[function->name.name];
    if (auto *module = llvm::dyn_cast<ast::Module>(declaration))
      for (ast::Declaration *member : module->members)
        if (auto *function = llvm::dyn_cast<ast::Function>(member))
          if (function->isExported && !function->name.empty())
            symbolNames[function->name.name];
  }
}

void Lowering::lowerProgram() {
  reserveNames();
  const ast::Train *train = nullptr;
  for (ast::Declaration *declaration : file.declarations) {
    auto *found = llvm::dyn_cast<ast::Train>(declaration);
    if (!found)
      continue;
    if (train)
      unsupported("a second `train`", found->range);
    train = train ? train : found;
  }
  checkSettings();
  symbolBound = defaultBound;
  Object object;
  bool made = makeModel(train, object);
  if (made && train)
    lowerTraining(*train, object);
  if (made && model)
    makeExports(object);
  for (ast::Declaration *declaration : file.declarations) {
    auto *function = llvm::dyn_cast<ast::Function>(declaration);
    Object *known = function && function->isExported
                        ? fileScope->find(function->name.name)
                        : nullptr;
    if (known && known->is(Object::Function))
      makeExport(*known->function);
  }
  if (made && model)
    makeInit();
  declareSlots();
  for (const ast::Hyper *hyper : hypers)
    declareHyper(*hyper);
  if (model) {
    Builder b(&context);
    program->getOperation()->setAttr(
        "model.name", b.getStringAttr(model->declaration->name.name));
    program->getOperation()->setAttr(
        "model.documentation",
        b.getStringAttr(model->declaration->documentation));
  }
}

} // namespace modelc::lowering
