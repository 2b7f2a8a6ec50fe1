// Repetition.cpp: `fold` and `scan`, each one `model.scan`.
#include "frontend/lowering/Repetition.h"
#include "dialect/Names.h"
#include "dialect/ops/Control.h"
#include "frontend/lowering/Builtins.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// Makes the operation of a finished body in the current frame, and stores the
/// new values of slots that the body writes: a slice of a stacked slot goes in
/// as a slice and comes out as a stack, another written slot is a carry, and
/// what is only read is an invariant.
std::optional<std::vector<Value>>
Lowering::finishScan(Frame &body, const ScanParts &parts, SourceRange range) {
  Location location = locate(range);
  struct Group {
    llvm::SmallVector<Value> operands;
    llvm::SmallVector<BlockArgument> arguments;
  };
  Group carries, slices, invariants;
  llvm::ArrayRef<BlockArgument> own = body.explicitArguments;
  carries.operands.assign(parts.carries.begin(), parts.carries.end());
  llvm::append_range(carries.arguments, own.slice(1, parts.carries.size()));
  slices.operands.assign(parts.slices.begin(), parts.slices.end());
  llvm::append_range(slices.arguments,
                     own.drop_front(1 + parts.carries.size()));
  llvm::SmallVector<Value> yields(parts.newCarries), stacks(parts.outputs);
  llvm::SmallVector<ImplicitInput> carriedSlots, stackedSlots;

  for (Frame::Implicit &implicit : body.implicits) {
    const ImplicitInput &input = implicit.input;
    bool sliced = body.isSliced(input);
    Value outside;
    if (sliced)
      outside = readSelected(input.slot(), levelOf(parts.array) - 1,
                             parts.array.indices, range);
    else
      outside = implicitValue(input,
                              parts.array.instance ? outerOf(parts.array)
                                                   : InstanceReference(),
                              "scan", range);
    if (!outside)
      return std::nullopt;
    Group &group = sliced ? slices : implicit.isWritten ? carries : invariants;
    group.operands.push_back(outside);
    group.arguments.push_back(implicit.argument);
    if (!implicit.isWritten)
      continue;
    (sliced ? stacks : yields).push_back(implicit.current);
    (sliced ? stackedSlots : carriedSlots).push_back(input);
  }
  enterLoop(body.messages);
  for (const Message &message : body.messages)
    llvm::append_range(stacks, message.values);
  size_t carryCount = yields.size();
  llvm::append_range(yields, stacks);
  body.builder.create<model::YieldOp>(location, yields);

  llvm::SmallVector<Type> types;
  for (auto [i, value] : llvm::enumerate(yields)) {
    auto type = cast<ArrayType>(value.getType());
    if (i >= carryCount) {
      llvm::SmallVector<SizeAttr> shape = {parts.length};
      llvm::append_range(shape, type.getShape());
      type = type.withShape(shape);
      if (!checkBytes(type, range))
        return std::nullopt;
    }
    types.push_back(type);
  }
  auto scan = frame->builder.create<model::ScanOp>(
      location, types, parts.length, /*reverse=*/false, carries.operands,
      slices.operands, invariants.operands);
  Block *block = new Block;
  scan.getBody().push_back(block);
  auto move = [&](BlockArgument argument) {
    Location at =
        isa<UnknownLoc>(argument.getLoc()) ? location : argument.getLoc();
    argument.replaceAllUsesWith(block->addArgument(argument.getType(), at));
  };
  move(own[0]);
  for (Group *group : {&carries, &slices, &invariants})
    for (BlockArgument argument : group->arguments)
      move(argument);
  block->getOperations().splice(block->end(), body.block->getOperations());
  frame->dependsOnTraining |= body.dependsOnTraining;

  std::vector<Value> results;
  for (size_t i = 0; i < parts.newCarries.size(); ++i)
    results.push_back(scan.getResult(i));
  for (auto [i, input] : llvm::enumerate(carriedSlots))
    frame->writeSlot(input.slot(), input.depth,
                     scan.getResult(parts.newCarries.size() + i));
  for (size_t i = 0; i < parts.outputs.size(); ++i)
    results.push_back(scan.getResult(carryCount + i));
  for (auto [i, input] : llvm::enumerate(stackedSlots))
    writeSelected(input.slot(), levelOf(parts.array) - 1, parts.array.indices,
                  scan.getResult(carryCount + parts.outputs.size() + i), range);
  receiveMessages(body.messages,
                  scan.getResults().drop_front(
                      carryCount + parts.outputs.size() + stackedSlots.size()));
  return results;
}

/// The instance around an array, as it is seen outside a fold over the array.
InstanceReference Lowering::outerOf(const InstanceReference &element) {
  InstanceReference outer = element;
  outer.instance = element.instance->parent;
  return outer;
}

