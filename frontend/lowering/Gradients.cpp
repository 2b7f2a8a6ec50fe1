// Gradients.cpp: `grad`, `value_and_grad` and gradients of one's own.
#include "dialect/Names.h"
#include "dialect/ops/Control.h"
#include "frontend/lowering/Builtins.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

Object Lowering::gradientBuiltin(BuiltinCall &call) {
  Object f = call.object("f");
  if (f.is(Object::InstanceKind))
    f = methodOf(f.instance, "");
  if (!f.is(Object::Function) || !f.function->declaration) {
    diagnostics.report(DID::WrongKind, call.rangeOf("f"),
                       describe(call.object("f")), "a declared function");
    return Object::poison();
  }
  auto made = std::make_shared<FunctionReference>(*f.function);
  made->customGradient = nullptr;
  made->differentiated = f.function;
  made->withValue = call.name == "value_and_grad";
  made->wrt.clear();
  made->wrtTuple = false;
  made->wrtParameters = {};
  auto parameters = made->declaration->parameters;
  if (!call.has("wrt")) {
    if (parameters.empty()) {
      diagnostics.report(DID::MissingArgument, call.range, call.name, "wrt");
      return Object::poison();
    }
    made->wrt.push_back(parameters[0].name.name);
    return Object::of(std::move(made));
  }
  const Object &names = call.object("wrt");
  std::vector<Object> single = {names};
  made->wrtTuple = names.is(Object::Tuple);
  for (const Object &name : made->wrtTuple ? names.elements : single) {
    bool known = llvm::any_of(parameters, [&](const auto &parameter) {
      return parameter.name.name == name.text;
    });
    if (!known && name.text == "parameters") {
      made->wrtParameters = f.function->self;
      if (!made->wrtParameters.instance)
        made->wrtParameters.instance = scope->instance;
      known = made->wrtParameters.instance;
    }
    if (!known) {
      diagnostics.report(DID::UnknownArgument, call.rangeOf("wrt"),
                         f.function->name(), name.text);
      return Object::poison();
    }
    made->wrt.push_back(name.text);
  }
  return Object::of(std::move(made));
}

/// Calls `callee` and differentiates its result by the arguments `wrt`.
Object Lowering::emitGradient(FunctionInstance &callee,
                              const FunctionReference &function,
                              ValueRange arguments, llvm::ArrayRef<int64_t> wrt,
                              SourceRange range,
                              std::vector<Value> &gradients) {
  llvm::SmallVector<Value> operands;
  if (!callOperands(callee, function, arguments, range, operands))
    return Object::poison();
  llvm::SmallVector<Type> types(callee.function.getFunctionType().getResults());
  size_t results = types.size();
  for (int64_t index : wrt)
    types.push_back(operands[index].getType());
  auto op = frame->builder.create<model::GradientOp>(
      locate(range), types, callee.function.getSymName(), operands, wrt,
      DictionaryAttr());
  ValueRange values = op.getResults();
  for (Value gradient : values.drop_front(results))
    gradients.push_back(gradient);
  values = values.take_front(results);
  Object object = unflatten(callee.result, values);
  storeResults(callee, function.self, values, range);
  return object;
}

/// Does it hold floats only? (Only these have gradients.)
static bool allFloats(const Object &object) {
  if (object.is(Object::Array))
    return object.type().isFloat();
  return object.is(Object::Tuple) && llvm::all_of(object.elements, allFloats);
}

