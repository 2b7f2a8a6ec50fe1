// DataFields.cpp: fields of data declarations: columns, what is applied to
// them, and the entries that do it.
#include "dialect/ops/Control.h"
#include "frontend/lowering/DataSet.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// Rows that `fit` and `preprocess` take at a time.
static constexpr int64_t chunkRows = 256;
static constexpr int64_t mostPasses = 1000;
static constexpr int64_t longestWindow = 1 << 16;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static llvm::StringRef calleeName(const ast::Expression *expression) {
  auto *call = llvm::dyn_cast<ast::Call>(expression);
  auto *name = llvm::dyn_cast<ast::Name>(call ? call->callee : expression);
  return name ? name->name : llvm::StringRef();
}

static bool isSelector(const DataSet &set, llvm::StringRef name) {
  if (name == "labels")
    return true;
  if (set.isText())
    return llvm::is_contained({"columns", "column", "codes", "one_hot"}, name);
  if (set.isArrays())
    return name == "array" || name == "integers";
  return name == "uniform" || name == "normal";
}

/// Whether a transform takes missing values: it says `let accepts_missing`.
static bool acceptsMissing(const ast::Module &transform) {
  return llvm::any_of(transform.members, [](const ast::Declaration *member) {
    return llvm::isa<ast::Constant>(member) &&
           member->name.name == "accepts_missing";
  });
}

/// Reads `f(field, …)` and `field |> f(…)`.
std::unique_ptr<FieldNode> Lowering::readApplied(DataSet &set, DataField &field,
                                                 const ast::Expression *written,
                                                 llvm::StringRef missing) {
  auto node = std::make_unique<FieldNode>();
  node->range = written->range;
  const ast::Expression *input = nullptr, *target = written;
  auto *pipe = llvm::dyn_cast<ast::Pipe>(written);
  if (pipe) {
    input = pipe->input;
    target = pipe->target;
  }
  auto *call = llvm::dyn_cast<ast::Call>(target);
  if (call) {
    llvm::ArrayRef<ast::Argument> arguments = call->arguments;
    if (!input) {
      input = arguments[0].value;
      arguments = arguments.drop_front();
    }
    node->arguments.assign(arguments.begin(), arguments.end());
  }
  const ast::Expression *callee = call ? call->callee : target;
  node->callee = {calleeName(callee), callee->range};
  if (node->callee.empty()) {
    diagnostics.report(DID::WrongKind, callee->range,
                       "`" + callee->range.text() + "`", "a transform");
    return nullptr;
  }
  if (node->callee.name == "drop_missing" && node->arguments.empty())
    return readFieldNode(set, field, input, "drop");
  Object named = lookUp(node->callee.name, node->callee.range, scope, true);
  bool isFunction = !named.is(Object::Poison);
  node->declaration =
      findModule(ast::ModuleKind::Transform, node->callee.name,
                 node->callee.range, node->environment, isFunction);
  if (!node->declaration && !isFunction)
    return nullptr;
  // A user's own function comes before the library's transform of its name.
  bool isOwn = named.is(Object::Function) && named.function->declaration &&
               !libraryFiles.contains(named.function->declaration->range.file);
  if (isOwn && node->declaration &&
      libraryFiles.contains(node->declaration->range.file))
    node->declaration = nullptr;
  node->isNamesake = isFunction;
  node->kind = node->declaration ? FieldNode::Transform : FieldNode::Function;
  if (node->declaration && acceptsMissing(*node->declaration))
    missing = "keep";
  std::unique_ptr<FieldNode> child = readFieldNode(set, field, input, missing);
  if (!child)
    return nullptr;
  node->classes = child->classes;
  node->children.push_back(std::move(child));
  return node;
}

