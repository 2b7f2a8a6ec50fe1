// Calls.cpp: what is called, and which argument belongs to which parameter.
#include "dialect/Names.h"
#include "dialect/Size.h"
#include "dialect/ops/Control.h"
#include "frontend/lowering/Hints.h"
#include "frontend/lowering/Lowering.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

Object Lowering::call(const Object &callee,
                      std::vector<ArgumentValue> arguments,
                      SourceRange calleeRange, SourceRange range,
                      ArrayType expected) {
  if (callee.is(Object::Function))
    return callFunction(*callee.function, std::move(arguments), range,
                        expected);
  if (callee.is(Object::InstanceKind)) {
    Object method = methodOf(callee.instance, "");
    if (method.is(Object::Function))
      return callFunction(*method.function, std::move(arguments), range,
                          expected);
    diagnostics.report(DID::NoCallOperator, calleeRange, describe(callee))
        .note(NoteId::DeclaredHere,
              callee.instance.instance->declaration->name.range,
              callee.instance.instance->declaration->name.name);
    return Object::poison();
  }
  if (callee.is(Object::Poison))
    return callee;
  auto &error =
      diagnostics.report(DID::NotAFunction, calleeRange, describe(callee));
  if (callee.is(Object::InstanceArray))
    error.hint(HintId::UseFold);
  if (callee.is(Object::Declaration))
    error.hint(HintId::DeclareSubmodule);
  if (callee.is(Object::String)) // the name of an element type: `float(x)`
    error.hint(HintId::CastOne, calleeRange.text());
  return Object::poison();
}

Object Lowering::callFunction(const FunctionReference &function,
                              std::vector<ArgumentValue> arguments,
                              SourceRange range, ArrayType expected) {
  for (const ArgumentValue &argument : arguments)
    if (argument.object.is(Object::Poison))
      return Object::poison();
  if (!function.builtin.empty())
    return callBuiltin(function.builtin, std::move(arguments), range, expected);
  if (function.differentiated)
    return callGradient(function, std::move(arguments), range);
  if (!needsFrame(range))
    return Object::poison();
  Signature signature;
  if (!prepare(function, std::move(arguments), range, expected, signature))
    return Object::poison();
  FunctionInstance *callee = instance(function, signature, range);
  if (callee->failed)
    return Object::poison();
  return emitCall(*callee, function, signature.arrays, range);
}

bool Lowering::arrangeArguments(
    llvm::ArrayRef<ast::ParameterDeclaration> parameters,
    std::vector<ArgumentValue> arguments, llvm::StringRef callee,
    SourceRange range, Environment *from,
    std::vector<ArgumentValue> &arranged) {
  arranged.assign(parameters.size(), {});
  std::vector<bool> given(parameters.size());
  size_t position = 0;
  for (ArgumentValue &argument : arguments) {
    if (argument.object.is(Object::Poison))
      return false;
    size_t index = position;
    if (!argument.name.empty()) {
      index = llvm::find_if(parameters,
                            [&](const ast::ParameterDeclaration &parameter) {
                              return parameter.name.name == argument.name.name;
                            }) -
              parameters.begin();
      if (index == parameters.size()) {
        llvm::SmallVector<llvm::StringRef> names;
        for (const ast::ParameterDeclaration &parameter : parameters)
          names.push_back(parameter.name.name);
        auto &error =
            diagnostics.report(DID::UnknownArgument, argument.name.range,
                               callee, argument.name.name);
        if (auto near = nearestName(argument.name.name, names))
          error.hint(HintId::DidYouMean, *near);
        else if (!parameters.empty())
          error.hint(HintId::ItHas, listParameters(parameters));
        return false;
      }
    } else if (position++ >= parameters.size()) {
      auto &error =
          diagnostics.report(DID::TooManyArguments, argument.range, callee,
                             countOf(parameters.size(), "argument"));
      if (!parameters.empty())
        error.hint(HintId::ItHas, listParameters(parameters));
      return false;
    }
    if (given[index]) {
      diagnostics.report(DID::RepeatedArgument, argument.range,
                         parameters[index].name.name);
      return false;
    }
    given[index] = true;
    arranged[index] = std::move(argument);
  }
  bool good = true;
  for (auto [i, parameter] : llvm::enumerate(parameters)) {
    if (given[i])
      continue;
    if (!parameter.defaultValue) {
      diagnostics
          .report(DID::MissingArgument, range, callee, parameter.name.name)
          .note(NoteId::DeclaredHere, parameter.name.range,
                parameter.name.name);
      good = false;
      continue;
    }
    // Defaults see the parameters before them.
    llvm::SaveAndRestore noFrame(frame, static_cast<Frame *>(nullptr));
    Environment *before = newEnvironment(Environment::Block, from);
    for (size_t j = 0; j < i; ++j)
      before->define(parameters[j].name.name, arranged[j].object);
    llvm::SaveAndRestore inScope(scope, before);
    arranged[i].object = evaluateOrDefer(parameter.defaultValue);
    arranged[i].range = parameter.defaultValue->range;
    good &= !arranged[i].object.is(Object::Poison);
  }
  return good;
}

