// DataSelectors.cpp: which columns and arrays of a source make a field.
#include "frontend/lowering/DataSet.h"
#include "frontend/lowering/Hints.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

static constexpr int64_t mostColumns = 1 << 20;

static llvm::StringRef calleeName(const ast::Call &call) {
  auto *name = llvm::dyn_cast<ast::Name>(call.callee);
  return name ? name->name : llvm::StringRef();
}

static std::unique_ptr<FieldNode> leafOf(DataField &field, DataPart part,
                                         SourceRange range) {
  auto leaf = std::make_unique<FieldNode>();
  leaf->range = range;
  leaf->part = field.parts.size();
  leaf->classes = part.classes;
  for (const DataPart &other : field.parts)
    part.offset += other.width();
  field.parts.push_back(std::move(part));
  return leaf;
}

namespace {
/// Columns by their place.
struct Places {
  int64_t first, last;
  bool exist() const { return first >= 0 && last > first; }
};
} // namespace

/// The columns must be beside those that the part has already.
static bool addColumns(DataPart &part, Places places) {
  bool isFirst = part.width() == 0;
  if (!isFirst &&
      (part.selector == DataPart::Named || part.last != places.first))
    return false;
  part.first = isFirst ? places.first : part.first;
  part.last = places.last;
  return true;
}

/// Columns have names or numbers.
static bool addColumn(DataPart &part, llvm::StringRef name) {
  if (part.last)
    return false;
  part.selector = DataPart::Named;
  part.names.push_back(name);
  return true;
}

/// Reads the columns of `columns(0..11)`, `column("a")`, `labels("kind")`.
bool Lowering::readColumns(const DataSet &set, DataPart &part,
                           const ast::Call &call) {
  llvm::StringRef selector = calleeName(call);
  for (const ast::Argument &argument : call.arguments) {
    if (!argument.name.empty())
      continue;
    if (llvm::isa<ast::List>(argument.value)) {
      diagnostics
          .report(DID::WrongKind, argument.range, "a list",
                  "an argument of `" + selector + "`")
          .hint(HintId::ListWithoutBrackets);
      return false;
    }
    Object value = evaluate(argument.value);
    Places places = {-1, -1};
    if (std::optional<int64_t> number = value.constant())
      places = {*number, *number == INT64_MAX ? -1 : *number + 1};
    else if (value.is(Object::Range) && selector == "columns")
      places = {value.elements[0].constant().value_or(-1),
                value.elements[1].constant().value_or(-1)};
    bool isName = value.is(Object::String);
    if (!isName && !(places.exist() && places.last <= mostColumns)) {
      if (!value.is(Object::Poison))
        diagnostics.report(DID::WrongKind, argument.range, describe(value),
                           "an argument of `" + selector + "`");
      return false;
    }
    if (isName ? addColumn(part, value.text) : addColumns(part, places))
      continue;
    if (selector == "columns")
      diagnostics
          .report(DID::WrongKind, argument.range, describe(value),
                  "columns beside those before it")
          .hint(HintId::ConcatColumns);
    else
      diagnostics.report(DID::TooManyArguments, call.range, selector,
                         countOf(1, "argument"));
    return false;
  }
  if (part.width() < 1) {
    diagnostics.report(DID::MissingArgument, call.range, selector, "columns");
    return false;
  }
  if (selector != "columns" && part.width() != 1) {
    diagnostics.report(DID::TooManyArguments, call.range, selector,
                       countOf(1, "argument"));
    return false;
  }
  return true;
}

/// `classes`, `unseen`, `missing`, `strip`, `length` of what holds texts.
bool Lowering::readClassOption(DataPart &part, llvm::StringRef selector,
                               const ast::Argument &argument) {
  llvm::StringRef name = argument.name.name;
  Object value = evaluate(argument.value);
  std::optional<int64_t> number = value.constant();
  if (value.is(Object::Poison))
    return false;
  if (name == "classes" && number && *number > 0 && *number <= mostColumns) {
    part.classes = *number;
    return true;
  }
  if (name == "length" && number && *number > 0 && *number <= mostColumns) {
    part.length = *number;
    return true;
  }
  if (name == "strip" && value.is(Object::String)) {
    part.strip = value.text.str();
    return true;
  }
  if (name == "unseen" || (name == "missing" && selector != "labels")) {
    // What stands for a text that is unknown, in words of its users.
    llvm::StringRef other = selector == "one_hot" ? "zeros" : "last";
    if (selector != "labels" && value.is(Object::String) &&
        (value.text == other || value.text == "refuse")) {
      llvm::StringRef choice = value.text == "refuse" ? "refuse"
                               : other == "zeros"     ? "keep"
                                                      : "last";
      (name == "unseen" ? part.unseen : part.missing) = choice;
      return true;
    }
    diagnostics.report(DID::WrongKind, argument.value->range, describe(value),
                       selector == "labels"
                           ? "no such argument"
                           : "`\"" + other.str() + "\"` or `\"refuse\"`");
    return false;
  }
  if (!llvm::is_contained({"classes", "length", "strip"}, name)) {
    diagnostics.report(DID::UnknownArgument, argument.name.range, selector,
                       name);
    return false;
  }
  diagnostics.report(DID::WrongKind, argument.value->range, describe(value),
                     "an argument of `" + selector + "`");
  return false;
}

