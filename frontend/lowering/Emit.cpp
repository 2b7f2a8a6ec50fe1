// Emit.cpp: creates operations, with their locations, and checks them.
#include "dialect/Size.h"
#include "dialect/ops/Control.h"
#include "frontend/lowering/Lowering.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

Location Lowering::locate(SourceRange range) {
  if (!range.isValid())
    return UnknownLoc::get(&context);
  LineColumn start = range.start();
  // Files of the library are told from the user's by their angle brackets.
  bool isLibrary = libraryFiles.contains(range.file);
  std::string name = isLibrary ? ("<" + range.file->name() + ">").str()
                               : range.file->name().str();
  Location own = FileLineColLoc::get(&context, name, start.line, start.column);
  return isLibrary && frame && frame->user ? CallSiteLoc::get(own, *frame->user)
                                           : own;
}

NamedAttribute Lowering::attribute(llvm::StringRef name, Attribute value) {
  return {StringAttr::get(&context, name), value};
}

NamedAttribute Lowering::integers(llvm::StringRef name,
                                  llvm::ArrayRef<int64_t> values) {
  return attribute(name, DenseI64ArrayAttr::get(&context, values));
}

NamedAttribute Lowering::sizes(llvm::StringRef name,
                               llvm::ArrayRef<SizeAttr> values) {
  return attribute(name, model::ShapeAttr::get(&context, values));
}

Object Lowering::unsupported(const llvm::Twine &what, SourceRange range) {
  diagnostics.report(DID::Unsupported, range, what);
  return Object::poison();
}

bool Lowering::needsFrame(SourceRange range) {
  if (frame)
    return true;
  if (mayDefer) {
    isDeferred = true;
    return false;
  }
  diagnostics.report(DID::NotCompileTime, range);
  return false;
}

/// Refuses arrays that no address space holds, so that no later stage
/// overflows.
bool Lowering::checkBytes(ArrayType type, SourceRange range) {
  constexpr int64_t limit = int64_t(1) << 46;
  auto bound = [&](StringAttr symbol) -> std::optional<int64_t> {
    auto found = frame ? frame->bounds.find(symbol)
                       : decltype(frame->bounds.find(symbol)){};
    return frame && found != frame->bounds.end() ? found->second : 1;
  };
  SizeAttr count = type.getElementCount();
  std::optional<model::SizeRange> elements;
  if (count)
    elements = model::range(count, bound);
  if (elements && elements->high <= limit)
    return true;
  diagnostics.report(DID::ArrayTooLarge, range, describe(type));
  return false;
}

/// What a user writes for an operation.
static llvm::StringRef writtenName(llvm::StringRef operation) {
  operation.consume_front("reduce_");
  operation.consume_front("random_");
  return llvm::StringSwitch<llvm::StringRef>(operation)
      .Case("add", "+")
      .Cases("sub", "neg", "-")
      .Case("mul", "*")
      .Case("div", "/")
      .Case("pow", "**")
      .Case("contract", "@")
      .Case("compare", "comparison")
      .Case("select", "where")
      .Case("gather", "take")
      .Default(operation);
}

/// The text of an error of the verifier, in the user's words: "must be array of
/// floats".
static std::string verifierText(llvm::StringRef text) {
  size_t name = text.find("op ");
  if (name != llvm::StringRef::npos)
    text = text.drop_front(name + 3);
  text = text.take_front(text.find(", but got"));
  if (text.consume_front("operand #"))
    text = text.drop_while(llvm::isDigit).ltrim();
  if (text.consume_front("must be "))
    return ("wants an " + text).str();
  return text.str();
}

Value Lowering::emit(llvm::StringRef name, ValueRange operands,
                     llvm::ArrayRef<NamedAttribute> attributes,
                     SourceRange range,
                     llvm::ArrayRef<SourceRange> operandRanges,
                     ArrayType result) {
  if (!needsFrame(range))
    return nullptr;
  SmallVector<Value> local;
  for (Value operand : operands) {
    if (!operand)
      return nullptr;
    local.push_back(frame->local(operand));
  }
  std::string full = ("model." + name).str();
  auto registered = RegisteredOperationName::lookup(full, &context);
  if (!registered) {
    unsupported("`" + name + "`", range);
    return nullptr;
  }
  auto dictionary = DictionaryAttr::get(&context, attributes);
  if (!result) {
    auto *shapes = registered->getInterface<model::ShapeFunctionInterface>();
    assert(shapes && "the result's type must be given");
    model::ShapeError error;
    FailureOr<ArrayType> type =
        shapes->inferShapeFrom(&context, local, dictionary, error);
    if (failed(type)) {
      SourceRange where = range;
      if (!error.sites.empty() &&
          error.sites.back().operand < operandRanges.size())
        where = operandRanges[error.sites.back().operand];
      diagnostics.report(DID::ShapeRefused, where, writtenName(name),
                         error.text);
      return nullptr;
    }
    result = *type;
  }
  if (!checkBytes(result, range))
    return nullptr;
  OperationState state(locate(range), full, local, {result}, attributes);
  Operation *op = frame->builder.create(state);
  std::string refusal;
  {
    ScopedDiagnosticHandler handler(&context,
                                    [&](mlir::Diagnostic &diagnostic) {
                                      refusal = verifierText(diagnostic.str());
                                      return success();
                                    });
    if (succeeded(mlir::verify(op)))
      return op->getResult(0);
  }
  op->erase();
  std::string seen;
  for (Value operand : local)
    seen += (seen.empty() ? "" : ", ") + describe(operand.getType());
  auto &error = diagnostics.report(DID::OperandRefused, range,
                                   writtenName(name), seen, refusal);
  bool isTruth = llvm::all_of(local, [](Value operand) {
    return cast<ArrayType>(operand.getType()).getElementType().isInteger(1);
  });
  if (isTruth && StringRef(refusal).ends_with("of numbers"))
    error.hint(HintId::CastOne, "i32");
  return nullptr;
}

