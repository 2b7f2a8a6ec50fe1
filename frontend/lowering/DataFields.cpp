// DataFields.cpp: data declarations: sources, fields, transforms and splits.
#include "dialect/ops/Control.h"
#include "frontend/lowering/Training.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// Rows that `fit` and `preprocess` take at a time.
static constexpr int64_t chunkRows = 256;
static constexpr int64_t mostColumns = 1 << 20;

//===----------------------------------------------------------------------===//
// Sources and splits
//===----------------------------------------------------------------------===//

static llvm::StringRef calleeName(const ast::Call &call) {
  auto *name = llvm::dyn_cast<ast::Name>(call.callee);
  return name ? name->name : llvm::StringRef();
}

bool Lowering::readSource(DataSet &set, const ast::Call &source) {
  llvm::StringRef format = calleeName(source);
  if (format != "csv" && format != "random") {
    auto &error = diagnostics.report(DID::UnknownModuleKind,
                                     source.callee->range, format, "source");
    if (auto near = nearestName(format, {"csv", "random"}))
      error.hint(HintId::DidYouMean, *near);
    return false;
  }
  if (!set.format.empty() && set.format != format)
    return unsupported("a second format in one data declaration", source.range),
           false;
  set.format = format.str();
  set.path.clear();
  for (const ast::Argument &argument : source.arguments) {
    llvm::StringRef name = argument.name.name;
    SourceRange range = argument.value->range;
    Object value = evaluate(argument.value);
    if (value.is(Object::Poison))
      return false;
    if (name.empty() && format == "csv" && value.is(Object::String)) {
      set.path = value.text.str();
    } else if (name == "header" && format == "csv" &&
               value.is(Object::Boolean)) {
      set.header = value.truth;
    } else if (name == "shuffle" && value.is(Object::Boolean)) {
      set.shuffle = value.truth;
    } else if (name == "rows" && format == "random" && value.constant() &&
               *value.constant() > 0) {
      set.rows = *value.constant();
    } else if (name == "seed" && format == "random" && value.constant()) {
      set.seed = *value.constant();
    } else if (!name.empty() &&
               !llvm::is_contained({"header", "shuffle", "rows", "seed"},
                                   name)) {
      diagnostics.report(DID::UnknownArgument, argument.name.range, format,
                         name);
      return false;
    } else {
      diagnostics.report(DID::WrongKind, range, describe(value),
                         "an argument of `" + format + "`");
      return false;
    }
  }
  bool complete = format == "csv" ? !set.path.empty() : set.rows > 0;
  if (!complete)
    diagnostics.report(DID::MissingArgument, source.range, format,
                       format == "csv" ? "path" : "rows");
  return complete;
}

bool Lowering::readSplits(DataSet &set) {
  double total = 0;
  for (const ast::DataSplit &written : set.declaration->splits) {
    DataSet::Split split;
    split.name = written.name.name;
    bool known = llvm::is_contained({"train", "valid", "test"}, split.name);
    bool repeated = llvm::any_of(set.splits, [&](const DataSet::Split &other) {
      return other.name == split.name;
    });
    if (!known || repeated) {
      diagnostics.report(DID::UnknownSplit, written.name.range, split.name);
      return false;
    }
    if (written.share) {
      written.share->spelling.getAsDouble(split.share);
      split.share /= 100;
      total += split.share;
    } else {
      if (!readSource(set, *written.source))
        return false;
      split.path = set.path;
      set.path.clear();
    }
    set.splits.push_back(std::move(split));
  }
  if (total > 1 + 1e-9) {
    diagnostics.report(DID::SplitTooLarge, set.declaration->splitRange);
    return false;
  }
  if (set.declaration->splits.empty())
    set.splits.push_back({"train", 1, ""});
  return true;
}

//===----------------------------------------------------------------------===//
// Fields
//===----------------------------------------------------------------------===//