/// `labels("kind", classes = 3)`, `codes(column("city"), classes = 100)`,
/// `one_hot(columns("a", "b"), classes = 16)`.
std::unique_ptr<FieldNode> Lowering::readClasses(DataSet &set, DataField &field,
                                                 const ast::Call &call,
                                                 llvm::StringRef missing) {
  llvm::StringRef selector = calleeName(call);
  bool isLabels = selector == "labels", isRandom = set.format == "random";
  DataPart part;
  part.kind = isLabels ? "labels" : "categories";
  part.missing = missing == "keep" ? "refuse" : missing;
  part.unseen = selector == "one_hot" ? "keep" : "refuse";
  part.isInteger = selector != "one_hot";
  const ast::Call *columns = &call;
  if (!isLabels) {
    columns = call.arguments.empty()
                  ? nullptr
                  : llvm::dyn_cast<ast::Call>(call.arguments[0].value);
    if (!columns ||
        !llvm::is_contained({"column", "columns"}, calleeName(*columns))) {
      diagnostics.report(DID::WrongKind, call.range,
                         "`" + call.range.text() + "`",
                         "`" + selector + "(column(…), classes = …)`");
      return nullptr;
    }
  }
  for (const ast::Argument &argument : call.arguments)
    if (!argument.name.empty() && !readClassOption(part, selector, argument))
      return nullptr;
  if (!part.classes) {
    diagnostics.report(DID::MissingArgument, call.range, selector, "classes");
    return nullptr;
  }
  if (isRandom) {
    part.first = set.columns++;
    part.last = set.columns;
    return leafOf(field, std::move(part), call.range);
  }
  if (set.isArrays()) {
    if (!isLabels || !readArraySelector(part, call))
      return nullptr;
    return leafOf(field, std::move(part), call.range);
  }
  if (!readColumns(set, part, *columns))
    return nullptr;
  if (columns != &call)
    for (const ast::Argument &argument : columns->arguments)
      if (!argument.name.empty()) {
        diagnostics.report(DID::UnknownArgument, argument.name.range,
                           calleeName(*columns), argument.name.name);
        return nullptr;
      }
  return leafOf(field, std::move(part), call.range);
}

/// `array("x", 28, 28)`: an array of the source by name, and the dimensions of
/// one row of it; `labels("y", classes = 10)`.
bool Lowering::readArraySelector(DataPart &part, const ast::Call &call) {
  llvm::StringRef selector = calleeName(call);
  part.selector = DataPart::Array;
  part.last = 1;
  for (const ast::Argument &argument : call.arguments) {
    if (!argument.name.empty() && selector == "labels")
      continue;
    Object value = evaluate(argument.value);
    std::optional<int64_t> number = value.constant();
    if (value.is(Object::Poison))
      return false;
    if (part.names.empty() && argument.name.empty() &&
        value.is(Object::String)) {
      part.names.push_back(value.text);
    } else if (!part.names.empty() && argument.name.empty() &&
               selector != "labels" && number && *number > 0 &&
               *number <= mostColumns && part.last <= mostColumns) {
      part.dimensions.push_back(*number);
      part.last *= *number;
    } else {
      diagnostics.report(DID::WrongKind, argument.range, describe(value),
                         "an argument of `" + selector + "`");
      return false;
    }
  }
  if (!part.names.empty())
    return true;
  diagnostics.report(DID::MissingArgument, call.range, selector, "name");
  return false;
}

/// `uniform(columns = 10)`, `normal(columns = 10)`.
bool Lowering::readRandomSelector(DataSet &set, DataPart &part,
                                  const ast::Call &call) {
  llvm::StringRef selector = calleeName(call);
  int64_t width = 0;
  for (const ast::Argument &argument : call.arguments) {
    Object value = evaluate(argument.value);
    std::optional<int64_t> number = value.constant();
    if (argument.name.name == "columns" && number && *number > 0 &&
        *number <= mostColumns) {
      // Two uniform numbers make a normal one.
      width = selector == "normal" ? 2 * *number : *number;
      continue;
    }
    if (!value.is(Object::Poison))
      diagnostics.report(DID::WrongKind, argument.range, describe(value),
                         "an argument of `" + selector + "`");
    return false;
  }
  if (!width)
    diagnostics.report(DID::MissingArgument, call.range, selector, "columns");
  part.first = set.columns;
  part.last = set.columns += width;
  return width > 0;
}

/// Reads a selector of the source's format; null after an error.
std::unique_ptr<FieldNode> Lowering::readSelector(DataSet &set,
                                                  DataField &field,
                                                  const ast::Call &call,
                                                  llvm::StringRef missing) {
  llvm::StringRef selector = calleeName(call);
  if (selector == "labels" ||
      (set.isText() && (selector == "codes" || selector == "one_hot")))
    return readClasses(set, field, call, missing);
  DataPart part;
  part.missing = missing;
  bool good = false;
  if (set.isText()) {
    for (const ast::Argument &argument : call.arguments)
      if (!argument.name.empty()) {
        Object value = evaluate(argument.value);
        if (!value.is(Object::Poison))
          diagnostics.report(DID::WrongKind, argument.range, describe(value),
                             "an argument of `" + selector + "`");
        return nullptr;
      }
    good = readColumns(set, part, call);
  } else if (set.isArrays()) {
    part.isInteger = selector == "integers";
    good = readArraySelector(part, call);
  } else {
    good = readRandomSelector(set, part, call);
  }
  return good ? leafOf(field, std::move(part), call.range) : nullptr;
}

} // namespace modelc::lowering
