// BuiltinSources.cpp: built-in functions that make new arrays, and `einsum`.
#include "frontend/lowering/Builtins.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// The type of an array to make: by its shape, `like =`, or what is expected.
/// With a shape, `like` says the element type only.
ArrayType Lowering::shapeOrExpected(const BuiltinCall &call, Type element) {
  if (call.has("like")) {
    Value like = arrayArgument(call, "like");
    if (!like)
      return nullptr;
    auto type = cast<ArrayType>(like.getType());
    if (!element)
      element = type.getElementType();
    if (call.rest.empty())
      return type.withElementType(element);
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

/// Does a letter stand twice in `letters`?
static bool isRepeated(llvm::StringRef letters) {
  std::string sorted = letters.str();
  llvm::sort(sorted);
  return std::unique(sorted.begin(), sorted.end()) != sorted.end();
}

/// Reads "ij,jk->ik": the letters of each array and, last, those of the result;
/// nothing after an error.
static std::optional<llvm::SmallVector<llvm::StringRef>>
readEquation(const BuiltinCall &call, DiagnosticEngine &diagnostics) {
  const Object &equation = call.object("equation");
  SourceRange range = call.rangeOf("equation");
  auto refuse = [&](const llvm::Twine &seen, llvm::StringRef wanted) {
    diagnostics.report(DID::WrongKind, range, seen, wanted);
    return std::nullopt;
  };
  std::string written = "`" + range.text().str() + "`";
  if (!equation.is(Object::String) || !equation.text.contains("->"))
    return refuse(written, "an equation such as `\"ij,jk->ik\"`");
  auto [inputs, output] = equation.text.split("->");
  llvm::SmallVector<llvm::StringRef> letters;
  inputs.split(letters, ',');
  letters.push_back(output);
  std::string all;
  for (llvm::StringRef &word : letters) {
    word = word.trim();
    if (word.contains("..."))
      return refuse("`...` in an equation",
                    "a letter for each dimension; `reshape` joins dimensions");
    if (!llvm::all_of(word, llvm::isAlpha))
      return refuse(written, "an equation such as `\"ij,jk->ik\"`");
    if (isRepeated(word))
      return refuse("the letters `" + word + "`",
                    "each letter once in an array and in the result");
    for (char letter : &word == &letters.back() ? word : llvm::StringRef())
      if (all.find(letter) == std::string::npos)
        return refuse("the letter `" + llvm::Twine(letter) + "` of the result",
                      "letters of the arrays");
    all += word;
  }
  if (letters.size() - 1 == call.rest.size())
    return letters;
  return refuse("an equation of " + llvm::Twine(letters.size() - 1) +
                    " arrays, given " + llvm::Twine(call.rest.size()),
                "as many");
}

namespace {
/// An array whose dimensions have letters.
struct Lettered {
  Value value;
  std::string letters;
};

/// Emits the operations of an equation.
class EquationEmitter {
public:
  using Emit = llvm::function_ref<Value(llvm::StringRef, ValueRange,
                                        llvm::ArrayRef<NamedAttribute>)>;
  EquationEmitter(MLIRContext *context, Emit emit)
      : context(context), emit(emit) {}

  /// Sums over the dimensions whose letter is not in `kept`.
  void sum(Lettered &array, llvm::StringRef kept) {
    llvm::SmallVector<int64_t> axes;
    std::string left;
    for (auto [axis, letter] : llvm::enumerate(array.letters))
      if (kept.contains(letter))
        left += letter;
      else
        axes.push_back(axis);
    array.letters = left;
    if (!axes.empty() && array.value)
      array.value = emit("reduce_sum", array.value, integers("axes", axes));
  }

  /// Contracts two arrays over the letters that they share and that are not in
  /// `kept`.
  Lettered contract(const Lettered &left, const Lettered &right,
                    llvm::StringRef kept) {
    llvm::SmallVector<int64_t> lhsBatch, rhsBatch, lhsContract, rhsContract;
    std::string batch, free;
    for (auto [axis, letter] : llvm::enumerate(left.letters)) {
      size_t other = right.letters.find(letter);
      if (other == std::string::npos) {
        free += letter;
        continue;
      }
      bool isKept = kept.contains(letter);
      (isKept ? lhsBatch : lhsContract).push_back(axis);
      (isKept ? rhsBatch : rhsContract).push_back(other);
      if (isKept)
        batch += letter;
    }
    for (char letter : right.letters)
      if (left.letters.find(letter) == std::string::npos)
        free += letter;
    Value value =
        emit("contract", {left.value, right.value},
             {integers("lhsBatch", lhsBatch), integers("rhsBatch", rhsBatch),
              integers("lhsContract", lhsContract),
              integers("rhsContract", rhsContract)});
    return {value, batch + free};
  }

  /// Puts the dimensions in the order of `letters`.
  void reorder(Lettered &array, llvm::StringRef letters) {
    llvm::SmallVector<int64_t> order;
    for (char letter : letters)
      order.push_back(array.letters.find(letter));
    if (array.value && array.letters != letters)
      array.value =
          emit("transpose", array.value, integers("permutation", order));
  }

private:
  NamedAttribute integers(llvm::StringRef name,
                          llvm::ArrayRef<int64_t> values) {
    return {StringAttr::get(context, name),
            DenseI64ArrayAttr::get(context, values)};
  }

  MLIRContext *context;
  Emit emit;
};
} // namespace

/// `einsum("ij,jk->ik", a, b)`: arrays are contracted from the left; a letter
/// that no other array and not the result has is summed before.
Object Lowering::einsumBuiltin(BuiltinCall &call) {
  auto letters = readEquation(call, diagnostics);
  if (!letters)
    return Object::poison();
  auto emitOne = [&](llvm::StringRef name, ValueRange operands,
                     llvm::ArrayRef<NamedAttribute> attributes) {
    return emit(name, operands, attributes, call.range);
  };
  EquationEmitter emitter(&context, emitOne);
  llvm::StringRef output = letters->back();
  Lettered result;
  std::map<char, std::pair<SizeAttr, SourceRange>> sizes;
  for (auto [i, argument] : llvm::enumerate(call.rest)) {
    Lettered own = {materialize(argument.object, argument.range),
                    (*letters)[i].str()};
    if (!own.value)
      return Object::poison();
    auto type = cast<ArrayType>(own.value.getType());
    if (type.getRank() != int64_t(own.letters.size())) {
      diagnostics.report(DID::WrongKind, argument.range,
                         describe(argument.object),
                         llvm::Twine(own.letters.size()) + " dimensions");
      return Object::poison();
    }
    for (auto [letter, size] : llvm::zip(own.letters, type.getShape())) {
      auto [known, isNew] = sizes.try_emplace(letter, size, argument.range);
      if (known->second.first == size)
        continue;
      diagnostics
          .report(DID::ShapesDiffer, argument.range,
                  size.str() + " for `" + llvm::Twine(letter) + "`",
                  known->second.first.str())
          .note(NoteId::FirstHere, known->second.second);
      return Object::poison();
    }
    std::string later = output.str();
    for (size_t j = i + 1; j < call.rest.size(); ++j)
      later += (*letters)[j];
    emitter.sum(own, later + result.letters);
    result = i == 0 ? own : emitter.contract(result, own, later);
    if (!result.value)
      return Object::poison();
  }
  emitter.sum(result, output);
  emitter.reorder(result, output);
  return Object::arrayOrPoison(result.value);
}

} // namespace modelc::lowering