std::unique_ptr<FieldNode>
Lowering::readFieldNode(DataSet &set, DataField &field,
                        const ast::Expression *written,
                        llvm::StringRef missing) {
  auto *call = llvm::dyn_cast<ast::Call>(written);
  llvm::StringRef name = calleeName(written);
  if (call && isSelector(set, name)) {
    std::unique_ptr<FieldNode> leaf = readSelector(set, field, *call, missing);
    if (!leaf || (name != "one_hot" && name != "normal"))
      return leaf;
    auto node = std::make_unique<FieldNode>();
    node->kind = FieldNode::Transform;
    node->range = written->range;
    node->callee = {name, call->callee->range};
    node->classes = leaf->classes;
    node->declaration = findModule(ast::ModuleKind::Transform, name,
                                   written->range, node->environment);
    node->children.push_back(std::move(leaf));
    return node->declaration ? std::move(node) : nullptr;
  }
  if (call && name == "concat") {
    auto node = std::make_unique<FieldNode>();
    node->kind = FieldNode::Concat;
    node->range = written->range;
    for (const ast::Argument &argument : call->arguments) {
      if (!argument.name.empty()) {
        diagnostics.report(DID::UnknownArgument, argument.name.range, name,
                           argument.name.name);
        return nullptr;
      }
      node->children.push_back(
          readFieldNode(set, field, argument.value, missing));
      if (!node->children.back())
        return nullptr;
    }
    if (!node->children.empty())
      return node;
  }
  bool isApplied = llvm::isa<ast::Pipe>(written);
  if (call && !call->arguments.empty() && call->arguments[0].name.empty())
    isApplied |= llvm::isa<ast::Call, ast::Pipe>(call->arguments[0].value);
  if (isApplied)
    return readApplied(set, field, written, missing);
  if (call)
    diagnostics.report(DID::UnknownModuleKind, call->callee->range,
                       call->callee->range.text(),
                       "field of `" + set.format + "`");
  else
    diagnostics.report(DID::WrongKind, written->range,
                       "`" + written->range.text() + "`", "a field");
  return nullptr;
}

/// `windows(field, length = 24)`, `ahead(field, steps = 1)`: leaves the field.
bool Lowering::readWindow(DataField &field, const ast::Expression *&written) {
  llvm::StringRef name = calleeName(written);
  auto *call = llvm::dyn_cast<ast::Call>(written);
  if (!call || (name != "windows" && name != "ahead"))
    return true;
  llvm::StringRef wanted = name == "windows" ? "length" : "steps";
  int64_t &count = name == "windows" ? field.window : field.ahead;
  const ast::Expression *inner = nullptr;
  for (const ast::Argument &argument : call->arguments) {
    if (argument.name.empty() && !inner) {
      inner = argument.value;
      continue;
    }
    if (argument.name.name != wanted) {
      diagnostics.report(DID::UnknownArgument, argument.range, name,
                         argument.name.name);
      return false;
    }
    std::optional<int64_t> given = evaluateInteger(argument.value);
    if (!given)
      return false;
    count = *given;
    if (count < 1 || count > longestWindow) {
      diagnostics.report(DID::OutOfRange, argument.value->range,
                         llvm::Twine(count), "1", llvm::Twine(longestWindow));
      return false;
    }
  }
  if (!inner || !count) {
    diagnostics.report(DID::MissingArgument, call->range, name,
                       inner ? wanted : "field");
    return false;
  }
  written = inner;
  return true;
}

/// The type of the raw rows.
bool Lowering::chooseRawType(const DataSet &set, DataField &field) {
  Type integer = IntegerType::get(&context, 32);
  llvm::SmallVector<SizeAttr> shape = {SizeAttr::getSymbol(&context, "N")};
  if (field.parts.size() == 1) {
    const DataPart &part = field.parts.front();
    for (int64_t dimension : part.dimensions)
      shape.push_back(constantSize(dimension));
    bool isRow = part.isInteger ? part.width() > 1 : true;
    if (part.selector != DataPart::Array && isRow)
      shape.push_back(constantSize(part.width()));
    field.raw = ArrayType::get(shape, part.isInteger ? integer : floatType);
    return true;
  }
  int64_t width = 0;
  for (const DataPart &part : field.parts) {
    if (part.isInteger || part.selector == DataPart::Array)
      return unsupported("an array, labels or codes beside other columns in "
                         "one field",
                         field.range),
             false;
    width += part.width();
  }
  shape.push_back(constantSize(width));
  field.raw = ArrayType::get(shape, floatType);
  return true;
}