Object Lowering::callGradient(const FunctionReference &function,
                              std::vector<ArgumentValue> arguments,
                              SourceRange range) {
  if (!needsFrame(range))
    return Object::poison();
  const FunctionReference &inner = *function.differentiated;
  auto parameters = inner.declaration->parameters;
  // A number that is differentiated by must be a value of the program.
  for (auto [i, argument] : llvm::enumerate(arguments)) {
    llvm::StringRef name = !argument.name.empty()  ? argument.name.name
                           : i < parameters.size() ? parameters[i].name.name
                                                   : llvm::StringRef();
    if (llvm::is_contained(function.wrt, name) && argument.object.isNumber()) {
      Value value = materialize(argument.object, argument.range, floatType);
      if (!value)
        return Object::poison();
      argument.object = Object::array(value);
    }
  }
  Signature signature;
  if (!prepare(inner, std::move(arguments), range, nullptr, signature))
    return Object::poison();
  FunctionInstance *callee = instance(inner, signature, range);
  if (callee->failed)
    return Object::poison();
  if (!callee->result.is(Object::Array) || !callee->result.type().isFloat() ||
      callee->result.type().getRank() != 0) {
    diagnostics
        .report(DID::NotAScalar, range, inner.name(), describe(callee->result))
        .note(NoteId::DeclaredHere, inner.declaration->range, inner.name());
    return Object::poison();
  }
  llvm::SmallVector<int64_t> wrt;
  std::vector<Object> skeletons;
  std::vector<bool> isRead; // of `parameters`
  auto addParameters = [&] {
    isRead.clear();
    for (Slot *slot : learntSlots(function.wrtParameters.instance)) {
      auto input = llvm::find_if(callee->inputs, [&](const ImplicitInput &it) {
        return it.kind == ImplicitInput::SlotInput && it.slot() == slot;
      });
      isRead.push_back(input != callee->inputs.end());
      if (isRead.back())
        wrt.push_back(input - callee->inputs.begin());
    }
    skeletons.push_back(parametersOf(function.wrtParameters, range));
    return skeletons.back().is(Object::Tuple);
  };
  auto addParameter = [&](size_t i) {
    const Object &argument = signature.arguments[i].object;
    if (!allFloats(argument)) {
      diagnostics.report(DID::WrongKind, signature.arguments[i].range,
                         describe(argument), "an array of floats");
      return false;
    }
    llvm::SmallVector<Value> leaves;
    flatten(argument, leaves, range);
    for (size_t leaf = 0; leaf < leaves.size(); ++leaf)
      wrt.push_back(callee->inputs.size() + signature.firstArray[i] + leaf);
    skeletons.push_back(argument);
    return true;
  };
  auto positionOf = [&](llvm::StringRef name) -> size_t {
    return llvm::find_if(parameters,
                         [&](const auto &parameter) {
                           return parameter.name.name == name;
                         }) -
           parameters.begin();
  };
  for (llvm::StringRef name : function.wrt) {
    size_t i = positionOf(name);
    if (!(i < parameters.size() ? addParameter(i) : addParameters()))
      return Object::poison();
  }
  std::vector<Value> gradients;
  Object value =
      emitGradient(*callee, inner, signature.arrays, wrt, range, gradients);
  if (value.is(Object::Poison))
    return value;
  ValueRange left = gradients;
  auto next = [&](const Object &skeleton) {
    Object made = unflatten(skeleton, left);
    made.weak = false;
    return made;
  };
  std::vector<Object> made;
  for (auto [name, skeleton] : llvm::zip(function.wrt, skeletons)) {
    if (positionOf(name) < parameters.size()) {
      made.push_back(next(skeleton));
      continue;
    }
    // As many as `parameters` has, in its order: of what is not read they are
    // 0.
    std::vector<Object> all;
    for (auto [object, read] : llvm::zip(skeleton.elements, isRead))
      all.push_back(read
                        ? next(object)
                        : Object::arrayOrPoison(fill(0, object.type(), range)));
    made.push_back(Object::tuple(std::move(all)));
  }
  Object gradient =
      function.wrtTuple ? Object::tuple(std::move(made)) : made[0];
  return function.withValue ? Object::tuple({value, gradient}) : gradient;
}