/// Numbers become arrays, so that they can be carried.
Object Lowering::carryOf(Object object, SourceRange range) {
  if (object.isNumber() || object.is(Object::Boolean)) {
    Value value =
        materialize(object, range, object.isNumber() ? floatType : Type());
    return value ? Object::array(value) : Object::poison();
  }
  object.weak = false;
  for (Object &element : object.elements) {
    element = carryOf(std::move(element), range);
    if (element.is(Object::Poison))
      return element;
  }
  if (object.is(Object::Array) || object.is(Object::Tuple))
    return object;
  diagnostics.report(DID::WrongKind, range, describe(object),
                     "an array or a tuple of arrays");
  return Object::poison();
}

/// The new carry as values, which must have the types of the old one.
bool Lowering::carryValues(Object next, const Object &carry, SourceRange range,
                           llvm::SmallVectorImpl<Value> &values) {
  if (next.is(Object::Tuple) && carry.is(Object::Tuple) &&
      next.elements.size() == carry.elements.size()) {
    for (auto [element, old] : llvm::zip(next.elements, carry.elements))
      if (!carryValues(element, old, range, values))
        return false;
    return true;
  }
  if (next.is(Object::Poison))
    return false;
  if (carry.is(Object::Array)) {
    ArrayType wanted = carry.type();
    bool adapts = next.isNumber() || (next.is(Object::Array) && next.weak);
    if (adapts) {
      Value value = materialize(next, range, wanted.getElementType());
      value = broadcastTo(value, wanted.getShape(), range);
      if (!value)
        return false;
      next = Object::array(value);
    }
    if (next.is(Object::Array) && next.type() == wanted) {
      values.push_back(frame->local(next.value));
      return true;
    }
  }
  diagnostics.report(DID::CarryChanges, range, describe(carry), describe(next));
  return false;
}

//===----------------------------------------------------------------------===//
// fold
//===----------------------------------------------------------------------===//

Object Lowering::foldWith(
    SizeAttr length, const InstanceReference &element,
    std::vector<ArgumentValue> arguments, SourceRange range,
    llvm::function_ref<Object(std::vector<ArgumentValue>)> step) {
  if (!needsFrame(range))
    return Object::poison();
  if (arguments.empty()) {
    diagnostics.report(DID::MissingArgument, range, "fold", "x");
    return Object::poison();
  }
  ScanParts parts;
  parts.length = length;
  parts.array = element;
  Object carry = carryOf(arguments[0].object, arguments[0].range);
  if (carry.is(Object::Poison) ||
      !flatten(carry, parts.carries, arguments[0].range))
    return Object::poison();
  Frame body(Frame::ScanBody, &context, frame);
  if (element.instance) {
    body.sliced = element.instance;
    body.depth = element.instance->depth();
  }
  {
    llvm::SaveAndRestore inBody(frame, &body);
    body.index = body.addArgument(ArrayType::get({}, body.builder.getI64Type()),
                                  locate(range));
    arguments[0].object = parameterOf(carry, body, locate(range));
    Object next = step(std::move(arguments));
    if (!carryValues(next, carry, range, parts.newCarries))
      return Object::poison();
  }
  std::optional<std::vector<Value>> results = finishScan(body, parts, range);
  if (!results)
    return Object::poison();
  ValueRange values = *results;
  return unflatten(carry, values);
}

Object Lowering::foldBuiltin(BuiltinCall &call) {
  const Object &modules = call.object("modules");
  SourceRange range = call.rangeOf("modules");
  if (call.has("times")) {
    const Object &times = call.object("times");
    if (!times.is(Object::Integer) || times.constant().value_or(1) < 0) {
      diagnostics.report(DID::WrongKind, call.rangeOf("times"), describe(times),
                         "how many times, an integer");
      return Object::poison();
    }
    if (modules.is(Object::InstanceArray)) {
      diagnostics.report(DID::WrongKind, range, describe(modules),
                         "one module, which `times` repeats");
      return Object::poison();
    }
    return foldWith(times.size, InstanceReference(), std::move(call.rest),
                    call.range, [&](std::vector<ArgumentValue> arguments) {
                      return this->call(modules, std::move(arguments), range,
                                        call.range, nullptr);
                    });
  }
  if (!modules.is(Object::InstanceArray)) {
    diagnostics
        .report(DID::WrongKind, range, describe(modules), "an array of modules")
        .hint(HintId::UseTimes);
    return Object::poison();
  }
  const Instance &element = *modules.instance.instance;
  return foldWith(constantSize(element.stacks.back()), modules.instance,
                  std::move(call.rest), call.range,
                  [&](std::vector<ArgumentValue> arguments) {
                    Object current = modules;
                    current.kind = Object::InstanceKind;
                    current.instance.indices.clear();
                    return this->call(current, std::move(arguments), range,
                                      call.range, nullptr);
                  });
}

