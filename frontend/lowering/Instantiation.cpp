// Instantiation.cpp: builds functions for the arguments that they are called
// with.
#include "dialect/Names.h"
#include "dialect/Size.h"
#include "dialect/ops/Control.h"
#include "frontend/lowering/Lowering.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

std::string Lowering::uniqueSymbol(llvm::StringRef wanted) {
  std::string name = wanted.str();
  auto [entry, isNew] = symbolNames.try_emplace(wanted, 0);
  unsigned &next = entry->second; // stays where it is when the map grows
  while (!isNew) {
    name = (wanted + "_" + llvm::Twine(next++)).str();
    isNew = symbolNames.try_emplace(name, 0).second;
  }
  return name;
}

//===----------------------------------------------------------------------===//
// Which instance
//===----------------------------------------------------------------------===//

namespace {
/// Collects what distinguishes one instance of a function from another.
struct Key {
  std::string bytes;

  void add(uint64_t number) {
    bytes.append(reinterpret_cast<const char *>(&number), sizeof(number));
  }
  void add(const void *pointer) { add(reinterpret_cast<uint64_t>(pointer)); }
  void add(const InstanceReference &reference) {
    add(static_cast<const void *>(reference.instance));
    add(reference.indices.size());
    for (int64_t index : reference.indices)
      add(uint64_t(index));
  }
  void add(const FunctionReference &function) {
    add(static_cast<const void *>(function.declaration));
    add(static_cast<const void *>(function.environment));
    add(static_cast<const void *>(function.frame));
    add(static_cast<const void *>(function.builtin.data()));
    add(function.self);
    add(uint64_t(function.withValue));
    add(function.wrtParameters);
    for (llvm::StringRef name : function.wrt)
      bytes += (name + ",").str();
    if (function.differentiated)
      add(*function.differentiated);
  }
  void add(const Object &object) {
    add(uint64_t(object.kind) * 4 + object.truth * 2 + object.weak);
    uint64_t bits;
    memcpy(&bits, &object.number, sizeof(bits));
    add(bits);
    add(object.size ? object.size.getAsOpaquePointer() : nullptr);
    if (object.is(Object::Array))
      add(object.value.getType().getAsOpaquePointer());
    bytes += object.text.str();
    add(object.elements.size());
    for (const Object &element : object.elements)
      add(element);
    if (object.function)
      add(*object.function);
    add(static_cast<const void *>(object.module));
    add(object.instance);
    add(static_cast<const void *>(object.slot));
    add(static_cast<const void *>(object.hyper));
    add(static_cast<const void *>(object.expression));
    add(static_cast<const void *>(object.environment));
  }
};
} // namespace

/// How many array levels are current inside a function that is called here.
unsigned Lowering::depthOf(const FunctionReference &function) const {
  return function.self.instance && !function.self.indices.empty()
             ? function.self.instance->depth()
             : frame->depth;
}

/// The user's line that led into a function of the standard library.
std::optional<Location> Lowering::userOf(const FunctionReference &function,
                                         SourceRange range) {
  if (!libraryFiles.contains(function.declaration->range.file))
    return std::nullopt;
  return frame->user ? frame->user : std::optional(locate(range));
}

std::string Lowering::instanceKey(const FunctionReference &function,
                                  const Signature &signature,
                                  SourceRange range) {
  Key key;
  // Which element of an array it belongs to is the caller's business.
  FunctionReference any = function;
  any.self.indices.clear();
  key.add(any);
  key.add(uint64_t(frame->training));
  key.add(uint64_t(depthOf(function)));
  if (std::optional<Location> user = userOf(function, range))
    key.add(user->getAsOpaquePointer());
  for (const ArgumentValue &argument : signature.arguments)
    key.add(argument.object);
  for (const auto &[name, bound] : signature.types.symbols)
    key.add(bound.size.getAsOpaquePointer());
  for (SizeAttr size : signature.types.rest.value_or(std::vector<SizeAttr>()))
    key.add(size.getAsOpaquePointer());
  // Sizes are checked against bounds, so the bounds of the entry's symbols
  // count.
  llvm::SetVector<StringAttr> symbols;
  for (Value array : signature.arrays)
    model::collectSymbols(array.getType(), symbols);
  for (const auto &[name, bound] : signature.types.symbols)
    model::collectSymbols(bound.size, symbols);
  for (StringAttr symbol : symbols)
    key.add(uint64_t(frame->bounds.lookup(symbol)));
  if (!function.declaration->result && signature.expected)
    key.add(signature.expected.getAsOpaquePointer());
  return key.bytes;
}

