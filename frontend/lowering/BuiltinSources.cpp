// BuiltinSources.cpp: built-in functions that make new arrays, and `einsum`.
#include "frontend/lowering/Builtins.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// The type of an array to make: by its shape, `like =`, or what is expected.
ArrayType Lowering::shapeOrExpected(const BuiltinCall &call, Type element) {
  if (call.has("like")) {
    Value like = arrayArgument(call, "like");
    if (!like)
      return nullptr;
    auto type = cast<ArrayType>(like.getType());
    return element ? type.withElementType(element) : type;
  }
  if (!call.rest.empty()) {
    std::optional<std::vector<SizeAttr>> shape = shapeArguments(call);
    if (!shape)
      return nullptr;
    if (!element && call.expected)
      element = call.expected.getElementType();
    return ArrayType::get(*shape, element ? element : floatType);
  }
  if (call.expected)
    return element ? call.expected.withElementType(element) : call.expected;
  diagnostics.report(DID::NoShape, call.range, call.name)
      .hint(HintId::GiveShape, call.name);
  return nullptr;
}

//===----------------------------------------------------------------------===//
// New arrays
//===----------------------------------------------------------------------===//

Object Lowering::filledBuiltin(BuiltinCall &call) {
  if (!needsFrame(call.range))
    return Object::poison();
  ArrayType type = shapeOrExpected(call, nullptr);
  if (!type)
    return Object::poison();
  if (call.name != "full")
    return Object::arrayOrPoison(fill(call.name == "ones", type, call.range));
  const Object &object = call.object("value");
  Value value = materialize(object, call.rangeOf("value"),
                            object.is(Object::Array) && !object.weak
                                ? Type()
                                : type.getElementType());
  return Object::arrayOrPoison(broadcastTo(value, type.getShape(), call.range));
}

Object Lowering::iotaBuiltin(BuiltinCall &call) {
  const Object &n = call.object("n");
  if (!n.is(Object::Integer)) {
    diagnostics.report(DID::WrongKind, call.rangeOf("n"), describe(n),
                       "a size");
    return Object::poison();
  }
  auto type = ArrayType::get({n.size}, IntegerType::get(&context, 32));
  return Object::arrayOrPoison(emit(
      "iota", {}, attribute("axis", Builder(&context).getI64IntegerAttr(0)),
      call.range, {}, type));
}

/// x * scale + shift, without what does nothing.
Value Lowering::multiplyAdd(Value x, const Object &scale,
                            SourceRange scaleRange, const Object &shift,
                            SourceRange shiftRange, SourceRange range) {
  using Op = ast::BinaryOperator;
  Object result = Object::array(x);
  bool scales =
      !(scale.is(Object::Float) && scale.number == 1) && scale.constant() != 1;
  if (scales)
    result = arithmetic(Op::Multiply, result, range, scale, scaleRange, range);
  bool shifts =
      !(shift.is(Object::Float) && shift.number == 0) && shift.constant() != 0;
  if (shifts && !result.is(Object::Poison))
    result = arithmetic(Op::Add, result, range, shift, shiftRange, range);
  return result.is(Object::Poison) ? nullptr : result.value;
}

Object Lowering::randomBuiltin(BuiltinCall &call) {
  if (!needsFrame(call.range))
    return Object::poison();
  bool bernoulli = call.name == "bernoulli";
  ArrayType type = shapeOrExpected(
      call, bernoulli ? Type(IntegerType::get(&context, 1)) : Type());
  if (!type)
    return Object::poison();
  if (!bernoulli && !type.isFloat())
    type = type.withElementType(floatType);
  Value key = frame->nextKey(locate(call.range), call.name);
  if (bernoulli) {
    Value p = materialize(call.object("p"), call.rangeOf("p"), floatType);
    return p ? Object::arrayOrPoison(
                   emit("random_bernoulli", {key, p}, {}, call.range, {}, type))
             : Object::poison();
  }
  bool uniform = call.name == "uniform";
  Value x = emit(uniform ? "random_uniform" : "random_normal", key, {},
                 call.range, {}, type);
  if (!x)
    return Object::poison();
  llvm::StringRef shift = uniform ? "low" : "mean";
  llvm::StringRef scale = uniform ? "high" : "deviation";
  Object width = call.object(scale);
  if (uniform)
    width = arithmetic(ast::BinaryOperator::Subtract, call.object("high"),
                       call.rangeOf("high"), call.object("low"),
                       call.rangeOf("low"), call.range);
  if (width.is(Object::Poison))
    return width;
  return Object::arrayOrPoison(multiplyAdd(x, width, call.rangeOf(scale),
                                           call.object(shift),
                                           call.rangeOf(shift), call.range));
}

