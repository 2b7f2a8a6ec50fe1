// Builtins.cpp: the table of built-in functions, and those on single elements.
//
// A primitive of the dialect that works element by element is found by its
// name; only what differs from the dialect's form has a line in the table.
#include "frontend/lowering/Builtins.h"
#include "dialect/Size.h"
#include "frontend/lowering/Hints.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

namespace {
/// Parameters: `x`, `axis?` (may be left out), `*shape` (any number, by
/// position), `like=` (by name only, may be left out), `**` (any others).
struct Builtin {
  llvm::StringRef name;
  llvm::StringRef parameters;
};
} // namespace

static constexpr Builtin table[] = {
    {"minimum", "a b"},
    {"maximum", "a b"},
    {"floor_div", "a b"},
    {"remainder", "a b"},
    {"where", "condition a b"},
    {"cast", "x type"},
    {"sum", "x axis? keep?"},
    {"mean", "x axis? keep?"},
    {"max", "x axis? keep?"},
    {"min", "x axis? keep?"},
    {"prod", "x axis? keep?"},
    {"argmax", "x axis?"},
    {"argmin", "x axis?"},
    {"reshape", "x *shape"},
    {"transpose", "x *order"},
    {"broadcast", "x *shape"},
    {"concat", "*arrays axis="},
    {"pad", "x axis= before= after= value="},
    {"reverse", "x axis?"},
    {"take", "x indices axis?"},
    {"scatter_add", "x indices updates axis?"},
    {"zeros", "*shape like="},
    {"ones", "*shape like="},
    {"full", "value *shape like="},
    {"iota", "n"},
    {"uniform", "low high *shape like="},
    {"normal", "mean deviation *shape like="},
    {"bernoulli", "p *shape like="},
    {"size", "x axis?"},
    {"einsum", "equation *arrays"},
    {"stop_gradient", "x"},
    {"print", "*values"},
    {"assert", "condition message?"},
    {"is_constant", "x"},
    {"mark", "x kind"},
    {"is_marked", "x kind"},
    {"classes", "labels"},
    {"grad", "f wrt="},
    {"value_and_grad", "f wrt="},
    {"fold", "modules *arguments times= **"},
    {"scan", "step carry sequence axis?"},
};

/// Operators have a syntax of their own and no name as functions.
static bool hasSyntax(llvm::StringRef name) {
  static constexpr llvm::StringRef names[] = {
      "add", "sub", "mul",     "div",    "neg", "and", "or",
      "not", "pow", "compare", "select", "min", "max", "cast"};
  return llvm::is_contained(names, name);
}

/// Is `name` an element-wise primitive of one operand?
static bool isElementwise(llvm::StringRef name, MLIRContext &context) {
  if (hasSyntax(name) || name.contains('.'))
    return false;
  auto op = RegisteredOperationName::lookup(("model." + name).str(), &context);
  return op && op->hasInterface<model::ElementwiseOpInterface>();
}

bool Lowering::isBuiltin(llvm::StringRef name) {
  return llvm::is_contained(builtinNames(), name);
}

llvm::ArrayRef<llvm::StringRef> Lowering::builtinNames() {
  if (builtins.empty()) {
    for (const Builtin &builtin : table)
      builtins.push_back(builtin.name);
    for (RegisteredOperationName op : context.getRegisteredOperations()) {
      llvm::StringRef name = op.getStringRef();
      if (name.consume_front("model.") && isElementwise(name, context) &&
          !llvm::is_contained(builtins, name))
        builtins.push_back(name);
    }
  }
  return builtins;
}