/// Builds the function that the attribute `model.custom_gradient` names: it
/// takes the arguments, the result and its cotangent, and returns the
/// cotangents of the float arguments.
void Lowering::buildCustomGradient(const FunctionReference &function,
                                   Signature &signature, FunctionInstance &made,
                                   SourceRange range) {
  const ast::CustomGradient &custom = *function.customGradient;
  SourceRange where = custom.name.range;
  size_t count = function.declaration->parameters.size();
  auto refuse = [&](const llvm::Twine &what) {
    unsupported(what, where);
    made.failed = true;
  };
  if (custom.parameters.size() != count + 1) {
    diagnostics.report(DID::CustomGradientParameters, where, custom.name.name,
                       llvm::Twine(custom.parameters.size()),
                       llvm::Twine(count + 1));
    made.failed = true;
    return;
  }
  if (!made.result.is(Object::Array) || !made.result.type().isFloat())
    return refuse(
        "a gradient for a function whose result is no array of floats");
  if (!made.messages.empty())
    return refuse("`print` or `assert` of run-time values in a function with a "
                  "gradient of its own");
  for (const ImplicitInput &input : made.inputs)
    if (input.kind != ImplicitInput::KeyInput)
      return refuse("a gradient for a function that reads parameters, state or "
                    "hypers: pass them as arguments");

  Frame body(Frame::FunctionBody, &context, function.frame);
  body.depth = depthOf(function);
  body.training = frame->training;
  body.bounds = frame->bounds;
  body.user = userOf(function, range);
  llvm::SaveAndRestore inBody(frame, &body);
  llvm::SaveAndRestore inScope(
      scope, newEnvironment(Environment::Function, function.environment));
  defineSymbols(signature.types, scope);
  Location location = locate(where);
  for (size_t i = 0; i < made.inputs.size(); ++i)
    body.addArgument(made.function.getArgumentTypes()[i], location);
  llvm::SmallVector<Value> floats;
  llvm::SmallVector<llvm::StringRef> names; // of their parameters
  for (size_t i = 0; i < count; ++i) {
    Object object = parameterOf(
        signature.arguments[i].object, body,
        model::nameLocation(location, custom.parameters[i].name.name));
    llvm::SmallVector<Value> leaves;
    flatten(object, leaves, where);
    llvm::copy_if(leaves, std::back_inserter(floats), [](Value leaf) {
      return cast<ArrayType>(leaf.getType()).isFloat();
    });
    names.resize(floats.size(), custom.parameters[i].name.name);
    object.declared = custom.parameters[i].name.range;
    scope->define(custom.parameters[i].name.name, std::move(object));
  }
  body.addArgument(made.result.type(), location);
  scope->define(custom.parameters[count].name.name,
                parameterOf(made.result, body,
                            model::nameLocation(
                                location, custom.parameters[count].name.name)));
  Object value = evaluateBlock(*custom.body);
  SourceRange valueRange =
      custom.body->value ? custom.body->value->range : where;
  std::vector<Object> single = {value};
  std::vector<Object> cotangents =
      value.is(Object::Tuple) ? value.elements : single;
  made.failed = value.is(Object::Poison);
  if (made.failed)
    return;
  if (cotangents.size() != floats.size()) {
    diagnostics.report(DID::WrongKind, valueRange, describe(value),
                       llvm::Twine(floats.size()) +
                           " cotangents, one for each float parameter");
    made.failed = true;
    return;
  }
  llvm::SmallVector<Value> results;
  for (auto [cotangent, argument, name] :
       llvm::zip(cotangents, floats, names)) {
    auto wanted = cast<ArrayType>(argument.getType());
    bool fits = cotangent.is(Object::Array)
                    ? cotangent.weak || cotangent.type() == wanted
                    : cotangent.isNumber();
    bool differs = !fits && !cotangent.is(Object::Poison);
    if (differs && cotangent.is(Object::Array))
      diagnostics.report(DID::ShapeMismatch, valueRange,
                         "the cotangent of `" + name + "`",
                         describe(cotangent.type()), describe(wanted));
    else if (differs)
      diagnostics.report(DID::WrongKind, valueRange, describe(cotangent),
                         "the cotangent of `" + name + "`, `" +
                             describe(wanted) + "`");
    made.failed |= differs || !carryValues(cotangent, Object::array(argument),
                                           valueRange, results);
  }
  if (made.failed)
    return;
  if (!body.messages.empty())
    return refuse("`print` or `assert` of run-time values in a gradient");
  if (!body.implicits.empty())
    return refuse("a gradient that reads parameters, state, hypers or random "
                  "numbers");
  FunctionInstance gradient;
  std::vector<Object> objects;
  for (Value result : results)
    objects.push_back(Object::array(result));
  finishFunction(body, gradient, Object::tuple(std::move(objects)),
                 function.name() + ".gradient", where);
  made.failed = gradient.failed;
  made.dependsOnTraining |= gradient.dependsOnTraining;
  if (!made.failed)
    made.function->setAttr(
        model::customGradientName,
        FlatSymbolRefAttr::get(&context, gradient.function.getSymName()));
}

} // namespace modelc::lowering
