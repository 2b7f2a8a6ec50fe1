// Operators.cpp: arithmetic, comparison and logic, at compile time and on
// arrays, with the rules for broadcasting and precision.
#include "dialect/Size.h"
#include "frontend/lowering/Hints.h"
#include "frontend/lowering/Lowering.h"
#include <cmath>

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;
using Op = ast::BinaryOperator;

static bool isComparison(Op op) {
  return op >= Op::Equal && op <= Op::GreaterEqual;
}
static bool isLogic(Op op) { return op == Op::And || op == Op::Or; }

//===----------------------------------------------------------------------===//
// At compile time
//===----------------------------------------------------------------------===//

Object Lowering::foldComparison(Op op, const Object &left, const Object &right,
                                SourceRange range) {
  auto decide = [&](auto a, auto b) {
    switch (op) {
    case Op::Equal:
      return a == b;
    case Op::NotEqual:
      return a != b;
    case Op::Less:
      return a < b;
    case Op::LessEqual:
      return a <= b;
    case Op::Greater:
      return a > b;
    default:
      return a >= b;
    }
  };
  if (left.is(Object::Integer) && right.is(Object::Integer)) {
    SizeAttr difference = model::subtract(left.size, right.size);
    if (difference && difference.isConstant())
      return Object::boolean(decide(*difference.asConstant(), int64_t(0)));
    diagnostics.report(DID::UndecidedComparison, range, left.size.str(),
                       right.size.str());
    return Object::poison();
  }
  auto number = [&](const Object &object) -> std::optional<double> {
    if (object.is(Object::Float))
      return object.number;
    if (std::optional<int64_t> constant = object.constant())
      return double(*constant);
    return std::nullopt;
  };
  std::optional<double> a = number(left), b = number(right);
  if (a && b)
    return Object::boolean(decide(*a, *b));
  diagnostics.report(DID::UndecidedComparison, range, describe(left),
                     describe(right));
  return Object::poison();
}

/// `base ** exponent` by multiplication, for integers from 0 up.
template <typename T, typename Multiply>
static std::optional<T> repeatedPower(T base, int64_t exponent, T one,
                                      Multiply multiply) {
  std::optional<T> result = one;
  for (int64_t i = 0; i < exponent && result; ++i)
    result = multiply(*result, base);
  return result;
}

/// Arithmetic on numbers that are known; poison where it is not possible at
/// compile time (then no error is reported and the caller emits operations), or
/// after an error.
Object Lowering::foldNumbers(Op op, const Object &left, const Object &right,
                             SourceRange rightRange, SourceRange range) {
  if (left.is(Object::Integer) && right.is(Object::Integer)) {
    SizeAttr a = left.size, b = right.size, result;
    switch (op) {
    case Op::Add:
      result = model::add(a, b);
      break;
    case Op::Subtract:
      result = model::subtract(a, b);
      break;
    case Op::Multiply:
      result = model::multiply(a, b);
      break;
    case Op::Divide: {
      SizeAttr rest = b.isConstant(0) ? nullptr : model::remainder(a, b);
      if (!rest || !rest.isConstant(0)) {
        diagnostics.report(DID::InexactDivision, range, a.str(), b.str())
            .hint(HintId::DivideNumbers);
        return Object::poison();
      }
      result = model::floorDivide(a, b);
      break;
    }
    default: {
      std::optional<int64_t> exponent = b.asConstant();
      if (!exponent || *exponent < 0 || *exponent > 64) {
        diagnostics.report(DID::WrongKind, rightRange, describe(right),
                           "an exponent from 0 to 64");
        return Object::poison();
      }
      std::optional<SizeAttr> power = repeatedPower(
          a, *exponent, constantSize(1),
          [](SizeAttr x, SizeAttr y) -> std::optional<SizeAttr> {
            SizeAttr product = model::multiply(x, y);
            return product ? std::optional(product) : std::nullopt;
          });
      result = power.value_or(nullptr);
    }
    }
    if (result)
      return Object::integer(result);
    diagnostics.report(DID::IntegerOverflow, range);
    return Object::poison();
  }
  auto number = [](const Object &object) -> std::optional<double> {
    if (object.is(Object::Float))
      return object.number;
    if (std::optional<int64_t> constant = object.constant())
      return double(*constant);
    return std::nullopt;
  };
  std::optional<double> a = number(left), b = number(right);
  if (!a || !b)
    return Object::poison();
  switch (op) {
  case Op::Add:
    return Object::floating(*a + *b);
  case Op::Subtract:
    return Object::floating(*a - *b);
  case Op::Multiply:
    return Object::floating(*a * *b);
  case Op::Divide:
    return Object::floating(*a / *b);
  case Op::Power:
    if (*b == std::floor(*b) && std::abs(*b) <= 64) {
      double power = 1;
      for (int i = 0; i < std::abs(*b); ++i)
        power *= *a;
      return Object::floating(*b < 0 ? 1 / power : power);
    }
    if (*b == 0.5)
      return Object::floating(std::sqrt(*a));
    return Object::poison();
  default:
    return Object::poison();
  }
}