/// What a parameter's type is called where it is no array.
static llvm::StringRef scalarKind(const ast::Type *type) {
  auto *array = llvm::dyn_cast_or_null<ast::ArrayType>(type);
  if (!array || array->hasBrackets)
    return {};
  llvm::StringRef name = array->elementType.name;
  return name == "int" || name == "bool" || name == "float" ? name
                                                            : llvm::StringRef();
}

/// Checks an argument of a module, or one of the kinds `int`, `bool`, `float`,
/// `fn`, `module` and `tuple` of a function.
bool Lowering::bindCompileTime(const ast::ParameterDeclaration &parameter,
                               ArgumentValue &argument, Environment *,
                               llvm::StringRef callee) {
  Object &object = argument.object;
  auto refuse = [&](llvm::StringRef wanted) {
    // The one declaration is mended, not every use.
    if (object.is(Object::Hyper) && !refusedHypers.insert(object.hyper).second)
      return false;
    auto &error = diagnostics.report(DID::WrongKind, argument.range,
                                     describe(object), wanted);
    error.note(NoteId::DeclaredHere, parameter.name.range, parameter.name.name);
    hintKind(error, object);
    return false;
  };
  if (auto *kind = llvm::dyn_cast_or_null<ast::KindType>(parameter.type)) {
    if (kind->parameterKind == ast::KindType::Tuple) {
      if (object.is(Object::Array))
        object = Object::tuple({object});
      return object.is(Object::Tuple) ? true : refuse("a tuple of arrays");
    }
    if (kind->parameterKind == ast::KindType::Function)
      return object.is(Object::Function) || object.is(Object::InstanceKind)
                 ? true
                 : refuse("a function");
    return object.is(Object::Declaration) || object.is(Object::InstanceKind) ||
                   object.is(Object::InstanceArray)
               ? true
               : refuse("a module");
  }
  llvm::StringRef kind = scalarKind(parameter.type);
  if (kind == "int")
    return object.is(Object::Integer) ? true : refuse("an integer");
  if (kind == "bool") {
    if (object.is(Object::Array) && object.type().isBool() &&
        object.type().getRank() == 0)
      return true;
    return object.is(Object::Boolean) ? true : refuse("a truth value");
  }
  if (kind == "float") {
    if (std::optional<int64_t> constant = object.constant())
      object = Object::floating(double(*constant));
    if (object.is(Object::Integer) && frame) {
      Value value = sizeValue(object.size, floatType, argument.range);
      object = value ? Object::array(value, true) : Object::poison();
      return value != nullptr;
    }
    if (object.is(Object::Array) && object.type().getRank() == 0 &&
        object.type().getElementType() == floatType)
      return true;
    return object.is(Object::Float) || object.isRunTimeNumber()
               ? true
               : refuse("a number");
  }
  SourceRange range = parameter.type ? parameter.type->range : parameter.range;
  diagnostics.report(DID::WrongKind, range,
                     parameter.type ? "`" + range.text().str() + "`"
                                    : std::string("no type"),
                     "`int`, `float`, `bool`, `fn` or `module`");
  return false;
}