bool Lowering::readField(DataSet &set, const ast::DataField &written) {
  DataField field;
  field.name = written.name.name;
  field.range = written.name.range;
  for (const DataField &other : set.fields)
    if (other.name == field.name) {
      diagnostics.report(DID::Redeclared, field.range, field.name)
          .note(NoteId::DeclaredHere, other.range, field.name);
      return false;
    }
  const ast::Expression *value = written.value;
  if (!readWindow(field, value))
    return false;
  field.root = readFieldNode(set, field, value, "refuse");
  if (!field.root || !chooseRawType(set, field))
    return false;
  for (auto [i, part] : llvm::enumerate(field.parts)) {
    if (part.kind == "numbers" || !set.isText())
      continue;
    // The texts of each column, which the runtime learns and looks up.
    Slot slot;
    slot.kind = "statistic";
    std::string name = (set.declaration->name.name + "." + field.name +
                        (part.kind == "labels" ? ".classes" : ".categories"))
                           .str();
    if (field.parts.size() > 1)
      name += "." + std::to_string(i);
    slot.symbol = slot.fileName = name;
    slot.range = field.range;
    slot.type =
        ArrayType::get({constantSize(part.width()), constantSize(part.classes),
                        constantSize(part.length)},
                       IntegerType::get(&context, 8));
    if (!checkBytes(slot.type, field.range))
      return false;
    part.vocabulary = addSlot(std::move(slot));
  }
  field.type = field.raw;
  if (field.root->kind != FieldNode::Leaf &&
      !(makePreprocess(set, field) && makeFits(set, field, *field.root)))
    return false;
  if (field.window) {
    llvm::SmallVector<SizeAttr> shape(field.type.getShape());
    shape.insert(shape.begin() + 1, constantSize(field.window));
    field.type = field.type.withShape(shape);
  }
  set.fields.push_back(std::move(field));
  return true;
}

//===----------------------------------------------------------------------===//
// Evaluating
//===----------------------------------------------------------------------===//

/// The columns of one part of the raw rows.
Object Lowering::evaluateLeaf(const DataField &field, const FieldNode &node,
                              Value raw) {
  if (field.parts.size() == 1)
    return Object::array(raw);
  const DataPart &part = field.parts[node.part];
  SizeAttr rows = field.raw.getSize(0);
  return Object::arrayOrPoison(
      slice(raw, {constantSize(0), constantSize(part.offset)},
            {rows, constantSize(part.width())}, {1, 1}, node.range));
}

/// Those that may have statistics: a transform that is called like a function
/// only adds its inverse.
static unsigned countTransforms(const FieldNode &node) {
  unsigned count = node.kind == FieldNode::Transform && !node.isNamesake;
  for (const auto &child : node.children)
    count += countTransforms(*child);
  return count;
}

/// Makes the instance of a transform, once the type of its input is known.
bool Lowering::makeTransform(const DataSet &set, DataField &field,
                             FieldNode &node, ArrayType input) {
  std::vector<ArgumentValue> arguments = evaluateArguments(node.arguments);
  for (const ast::ParameterDeclaration &parameter :
       node.declaration->parameters) {
    llvm::StringRef name = parameter.name.name;
    bool isGiven = llvm::any_of(arguments, [&](const ArgumentValue &argument) {
      return argument.name.name == name;
    });
    if (isGiven)
      continue;
    if (name == "columns") {
      std::optional<int64_t> columns;
      if (input.getRank() == 2)
        columns = input.getSize(1).asConstant();
      if (!columns) {
        diagnostics.report(DID::WrongKind, node.children[0]->range,
                           "`" + describe(input) + "`", "rows of columns");
        return false;
      }
      arguments.push_back({parameter.name,
                           Object::integer(constantSize(*columns)),
                           node.range});
    } else if (name == "classes" && node.classes) {
      arguments.push_back({parameter.name,
                           Object::integer(constantSize(node.classes)),
                           node.range});
    }
  }
  Instance prototype;
  prototype.kindOfState = "statistic";
  prototype.path = (set.declaration->name.name + "." + field.name).str();
  if (countTransforms(*field.root) > 1)
    prototype.path =
        uniqueSymbol(prototype.path + "." + node.callee.name.str());
  prototype.fileName = prototype.path;
  node.transform.instance =
      instantiate(node.declaration, node.environment, std::move(arguments),
                  node.range, &prototype);
  return node.transform.instance;
}