/// Gives arguments to the parameters that `specification` lists.
static bool arrange(llvm::StringRef specification,
                    std::vector<ArgumentValue> arguments, BuiltinCall &call,
                    DiagnosticEngine &diagnostics) {
  llvm::SmallVector<llvm::StringRef> words, positional, byName, required;
  specification.split(words, ' ', -1, false);
  bool variadic = false, anyName = false;
  for (llvm::StringRef word : words) {
    if (word == "**") {
      anyName = true;
    } else if (word.starts_with("*")) {
      variadic = true;
    } else if (word.consume_back("=")) {
      byName.push_back(word);
    } else {
      bool optional = word.consume_back("?");
      positional.push_back(word);
      byName.push_back(word);
      if (!optional)
        required.push_back(word);
    }
  }
  size_t position = 0;
  for (ArgumentValue &argument : arguments) {
    llvm::StringRef name = argument.name.name;
    if (name.empty()) {
      if (position < positional.size()) {
        name = positional[position++];
      } else if (variadic) {
        call.rest.push_back(std::move(argument));
        continue;
      } else {
        diagnostics.report(DID::TooManyArguments, argument.range, call.name,
                           countOf(positional.size(), "argument"));
        return false;
      }
    } else if (!llvm::is_contained(byName, name)) {
      if (anyName) {
        call.rest.push_back(std::move(argument));
        continue;
      }
      auto &error = diagnostics.report(DID::UnknownArgument,
                                       argument.name.range, call.name, name);
      if (auto near = nearestName(name, byName))
        error.hint(HintId::DidYouMean, *near);
      return false;
    }
    SourceRange range = argument.range;
    if (!call.named.try_emplace(name, std::move(argument)).second) {
      diagnostics.report(DID::RepeatedArgument, range, name);
      return false;
    }
  }
  for (llvm::StringRef name : required)
    if (!call.has(name)) {
      diagnostics.report(DID::MissingArgument, call.range, call.name, name);
      return false;
    }
  return true;
}

Object Lowering::callBuiltin(llvm::StringRef name,
                             std::vector<ArgumentValue> arguments,
                             SourceRange range, ArrayType expected) {
  BuiltinCall call;
  call.name = name;
  call.range = range;
  call.expected = expected;
  llvm::StringRef parameters = "x";
  for (const Builtin &builtin : table)
    if (builtin.name == name)
      parameters = builtin.parameters;
  for (ArgumentValue &argument : arguments)
    if (frame)
      argument.object = load(std::move(argument.object), argument.range);
  if (!arrange(parameters, std::move(arguments), call, diagnostics))
    return Object::poison();
  using Handler = Object (Lowering::*)(BuiltinCall &);
  auto handler =
      llvm::StringSwitch<Handler>(name)
          .Cases("minimum", "maximum", &Lowering::minimumOrMaximum)
          .Cases("floor_div", "remainder", &Lowering::divideIntegers)
          .Case("where", &Lowering::where)
          .Case("cast", &Lowering::castBuiltin)
          .Cases("sum", "mean", "max", "min", "prod", &Lowering::reduce)
          .Cases("argmax", "argmin", &Lowering::argExtreme)
          .Case("reshape", &Lowering::reshapeBuiltin)
          .Case("transpose", &Lowering::transposeBuiltin)
          .Case("broadcast", &Lowering::broadcastBuiltin)
          .Case("concat", &Lowering::concatBuiltin)
          .Case("pad", &Lowering::padBuiltin)
          .Case("reverse", &Lowering::reverseBuiltin)
          .Case("take", &Lowering::takeBuiltin)
          .Case("scatter_add", &Lowering::scatterBuiltin)
          .Cases("zeros", "ones", "full", &Lowering::filledBuiltin)
          .Case("iota", &Lowering::iotaBuiltin)
          .Cases("uniform", "normal", "bernoulli", &Lowering::randomBuiltin)
          .Case("size", &Lowering::sizeBuiltin)
          .Case("einsum", &Lowering::einsumBuiltin)
          .Case("stop_gradient", &Lowering::stopGradient)
          .Case("assert", &Lowering::assertBuiltin)
          .Case("is_constant", &Lowering::isConstant)
          .Cases("mark", "is_marked", &Lowering::markBuiltin)
          .Case("classes", &Lowering::classesBuiltin)
          .Cases("grad", "value_and_grad", &Lowering::gradientBuiltin)
          .Case("fold", &Lowering::foldBuiltin)
          .Case("scan", &Lowering::scanBuiltin)
          .Case("print", &Lowering::printBuiltin)
          .Default(&Lowering::elementwise);
  return (this->*handler)(call);
}

