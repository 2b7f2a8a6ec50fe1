// BuiltinArrays.cpp: built-in functions that make, reduce and reshape arrays.
#include "dialect/Size.h"
#include "frontend/lowering/Builtins.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

/// An array argument; null after an error.
Value Lowering::arrayArgument(const BuiltinCall &call, llvm::StringRef name) {
  return materialize(call.object(name), call.rangeOf(name));
}

/// One axis of `rank`, counted from the end if it is negative.
std::optional<int64_t> Lowering::axisOf(const Object &object, SourceRange range,
                                        int64_t rank) {
  std::optional<int64_t> axis = object.constant();
  if (!axis) {
    diagnostics.report(DID::WrongKind, range, describe(object),
                       "an axis, an integer that is known at compile time");
    return std::nullopt;
  }
  if (*axis >= -rank && *axis < rank)
    return *axis < 0 ? *axis + rank : *axis;
  diagnostics.report(DID::AxisOutOfRange, range, llvm::Twine(*axis),
                     llvm::Twine(rank));
  return std::nullopt;
}

/// The axes to reduce: one, a tuple, `...` or all of them.
std::optional<llvm::SmallVector<int64_t>>
Lowering::axesOf(const BuiltinCall &call, int64_t rank) {
  llvm::SmallVector<int64_t> axes;
  if (!call.has("axis")) {
    for (int64_t axis = 0; axis < rank; ++axis)
      axes.push_back(axis);
    return axes;
  }
  const Object &given = call.object("axis");
  SourceRange range = call.rangeOf("axis");
  if (given.is(Object::Sizes)) {
    for (size_t axis = 0; axis < given.elements.size(); ++axis)
      axes.push_back(axis);
    return axes;
  }
  std::vector<Object> single = {given};
  for (const Object &object :
       given.is(Object::Tuple) ? given.elements : single) {
    std::optional<int64_t> axis = axisOf(object, range, rank);
    if (!axis)
      return std::nullopt;
    axes.push_back(*axis);
  }
  llvm::sort(axes);
  if (std::unique(axes.begin(), axes.end()) == axes.end())
    return axes;
  diagnostics.report(DID::RepeatedAxis, range);
  return std::nullopt;
}

std::optional<int64_t> Lowering::axisArgument(const BuiltinCall &call,
                                              int64_t rank, int64_t otherwise) {
  if (call.has("axis"))
    return axisOf(call.object("axis"), call.rangeOf("axis"), rank);
  return axisOf(Object::integer(constantSize(otherwise)), call.range, rank);
}

std::optional<bool> Lowering::truthArgument(const BuiltinCall &call,
                                            llvm::StringRef name) {
  if (!call.has(name))
    return false;
  if (call.object(name).is(Object::Boolean))
    return call.object(name).truth;
  diagnostics.report(DID::WrongKind, call.rangeOf(name),
                     describe(call.object(name)), "a truth value");
  return std::nullopt;
}

/// The sizes among the arguments; `...` gives several.
std::optional<std::vector<SizeAttr>>
Lowering::shapeArguments(const BuiltinCall &call) {
  std::vector<SizeAttr> shape;
  for (const ArgumentValue &argument : call.rest) {
    std::vector<Object> single = {argument.object};
    for (const Object &size : argument.object.is(Object::Sizes)
                                  ? argument.object.elements
                                  : single) {
      std::optional<int64_t> constant = size.constant();
      if (!size.is(Object::Integer) || (constant && *constant < 0)) {
        diagnostics.report(DID::WrongKind, argument.range, describe(size),
                           "a size");
        return std::nullopt;
      }
      shape.push_back(size.size);
    }
  }
  return shape;
}

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

static Object arrayOrPoison(Value value) {
  return value ? Object::array(value) : Object::poison();
}