/// The arrays in a declared type, beside the objects that they describe.
static bool pairTypes(
    const ast::Type *type, Object &object,
    llvm::SmallVectorImpl<std::pair<const ast::ArrayType *, Object *>> &pairs) {
  if (auto *array = llvm::dyn_cast<ast::ArrayType>(type)) {
    pairs.push_back({array, &object});
    return true;
  }
  auto *tuple = llvm::dyn_cast<ast::TupleType>(type);
  if (!tuple || !object.is(Object::Tuple) ||
      tuple->elements.size() != object.elements.size())
    return false;
  for (auto [inner, element] : llvm::zip(tuple->elements, object.elements))
    if (!pairTypes(inner, element, pairs))
      return false;
  return true;
}

bool Lowering::bindArrays(const FunctionReference &function,
                          Signature &signature) {
  struct Leaf {
    const ast::ArrayType *type;
    Object *object;
    size_t parameter;
  };
  llvm::SmallVector<Leaf> leaves;
  auto parameters = function.declaration->parameters;
  std::string name = function.name();
  bool good = true;
  for (auto [i, parameter] : llvm::enumerate(parameters)) {
    ArgumentValue &argument = signature.arguments[i];
    if (frame)
      argument.object = load(std::move(argument.object), argument.range);
    if (!parameter.type)
      continue;
    if (llvm::isa<ast::KindType>(parameter.type) ||
        !scalarKind(parameter.type).empty()) {
      if (bindCompileTime(parameter, argument, signature.environment, name)) {
        argument.object.declared = parameter.name.range;
        signature.environment->define(parameter.name.name, argument.object);
      } else {
        good = false;
      }
      continue;
    }
    llvm::SmallVector<std::pair<const ast::ArrayType *, Object *>> pairs;
    if (!pairTypes(parameter.type, argument.object, pairs)) {
      diagnostics
          .report(DID::WrongKind, argument.range, describe(argument.object),
                  "`" + parameter.type->range.text() + "`")
          .note(NoteId::DeclaredHere, parameter.name.range,
                parameter.name.name);
      good = false;
      continue;
    }
    for (auto [type, object] : pairs)
      leaves.push_back({type, object, i});
  }
  auto what = [&](const Leaf &leaf) {
    return ("`" + parameters[leaf.parameter].name.name + "` of `" + name + "`")
        .str();
  };
  for (Leaf &leaf : leaves) {
    SourceRange range = signature.arguments[leaf.parameter].range;
    Type element = elementTypeNamed(leaf.type->elementType.name);
    if (!leaf.object->is(Object::Array) || leaf.object->weak) {
      Value value = materialize(*leaf.object, range, element);
      if (!value) {
        good = false;
        continue;
      }
      *leaf.object = Object::array(value);
    }
    good &= bindType(*leaf.type, leaf.object->type(), signature.types,
                     signature.environment, range, what(leaf));
  }
  if (!good)
    return false;
  // What the arguments do not bind is bound by what is expected of the result.
  auto *result =
      llvm::dyn_cast_or_null<ast::ArrayType>(function.declaration->result);
  if (result && signature.expected) {
    bool unbound = false;
    ArrayType declared =
        declaredType(*result, signature.types, signature.environment, &unbound);
    if (!declared && unbound)
      good &= bindType(
          *result, signature.expected, signature.types, signature.environment,
          signature.environment->kind == Environment::Function ? result->range
                                                               : result->range,
          "what is wanted of `" + name + "`");
  }
  for (Leaf &leaf : leaves)
    good &= checkType(*leaf.type, leaf.object->type(), signature.types,
                      signature.environment,
                      signature.arguments[leaf.parameter].range, what(leaf));
  return good;
}

/// Binds the arguments; an error says which module was called.
bool Lowering::bindOrExplain(const FunctionReference &function,
                             Signature &signature) {
  size_t errors = diagnostics.errorCount();
  if (bindArrays(function, signature))
    return true;
  const Instance *self = function.self.instance;
  for (size_t i = errors; self && i < diagnostics.errorCount(); ++i)
    if (self->parent && self->range.isValid())
      diagnostics.at(i).note(NoteId::ModuleMadeHere, self->range, self->path);
  return false;
}