Value Lowering::fill(double number, ArrayType type, SourceRange range) {
  if (!needsFrame(range) || !checkBytes(type, range))
    return nullptr;
  OpBuilder &b = frame->builder;
  TypedAttr value;
  if (type.isFloat())
    value = b.getFloatAttr(type.getElementType(), number);
  else
    value =
        b.getIntegerAttr(type.getElementType(), static_cast<int64_t>(number));
  return b.create<model::FillOp>(locate(range), type, value);
}

Value Lowering::sizeValue(SizeAttr size, Type element, SourceRange range) {
  if (!needsFrame(range))
    return nullptr;
  auto type = ArrayType::get({}, element);
  if (std::optional<int64_t> constant = size.asConstant()) {
    auto integer = dyn_cast<IntegerType>(element);
    if (integer && integer.getWidth() < 64 &&
        !llvm::isIntN(integer.getWidth(), *constant)) {
      diagnostics.report(DID::NumberOutOfRange, range, llvm::Twine(*constant),
                         describe(type));
      return nullptr;
    }
    if (!integer)
      return fill(static_cast<double>(*constant), type, range);
    return frame->builder.create<model::FillOp>(
        locate(range), type, frame->builder.getIntegerAttr(element, *constant));
  }
  return emit("size", {}, attribute("size", size), range, {}, type);
}

Value Lowering::castTo(Value value, Type element, SourceRange range) {
  if (!value || cast<ArrayType>(value.getType()).getElementType() == element)
    return value;
  return emit("cast", value, attribute("element", TypeAttr::get(element)),
              range);
}

Value Lowering::broadcastTo(Value value, llvm::ArrayRef<SizeAttr> shape,
                            SourceRange range) {
  if (!value)
    return nullptr;
  auto type = cast<ArrayType>(value.getType());
  if (type.getShape() == shape)
    return value;
  // A constant is made in its final shape at once.
  if (auto constant = value.getDefiningOp<model::FillOp>())
    if (frame && value.getParentBlock() == frame->block) {
      if (!checkBytes(type.withShape(shape), range))
        return nullptr;
      Value wide = frame->builder.create<model::FillOp>(
          locate(range), type.withShape(shape), constant.getValue());
      if (constant->use_empty())
        constant->erase();
      return wide;
    }
  SmallVector<int64_t> axes;
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    axes.push_back(shape.size() - type.getRank() + axis);
  return emit("broadcast", value,
              {sizes("shape", shape), integers("axes", axes)}, range);
}

Value Lowering::materialize(const Object &object, SourceRange range,
                            Type element) {
  switch (object.kind) {
  case Object::Array:
    if (element && object.weak)
      return castTo(object.value, element, range);
    return object.value;
  case Object::Integer:
    if (!element)
      element = IntegerType::get(&context, 32);
    if (element.isInteger(1))
      break;
    return sizeValue(object.size, element, range);
  case Object::Float:
    if (element && !isa<FloatType>(element)) {
      diagnostics.report(DID::NumberForIntegers, range,
                         describe(ArrayType::get({}, element)));
      return nullptr;
    }
    return fill(object.number,
                ArrayType::get({}, element ? element : floatType), range);
  case Object::Boolean:
    if (element && !element.isInteger(1))
      break;
    return fill(object.truth, ArrayType::get({}, IntegerType::get(&context, 1)),
                range);
  case Object::Poison:
    return nullptr;
  case Object::Hyper:
  case Object::Step:
  case Object::Steps:
  case Object::Deferred:
    return needsFrame(range) ? materialize(load(object, range), range, element)
                             : nullptr;
  default:
    break;
  }
  diagnostics.report(DID::WrongKind, range, describe(object),
                     element ? "an array of " + describe(element)
                             : std::string("an array"));
  return nullptr;
}

} // namespace modelc::lowering