/// Reads `columns(0..11)`, `column("a")`, `labels("kind", classes = 3)`, ….
bool Lowering::readSelector(DataSet &set, DataField &field,
                            const ast::Call &call) {
  llvm::StringRef selector = calleeName(call);
  bool random = set.format == "random", labels = selector == "labels";
  bool normal = selector == "normal";
  bool known = random ? selector == "uniform" || normal || labels
                      : selector == "columns" || selector == "column" || labels;
  if (!known) {
    diagnostics.report(DID::UnknownModuleKind, call.callee->range,
                       call.callee->range.text(),
                       "field of `" + set.format + "`");
    return false;
  }
  auto refuse = [&](const ast::Argument &argument, const Object &value) {
    if (!value.is(Object::Poison))
      diagnostics.report(DID::WrongKind, argument.range, describe(value),
                         "an argument of `" + selector + "`");
    return false;
  };
  int64_t width = random && labels ? 1 : 0;
  for (const ast::Argument &argument : call.arguments) {
    Object value = evaluate(argument.value);
    std::optional<int64_t> number = value.constant();
    llvm::StringRef name = argument.name.name;
    if (name == "classes" && labels && number && *number > 0 &&
        *number <= mostColumns) {
      field.classes = *number;
    } else if (name == "columns" && random && !labels && number &&
               *number > 0 && *number <= mostColumns) {
      width = normal ? 2 * *number : *number; // two uniform ones make one
    } else if (!name.empty() || random) {
      return refuse(argument, value);
    } else if (value.is(Object::String)) {
      field.isNamed = true;
      field.names.push_back(value.text);
    } else if (value.is(Object::Range) && selector == "columns") {
      field.first = value.elements[0].constant().value_or(-1);
      field.last = value.elements[1].constant().value_or(-1);
      if (field.first < 0 || field.last <= field.first ||
          field.last > mostColumns)
        return refuse(argument, value);
    } else if (number && *number >= 0 && *number < mostColumns) {
      field.first = *number;
      field.last = *number + 1;
    } else {
      return refuse(argument, value);
    }
  }
  if (random) {
    field.first = set.columns;
    field.last = set.columns += width;
  }
  width = field.isNamed ? field.names.size() : field.last - field.first;
  llvm::StringRef missing = width < 1                  ? "columns"
                            : labels && !field.classes ? "classes"
                                                       : "";
  if (!missing.empty()) {
    diagnostics.report(DID::MissingArgument, call.range, selector, missing);
    return false;
  }
  if (selector != "columns" && !random && width != 1) {
    diagnostics.report(DID::TooManyArguments, call.range, selector, "1");
    return false;
  }
  SizeAttr rows = SizeAttr::getSymbol(&context, "N");
  field.raw = labels ? ArrayType::get({rows}, IntegerType::get(&context, 32))
                     : ArrayType::get({rows, constantSize(width)}, floatType);
  field.type = field.raw;
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
  auto *call = llvm::dyn_cast<ast::Call>(written.value);
  if (!call) {
    diagnostics.report(DID::WrongKind, written.value->range,
                       "`" + written.value->range.text() + "`", "a field");
    return false;
  }
  auto *inner = call->arguments.empty()
                    ? nullptr
                    : llvm::dyn_cast<ast::Call>(call->arguments[0].value);
  bool transformed = inner && call->arguments[0].name.empty();
  const ast::Call &selector = transformed ? *inner : *call;
  if (!readSelector(set, field, selector))
    return false;
  bool normal = calleeName(selector) == "normal";
  if (normal && transformed)
    return unsupported("a transform of `normal`", call->range), false;
  if (normal && !makeTransform(set, field, "normal", {}, selector.range))
    return false;
  if (transformed && !makeTransform(set, field, calleeName(*call),
                                    call->arguments.drop_front(), call->range))
    return false;
  set.fields.push_back(std::move(field));
  return true;
}

static std::vector<ArgumentValue> oneArgument(Value value, SourceRange range) {
  return {ArgumentValue{Identifier(), Object::array(value), range}};
}

bool Lowering::makeTransform(DataSet &set, DataField &field,
                             llvm::StringRef name,
                             llvm::ArrayRef<ast::Argument> written,
                             SourceRange range) {
  if (field.classes)
    return unsupported("a transform of labels", range), false;
  Environment *environment = nullptr;
  const ast::Module *declaration =
      findModule(ast::ModuleKind::Transform, name, range, environment);
  if (!declaration)
    return false;
  std::vector<ArgumentValue> arguments = evaluateArguments(written);
  for (const ast::ParameterDeclaration &parameter : declaration->parameters)
    if (parameter.name.name == "columns")
      arguments.push_back(
          {parameter.name, Object::integer(field.raw.getSize(1)), range});
  Instance prototype;
  prototype.kindOfState = "statistic";
  prototype.path = prototype.fileName =
      (set.declaration->name.name + "." + field.name).str();
  Instance *transform = instantiate(declaration, environment,
                                    std::move(arguments), range, &prototype);
  if (!transform)
    return false;
  InstanceReference reference = {transform, {}};
  makeFit(field, reference, range);
  return makePreprocess(field, reference, range);
}