//===----------------------------------------------------------------------===//
// Sums of products
//===----------------------------------------------------------------------===//

/// `einsum("ij,jk->ik", a, b)`: one contraction, and a transposition to the
/// order that is wanted.
Object Lowering::einsumBuiltin(BuiltinCall &call) {
  const Object &equation = call.object("equation");
  SourceRange range = call.rangeOf("equation");
  auto [inputs, output] = equation.text.split("->");
  auto [left, right] = inputs.split(",");
  auto isLetters = [](llvm::StringRef text) {
    std::string sorted = text.str();
    llvm::sort(sorted);
    return llvm::all_of(text, llvm::isAlpha) &&
           std::unique(sorted.begin(), sorted.end()) == sorted.end();
  };
  if (!equation.is(Object::String) || !equation.text.contains("->") ||
      !isLetters(left) || !isLetters(right) || !isLetters(output) ||
      call.rest.size() != 2) {
    diagnostics.report(DID::WrongKind, range, "`" + range.text().str() + "`",
                       "an equation of two arrays such as `\"ij,jk->ik\"`");
    return Object::poison();
  }
  Value values[2];
  llvm::StringRef inputLetters[] = {left, right};
  for (auto [i, letters] : llvm::enumerate(inputLetters)) {
    values[i] = materialize(call.rest[i].object, call.rest[i].range);
    if (!values[i])
      return Object::poison();
    int64_t rank = cast<ArrayType>(values[i].getType()).getRank();
    if (rank != int64_t(letters.size())) {
      diagnostics.report(DID::WrongKind, call.rest[i].range,
                         describe(call.rest[i].object),
                         llvm::Twine(letters.size()) + " dimensions");
      return Object::poison();
    }
  }
  llvm::SmallVector<int64_t> lhsBatch, rhsBatch, lhsContract, rhsContract,
      order;
  std::string batch, lhsFree, rhsFree;
  for (auto [axis, letter] : llvm::enumerate(left)) {
    size_t other = right.find(letter);
    bool kept = output.contains(letter);
    if (other != llvm::StringRef::npos && kept) {
      lhsBatch.push_back(axis);
      rhsBatch.push_back(other);
      batch += letter;
    } else if (other != llvm::StringRef::npos) {
      lhsContract.push_back(axis);
      rhsContract.push_back(other);
    } else {
      lhsFree += letter;
    }
  }
  for (char letter : right)
    if (!left.contains(letter))
      rhsFree += letter;
  std::string made = batch + lhsFree + rhsFree;
  for (char letter : output)
    order.push_back(made.find(letter));
  if (made.size() != output.size() || llvm::is_contained(order, -1)) {
    diagnostics.report(DID::WrongKind, range, "`" + range.text().str() + "`",
                       "a result with the letters `" + made + "`");
    return Object::poison();
  }
  Value value =
      emit("contract", values,
           {integers("lhsBatch", lhsBatch), integers("rhsBatch", rhsBatch),
            integers("lhsContract", lhsContract),
            integers("rhsContract", rhsContract)},
           call.range, {call.rest[0].range, call.rest[1].range});
  if (value && made != output)
    value =
        emit("transpose", value, integers("permutation", order), call.range);
  return Object::arrayOrPoison(value);
}

} // namespace modelc::lowering