/// What a node is for these raw rows, in the current frame.
Object Lowering::evaluateField(const DataSet &set, DataField &field,
                               FieldNode &node, Value raw) {
  if (node.kind == FieldNode::Leaf)
    return evaluateLeaf(field, node, raw);
  std::vector<ArgumentValue> arguments;
  for (const auto &child : node.children) {
    Object value = evaluateField(set, field, *child, raw);
    if (!value.is(Object::Array)) {
      if (!value.is(Object::Poison))
        diagnostics.report(DID::WrongKind, child->range, describe(value),
                           "an array");
      return Object::poison();
    }
    if (value.type().getRank() == 2)
      child->columns = value.type().getSize(1).asConstant();
    arguments.push_back({Identifier(), std::move(value), child->range});
  }
  if (node.kind == FieldNode::Concat) {
    if (arguments.size() == 1)
      return arguments.front().object;
    arguments.push_back(
        {{"axis", node.range}, Object::integer(constantSize(1)), node.range});
    return callBuiltin("concat", std::move(arguments), node.range, {});
  }
  if (node.kind == FieldNode::Function) {
    Object callee = lookUp(node.callee.name, node.callee.range, scope);
    llvm::append_range(arguments, evaluateArguments(node.arguments));
    return call(callee, std::move(arguments), node.callee.range, node.range,
                {});
  }
  if (!node.transform.instance &&
      !makeTransform(set, field, node, arguments.front().object.type()))
    return Object::poison();
  Object apply = methodOf(node.transform, "");
  if (apply.is(Object::Poison)) {
    diagnostics.report(DID::NoCallOperator, node.range,
                       "the transform `" + node.callee.name + "`");
    return Object::poison();
  }
  return callFunction(*apply.function, std::move(arguments), node.range,
                      nullptr);
}

/// The entry from raw rows to what the model sees.
bool Lowering::makePreprocess(const DataSet &set, DataField &field) {
  field.preprocess = uniqueSymbol(("preprocess." + field.name).str());
  bool good = false;
  SourceRange range = field.root->range;
  makeEntry(field.preprocess, "preprocess", false, range, "", [&] {
    entrySymbol("N", chunkRows);
    Value raw = entryInput(field.raw, "data", field.name, field.range);
    Object result = evaluateField(set, field, *field.root, raw);
    if (!result.is(Object::Array) || result.type().getRank() == 0 ||
        result.type().getSize(0) != field.raw.getSize(0)) {
      if (!result.is(Object::Poison))
        diagnostics.report(DID::WrongKind, range, describe(result),
                           "an array with the same rows");
      return false;
    }
    field.type = result.type();
    entryOutput(result.value, "result", field.name);
    return good = true;
  });
  return good;
}

/// The entries that learn from a chunk of raw rows: those of a transform's
/// input before its own.
bool Lowering::makeFits(const DataSet &set, DataField &field, FieldNode &node) {
  for (const auto &child : node.children)
    if (!makeFits(set, field, *child))
      return false;
  if (node.kind != FieldNode::Transform)
    return true;
  Object fit = methodOf(node.transform, "fit");
  if (!fit.is(Object::Function))
    return true;
  DataField::Pass pass = {uniqueSymbol(("fit." + field.name).str()), 1};
  if (Object *times = node.transform.instance->environment->find("passes"))
    pass.times = times->constant().value_or(0);
  if (pass.times < 1 || pass.times > mostPasses) {
    diagnostics.report(DID::OutOfRange, node.range, llvm::Twine(pass.times),
                       "1", llvm::Twine(mostPasses));
    return false;
  }
  bool good = false;
  makeEntry(pass.entry, "fit", false, node.range, "", [&] {
    entrySymbol("N", chunkRows);
    Value raw = entryInput(field.raw, "data", field.name, field.range);
    Object input = evaluateField(set, field, *node.children[0], raw);
    if (input.is(Object::Poison))
      return false;
    std::vector<ArgumentValue> arguments = {{Identifier(), input, field.range}};
    // A transform that needs several passes is told which one it is.
    if (fit.function->declaration->parameters.size() > 1) {
      auto scalar = ArrayType::get({}, IntegerType::get(&context, 64));
      Value number = entryInput(scalar, "step", "", node.range);
      Value pass = castTo(number, floatType, node.range);
      arguments.push_back({Identifier(), Object::array(pass), node.range});
    }
    return good = !callFunction(*fit.function, std::move(arguments), node.range,
                                nullptr)
                       .is(Object::Poison);
  });
  field.passes.push_back(std::move(pass));
  return good;
}

} // namespace modelc::lowering