/// The entry that learns from a chunk of raw rows, if the transform does.
void Lowering::makeFit(DataField &field, const InstanceReference &transform,
                       SourceRange range) {
  Object fit = methodOf(transform, "fit");
  if (!fit.is(Object::Function))
    return;
  field.fit = uniqueSymbol(("fit." + field.name).str());
  makeEntry(field.fit, "fit", false, range, "", [&] {
    entrySymbol("N", chunkRows);
    Value raw = entryInput(field.raw, "data", field.name, field.range);
    return !callFunction(*fit.function, oneArgument(raw, field.range), range,
                         nullptr)
                .is(Object::Poison);
  });
}

/// The entry from raw rows to what the model sees.
bool Lowering::makePreprocess(DataField &field,
                              const InstanceReference &transform,
                              SourceRange range) {
  Object apply = methodOf(transform, "");
  if (apply.is(Object::Poison)) {
    diagnostics.report(DID::NoCallOperator, range,
                       "the transform `" +
                           transform.instance->declaration->name.name + "`");
    return false;
  }
  field.preprocess = uniqueSymbol(("preprocess." + field.name).str());
  bool good = false;
  makeEntry(field.preprocess, "preprocess", false, range, "", [&] {
    entrySymbol("N", chunkRows);
    Value raw = entryInput(field.raw, "data", field.name, field.range);
    Object result = callFunction(*apply.function, oneArgument(raw, field.range),
                                 range, nullptr);
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

bool Lowering::lowerData(const ast::Data &data, DataSet &set) {
  llvm::SaveAndRestore inScope(scope, fileScope);
  set.declaration = &data;
  if (data.source && !readSource(set, *data.source))
    return false;
  std::string path = set.path;
  if (!readSplits(set))
    return false;
  if (set.format.empty()) {
    diagnostics.report(DID::NoSource, data.name.range, data.name.name);
    return false;
  }
  set.path = path;
  bool good = true;
  for (const ast::DataField &field : data.fields)
    good &= readField(set, field);
  if (good)
    declareData(set);
  return good;
}

void Lowering::declareData(const DataSet &set) {
  Builder b(&context);
  auto text = [&](llvm::StringRef name, llvm::StringRef value) {
    return attribute(name, b.getStringAttr(value));
  };
  auto number = [&](llvm::StringRef name, int64_t value) {
    return attribute(name, b.getI64IntegerAttr(value));
  };
  llvm::SmallVector<Attribute> fields, splits;
  for (const DataField &field : set.fields) {
    LineColumn at = field.range.start();
    llvm::SmallVector<NamedAttribute> entries = {
        text("name", field.name),
        text("selector", field.isNamed ? "named" : "range"),
        number("first", field.first),
        number("last", field.last),
        attribute("names", b.getStrArrayAttr(llvm::SmallVector<llvm::StringRef>(
                               field.names.begin(), field.names.end()))),
        attribute("dtype", TypeAttr::get(field.raw.getElementType())),
        number("rank", field.raw.getRank()),
        number("classes", field.classes),
        text("source", (field.range.file->name() + ":" + llvm::Twine(at.line) +
                        ":" + llvm::Twine(at.column))
                           .str())};
    if (!field.fit.empty())
      entries.push_back(
          attribute("fit", FlatSymbolRefAttr::get(&context, field.fit)));
    if (!field.preprocess.empty())
      entries.push_back(attribute(
          "preprocess", FlatSymbolRefAttr::get(&context, field.preprocess)));
    fields.push_back(b.getDictionaryAttr(entries));
  }
  for (const DataSet::Split &split : set.splits) {
    llvm::SmallVector<NamedAttribute> entries = {
        text("name", split.name),
        attribute("share", b.getF64FloatAttr(split.share))};
    if (!split.path.empty())
      entries.push_back(text("path", split.path));
    splits.push_back(b.getDictionaryAttr(entries));
  }
  declarations.create<model::DataOp>(
      locate(set.declaration->name.range), set.declaration->name.name,
      set.format, set.path, b.getArrayAttr(fields), b.getArrayAttr(splits),
      b.getDictionaryAttr({number("header", set.header),
                           number("rows", set.rows), number("seed", set.seed),
                           attribute("shuffle", b.getBoolAttr(set.shuffle))}));
}

} // namespace modelc::lowering
