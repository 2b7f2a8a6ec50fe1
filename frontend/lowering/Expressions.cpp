// Expressions.cpp: evaluates expressions, but for operators, subscripts and
// calls, which have files of their own.
#include "dialect/Size.h"
#include "dialect/ops/Control.h"
#include "frontend/lowering/Lowering.h"
#include "llvm/Support/SaveAndRestore.h"
#include <cmath>

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// Deeper nesting, through expressions and functions, is refused: the evaluator
/// recurses.
static constexpr unsigned deepestNesting = 1200;

Object Lowering::evaluate(const ast::Expression *expression,
                          ArrayType expected) {
  if (nesting >= deepestNesting) {
    return tooDeep(expression->range);
  }
  llvm::SaveAndRestore deeper(nesting, nesting + 1);
  return evaluateKind(expression, expected);
}

/// Says it once: all that is nested as deep would say the same.
Object Lowering::tooDeep(SourceRange range) {
  if (!saidTooDeep)
    diagnostics.report(DID::TooDeep, range, llvm::Twine(deepestNesting));
  saidTooDeep = true;
  return Object::poison();
}

Object Lowering::evaluateKind(const ast::Expression *expression,
                              ArrayType expected) {
  switch (expression->kind) {
  case ast::NodeKind::IntegerLiteral:
  case ast::NodeKind::FloatLiteral:
    return evaluateNumber(*expression);
  case ast::NodeKind::BooleanLiteral:
    return Object::boolean(llvm::cast<ast::BooleanLiteral>(expression)->value);
  case ast::NodeKind::StringLiteral:
    return Object::string(llvm::cast<ast::StringLiteral>(expression)->value);
  case ast::NodeKind::Name:
    return evaluateName(*llvm::cast<ast::Name>(expression), expected);
  case ast::NodeKind::Member: {
    auto *access = llvm::cast<ast::Member>(expression);
    if (reportUnknownPrefix(*access))
      return Object::poison();
    Object object =
        member(evaluate(access->base), access->name, expression->range);
    return frame ? load(std::move(object), expression->range) : object;
  }
  case ast::NodeKind::Call:
    return evaluateCall(*llvm::cast<ast::Call>(expression), expected);
  case ast::NodeKind::Pipe:
    return evaluatePipe(*llvm::cast<ast::Pipe>(expression), expected);
  case ast::NodeKind::Unary:
    return unary(*llvm::cast<ast::Unary>(expression));
  case ast::NodeKind::Binary:
    return binary(*llvm::cast<ast::Binary>(expression), expected);
  case ast::NodeKind::Index:
    return index(*llvm::cast<ast::Index>(expression));
  case ast::NodeKind::Tuple: {
    std::vector<Object> elements;
    bool failed = false;
    for (ast::Expression *element :
         llvm::cast<ast::Tuple>(expression)->elements) {
      elements.push_back(evaluate(element));
      failed |= elements.back().is(Object::Poison);
    }
    return failed ? Object::poison() : Object::tuple(std::move(elements));
  }
  case ast::NodeKind::List:
    return evaluateList(*llvm::cast<ast::List>(expression));
  case ast::NodeKind::If:
    return evaluateIf(*llvm::cast<ast::If>(expression), expected);
  case ast::NodeKind::Range: {
    auto *range = llvm::cast<ast::Range>(expression);
    Object start = evaluate(range->start), stop = evaluate(range->stop);
    if (start.is(Object::Poison) || stop.is(Object::Poison))
      return Object::poison();
    for (auto [object, part] :
         {std::pair(&start, range->start), std::pair(&stop, range->stop)})
      if (!object->is(Object::Integer)) {
        diagnostics.report(DID::WrongKind, part->range, describe(*object),
                           "an integer");
        return Object::poison();
      }
    return Object::tuple({start, stop}, Object::Range);
  }
  case ast::NodeKind::Ellipsis: {
    Object rest = lookUp("...", expression->range, scope, /*quiet=*/true);
    if (rest.is(Object::Poison))
      diagnostics.report(DID::UnboundSymbol, expression->range, "...");
    return rest;
  }
  default:
    diagnostics.report(DID::WrongKind, expression->range,
                       "`" + expression->range.text() + "`", "a value");
    return Object::poison();
  }
}

Object Lowering::evaluateNumber(const ast::Expression &literal) {
  if (auto *integer = llvm::dyn_cast<ast::IntegerLiteral>(&literal)) {
    int64_t value;
    if (!integer->spelling.getAsInteger(10, value))
      return Object::integer(constantSize(value));
    diagnostics.report(DID::NumberOutOfRange, literal.range, integer->spelling,
                       "i64");
    return Object::poison();
  }
  llvm::StringRef text = llvm::cast<ast::FloatLiteral>(literal).spelling;
  double value;
  if (!text.getAsDouble(value) && std::isfinite(value))
    return Object::floating(value);
  diagnostics.report(DID::NumberOutOfRange, literal.range, text, "f64");
  return Object::poison();
}

