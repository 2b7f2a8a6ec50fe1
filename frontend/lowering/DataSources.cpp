// DataSources.cpp: data declarations: where rows come from and how they are
// split.
#include "frontend/lowering/DataSet.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

static constexpr llvm::StringLiteral formats[] = {
    "csv", "tsv", "npy", "idx", "safetensors", "random"};

static constexpr int64_t mostFolds = 1000;

static llvm::StringRef calleeName(const ast::Call &call) {
  auto *name = llvm::dyn_cast<ast::Name>(call.callee);
  return name ? name->name : llvm::StringRef();
}

//===----------------------------------------------------------------------===//
// Sources
//===----------------------------------------------------------------------===//

/// `missing = "?"` or `missing = ("?", "NA")`.
bool Lowering::readMissing(DataSet &set, const Object &value) {
  set.missing.clear();
  if (value.is(Object::String)) {
    set.missing.push_back(value.text.str());
    return true;
  }
  for (const Object &element : value.elements) {
    if (!element.is(Object::String))
      return false;
    set.missing.push_back(element.text.str());
  }
  return value.is(Object::Tuple);
}

bool Lowering::readSourceArgument(DataSet &set, const ast::Argument &argument,
                                  DataSetSource &target) {
  llvm::StringRef name = argument.name.name;
  Object value = evaluate(argument.value);
  std::optional<int64_t> number = value.constant();
  bool random = set.format == "random";
  bool isArrayFile = set.format == "npy" || set.format == "idx";
  if (value.is(Object::Poison))
    return false;
  if (name.empty() && !random && !isArrayFile && value.is(Object::String)) {
    target.path = value.text.str();
  } else if (name == "header" && set.isText() && value.is(Object::Boolean)) {
    set.header = value.truth;
  } else if (name == "shuffle" && value.is(Object::Boolean)) {
    set.shuffle = value.truth;
  } else if (name == "separator" && set.format == "csv" &&
             value.is(Object::String) && value.text.size() == 1 &&
             value.text != "\"" && value.text != "\n") {
    set.separator = value.text.str();
  } else if (name == "missing" && set.isText()) {
    if (readMissing(set, value))
      return true;
    diagnostics.report(DID::WrongKind, argument.value->range, describe(value),
                       "a text or a tuple of texts");
    return false;
  } else if (name == "rows" && random && number && *number > 0) {
    set.rows = *number;
  } else if (name == "seed" && random && number) {
    set.seed = *number;
  } else if (!name.empty() && isArrayFile && value.is(Object::String)) {
    target.files.push_back({name, value.text.str()});
  } else if (!name.empty() && !isArrayFile &&
             !llvm::is_contained(
                 {"header", "shuffle", "rows", "seed", "separator", "missing"},
                 name)) {
    diagnostics.report(DID::UnknownArgument, argument.name.range, set.format,
                       name);
    return false;
  } else {
    diagnostics.report(DID::WrongKind, argument.value->range, describe(value),
                       isArrayFile && name.empty()
                           ? "a name and a path, such as `x = \"x." +
                                 set.format + "\"`"
                           : "an argument of `" + set.format + "`");
    return false;
  }
  return true;
}

bool Lowering::readSource(DataSet &set, const ast::Call &source,
                          DataSetSource &target) {
  llvm::StringRef format = calleeName(source);
  if (!llvm::is_contained(formats, format)) {
    auto &error = diagnostics.report(DID::UnknownModuleKind,
                                     source.callee->range, format, "source");
    std::vector<llvm::StringRef> known(std::begin(formats), std::end(formats));
    if (auto near = nearestName(format, known))
      error.hint(HintId::DidYouMean, *near);
    else
      error.hint(HintId::SourcesAre, "`" + llvm::join(known, "`, `") + "`");
    return false;
  }
  if (!set.format.empty() && set.format != format)
    return unsupported("a second format in one data declaration", source.range),
           false;
  set.format = format.str();
  for (const ast::Argument &argument : source.arguments)
    if (!readSourceArgument(set, argument, target))
      return false;
  bool isRandom = format == "random";
  bool complete =
      isRandom ? set.rows > 0 : !target.path.empty() || !target.files.empty();
  if (!complete)
    diagnostics.report(DID::MissingArgument, source.range, format,
                       isRandom ? "rows" : "path");
  return complete;
}