bool Lowering::prepare(const FunctionReference &function,
                       std::vector<ArgumentValue> arguments, SourceRange range,
                       ArrayType expected, Signature &signature) {
  signature.environment =
      newEnvironment(Environment::Function, function.environment);
  signature.expected = expected;
  std::string name = function.name();
  if (!arrangeArguments(function.declaration->parameters, std::move(arguments),
                        name, range, function.environment,
                        signature.arguments) ||
      !bindOrExplain(function, signature))
    return false;
  for (ArgumentValue &argument : signature.arguments) {
    signature.firstArray.push_back(signature.arrays.size());
    if (!flatten(argument.object, signature.arrays, argument.range))
      return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Calls as operations
//===----------------------------------------------------------------------===//

bool Lowering::flatten(const Object &object,
                       llvm::SmallVectorImpl<Value> &values,
                       SourceRange range) {
  if (object.is(Object::Array))
    values.push_back(frame->local(object.value));
  for (const Object &element : object.elements)
    if (!flatten(element, values, range))
      return false;
  return true;
}

Object Lowering::unflatten(const Object &skeleton, ValueRange &values) {
  Object object = skeleton;
  if (object.is(Object::Array)) {
    object.value = values.front();
    values = values.drop_front();
  }
  for (Object &element : object.elements)
    element = unflatten(element, values);
  return object;
}

/// What the caller passes for an implicit argument of a function of `self`.
Value Lowering::implicitValue(const ImplicitInput &input,
                              const InstanceReference &self,
                              llvm::StringRef name, SourceRange range) {
  switch (input.kind) {
  case ImplicitInput::SlotInput: {
    unsigned level = self.instance ? levelOf(self) : input.depth;
    if (input.depth <= level)
      return frame->readSlot(input.slot(), input.depth);
    return readSelected(
        input.slot(), level,
        llvm::ArrayRef(self.indices).take_front(input.depth - level), range);
  }
  case ImplicitInput::HyperInput:
    return frame->readHyper(input.hyper(), floatType);
  case ImplicitInput::StepInput:
    return frame->readStep(floatType);
  case ImplicitInput::StepsInput:
    return readSteps(range);
  case ImplicitInput::KeyInput:
    return frame->nextKey(locate(range), name);
  case ImplicitInput::Capture:
    return frame->local(input.capture());
  }
  llvm_unreachable("all kinds are handled");
}

bool Lowering::callOperands(const FunctionInstance &callee,
                            const FunctionReference &function,
                            ValueRange arguments, SourceRange range,
                            llvm::SmallVectorImpl<Value> &operands) {
  std::string name = function.name();
  for (const ImplicitInput &input : callee.inputs) {
    Value value = implicitValue(input, function.self, name, range);
    if (!value)
      return false;
    operands.push_back(value);
  }
  for (Value argument : arguments)
    operands.push_back(frame->local(argument));
  frame->dependsOnTraining |= callee.dependsOnTraining;
  return true;
}

void Lowering::storeResults(const FunctionInstance &callee,
                            const InstanceReference &self, ValueRange results,
                            SourceRange range) {
  for (auto [input, value] : llvm::zip(callee.written, results)) {
    unsigned level = self.instance ? levelOf(self) : input.depth;
    if (input.depth <= level)
      frame->writeSlot(input.slot(), input.depth, value);
    else
      writeSelected(
          input.slot(), level,
          llvm::ArrayRef(self.indices).take_front(input.depth - level), value,
          range);
  }
  receiveMessages(callee.messages, results.drop_front(callee.written.size()));
}

Object Lowering::emitCall(FunctionInstance &callee,
                          const FunctionReference &function,
                          ValueRange arguments, SourceRange range) {
  llvm::SmallVector<Value> operands;
  if (!callOperands(callee, function, arguments, range, operands))
    return Object::poison();
  auto type = callee.function.getFunctionType();
  std::string name = function.name();
  auto call = frame->builder.create<model::CallOp>(
      model::nameLocation(locate(range),
                          llvm::StringRef(name).substr(name.rfind('.') + 1)),
      type.getResults(), callee.function.getSymName(), operands,
      DictionaryAttr());
  ValueRange results = call.getResults();
  Object object = unflatten(callee.result, results);
  storeResults(callee, function.self, results, range);
  return rebase(std::move(object), function.self);
}

} // namespace modelc::lowering
