// Subscripts.cpp: `x[1..3, :, 0, ...]` of arrays, tuples and arrays of modules.
#include "dialect/Size.h"
#include "frontend/lowering/Lowering.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

Value Lowering::slice(Value base, llvm::ArrayRef<SizeAttr> starts,
                      llvm::ArrayRef<SizeAttr> counts,
                      llvm::ArrayRef<int64_t> steps, SourceRange range) {
  return emit("slice", base,
              {sizes("starts", starts), sizes("counts", counts),
               integers("steps", steps)},
              range);
}

Value Lowering::reshape(Value value, llvm::ArrayRef<SizeAttr> shape,
                        SourceRange range) {
  if (!value || cast<ArrayType>(value.getType()).getShape() == shape)
    return value;
  return emit("reshape", value, sizes("shape", shape), range);
}

/// Element `index` along the first axis, which is dropped.
Value Lowering::element(Value base, int64_t index, SourceRange range) {
  auto type = cast<ArrayType>(base.getType());
  llvm::SmallVector<SizeAttr> starts(type.getRank(), constantSize(0));
  llvm::SmallVector<SizeAttr> counts(type.getShape());
  llvm::SmallVector<int64_t> steps(type.getRank(), 1);
  starts[0] = constantSize(index);
  counts[0] = constantSize(1);
  return reshape(slice(base, starts, counts, steps, range),
                 type.getShape().drop_front(), range);
}

/// `base` with `element` in the place of element `index` along the first axis.
Value Lowering::replaceElement(Value base, int64_t index, Value element,
                               SourceRange range) {
  auto type = cast<ArrayType>(base.getType());
  std::optional<int64_t> length = type.getSize(0).asConstant();
  llvm::SmallVector<SizeAttr> starts(type.getRank(), constantSize(0));
  llvm::SmallVector<SizeAttr> counts(type.getShape());
  llvm::SmallVector<int64_t> steps(type.getRank(), 1);
  llvm::SmallVector<Value> parts;
  if (index > 0) {
    counts[0] = constantSize(index);
    parts.push_back(slice(base, starts, counts, steps, range));
  }
  counts[0] = constantSize(1);
  parts.push_back(reshape(element, counts, range));
  if (index + 1 < *length) {
    starts[0] = constantSize(index + 1);
    counts[0] = constantSize(*length - index - 1);
    parts.push_back(slice(base, starts, counts, steps, range));
  }
  if (parts.size() == 1)
    return parts[0];
  Builder b(&context);
  return emit("concat", parts, attribute("axis", b.getI64IntegerAttr(0)),
              range);
}

Object Lowering::index(const ast::Index &expression) {
  Object base = evaluate(expression.base);
  switch (base.kind) {
  case Object::Poison:
    return base;
  case Object::InstanceArray:
    return indexInstances(base, expression);
  case Object::Array:
    return indexArray(base, expression);
  case Object::Tuple: {
    if (expression.subscripts.size() != 1 ||
        expression.subscripts[0].kind != ast::Subscript::Single)
      break;
    const ast::Expression *position = expression.subscripts[0].start;
    std::optional<int64_t> index = evaluateInteger(position);
    if (!index)
      return Object::poison();
    int64_t count = base.elements.size();
    int64_t from = *index < 0 ? *index + count : *index;
    if (from >= 0 && from < count)
      return base.elements[from];
    diagnostics.report(DID::OutOfRange, position->range, llvm::Twine(*index),
                       "0", llvm::Twine(count - 1));
    return Object::poison();
  }
  default:
    break;
  }
  diagnostics.report(DID::WrongKind, expression.base->range, describe(base),
                     "an array");
  return Object::poison();
}