Object Lowering::evaluateName(const ast::Name &name, ArrayType expected) {
  Object object = lookUp(name.name, name.range, scope);
  // `zeros` alone, where an array is expected, is `zeros()`.
  if (object.is(Object::Function) && expected)
    return call(object, {}, name.range, name.range, expected);
  return frame ? load(std::move(object), name.range) : object;
}

std::vector<ArgumentValue>
Lowering::evaluateArguments(llvm::ArrayRef<ast::Argument> arguments) {
  std::vector<ArgumentValue> values;
  for (const ast::Argument &argument : arguments)
    values.push_back({argument.name, evaluateOrDefer(argument.value),
                      argument.value->range});
  return values;
}

/// A value where there is no body to compute it in: what is known only at run
/// time, such as `1 - rate` of a hyper, is computed where it is used.
Object Lowering::evaluateOrDefer(const ast::Expression *expression) {
  if (frame)
    return evaluate(expression);
  llvm::SaveAndRestore mode(mayDefer, true);
  llvm::SaveAndRestore found(isDeferred, false);
  Object object = evaluate(expression);
  if (!object.is(Object::Poison) || !isDeferred)
    return object;
  object.kind = Object::Deferred;
  object.expression = expression;
  object.environment = scope;
  return object;
}

/// Is `name` one of the functions whose argument `wrt` holds names of
/// parameters?
static bool isGradient(const Object &callee) {
  return callee.is(Object::Function) &&
         (callee.function->builtin == "grad" ||
          callee.function->builtin == "value_and_grad");
}

/// `wrt = x`, `wrt = (x, y)`: names, which are not evaluated.
static Object namesOf(const ast::Expression *expression) {
  if (auto *name = llvm::dyn_cast<ast::Name>(expression))
    return Object::string(name->name);
  auto *tuple = llvm::dyn_cast<ast::Tuple>(expression);
  if (!tuple)
    return Object::poison();
  std::vector<Object> names;
  for (ast::Expression *element : tuple->elements) {
    names.push_back(namesOf(element));
    if (!names.back().is(Object::String))
      return Object::poison();
  }
  return Object::tuple(std::move(names));
}

Object Lowering::evaluateCall(const ast::Call &expression, ArrayType expected) {
  Object callee = evaluate(expression.callee);
  if (!isGradient(callee))
    return call(callee, evaluateArguments(expression.arguments),
                expression.callee->range, expression.range, expected);
  std::vector<ArgumentValue> arguments;
  for (const ast::Argument &argument : expression.arguments) {
    SourceRange range = argument.value->range;
    if (argument.name.name != "wrt") {
      arguments.push_back({argument.name, evaluate(argument.value), range});
      continue;
    }
    Object names = namesOf(argument.value);
    if (names.is(Object::Poison)) {
      diagnostics.report(DID::WrongKind, range, "`" + range.text() + "`",
                         "names of the function's parameters, or `parameters`");
      return Object::poison();
    }
    arguments.push_back({argument.name, std::move(names), range});
  }
  return call(callee, std::move(arguments), expression.callee->range,
              expression.range, expected);
}

Object Lowering::evaluatePipe(const ast::Pipe &pipe, ArrayType expected) {
  ArgumentValue input{Identifier(), evaluate(pipe.input), pipe.input->range};
  std::vector<ArgumentValue> arguments;
  arguments.push_back(std::move(input));
  const ast::Expression *target = pipe.target;
  // `x |> f(a)` is `f(x, a)`; but `x |> grad(f)` calls what `grad(f)` is.
  auto *written = llvm::dyn_cast<ast::Call>(target);
  Object callee = evaluate(written ? written->callee : target);
  if (written && isGradient(callee)) {
    callee = evaluate(target);
  } else if (written) {
    llvm::append_range(arguments, evaluateArguments(written->arguments));
    target = written->callee;
  }
  return call(callee, std::move(arguments), target->range,
              pipe.input->range.to(pipe.target->range), expected);
}

//===----------------------------------------------------------------------===//
// Constant arrays
//===----------------------------------------------------------------------===//

namespace {
/// The numbers of a nested list, row by row.
struct ListElements {
  std::vector<Object> numbers;
  std::vector<int64_t> shape;
  bool isFloat = false, isBool = false;
};
} // namespace