//===----------------------------------------------------------------------===//
// Element by element
//===----------------------------------------------------------------------===//

/// The functions that are exact, so that folding them is no matter of
/// precision.
Object Lowering::foldElementwise(BuiltinCall &call, double number) {
  if (call.name == "sqrt" && number >= 0)
    return Object::floating(std::sqrt(number));
  if (call.name == "abs")
    return Object::floating(std::abs(number));
  if (call.name == "floor")
    return Object::floating(std::floor(number));
  if (call.name == "ceil")
    return Object::floating(std::ceil(number));
  if (call.name == "round")
    return Object::floating(std::nearbyint(number));
  if (call.name == "sign")
    return Object::floating(number > 0 ? 1 : number < 0 ? -1 : number);
  return Object::poison();
}

Object Lowering::elementwise(BuiltinCall &call) {
  const Object &x = call.object("x");
  if (x.is(Object::Integer) && (call.name == "abs" || call.name == "sign"))
    if (std::optional<int64_t> value = x.constant())
      return Object::integer(constantSize(call.name == "abs"
                                              ? (*value < 0 ? -*value : *value)
                                              : (*value > 0) - (*value < 0)));
  std::optional<double> number;
  if (x.is(Object::Float))
    number = x.number;
  else if (std::optional<int64_t> constant = x.constant())
    number = double(*constant);
  if (number) {
    Object folded = foldElementwise(call, *number);
    if (!folded.is(Object::Poison))
      return folded;
  }
  Value value =
      materialize(x, call.rangeOf("x"), x.isNumber() ? floatType : Type());
  value = value ? emit(call.name, value, {}, call.range, {call.rangeOf("x")})
                : nullptr;
  if (!value)
    return Object::poison();
  Object result = Object::array(value, x.isNumber() || x.weak);
  if (call.name == "sigmoid")
    result.text = "probability";
  return result;
}

Object Lowering::minimumOrMaximum(BuiltinCall &call) {
  const Object &a = call.object("a"), &b = call.object("b");
  bool smaller = call.name == "minimum";
  if (a.isNumber() && b.isNumber()) {
    SizeAttr apart = a.is(Object::Integer) && b.is(Object::Integer)
                         ? model::subtract(a.size, b.size)
                         : nullptr;
    if (apart && apart.isConstant())
      return (*apart.asConstant() < 0) == smaller ? a : b;
    auto number = [](const Object &object) {
      return object.is(Object::Float) ? object.number
                                      : double(object.constant().value_or(0));
    };
    if ((a.is(Object::Float) || a.constant()) &&
        (b.is(Object::Float) || b.constant()))
      return Object::floating(smaller ? std::min(number(a), number(b))
                                      : std::max(number(a), number(b)));
  }
  Value values[2];
  bool weak = false;
  if (!unify(values, {&a, &b}, {call.rangeOf("a"), call.rangeOf("b")},
             call.range, weak))
    return Object::poison();
  Value value = emit(smaller ? "min" : "max", values, {}, call.range);
  return value ? Object::array(value, weak) : Object::poison();
}

Object Lowering::divideIntegers(BuiltinCall &call) {
  const Object &first = call.object("a"), &second = call.object("b");
  if (!first.is(Object::Integer) || !second.is(Object::Integer))
    return divideIntegerArrays(call);
  SizeAttr a = first.size, b = second.size;
  SizeAttr result = b.isConstant(0)            ? nullptr
                    : call.name == "floor_div" ? model::floorDivide(a, b)
                                               : model::remainder(a, b);
  if (result)
    return Object::integer(result);
  diagnostics.report(DID::IntegerOverflow, call.range);
  return Object::poison();
}