//===----------------------------------------------------------------------===//
// scan
//===----------------------------------------------------------------------===//

/// `value` with `from` moved to `to`, the order of the others kept.
Value Lowering::moveAxis(Value value, int64_t from, int64_t to,
                         SourceRange range) {
  if (!value || from == to)
    return value;
  llvm::SmallVector<int64_t> order;
  for (int64_t axis = 0; axis < cast<ArrayType>(value.getType()).getRank();
       ++axis)
    if (axis != from)
      order.push_back(axis);
  order.insert(order.begin() + to, from);
  return emit("transpose", value, integers("permutation", order), range);
}

Object Lowering::scanBuiltin(BuiltinCall &call) {
  if (!needsFrame(call.range))
    return Object::poison();
  SourceRange range = call.range;
  ScanParts parts;
  Object carry = carryOf(call.object("carry"), call.rangeOf("carry"));
  Object sequence = carryOf(call.object("sequence"), call.rangeOf("sequence"));
  if (carry.is(Object::Poison) || sequence.is(Object::Poison))
    return Object::poison();
  flatten(carry, parts.carries, range);
  llvm::SmallVector<Value> whole;
  flatten(sequence, whole, range);
  int64_t at = 0;
  for (Value value : whole) {
    SourceRange where = call.rangeOf("sequence");
    auto type = cast<ArrayType>(value.getType());
    std::optional<int64_t> axis = axisArgument(call, type.getRank(), 0);
    if (!axis)
      return Object::poison();
    at = *axis;
    if (parts.length && type.getSize(at) != parts.length) {
      diagnostics.report(DID::ShapesDiffer, where, parts.length.str(),
                         type.getSize(at).str());
      return Object::poison();
    }
    parts.length = type.getSize(at);
    parts.slices.push_back(moveAxis(value, at, 0, range));
    if (!parts.slices.back())
      return Object::poison();
  }
  if (!parts.length) {
    diagnostics.report(DID::WrongKind, call.rangeOf("sequence"),
                       describe(sequence), "an array or a tuple of arrays");
    return Object::poison();
  }
  Frame body(Frame::ScanBody, &context, frame);
  Object output;
  {
    llvm::SaveAndRestore inBody(frame, &body);
    body.index = body.addArgument(ArrayType::get({}, body.builder.getI64Type()),
                                  locate(range));
    // Called as the step calls its parameters.
    auto place = [&](size_t parameter) {
      const auto &step = call.object("step").function;
      bool isNamed = step && step->declaration &&
                     parameter < step->declaration->parameters.size();
      return isNamed ? model::nameLocation(
                           locate(range),
                           step->declaration->parameters[parameter].name.name)
                     : locate(range);
    };
    std::vector<ArgumentValue> arguments = {{Identifier(),
                                             parameterOf(carry, body, place(0)),
                                             call.rangeOf("carry")}};
    llvm::SmallVector<Value> slices;
    for (Value value : parts.slices) {
      auto type = cast<ArrayType>(value.getType());
      slices.push_back(body.addArgument(
          type.withShape(type.getShape().drop_front()), place(1)));
    }
    ValueRange values = slices;
    arguments.push_back(
        {Identifier(), unflatten(sequence, values), call.rangeOf("sequence")});
    Object result = this->call(call.object("step"), std::move(arguments),
                               call.rangeOf("step"), range, nullptr);
    if (result.is(Object::Poison))
      return result;
    if (!result.is(Object::Tuple) || result.elements.size() != 2) {
      diagnostics.report(DID::WrongKind, call.rangeOf("step"), describe(result),
                         "a step that returns `(carry, output)`");
      return Object::poison();
    }
    output = carryOf(result.elements[1], range);
    if (output.is(Object::Poison) ||
        !carryValues(result.elements[0], carry, range, parts.newCarries) ||
        !flatten(output, parts.outputs, range))
      return Object::poison();
  }
  std::optional<std::vector<Value>> results = finishScan(body, parts, range);
  if (!results)
    return Object::poison();
  for (size_t i = parts.carries.size(); i < results->size(); ++i) {
    Value &stack = (*results)[i];
    if (cast<ArrayType>(stack.getType()).getRank() <= at) {
      diagnostics.report(
          DID::AxisOutOfRange, range, llvm::Twine(at),
          llvm::Twine(cast<ArrayType>(stack.getType()).getRank()));
      return Object::poison();
    }
    stack = moveAxis(stack, 0, at, range);
    if (!stack)
      return Object::poison();
  }
  ValueRange values = *results;
  Object last = unflatten(carry, values);
  return Object::tuple({std::move(last), unflatten(output, values)});
}

} // namespace modelc::lowering