//===----------------------------------------------------------------------===//
// Splits
//===----------------------------------------------------------------------===//

/// `split folds 5`: every fifth is `valid` once, while the others are `train`.
bool Lowering::readFolds(DataSet &set) {
  std::optional<int64_t> folds = evaluateInteger(set.declaration->folds);
  if (!folds)
    return false;
  if (*folds < 2 || *folds > mostFolds) {
    diagnostics.report(DID::OutOfRange, set.declaration->folds->range,
                       llvm::Twine(*folds), "2", llvm::Twine(mostFolds));
    return false;
  }
  set.folds = *folds;
  double share = 1.0 / double(*folds);
  set.splits.push_back({"train", 1 - share, {}});
  set.splits.push_back({"valid", share, {}});
  return true;
}

bool Lowering::readSplits(DataSet &set) {
  double total = 0;
  if (set.declaration->folds)
    return readFolds(set);
  for (const ast::DataSplit &written : set.declaration->splits) {
    DataSet::Split split;
    split.name = written.name.name;
    bool known = llvm::is_contained({"train", "valid", "test"}, split.name);
    bool repeated = llvm::any_of(set.splits, [&](const DataSet::Split &other) {
      return other.name == split.name;
    });
    if (!known || repeated) {
      auto &error =
          diagnostics.report(DID::UnknownSplit, written.name.range, split.name);
      if (auto near = nearestName(split.name, {"train", "valid", "test"}))
        error.hint(HintId::DidYouMean, *near);
      return false;
    }
    if (written.share) {
      written.share->spelling.getAsDouble(split.share);
      split.share /= 100;
      total += split.share;
    } else if (!readSource(set, *written.source, split.source)) {
      return false;
    }
    set.splits.push_back(std::move(split));
  }
  if (total > 1 + 1e-9) {
    diagnostics.report(DID::SplitTooLarge, set.declaration->splitRange);
    return false;
  }
  if (set.declaration->splits.empty())
    set.splits.push_back({"train", 1, {}});
  return true;
}

/// `stratified by y`: a field, or a column that is none.
bool Lowering::readSplitRule(DataSet &set) {
  const ast::Expression *key = set.declaration->key;
  if (!key)
    return true;
  set.rule = set.declaration->rule.name.str();
  if (auto *name = llvm::dyn_cast<ast::Name>(key))
    for (auto [i, field] : llvm::enumerate(set.fields))
      if (field.name == name->name) {
        set.keyField = i;
        return true;
      }
  auto *call = llvm::dyn_cast<ast::Call>(key);
  if (call && calleeName(*call) == "column" && set.isText()) {
    DataPart part;
    part.kind = "categories";
    part.classes = 1; // no vocabulary is made of them
    part.missing = "keep";
    if (!readColumns(set, part, *call))
      return false;
    set.key = std::move(part);
    return true;
  }
  diagnostics.report(DID::WrongKind, key->range, "`" + key->range.text() + "`",
                     "a field or `column(…)`");
  return false;
}

bool Lowering::lowerData(const ast::Data &data, DataSet &set) {
  llvm::SaveAndRestore inScope(scope, fileScope);
  set.declaration = &data;
  if (data.source && !readSource(set, *data.source, set.source))
    return false;
  if (!readSplits(set))
    return false;
  if (set.format.empty()) {
    diagnostics.report(DID::NoSource, data.name.range, data.name.name);
    return false;
  }
  bool good = true;
  for (const ast::DataField &field : data.fields)
    good &= readField(set, field);
  good = good && readSplitRule(set);
  bool hasWindows = llvm::any_of(set.fields, [](const DataField &field) {
    return field.window || field.ahead;
  });
  bool isOrdered = !set.shuffle && set.rule.empty() && !set.folds;
  if (good && hasWindows && !isOrdered) {
    unsupported("a series whose rows are shuffled, stratified, grouped or cut "
                "into folds",
                data.name.range);
    return false;
  }
  if (good)
    declareData(set);
  return good;
}

} // namespace modelc::lowering
