// BuiltinArrays.cpp: built-in functions that reduce and reshape arrays.
#include "dialect/Size.h"
#include "frontend/lowering/Builtins.h"

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
    diagnostics
        .report(DID::WrongKind, call.rangeOf("x"), describe(object),
                "an array of floats")
        .hint(HintId::CastOne, "float");
    return Object::poison();
  }
  if (axes->empty())
    return object.is(Object::Array) ? object : Object::arrayOrPoison(x);
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
  return Object::arrayOrPoison(value);
}

Object Lowering::argExtreme(BuiltinCall &call) {
  Value x = arrayArgument(call, "x");
  if (!x)
    return Object::poison();
  std::optional<int64_t> axis =
      axisArgument(call, cast<ArrayType>(x.getType()).getRank(), -1);
  if (!axis)
    return Object::poison();
  return Object::arrayOrPoison(
      emit(call.name, x, attribute("axis", axisAttribute(context, *axis)),
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
  return Object::arrayOrPoison(reshape(x, *shape, call.range));
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
  return Object::arrayOrPoison(
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
  return Object::arrayOrPoison(broadcastTo(x, *shape, call.range));
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
  return Object::arrayOrPoison(
      emit("concat", values, attribute("axis", axisAttribute(context, *axis)),
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
  return Object::arrayOrPoison(
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
  return Object::arrayOrPoison(
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
  return Object::arrayOrPoison(emit(
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
  return Object::arrayOrPoison(emit(
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

} // namespace modelc::lowering