Object Lowering::divideIntegerArrays(BuiltinCall &call) {
  const Object *objects[] = {&call.object("a"), &call.object("b")};
  SourceRange ranges[] = {call.rangeOf("a"), call.rangeOf("b")};
  for (auto [object, range] : llvm::zip(objects, ranges)) {
    bool isInteger = object->is(Object::Integer) ||
                     (object->is(Object::Array) &&
                      object->type().getElementType().isSignlessInteger() &&
                      !object->type().isBool());
    if (isInteger)
      continue;
    auto &error = diagnostics.report(DID::WrongKind, range, describe(*object),
                                     "an integer or an array of integers");
    if (object->is(Object::Float) ||
        (object->is(Object::Array) && object->type().isFloat()))
      error.hint(HintId::FloorOfQuotient);
    return Object::poison();
  }
  Value values[2];
  bool weak = false;
  if (!unify(values, objects, ranges, call.range, weak))
    return Object::poison();
  Value value = emit(call.name, values, {}, call.range, ranges);
  return value ? Object::array(value, weak) : Object::poison();
}

Object Lowering::where(BuiltinCall &call) {
  const Object &condition = call.object("condition");
  if (condition.is(Object::Boolean))
    return call.object(condition.truth ? "a" : "b");
  SourceRange ranges[] = {call.rangeOf("condition"), call.rangeOf("a"),
                          call.rangeOf("b")};
  Value values[3];
  bool weak = false;
  if (!unify(llvm::MutableArrayRef(values).drop_front(),
             {&call.object("a"), &call.object("b")}, {ranges[1], ranges[2]},
             call.range, weak))
    return Object::poison();
  values[0] = materialize(condition, ranges[0]);
  if (!values[0] || !unifyShapes(values, ranges, call.range))
    return Object::poison();
  Value value = emit("select", values, {}, call.range, ranges);
  return value ? Object::array(value, weak) : Object::poison();
}

Object Lowering::castBuiltin(BuiltinCall &call) {
  const Object &x = call.object("x");
  const Object &name = call.object("type");
  Type element = name.is(Object::String) ? elementTypeNamed(name.text) : Type();
  if (!element) {
    diagnostics.report(DID::WrongKind, call.rangeOf("type"), describe(name),
                       "an element type such as `float` or `i32`");
    return Object::poison();
  }
  Value value = x.is(Object::Integer) && !element.isInteger(1)
                    ? sizeValue(x.size, element, call.rangeOf("x"))
                    : materialize(x, call.rangeOf("x"));
  value = castTo(value, element, call.range);
  return value ? Object::array(value) : Object::poison();
}

Object Lowering::stopGradient(BuiltinCall &call) {
  const Object &x = call.object("x");
  if (x.isNumber())
    return x;
  Value value = materialize(x, call.rangeOf("x"));
  value = emit("stop_gradient", value, {}, call.range);
  return value ? Object::array(value, x.weak) : Object::poison();
}

/// Can an `if` ask for its value?
Object Lowering::isConstant(BuiltinCall &call) {
  const Object &x = call.object("x");
  return Object::boolean(x.is(Object::Float) || x.is(Object::Boolean) ||
                         x.constant().has_value());
}

/// `mark(x, "probability")` is x, of which `is_marked(x, "probability")` holds
/// until something is computed of it.
Object Lowering::markBuiltin(BuiltinCall &call) {
  const Object &kind = call.object("kind");
  if (!kind.is(Object::String)) {
    diagnostics.report(DID::WrongKind, call.rangeOf("kind"), describe(kind),
                       "a text");
    return Object::poison();
  }
  Object marked = call.object("x");
  if (call.name == "is_marked")
    return Object::boolean(marked.is(Object::Array) &&
                           marked.text == kind.text);
  if (marked.is(Object::Array))
    marked.text = kind.text;
  return marked;
}

/// How many classes labels are of, where they are as the data has them; 0 where
/// that is not known.
Object Lowering::classesBuiltin(BuiltinCall &call) {
  const Object &labels = call.object("labels");
  bool isKnown = labels.is(Object::Array) && labels.size;
  return Object::integer(isKnown ? labels.size : constantSize(0));
}

} // namespace modelc::lowering