Object Lowering::unary(const ast::Unary &expression) {
  Object operand = evaluate(expression.operand);
  SourceRange range = expression.range;
  if (operand.isRunTimeNumber() && !needsFrame(range))
    return Object::poison();
  if (expression.op == ast::UnaryOperator::Not) {
    if (operand.is(Object::Boolean))
      return Object::boolean(!operand.truth);
    if (operand.is(Object::Array)) {
      Value value = emit("not", operand.value, {}, range);
      return value ? Object::array(value) : Object::poison();
    }
  } else {
    if (operand.is(Object::Float))
      return Object::floating(-operand.number);
    if (operand.is(Object::Integer))
      return foldNumbers(Op::Subtract, Object::integer(constantSize(0)),
                         operand, expression.operand->range, range);
    if (operand.is(Object::Array)) {
      Value value = emit("neg", operand.value, {}, range);
      return value ? Object::array(value, operand.weak) : Object::poison();
    }
  }
  if (!operand.is(Object::Poison))
    diagnostics.report(
        DID::WrongKind, expression.operand->range, describe(operand),
        expression.op == ast::UnaryOperator::Not ? "a truth value"
                                                 : "a number or an array");
  return Object::poison();
}

Object Lowering::binary(const ast::Binary &expression, ArrayType expected) {
  Op op = expression.op;
  SourceRange leftRange = expression.left->range;
  SourceRange rightRange = expression.right->range;
  SourceRange range = expression.range;
  Object left = evaluate(expression.left);
  // The right side of `and`, `or` does not matter where the left decides.
  if (isLogic(op) && left.is(Object::Boolean) && left.truth == (op == Op::Or))
    return left;
  Object right = evaluate(expression.right);
  if (left.is(Object::Poison) || right.is(Object::Poison))
    return Object::poison();
  auto isTruth = [](const Object &object) {
    return object.is(Object::Boolean);
  };
  if (isLogic(op) && isTruth(left) && isTruth(right))
    return Object::boolean(right.truth);
  if (isComparison(op)) {
    if (left.isNumber() && right.isNumber())
      return foldComparison(op, left, right, range);
    bool same = op == Op::Equal || op == Op::NotEqual;
    if (same && isTruth(left) && isTruth(right))
      return Object::boolean((left.truth == right.truth) == (op == Op::Equal));
    if (same && left.is(Object::String) && right.is(Object::String))
      return Object::boolean((left.text == right.text) == (op == Op::Equal));
    if (same && left.is(Object::Function) && right.is(Object::Function)) {
      bool equal =
          left.function->declaration == right.function->declaration &&
          left.function->builtin == right.function->builtin &&
          left.function->self.instance == right.function->self.instance;
      return Object::boolean(equal == (op == Op::Equal));
    }
  }
  return arithmetic(op, left, leftRange, right, rightRange, range);
}

//===----------------------------------------------------------------------===//
// On arrays
//===----------------------------------------------------------------------===//

static model::ComparePredicate predicateOf(Op op) {
  switch (op) {
  case Op::Equal:
    return model::ComparePredicate::eq;
  case Op::NotEqual:
    return model::ComparePredicate::ne;
  case Op::Less:
    return model::ComparePredicate::lt;
  case Op::LessEqual:
    return model::ComparePredicate::le;
  case Op::Greater:
    return model::ComparePredicate::gt;
  default:
    return model::ComparePredicate::ge;
  }
}

static llvm::StringRef operationOf(Op op) {
  switch (op) {
  case Op::Add:
    return "add";
  case Op::Subtract:
    return "sub";
  case Op::Multiply:
    return "mul";
  case Op::Divide:
    return "div";
  case Op::And:
    return "and";
  case Op::Or:
    return "or";
  case Op::Power:
    return "pow";
  default:
    return "compare";
  }
}