Object Lowering::evaluateList(const ast::List &list) {
  ListElements found;
  // Depth-first, with the shape fixed by the first path down.
  std::function<bool(const ast::List &, size_t)> visit =
      [&](const ast::List &row, size_t level) {
        if (level == found.shape.size())
          found.shape.push_back(row.elements.size());
        if (found.shape[level] != int64_t(row.elements.size())) {
          diagnostics.report(DID::RaggedList, row.range,
                             llvm::Twine(row.elements.size()),
                             llvm::Twine(found.shape[level]));
          return false;
        }
        for (ast::Expression *element : row.elements) {
          if (auto *inner = llvm::dyn_cast<ast::List>(element)) {
            if (!visit(*inner, level + 1))
              return false;
            continue;
          }
          Object object = evaluate(element);
          if (object.is(Object::Poison))
            return false;
          bool number = object.is(Object::Float) || object.constant() ||
                        object.is(Object::Boolean);
          if (!number || level + 1 != found.shape.size()) {
            diagnostics.report(DID::WrongKind, element->range, describe(object),
                               "a constant number");
            return false;
          }
          found.isFloat |= object.is(Object::Float);
          found.isBool |= object.is(Object::Boolean);
          found.numbers.push_back(std::move(object));
        }
        return true;
      };
  if (!visit(list, 0) || !needsFrame(list.range))
    return Object::poison();
  if (found.numbers.empty() ||
      (found.isBool &&
       found.numbers.size() !=
           size_t(llvm::count_if(found.numbers, [](const Object &o) {
             return o.is(Object::Boolean);
           })))) {
    diagnostics.report(DID::WrongKind, list.range,
                       found.numbers.empty() ? "an empty list"
                                             : "a list of several kinds",
                       "constant numbers");
    return Object::poison();
  }
  Builder b(&context);
  Type element = found.isFloat  ? floatType
                 : found.isBool ? Type(b.getI1Type())
                                : Type(b.getI32Type());
  llvm::SmallVector<Attribute> values;
  for (const Object &number : found.numbers) {
    if (found.isFloat) {
      double value =
          number.is(Object::Float) ? number.number : double(*number.constant());
      values.push_back(b.getFloatAttr(element, value));
      continue;
    }
    int64_t value = found.isBool ? number.truth : *number.constant();
    if (!llvm::isInt<32>(value)) {
      diagnostics.report(DID::NumberOutOfRange, list.range, llvm::Twine(value),
                         "i32");
      return Object::poison();
    }
    values.push_back(b.getIntegerAttr(element, value));
  }
  llvm::SmallVector<SizeAttr> shape;
  for (int64_t size : found.shape)
    shape.push_back(constantSize(size));
  auto dense = DenseElementsAttr::get(
      RankedTensorType::get(found.shape, element), values);
  Value value = frame->builder.create<model::ConstantOp>(
      locate(list.range), ArrayType::get(shape, element), dense);
  return Object::array(value);
}

//===----------------------------------------------------------------------===//
// Compile-time values
//===----------------------------------------------------------------------===//

std::optional<bool>
Lowering::evaluateCondition(const ast::Expression *condition) {
  Object truth = evaluate(condition);
  if (truth.is(Object::Boolean))
    return truth.truth;
  if (truth.is(Object::Poison))
    return std::nullopt;
  auto &error =
      diagnostics.report(DID::WrongKind, condition->range, describe(truth),
                         "a truth value that is known at compile time");
  if (truth.is(Object::Array))
    error.hint(HintId::UseWhere);
  return std::nullopt;
}

std::optional<int64_t>
Lowering::evaluateInteger(const ast::Expression *expression) {
  Object object = evaluate(expression);
  if (std::optional<int64_t> value = object.constant())
    return value;
  if (!object.is(Object::Poison)) {
    auto &error =
        diagnostics.report(DID::WrongKind, expression->range, describe(object),
                           "an integer that is known at compile time");
    hintKind(error, object);
  }
  return std::nullopt;
}

std::optional<double>
Lowering::evaluateFloat(const ast::Expression *expression) {
  Object object = evaluate(expression);
  if (object.is(Object::Float))
    return object.number;
  if (std::optional<int64_t> value = object.constant())
    return double(*value);
  if (!object.is(Object::Poison))
    diagnostics.report(DID::WrongKind, expression->range, describe(object),
                       "a number that is known at compile time");
  return std::nullopt;
}

Object Lowering::evaluateIf(const ast::If &branch, ArrayType expected) {
  std::optional<bool> truth = evaluateCondition(branch.condition);
  if (!truth)
    return Object::poison();
  const ast::Block *chosen = *truth ? branch.thenBlock : branch.elseBlock;
  if (!chosen)
    return Object::nothing();
  llvm::SaveAndRestore inScope(scope,
                               newEnvironment(Environment::Block, scope));
  return evaluateBlock(*chosen, expected);
}

} // namespace modelc::lowering