Object Lowering::indexInstances(const Object &base,
                                const ast::Index &expression) {
  if (expression.subscripts.size() != 1 ||
      expression.subscripts[0].kind != ast::Subscript::Single)
    return unsupported("a part of an array of modules", expression.range);
  const ast::Expression *position = expression.subscripts[0].start;
  std::optional<int64_t> index = evaluateInteger(position);
  if (!index)
    return Object::poison();
  int64_t count = base.instance.instance->stacks.back();
  int64_t from = *index < 0 ? *index + count : *index;
  if (from < 0 || from >= count) {
    diagnostics.report(DID::OutOfRange, position->range, llvm::Twine(*index),
                       "0", llvm::Twine(count - 1));
    return Object::poison();
  }
  Object element = base;
  element.kind = Object::InstanceKind;
  element.instance.indices.push_back(from);
  return element;
}

namespace {
/// The subscripts of an array, worked out axis by axis.
struct Selection {
  llvm::SmallVector<SizeAttr> starts, counts;
  llvm::SmallVector<int64_t> steps;
  llvm::SmallVector<bool> dropped;
  llvm::SmallVector<std::pair<int64_t, Value>> computed; // axis, index
  llvm::SmallVector<SourceRange> computedRanges;

  void add(SizeAttr start, SizeAttr count, int64_t step, bool drop) {
    starts.push_back(start);
    counts.push_back(count);
    steps.push_back(step);
    dropped.push_back(drop);
  }
};
} // namespace

/// A start or stop; negative constants count from the end.
static SizeAttr fromEnd(SizeAttr position, SizeAttr size) {
  std::optional<int64_t> constant = position.asConstant();
  return constant && *constant < 0 ? model::add(size, position) : position;
}

namespace {
/// What the bounds of the entry's symbols say of sizes. What holds for some
/// values of the symbols only is checked when the program runs.
class SizeBounds {
public:
  explicit SizeBounds(const Frame *frame) : frame(frame) {}

  /// Is `size` negative whatever its symbols are?
  bool isNegative(SizeAttr size) const {
    std::optional<model::SizeRange> values = rangeOf(size);
    return values && values->high < 0;
  }

  /// An axis's size and how large it can be.
  std::string describe(SizeAttr size) const {
    std::optional<model::SizeRange> values = rangeOf(size);
    if (size.isConstant() || !values)
      return size.str();
    return size.str() + ", which is at most " + std::to_string(values->high);
  }

private:
  std::optional<model::SizeRange> rangeOf(SizeAttr size) const {
    return model::range(size, [&](StringAttr symbol) -> std::optional<int64_t> {
      if (!frame)
        return std::nullopt;
      auto found = frame->bounds.find(symbol);
      return found == frame->bounds.end() ? std::nullopt
                                          : std::optional(found->second);
    });
  }

  const Frame *frame;
};
} // namespace

