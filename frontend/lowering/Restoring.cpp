// Restoring.cpp: from what the model sees of a field back to the units of its
// columns, by the inverses of transforms, last one first.
#include "dialect/Size.h"
#include "dialect/ops/Control.h"
#include "frontend/lowering/Meanings.h"
#include "frontend/lowering/Training.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// Rows that `restore` takes at a time.
static constexpr int64_t chunkRows = 256;

static bool hasInverse(const FieldNode &node) {
  return node.transform.instance &&
         node.transform.instance->environment->find("inverse");
}

/// Whether all that is applied to a field can be taken back.
static bool canRestore(const DataField &field, const FieldNode &node) {
  switch (node.kind) {
  case FieldNode::Leaf:
    return field.parts[node.part].kind == "numbers";
  case FieldNode::Function:
    return false;
  case FieldNode::Transform:
    return hasInverse(node) && canRestore(field, *node.children[0]);
  case FieldNode::Concat:
    return llvm::all_of(node.children, [&](const auto &child) {
      return child->columns && canRestore(field, *child);
    });
  }
  llvm_unreachable("all kinds are handled");
}

/// The raw columns that have become `value`.
Object Lowering::restoreNode(const FieldNode &node, Value value) {
  if (node.kind == FieldNode::Leaf)
    return Object::array(value);
  if (node.kind == FieldNode::Transform) {
    Object inverse = methodOf(node.transform, "inverse");
    if (inverse.is(Object::Poison))
      return inverse;
    Object before = callFunction(
        *inverse.function, {{Identifier(), Object::array(value), node.range}},
        node.range, nullptr);
    return before.is(Object::Array)
               ? restoreNode(*node.children[0], before.value)
               : Object::poison();
  }
  // The columns of a concatenation are in the order of the raw ones.
  std::vector<ArgumentValue> parts;
  SizeAttr rows = cast<ArrayType>(value.getType()).getSize(0);
  int64_t first = 0;
  for (const auto &child : node.children) {
    Value columns =
        slice(value, {constantSize(0), constantSize(first)},
              {rows, constantSize(*child->columns)}, {1, 1}, node.range);
    first += *child->columns;
    Object part = columns ? restoreNode(*child, columns) : Object::poison();
    if (!part.is(Object::Array))
      return Object::poison();
    parts.push_back({Identifier(), std::move(part), node.range});
  }
  if (parts.size() == 1)
    return parts.front().object;
  parts.push_back(
      {{"axis", node.range}, Object::integer(constantSize(1)), node.range});
  return callBuiltin("concat", std::move(parts), node.range, {});
}

/// Rows as the model sees them; those of windows one by one.
static ArrayType rowsOf(const DataField &field) {
  llvm::SmallVector<SizeAttr> shape(field.type.getShape());
  if (field.window)
    shape.erase(shape.begin() + 1);
  return field.type.withShape(shape);
}

Object Lowering::restoreField(const DataField &field, Value value) {
  Object raw = restoreNode(*field.root, value);
  if (!raw.is(Object::Array))
    return Object::poison();
  // What transforms have made of raw columns, their inverses unmake.
  llvm::SmallVector<SizeAttr> shape(field.raw.getShape());
  shape[0] = cast<ArrayType>(value.getType()).getSize(0);
  ArrayType wanted = field.raw.withShape(shape);
  if (raw.type() == wanted)
    return raw;
  diagnostics.report(DID::ShapeMismatch, field.root->range,
                     "what the inverse gives for `" + field.name + "`",
                     describe(raw.type()), describe(wanted));
  return Object::poison();
}

/// The same of windows: the rows of all of them are restored together.
Object Lowering::restoreWindows(const DataField &field, Value value) {
  SourceRange range = field.range;
  llvm::SmallVector<SizeAttr> shape(
      cast<ArrayType>(value.getType()).getShape());
  SizeAttr length = constantSize(field.window);
  SizeAttr rows = model::product(&context, {shape[0], length});
  shape.erase(shape.begin() + 1);
  shape[0] = rows;
  Value flat = reshape(value, shape, range);
  Object raw = flat ? restoreField(field, flat) : Object::poison();
  if (!raw.is(Object::Array))
    return raw;
  llvm::SmallVector<SizeAttr> restored(raw.type().getShape());
  restored[0] = cast<ArrayType>(value.getType()).getSize(0);
  restored.insert(restored.begin() + 1, length);
  return Object::arrayOrPoison(reshape(raw.value, restored, range));
}

/// The entry from what the model sees to raw rows, if there can be one.
void Lowering::makeRestore(const DataSet &set, const DataField &field) {
  if (field.preprocess.empty() || !canRestore(field, *field.root))
    return;
  std::string name = uniqueSymbol(("restore." + field.name).str());
  bool good = false;
  SourceRange range = field.root->range;
  makeEntry(name, "restore", false, range, "", [&] {
    entrySymbol("N", chunkRows);
    Value seen = entryInput(rowsOf(field), "data", field.name, field.range);
    Object raw = restoreField(field, seen);
    if (!raw.is(Object::Array))
      return false;
    entryOutput(raw.value, "result", field.name);
    return good = true;
  });
  if (!good)
    return;
  // The declaration is made before it is known what training predicts.
  auto data = cast<model::DataOp>(
      SymbolTable::lookupSymbolIn(*program, set.declaration->name.name));
  llvm::SmallVector<Attribute> fields(data.getFields().getValue());
  size_t index = &field - set.fields.data();
  NamedAttrList entries(cast<DictionaryAttr>(fields[index]));
  entries.set("restore", FlatSymbolRefAttr::get(&context, name));
  fields[index] = entries.getDictionary(&context);
  data.setFieldsAttr(ArrayAttr::get(&context, fields));
}

/// Gives a metric that says `let in_units = true` its prediction and target in
/// the units of the column. False after an error.
bool Lowering::restoreArguments(const TrainingPlan &plan, MetricUse &use,
                                std::vector<ArgumentValue> &arguments) {
  Object *wish = use.instance->environment->find("in_units");
  if (!wish || !wish->is(Object::Boolean) || !wish->truth ||
      arguments.size() < 2 || !arguments[0].object.is(Object::Array) ||
      !arguments[1].object.is(Object::Array))
    return true;
  const DataField *target = nullptr;
  for (auto [field, value] :
       llvm::zip(plan.data.fields, frame->explicitArguments))
    if (arguments[1].object.value == value)
      target = &field;
  if (!target || target->preprocess.empty())
    return true;
  use.units = "model";
  if (!canRestore(*target, *target->root) ||
      arguments[0].object.type() != target->type)
    return true;
  use.units = "column";
  for (unsigned i : {0, 1}) {
    Value value = arguments[i].object.value;
    arguments[i].object = target->window ? restoreWindows(*target, value)
                                         : restoreField(*target, value);
    if (arguments[i].object.is(Object::Poison))
      return false;
  }
  return true;
}

} // namespace modelc::lowering