/// Reports a function that is called while it is being built, with the cycle.
bool Lowering::isRecursive(const FunctionReference &function,
                           SourceRange range) {
  if (function.differentiated)
    return false;
  for (const ast::ParameterDeclaration &parameter :
       function.declaration->parameters)
    if (auto *kind = llvm::dyn_cast_or_null<ast::KindType>(parameter.type);
        kind && kind->parameterKind != ast::KindType::Tuple)
      return false; // it may be called with another function; depth is limited
  for (size_t i = 0; i < building.size(); ++i) {
    const FunctionReference &outer = *building[i].first;
    if (outer.differentiated || outer.declaration != function.declaration ||
        outer.self.instance != function.self.instance)
      continue;
    std::string cycle;
    for (size_t j = i; j < building.size(); ++j)
      cycle += building[j].second + " → ";
    diagnostics.report(DID::Recursion, range, cycle + function.name());
    return true;
  }
  return false;
}

FunctionInstance *Lowering::instance(const FunctionReference &function,
                                     Signature &signature, SourceRange range) {
  static FunctionInstance failure;
  failure.failed = true;
  bool cached = !function.frame;
  for (const ArgumentValue &argument : signature.arguments)
    cached &= !argument.object.function || !argument.object.function->frame;
  std::string key;
  if (cached) {
    key = instanceKey(function, signature, range);
    auto found = functionCache.find(key);
    if (found != functionCache.end())
      return found->second;
  }
  if (isRecursive(function, range))
    return &failure;
  FunctionInstance &made = functions.emplace_back();
  buildFunction(function, signature, made, range);
  if (cached) {
    functionCache[key] = &made;
    if (!made.failed && !made.dependsOnTraining) {
      llvm::SaveAndRestore other(frame->training, !frame->training);
      functionCache[instanceKey(function, signature, range)] = &made;
    }
  }
  return &made;
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

Object Lowering::parameterOf(Object object, Frame &body, Location location) {
  if (object.is(Object::Array))
    object.value = body.addArgument(object.value.getType(), location);
  for (Object &element : object.elements)
    element = parameterOf(std::move(element), body, location);
  return object;
}

/// The parameters of a function that is being built, as arguments for another.
std::vector<ArgumentValue>
Lowering::parametersInScope(const ast::Function &declaration) {
  std::vector<ArgumentValue> arguments;
  for (const ast::ParameterDeclaration &parameter : declaration.parameters)
    arguments.push_back({Identifier(),
                         lookUp(parameter.name.name, parameter.range, scope),
                         parameter.range});
  return arguments;
}

void Lowering::buildFunction(const FunctionReference &function,
                             Signature &signature, FunctionInstance &made,
                             SourceRange range) {
  const ast::Function &declaration = *function.declaration;
  Frame body(Frame::FunctionBody, &context, function.frame);
  body.depth = depthOf(function);
  body.training = frame->training;
  body.bounds = frame->bounds;
  body.user = userOf(function, range);
  bool enters = body.user && !frame->user; // from the user's code
  size_t errors = diagnostics.errorCount();
  LibraryCall entered{range, function.name()};
  llvm::SaveAndRestore within(libraryCall, enters ? &entered : libraryCall);
  building.push_back({&function, function.name()});
  Object result;
  {
    llvm::SaveAndRestore inBody(frame, &body);
    llvm::SaveAndRestore inScope(scope, signature.environment);
    defineSymbols(signature.types, scope);
    for (auto [parameter, argument] :
         llvm::zip(declaration.parameters, signature.arguments)) {
      Object object = parameterOf(
          argument.object, body,
          model::nameLocation(locate(parameter.range), parameter.name.name));
      object.declared = parameter.name.range;
      scope->define(parameter.name.name, std::move(object));
    }
    SourceRange valueRange = declaration.body->value
                                 ? declaration.body->value->range
                                 : declaration.range;
    ArrayType expected = declaration.result ? expectedOf(declaration.result,
                                                         signature.types, scope)
                                            : signature.expected;
    if (nesting > 1000) {
      result = tooDeep(range);
    } else {
      llvm::SaveAndRestore deeper(nesting, nesting + 8);
      llvm::SaveAndRestore inside(scope,
                                  newEnvironment(Environment::Block, scope));
      result =
          function.differentiated
              ? callGradient(function, parametersInScope(declaration), range)
              : evaluateBlock(*declaration.body, expected);
      if (frame && !result.is(Object::Poison))
        result = load(std::move(result), valueRange);
    }
    if (!function.differentiated)
      result = coerce(std::move(result), declaration.result, signature.types,
                      signature.environment, valueRange, "the result");
    finishFunction(body, made, std::move(result), function.name(), range);
  }
  if (!function.differentiated) {
    made.declaration = function.declaration;
    made.self = function.self.instance;
    made.firstArray = signature.firstArray;
  }
  building.pop_back();
  if (!made.failed && function.customGradient)
    buildCustomGradient(function, signature, made, range);
  if (made.failed && enters)
    for (size_t i = errors; i < diagnostics.errorCount(); ++i)
      if (diagnostics.at(i).range.begin != range.begin ||
          diagnostics.at(i).range.file != range.file)
        diagnostics.at(i).note(NoteId::CalledHere, range, function.name());
}

/// May a function return it? Functions that see a body may not leave it.
static bool leaves(const Object &object) {
  if (object.function && object.function->frame)
    return false;
  return llvm::all_of(object.elements, leaves);
}

/// Makes the function of a finished body: slots, hypers, the step, the key and
/// captured values first, then the explicit arguments; new values of slots
/// last.
void Lowering::finishFunction(Frame &body, FunctionInstance &made,
                              Object result, llvm::StringRef name,
                              SourceRange range) {
  made.dependsOnTraining = body.dependsOnTraining;
  if (!result.is(Object::Poison) && !leaves(result)) {
    unsupported("a local function as the value of a function", range);
    result = Object::poison();
  }
  made.failed = result.is(Object::Poison);
  if (made.failed)
    return;
  llvm::SmallVector<Value> results;
  flatten(result, results, range);
  made.result = std::move(result);
  for (Frame::Implicit &implicit : body.implicits)
    if (implicit.isWritten) {
      made.written.push_back(implicit.input);
      results.push_back(implicit.current);
    }
  made.messages = std::move(body.messages);
  for (const Message &message : made.messages)
    llvm::append_range(results, message.values);
  body.builder.create<func::ReturnOp>(locate(range), results);

  llvm::SmallVector<BlockArgument> order;
  for (auto kind : {ImplicitInput::SlotInput, ImplicitInput::HyperInput,
                    ImplicitInput::StepInput, ImplicitInput::StepsInput,
                    ImplicitInput::KeyInput, ImplicitInput::Capture})
    for (Frame::Implicit &implicit : body.implicits)
      if (implicit.input.kind == kind) {
        made.inputs.push_back(implicit.input);
        implicit.argument.setLoc(
            model::nameLocation(locate(range), implicit.input.name()));
        order.push_back(implicit.argument);
      }
  llvm::append_range(order, body.explicitArguments);
  llvm::SmallVector<Type> types;
  for (BlockArgument argument : order)
    types.push_back(argument.getType());

  std::string symbol = name.str();
  if (body.training && body.dependsOnTraining)
    symbol += ".training";
  llvm::SmallVector<Type> resultTypes;
  for (Value value : results)
    resultTypes.push_back(value.getType());
  Location location = locate(range);
  made.function = declarations.create<func::FuncOp>(
      location, uniqueSymbol(symbol),
      FunctionType::get(&context, types, resultTypes));
  made.function.setPrivate();
  Block *entry = made.function.addEntryBlock();
  for (auto [seen, argument] : llvm::zip(order, entry->getArguments())) {
    argument.setLoc(isa<UnknownLoc>(seen.getLoc()) ? location : seen.getLoc());
    seen.replaceAllUsesWith(argument);
  }
  entry->getOperations().splice(entry->end(), body.block->getOperations());
}

} // namespace modelc::lowering