static IntegerAttr axisAttribute(MLIRContext &context, int64_t axis) {
  return Builder(&context).getI64IntegerAttr(axis);
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

Object Lowering::reduce(BuiltinCall &call) {
  const Object &object = call.object("x");
  Value x = arrayArgument(call, "x");
  if (!x)
    return Object::poison();
  auto type = cast<ArrayType>(x.getType());
  std::optional<llvm::SmallVector<int64_t>> axes = axesOf(call, type.getRank());
  std::optional<bool> keep = truthArgument(call, "keep");
  if (!axes || !keep)
    return Object::poison();
  bool mean = call.name == "mean";
  if (mean && !type.isFloat()) {
    diagnostics.report(DID::WrongKind, call.rangeOf("x"), describe(object),
                       "an array of floats");
    return Object::poison();
  }
  if (axes->empty())
    return object.is(Object::Array) ? object : arrayOrPoison(x);
  llvm::SmallVector<SizeAttr> kept(type.getShape());
  SizeAttr count = constantSize(1);
  for (int64_t axis : *axes) {
    count = model::multiply(count, type.getSize(axis));
    kept[axis] = constantSize(1);
  }
  Value value = emit(mean ? "reduce_sum" : ("reduce_" + call.name).str(), x,
                     integers("axes", *axes), call.range, {call.rangeOf("x")});
  if (value && mean) {
    Value number =
        count ? sizeValue(count, type.getElementType(), call.range) : nullptr;
    number = broadcastTo(number, cast<ArrayType>(value.getType()).getShape(),
                         call.range);
    value = number ? emit("div", {value, number}, {}, call.range) : nullptr;
  }
  if (value && *keep)
    value = reshape(value, kept, call.range);
  return arrayOrPoison(value);
}

Object Lowering::argExtreme(BuiltinCall &call) {
  Value x = arrayArgument(call, "x");
  if (!x)
    return Object::poison();
  std::optional<int64_t> axis =
      axisArgument(call, cast<ArrayType>(x.getType()).getRank(), -1);
  if (!axis)
    return Object::poison();
  return arrayOrPoison(emit(call.name, x,
                            attribute("axis", axisAttribute(context, *axis)),
                            call.range, {call.rangeOf("x")}));
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

Object Lowering::reshapeBuiltin(BuiltinCall &call) {
  Value x = arrayArgument(call, "x");
  std::optional<std::vector<SizeAttr>> shape = shapeArguments(call);
  if (!x || !shape)
    return Object::poison();
  return arrayOrPoison(reshape(x, *shape, call.range));
}

Object Lowering::transposeBuiltin(BuiltinCall &call) {
  Value x = arrayArgument(call, "x");
  if (!x)
    return Object::poison();
  int64_t rank = cast<ArrayType>(x.getType()).getRank();
  llvm::SmallVector<int64_t> order;
  for (const ArgumentValue &argument : call.rest) {
    std::optional<int64_t> axis = axisOf(argument.object, argument.range, rank);
    if (!axis)
      return Object::poison();
    order.push_back(*axis);
  }
  if (call.rest.empty()) {
    if (rank < 2) {
      diagnostics.report(DID::WrongKind, call.rangeOf("x"),
                         describe(call.object("x")),
                         "an array of two dimensions or more");
      return Object::poison();
    }
    for (int64_t axis = 0; axis < rank; ++axis)
      order.push_back(axis);
    std::swap(order[rank - 1], order[rank - 2]);
  }
  return arrayOrPoison(
      emit("transpose", x, integers("permutation", order), call.range));
}

Object Lowering::broadcastBuiltin(BuiltinCall &call) {
  Value x = arrayArgument(call, "x");
  std::optional<std::vector<SizeAttr>> shape = shapeArguments(call);
  if (!x || !shape)
    return Object::poison();
  auto type = cast<ArrayType>(x.getType());
  if (type.getRank() > int64_t(shape->size())) {
    diagnostics.report(DID::ShapesDiffer, call.range,
                       describeSizes(type.getShape()), describeSizes(*shape));
    return Object::poison();
  }
  return arrayOrPoison(broadcastTo(x, *shape, call.range));
}

Object Lowering::concatBuiltin(BuiltinCall &call) {
  llvm::SmallVector<Value> values;
  llvm::SmallVector<SourceRange> ranges;
  for (const ArgumentValue &argument : call.rest) {
    values.push_back(materialize(argument.object, argument.range));
    ranges.push_back(argument.range);
    if (!values.back())
      return Object::poison();
  }
  if (values.empty()) {
    diagnostics.report(DID::MissingArgument, call.range, call.name, "arrays");
    return Object::poison();
  }
  std::optional<int64_t> axis =
      axisArgument(call, cast<ArrayType>(values[0].getType()).getRank(), 0);
  if (!axis)
    return Object::poison();
  return arrayOrPoison(emit("concat", values,
                            attribute("axis", axisAttribute(context, *axis)),
                            call.range, ranges));
}

Object Lowering::padBuiltin(BuiltinCall &call) {
  Value x = arrayArgument(call, "x");
  if (!x)
    return Object::poison();
  auto type = cast<ArrayType>(x.getType());
  std::optional<int64_t> axis = axisArgument(call, type.getRank(), 0);
  if (!axis)
    return Object::poison();
  llvm::SmallVector<SizeAttr> low(type.getRank(), constantSize(0)), high = low;
  for (auto [name, sides] :
       {std::pair("before", &low), std::pair("after", &high)})
    if (call.has(name)) {
      const Object &amount = call.object(name);
      if (!amount.is(Object::Integer)) {
        diagnostics.report(DID::WrongKind, call.rangeOf(name), describe(amount),
                           "a size");
        return Object::poison();
      }
      (*sides)[*axis] = amount.size;
    }
  double number = 0;
  if (call.has("value")) {
    const Object &value = call.object("value");
    if (!value.is(Object::Float) && !value.constant()) {
      diagnostics.report(DID::WrongKind, call.rangeOf("value"), describe(value),
                         "a number that is known at compile time");
      return Object::poison();
    }
    number = value.is(Object::Float) ? value.number : double(*value.constant());
  }
  Builder b(&context);
  Type element = type.getElementType();
  Attribute value = type.isFloat()
                        ? Attribute(b.getFloatAttr(element, number))
                        : Attribute(b.getIntegerAttr(element, int64_t(number)));
  llvm::SmallVector<int64_t> interior(type.getRank(), 0);
  return arrayOrPoison(
      emit("pad", x,
           {sizes("low", low), sizes("high", high),
            integers("interior", interior), attribute("value", value)},
           call.range, {call.rangeOf("x")}));
}

Object Lowering::reverseBuiltin(BuiltinCall &call) {
  Value x = arrayArgument(call, "x");
  if (!x)
    return Object::poison();
  std::optional<int64_t> axis =
      axisArgument(call, cast<ArrayType>(x.getType()).getRank(), 0);
  if (!axis)
    return Object::poison();
  return arrayOrPoison(
      emit("reverse", x, integers("axes", {*axis}), call.range));
}

Object Lowering::takeBuiltin(BuiltinCall &call) {
  Value x = arrayArgument(call, "x"), indices = arrayArgument(call, "indices");
  if (!x || !indices)
    return Object::poison();
  std::optional<int64_t> axis =
      axisArgument(call, cast<ArrayType>(x.getType()).getRank(), 0);
  if (!axis)
    return Object::poison();
  return arrayOrPoison(emit(
      "gather", {x, indices}, attribute("axis", axisAttribute(context, *axis)),
      call.range, {call.rangeOf("x"), call.rangeOf("indices")}));
}

Object Lowering::scatterBuiltin(BuiltinCall &call) {
  Value x = arrayArgument(call, "x"), indices = arrayArgument(call, "indices"),
        updates = arrayArgument(call, "updates");
  if (!x || !indices || !updates)
    return Object::poison();
  std::optional<int64_t> axis =
      axisArgument(call, cast<ArrayType>(x.getType()).getRank(), 0);
  if (!axis)
    return Object::poison();
  return arrayOrPoison(emit(
      "scatter_add", {x, indices, updates},
      attribute("axis", axisAttribute(context, *axis)), call.range,
      {call.rangeOf("x"), call.rangeOf("indices"), call.rangeOf("updates")}));
}

Object Lowering::sizeBuiltin(BuiltinCall &call) {
  const Object &x = call.object("x");
  if (!x.is(Object::Array))
    return x.isNumber() ? Object::integer(constantSize(1))
                        : (diagnostics.report(DID::WrongKind, call.rangeOf("x"),
                                              describe(x), "an array"),
                           Object::poison());
  std::optional<llvm::SmallVector<int64_t>> axes =
      axesOf(call, x.type().getRank());
  if (!axes)
    return Object::poison();
  SizeAttr count = constantSize(1);
  for (int64_t axis : *axes)
    count = model::multiply(count, x.type().getSize(axis));
  if (count)
    return Object::integer(count);
  diagnostics.report(DID::IntegerOverflow, call.range);
  return Object::poison();
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
    return arrayOrPoison(fill(call.name == "ones", type, call.range));
  const Object &object = call.object("value");
  Value value = materialize(object, call.rangeOf("value"),
                            object.is(Object::Array) && !object.weak
                                ? Type()
                                : type.getElementType());
  return arrayOrPoison(broadcastTo(value, type.getShape(), call.range));
}

Object Lowering::iotaBuiltin(BuiltinCall &call) {
  const Object &n = call.object("n");
  if (!n.is(Object::Integer)) {
    diagnostics.report(DID::WrongKind, call.rangeOf("n"), describe(n),
                       "a size");
    return Object::poison();
  }
  auto type = ArrayType::get({n.size}, IntegerType::get(&context, 32));
  return arrayOrPoison(emit("iota", {},
                            attribute("axis", axisAttribute(context, 0)),
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
    return p ? arrayOrPoison(
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
  return arrayOrPoison(multiplyAdd(x, width, call.rangeOf(scale),
                                   call.object(shift), call.rangeOf(shift),
                                   call.range));
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
  return arrayOrPoison(value);
}

} // namespace modelc::lowering