Object Lowering::indexArray(const Object &base, const ast::Index &expression) {
  ArrayType type = base.type();
  size_t written = llvm::count_if(
      expression.subscripts, [](const ast::Subscript &subscript) {
        return subscript.kind != ast::Subscript::Ellipsis;
      });
  if (written > size_t(type.getRank()) ||
      expression.subscripts.size() - written > 1) {
    diagnostics.report(DID::TooManySubscripts, expression.range,
                       llvm::Twine(written), describe(type));
    return Object::poison();
  }
  Selection selection;
  SizeBounds bounds(frame);
  auto axisSize = [&] { return type.getSize(selection.starts.size()); };
  auto addFull = [&](size_t count) {
    for (size_t i = 0; i < count; ++i)
      selection.add(constantSize(0), axisSize(), 1, false);
  };
  auto sizeOf = [&](const ast::Expression *part) -> SizeAttr {
    Object object = evaluate(part);
    if (object.is(Object::Integer))
      return object.size;
    if (!object.is(Object::Poison))
      diagnostics.report(DID::WrongKind, part->range, describe(object),
                         "an integer");
    return nullptr;
  };
  for (const ast::Subscript &subscript : expression.subscripts) {
    if (subscript.kind == ast::Subscript::Ellipsis) {
      addFull(type.getRank() - written);
      continue;
    }
    if (subscript.kind == ast::Subscript::Full) {
      addFull(1);
      continue;
    }
    SizeAttr size = axisSize();
    if (subscript.kind == ast::Subscript::Single) {
      Object position = evaluate(subscript.start);
      if (position.is(Object::Array) && position.type().isInteger() &&
          position.type().getRank() == 0) {
        selection.computed.push_back(
            {int64_t(selection.starts.size()), position.value});
        selection.computedRanges.push_back(subscript.range);
        selection.add(constantSize(0), size, 1, false);
        continue;
      }
      if (!position.is(Object::Integer)) {
        if (!position.is(Object::Poison))
          diagnostics
              .report(DID::WrongKind, subscript.range, describe(position),
                      "an integer")
              .hint(HintId::UseTake);
        return Object::poison();
      }
      SizeAttr start = fromEnd(position.size, size);
      SizeAttr last = start ? model::subtract(size, start) : nullptr;
      SizeAttr behind = last ? model::subtract(last, constantSize(1)) : nullptr;
      if (!behind || bounds.isNegative(start) || bounds.isNegative(behind)) {
        diagnostics.report(DID::SubscriptOutOfRange, subscript.range,
                           position.size.str(), bounds.describe(size));
        return Object::poison();
      }
      selection.add(start, constantSize(1), 1, true);
      continue;
    }
    SizeAttr start =
        subscript.start ? sizeOf(subscript.start) : constantSize(0);
    SizeAttr stop = subscript.stop ? sizeOf(subscript.stop) : size;
    std::optional<int64_t> step =
        subscript.step ? evaluateInteger(subscript.step) : 1;
    if (!start || !stop || !step)
      return Object::poison();
    start = fromEnd(start, size);
    stop = fromEnd(stop, size);
    SizeAttr count = model::subtract(stop, start);
    SizeAttr beyond = model::subtract(size, stop);
    if (*step < 1 || !count || !beyond || bounds.isNegative(count) ||
        bounds.isNegative(beyond) || bounds.isNegative(start)) {
      diagnostics.report(DID::SubscriptOutOfRange, subscript.range,
                         subscript.range.text(), bounds.describe(size));
      return Object::poison();
    }
    if (*step != 1)
      count = model::ceilDivide(count, constantSize(*step));
    selection.add(start, count, *step, false);
  }
  addFull(type.getRank() - selection.starts.size());

  Value value = base.value;
  bool whole =
      llvm::all_of(llvm::zip(selection.starts, selection.counts,
                             selection.steps, type.getShape()),
                   [](auto part) {
                     auto [start, count, step, size] = part;
                     return start.isConstant(0) && step == 1 && count == size;
                   });
  if (!whole)
    value = slice(value, selection.starts, selection.counts, selection.steps,
                  expression.range);
  llvm::SmallVector<SizeAttr> shape;
  for (auto [count, dropped] : llvm::zip(selection.counts, selection.dropped))
    if (!dropped)
      shape.push_back(count);
  value = reshape(value, shape, expression.range);
  // Computed indices, from the last axis on, so that earlier axes keep their
  // numbers; dropped axes in front of them no longer count.
  for (size_t i = selection.computed.size(); i-- > 0 && value;) {
    auto [axis, position] = selection.computed[i];
    int64_t before = llvm::count(
        llvm::ArrayRef<bool>(selection.dropped).take_front(axis), true);
    value = takeComputed(value, axis - before, position,
                         selection.computedRanges[i]);
  }
  return value ? Object::array(value) : Object::poison();
}

Value Lowering::takeComputed(Value base, int64_t axis, Value index,
                             SourceRange range) {
  Builder b(&context);
  return emit("gather", {base, index},
              attribute("axis", b.getI64IntegerAttr(axis)), range);
}

} // namespace modelc::lowering
