// DataTables.cpp: data declarations as `model.data`.
#include "dialect/ops/Control.h"
#include "frontend/lowering/DataSet.h"

using namespace mlir;

namespace modelc::lowering {

static StringAttr textOf(Builder &b, llvm::StringRef text) {
  return b.getStringAttr(text);
}

static ArrayAttr textsOf(Builder &b, llvm::ArrayRef<llvm::StringRef> texts) {
  return b.getStrArrayAttr(texts);
}

static llvm::StringRef selectorOf(const DataPart &part) {
  return part.selector == DataPart::Named   ? "named"
         : part.selector == DataPart::Array ? "array"
                                            : "range";
}

DictionaryAttr Lowering::describePart(const DataPart &part) {
  Builder b(&context);
  llvm::SmallVector<NamedAttribute> entries = {
      attribute("selector", textOf(b, selectorOf(part))),
      attribute("first", b.getI64IntegerAttr(part.first)),
      attribute("last", b.getI64IntegerAttr(part.last)),
      attribute("names", textsOf(b, part.names)),
      attribute("kind", textOf(b, part.kind)),
      attribute("missing", textOf(b, part.missing)),
      attribute("unseen", textOf(b, part.unseen)),
      attribute("classes", b.getI64IntegerAttr(part.classes)),
      attribute("dimensions", b.getI64ArrayAttr(part.dimensions)),
      attribute("strip", textOf(b, part.strip))};
  if (part.vocabulary)
    entries.push_back(
        attribute("vocabulary",
                  FlatSymbolRefAttr::get(&context, part.vocabulary->symbol)));
  return b.getDictionaryAttr(entries);
}

/// Whether the members of `modelc_field` say all that there is to say.
static bool isPlain(const DataField &field) {
  const DataPart &part = field.parts.front();
  return field.parts.size() == 1 && part.selector != DataPart::Array &&
         part.missing == "refuse" && !part.vocabulary &&
         part.kind != "categories";
}

DictionaryAttr Lowering::describeField(const DataField &field) {
  Builder b(&context);
  auto number = [&](llvm::StringRef name, int64_t value) {
    return attribute(name, b.getI64IntegerAttr(value));
  };
  LineColumn at = field.range.start();
  DataPart only = field.parts.front();
  if (field.parts.size() > 1) {
    only = DataPart();
    only.last = field.parts.back().offset + field.parts.back().width();
  } else if (only.selector == DataPart::Array) {
    only.selector = DataPart::Range;
    only.names.clear();
  }
  llvm::SmallVector<NamedAttribute> entries = {
      attribute("name", textOf(b, field.name)),
      attribute("selector", textOf(b, selectorOf(only))),
      number("first", only.first),
      number("last", only.last),
      attribute("names", textsOf(b, only.names)),
      attribute("dtype", TypeAttr::get(field.raw.getElementType())),
      number("rank", field.raw.getRank() > 1 ? 2 : 1),
      number("classes", only.kind == "labels" ? only.classes : 0),
      attribute("source",
                textOf(b, (field.range.file->name() + ":" +
                           llvm::Twine(at.line) + ":" + llvm::Twine(at.column))
                              .str()))};
  bool isSimple = field.passes.size() == 1 && field.passes[0].times == 1;
  if (isSimple)
    entries.push_back(attribute(
        "fit", FlatSymbolRefAttr::get(&context, field.passes[0].entry)));
  if (!field.preprocess.empty())
    entries.push_back(attribute(
        "preprocess", FlatSymbolRefAttr::get(&context, field.preprocess)));
  if (!isPlain(field)) {
    llvm::SmallVector<Attribute> parts;
    for (const DataPart &part : field.parts)
      parts.push_back(describePart(part));
    entries.push_back(attribute("parts", b.getArrayAttr(parts)));
  }
  if (!isSimple && !field.passes.empty()) {
    llvm::SmallVector<Attribute> passes;
    for (const DataField::Pass &pass : field.passes)
      passes.push_back(b.getDictionaryAttr(
          {attribute("entry", FlatSymbolRefAttr::get(&context, pass.entry)),
           number("times", pass.times)}));
    entries.push_back(attribute("passes", b.getArrayAttr(passes)));
  }
  if (field.window)
    entries.push_back(number("window", field.window));
  if (field.ahead)
    entries.push_back(number("ahead", field.ahead));
  return b.getDictionaryAttr(entries);
}

/// The files of a source that has one for each array.
static ArrayAttr describeFiles(Builder &b, const DataSetSource &source) {
  llvm::SmallVector<Attribute> files;
  for (const DataSetSource::File &file : source.files)
    files.push_back(b.getDictionaryAttr(
        {b.getNamedAttr("name", b.getStringAttr(file.name)),
         b.getNamedAttr("path", b.getStringAttr(file.path))}));
  return b.getArrayAttr(files);
}

void Lowering::declareData(const DataSet &set) {
  Builder b(&context);
  auto number = [&](llvm::StringRef name, int64_t value) {
    return attribute(name, b.getI64IntegerAttr(value));
  };
  llvm::SmallVector<Attribute> fields, splits;
  for (const DataField &field : set.fields)
    fields.push_back(describeField(field));
  for (const DataSet::Split &split : set.splits) {
    llvm::SmallVector<NamedAttribute> entries = {
        attribute("name", textOf(b, split.name)),
        attribute("share", b.getF64FloatAttr(split.share))};
    if (!split.source.path.empty())
      entries.push_back(attribute("path", textOf(b, split.source.path)));
    if (!split.source.files.empty())
      entries.push_back(attribute("files", describeFiles(b, split.source)));
    splits.push_back(b.getDictionaryAttr(entries));
  }
  llvm::SmallVector<NamedAttribute> options = {
      number("header", set.header), number("rows", set.rows),
      number("seed", set.seed),
      attribute("shuffle", b.getBoolAttr(set.shuffle))};
  if (!set.separator.empty())
    options.push_back(attribute("separator", textOf(b, set.separator)));
  if (!set.missing.empty())
    options.push_back(attribute(
        "missing", textsOf(b, llvm::SmallVector<llvm::StringRef>(
                                  set.missing.begin(), set.missing.end()))));
  if (!set.source.files.empty())
    options.push_back(attribute("files", describeFiles(b, set.source)));
  if (!set.rule.empty())
    options.push_back(attribute("rule", textOf(b, set.rule)));
  if (set.folds)
    options.push_back(number("folds", set.folds));
  if (set.keyField >= 0)
    options.push_back(number("key_field", set.keyField));
  if (set.key)
    options.push_back(attribute("key", describePart(*set.key)));
  declarations.create<model::DataOp>(
      locate(set.declaration->name.range), set.declaration->name.name,
      set.format, set.source.path, b.getArrayAttr(fields),
      b.getArrayAttr(splits), b.getDictionaryAttr(options));
}

} // namespace modelc::lowering