Object Lowering::arithmetic(Op op, const Object &left, SourceRange leftRange,
                            const Object &right, SourceRange rightRange,
                            SourceRange range) {
  bool numeric = !isLogic(op) && !isComparison(op) && op != Op::MatrixMultiply;
  if (numeric && left.isNumber() && right.isNumber()) {
    size_t errors = diagnostics.errorCount();
    Object folded = foldNumbers(op, left, right, rightRange, range);
    if (!folded.is(Object::Poison) || diagnostics.errorCount() > errors)
      return folded;
  }
  if (op == Op::Power)
    return power(left, leftRange, right, rightRange, range);
  if (op == Op::MatrixMultiply) {
    Value a = materialize(left, leftRange), b = materialize(right, rightRange);
    if (!a || !b)
      return Object::poison();
    return matrixMultiply(a, leftRange, b, rightRange, range);
  }
  Value values[2];
  bool weak = false;
  if (!unify(values, {&left, &right}, {leftRange, rightRange}, range, weak))
    return Object::poison();
  llvm::SmallVector<NamedAttribute> attributes;
  if (isComparison(op))
    attributes.push_back(
        attribute("predicate",
                  model::ComparePredicateAttr::get(&context, predicateOf(op))));
  Value value =
      emit(operationOf(op), values, attributes, range, {leftRange, rightRange});
  return value ? Object::array(value, weak && numeric) : Object::poison();
}

Object Lowering::power(const Object &base, SourceRange baseRange,
                       const Object &exponent, SourceRange exponentRange,
                       SourceRange range) {
  std::optional<int64_t> whole = exponent.constant();
  if (exponent.is(Object::Float) &&
      exponent.number == std::floor(exponent.number) &&
      std::abs(exponent.number) <= 4)
    whole = int64_t(exponent.number);
  // Small powers are products, which are exact where the factors are.
  if (whole && *whole >= 1 && *whole <= 4 && base.is(Object::Array)) {
    Value square, result = base.value;
    if (*whole >= 2)
      square = emit("mul", {result, result}, {}, range);
    if (*whole == 2)
      result = square;
    else if (*whole == 3)
      result = square ? emit("mul", {square, base.value}, {}, range) : square;
    else if (*whole == 4)
      result = square ? emit("mul", {square, square}, {}, range) : square;
    return result ? Object::array(result, base.weak) : Object::poison();
  }
  Value values[2];
  bool weak = false;
  if (!unify(values, {&base, &exponent}, {baseRange, exponentRange}, range,
             weak, floatType))
    return Object::poison();
  Value value = emit("pow", values, {}, range, {baseRange, exponentRange});
  return value ? Object::array(value, weak) : Object::poison();
}

Object Lowering::matrixMultiply(Value left, SourceRange leftRange, Value right,
                                SourceRange rightRange, SourceRange range) {
  auto a = cast<ArrayType>(left.getType()),
       b = cast<ArrayType>(right.getType());
  auto refuse = [&]() -> Diagnostic & {
    return diagnostics.report(DID::MatrixRanks, range, describe(a),
                              describe(b));
  };
  if (a.getElementType() != b.getElementType()) {
    diagnostics
        .report(DID::ElementTypesDiffer, range, describe(a.getElementType()),
                describe(b.getElementType()))
        .hint(HintId::CastOne, describe(a.getElementType()));
    return Object::poison();
  }
  int64_t leftRank = a.getRank(), rightRank = b.getRank();
  if (leftRank < 1 || rightRank < 1 ||
      (rightRank > 2 && leftRank != rightRank)) {
    refuse();
    return Object::poison();
  }
  // A vector on the right is multiplied with each row.
  int64_t rightInner = std::max<int64_t>(rightRank - 2, 0);
  SizeAttr inner = a.getSize(leftRank - 1), other = b.getSize(rightInner);
  if (inner != other) {
    auto &error = diagnostics.report(DID::InnerDimensions, range, inner.str(),
                                     other.str());
    error.note(NoteId::HasType, leftRange, leftRange.text(), describe(a));
    error.note(NoteId::HasType, rightRange, rightRange.text(), describe(b));
    if (inner == b.getSize(rightRank - 1))
      hintSwap(error, rightRange.text());
    else if (leftRank >= 2 && other == a.getSize(leftRank - 2))
      hintSwap(error, leftRange.text());
    return Object::poison();
  }
  llvm::SmallVector<int64_t> batch;
  for (int64_t axis = 0; rightRank > 2 && axis + 2 < rightRank; ++axis) {
    if (a.getSize(axis) != b.getSize(axis)) {
      refuse();
      return Object::poison();
    }
    batch.push_back(axis);
  }
  Value value = emit("contract", {left, right},
                     {integers("lhsBatch", batch), integers("rhsBatch", batch),
                      integers("lhsContract", {leftRank - 1}),
                      integers("rhsContract", {rightInner})},
                     range, {leftRange, rightRange});
  return value ? Object::array(value) : Object::poison();
}

//===----------------------------------------------------------------------===//
// Broadcasting and precision
//===----------------------------------------------------------------------===//

/// Does `from` expand to `to`? Only a literal 1 and missing leading sizes do.
static bool expands(llvm::ArrayRef<SizeAttr> from,
                    llvm::ArrayRef<SizeAttr> to) {
  if (from.size() > to.size())
    return false;
  for (auto [narrow, wide] : llvm::zip(from, to.take_back(from.size())))
    if (narrow != wide && !narrow.isConstant(1))
      return false;
  return true;
}

/// The shape of two that differ in sizes only where one of them is a literal 1,
/// each of them somewhere; none where the ranks differ, as in [N, 1] and [N],
/// which is a slip more often than meant.
static llvm::SmallVector<SizeAttr> expandBoth(llvm::ArrayRef<SizeAttr> a,
                                              llvm::ArrayRef<SizeAttr> b) {
  llvm::SmallVector<SizeAttr> shape;
  if (a.size() != b.size())
    return shape;
  for (auto [left, right] : llvm::zip(a, b)) {
    if (left != right && !left.isConstant(1) && !right.isConstant(1))
      return {};
    shape.push_back(left.isConstant(1) ? right : left);
  }
  return shape;
}

bool Lowering::unifyShapes(llvm::MutableArrayRef<Value> values,
                           llvm::ArrayRef<SourceRange> ranges,
                           SourceRange range) {
  auto shapeOf = [](Value value) {
    return cast<ArrayType>(value.getType()).getShape();
  };
  size_t widest = 0;
  for (size_t i = 1; i < values.size(); ++i)
    if (!expands(shapeOf(values[i]), shapeOf(values[widest])))
      widest = i;
  llvm::SmallVector<SizeAttr> shape(shapeOf(values[widest]));
  for (auto [i, value] : llvm::enumerate(values)) {
    if (!expands(shapeOf(value), shape)) {
      auto &error = diagnostics.report(DID::ShapesDiffer, range,
                                       describeSizes(shapeOf(value)),
                                       describeSizes(shape));
      for (size_t side : {i, widest})
        error.note(NoteId::HasType, ranges[side], ranges[side].text(),
                   describe(values[side].getType()));
      auto both = expandBoth(shapeOf(value), shape);
      if (both.empty())
        error.hint(HintId::OneSideExpands);
      else
        error.hint(HintId::ExpandFirst, ranges[i].text(),
                   StringRef(describeSizes(both)).drop_front().drop_back());
      return false;
    }
    value = broadcastTo(value, shape, ranges[i]);
    if (!value)
      return false;
  }
  return true;
}

bool Lowering::unify(llvm::MutableArrayRef<Value> values,
                     llvm::ArrayRef<const Object *> objects,
                     llvm::ArrayRef<SourceRange> ranges, SourceRange range,
                     bool &weak, Type fallback) {
  // The element type is that of the first strong array; else that of a weak
  // one; else float if any number is one.
  Type element, weakElement;
  bool anyFloat = false, anyNumber = false;
  weak = true;
  for (auto [i, object] : llvm::enumerate(objects)) {
    if (object->is(Object::Poison))
      return false;
    if (object->is(Object::Array)) {
      Type own = object->type().getElementType();
      if (object->weak) {
        weakElement = own;
        continue;
      }
      weak = false;
      if (element && own != element) {
        diagnostics
            .report(DID::ElementTypesDiffer, range, describe(element),
                    describe(own))
            .hint(HintId::CastOne, describe(element));
        return false;
      }
      element = own;
      continue;
    }
    anyFloat |= object->is(Object::Float);
    anyNumber |= object->isNumber();
  }
  if (!element)
    element = weakElement;
  if (!element && anyNumber)
    element = fallback   ? fallback
              : anyFloat ? floatType
                         : Type(IntegerType::get(&context, 32));
  for (size_t i = 0; i < objects.size(); ++i) {
    values[i] = materialize(*objects[i], ranges[i], element);
    if (!values[i])
      return false;
  }
  return unifyShapes(values, ranges, range);
}

} // namespace modelc::lowering
