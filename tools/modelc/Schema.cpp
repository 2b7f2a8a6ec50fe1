// Schema.cpp: `modelc schema`, which writes the data declaration that reads a
// file.
#include "frontend/Diagnostics.h"
#include "frontend/Parser.h"
#include "frontend/formatting/Formatter.h"
#include "tools/modelc/Commands.h"
#include "tools/modelc/Table.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace modelc;
using llvm::StringRef;

/// More columns in a row are written as a range.
static constexpr size_t mostNames = 8;
/// More integers from 0 or 1 on than that are rather a number than classes.
static constexpr uint64_t mostLabels = 100;
/// Bytes of a text that need no `length`.
static constexpr size_t plainLength = 64;

namespace {
struct SchemaOptions {
  std::vector<std::string> files;
  std::string target;
};

/// The declaration of one table.
class Schema {
public:
  Schema(const Table &table, std::string name)
      : table(table), name(std::move(name)) {}

  /// Says what is wrong with the column that is wanted, if anything is.
  std::optional<std::string> chooseTarget(StringRef wanted);
  std::string write() const;
  std::vector<StringRef> names() const;

private:
  bool namesAreUsed() const;
  std::string selector(size_t column) const;
  std::string title(size_t column) const;
  std::string content(const Column &column) const;
  std::string describe(size_t column) const;
  std::string source() const;
  std::vector<std::string> numbers(llvm::ArrayRef<size_t> columns) const;
  std::vector<std::string> groups(uint64_t &width) const;
  std::string features() const;
  std::string target() const;
  std::string split() const;
  bool isLabel(const Column &column) const;

  const Table &table;
  std::string name;
  std::optional<size_t> targetColumn;
};
} // namespace

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static std::string quote(StringRef text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      quoted += '\\';
    if (c == '\n' || c == '\t')
      (quoted += '\\') += c == '\n' ? 'n' : 't';
    else
      quoted += c;
  }
  return quoted + '"';
}

static std::string join(llvm::ArrayRef<std::string> parts) {
  return llvm::join(parts, ", ");
}

/// All digits of an integer, six of another number.
static std::string shortNumber(double value, bool isInteger) {
  std::string text;
  llvm::raw_string_ostream(text)
      << llvm::format(isInteger ? "%.15g" : "%.6g", value);
  return text;
}

/// A cell in a comment: on one line, and not too long.
static std::string shown(StringRef cell) {
  std::string text = "`";
  for (char c : cell.take_front(24))
    text += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return text + (cell.size() > 24 ? "…`" : "`");
}

/// Names that are unique, and can be written, say what a column is.
bool Schema::namesAreUsed() const {
  if (!table.hasHeader)
    return false;
  llvm::StringMap<unsigned> seen;
  return llvm::all_of(table.columns, [&](const Column &column) {
    bool isPlain = llvm::none_of(column.name, [](char c) {
      return static_cast<unsigned char>(c) < ' ';
    });
    return isPlain && !column.name.empty() && !seen[column.name]++;
  });
}

std::string Schema::selector(size_t column) const {
  return namesAreUsed() ? quote(table.columns[column].name)
                        : std::to_string(column);
}

std::string Schema::title(size_t column) const {
  std::string text = table.columns[column].name;
  if (text.empty())
    return std::to_string(column);
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return text;
}

std::vector<StringRef> Schema::names() const {
  std::vector<StringRef> all;
  for (const Column &column : table.columns)
    all.push_back(column.name);
  return all;
}

//===----------------------------------------------------------------------===//
// The comment
//===----------------------------------------------------------------------===//

/// "9 texts: `Private` 22696, `?` 1836, …": the most frequent first.
static std::string describeTexts(const Column &column) {
  std::vector<std::pair<uint64_t, StringRef>> cells;
  for (const auto &cell : column.cells)
    cells.emplace_back(cell.second, cell.first());
  llvm::sort(cells, [](const auto &a, const auto &b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::string text = (column.hasMore ? "more than " : "") +
                     std::to_string(cells.size()) +
                     (cells.size() == 1 ? " text: " : " texts: ");
  constexpr size_t most = 3;
  const char *between = "";
  for (auto [count, cell] : llvm::ArrayRef(cells).take_front(most)) {
    text += between + shown(cell) + " " + std::to_string(count);
    between = ", ";
  }
  return text + (cells.size() > most ? ", …" : "");
}

/// What a column holds.
std::string Schema::content(const Column &column) const {
  std::string text;
  switch (column.kind) {
  case Column::Empty:
    return "no values";
  case Column::Constant:
    return "always " + shown(column.cells.begin()->first());
  case Column::Counter:
    return "counts the rows";
  case Column::Number:
    text = (column.isInteger ? "integer, " : "number, ") +
           shortNumber(column.least, column.isInteger) + " to " +
           shortNumber(column.most, column.isInteger);
    if (column.isInteger && !column.hasMore)
      text += llvm::formatv(" ({0} values)", column.cells.size());
    break;
  case Column::Category:
  case Column::Text:
    text = column.isDate ? "dates" : describeTexts(column);
    break;
  }
  if (column.missing)
    text += llvm::formatv(", {0} missing", column.missing);
  return text;
}

/// And what is made of it.
std::string Schema::describe(size_t index) const {
  const Column &column = table.columns[index];
  std::string text = content(column);
  if (index != targetColumn) {
    bool isUsed =
        column.kind == Column::Number || column.kind == Column::Category;
    return text + (isUsed ? "" : "; left out");
  }
  text += "; what is predicted";
  bool mayBeLabel = column.kind == Column::Number && column.isInteger &&
                    column.least >= 0 && column.most < mostLabels;
  if (mayBeLabel && !isLabel(column))
    text += llvm::formatv(", as a number: `labels({0}, classes = {1})` would "
                          "make classes of it",
                          selector(index), uint64_t(column.most) + 1);
  return text;
}

//===----------------------------------------------------------------------===//
// The target
//===----------------------------------------------------------------------===//

/// Are its values the numbers of classes, or texts? Integers from 0 or 1 on
/// without a gap are.
bool Schema::isLabel(const Column &column) const {
  if (column.kind == Column::Category || column.kind == Column::Text)
    return true;
  if (column.kind != Column::Number || !column.isInteger || column.hasMore ||
      (column.least != 0 && column.least != 1))
    return false;
  uint64_t classes = column.cells.size();
  return classes <= mostLabels && classes * 2 <= table.rows &&
         column.most - column.least + 1 == classes;
}

std::optional<std::string> Schema::chooseTarget(StringRef wanted) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    size_t number;
    bool isNumber = !table.hasHeader && !wanted.getAsInteger(10, number);
    if (isNumber ? i == number
                 : !wanted.empty() && table.columns[i].name == wanted) {
      targetColumn = i;
      const Column &column = table.columns[i];
      bool isTooMuch = column.kind == Column::Text && column.hasMore;
      if (column.kind != Column::Empty && column.kind != Column::Constant &&
          !isTooMuch)
        return std::nullopt;
      return ("there is nothing to predict in `" + wanted +
              "`: " + content(column))
          .str();
    }
  }
  if (!wanted.empty()) {
    std::string problem =
        ("`" + table.path + "` has no column `" + wanted + "`").str();
    if (auto near = nearestName(wanted, names()))
      problem += ("\nhint: did you mean `" + *near + "`?").str();
    else if (!table.hasHeader)
      problem += "\nhint: it has no header; its columns are numbered from 0";
    return problem;
  }
  // A name says more than the place.
  std::optional<size_t> last;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const Column &column = table.columns[i];
    if (column.kind != Column::Number && column.kind != Column::Category)
      continue;
    std::string lower = StringRef(column.name).lower();
    if (llvm::is_contained({"target", "label", "labels", "class", "y"}, lower))
      targetColumn = i;
    last = i;
  }
  if (!targetColumn)
    targetColumn = last;
  return std::nullopt;
}

std::string Schema::target() const {
  if (!targetColumn)
    return "";
  const Column &column = table.columns[*targetColumn];
  std::string text, note;
  if (isLabel(column)) {
    uint64_t classes =
        column.kind == Column::Number ? column.most + 1 : column.cells.size();
    text = "labels(" + selector(*targetColumn) +
           ", classes = " + std::to_string(classes);
    if (column.kind != Column::Number && column.longest > plainLength)
      text += ", length = " + std::to_string(column.longest);
    text += ")";
    note = "i32[N]";
  } else {
    text = "column(" + selector(*targetColumn) + ")";
    note = "float[N, 1]";
  }
  if (column.missing)
    text = "drop_missing(" + text + ")";
  return "  y = " + text + " // " + note + "\n";
}

//===----------------------------------------------------------------------===//
// Features
//===----------------------------------------------------------------------===//

/// `columns(0..11)`, of columns that follow each other.
static std::string range(llvm::ArrayRef<size_t> run) {
  return run.size() == 1
             ? llvm::formatv("column({0})", run[0]).str()
             : llvm::formatv("columns({0}..{1})", run[0], run.back() + 1).str();
}

/// `columns("a", "b")`, or a selector for each run of columns.
std::vector<std::string> Schema::numbers(llvm::ArrayRef<size_t> columns) const {
  bool isRun = !columns.empty() &&
               columns.back() - columns.front() + 1 == columns.size();
  bool isByName = namesAreUsed() && (!isRun || columns.size() <= mostNames);
  std::vector<std::string> all;
  if (isByName && !columns.empty()) {
    std::vector<std::string> names;
    for (size_t column : columns)
      names.push_back(selector(column));
    all.push_back((columns.size() == 1 ? "column(" : "columns(") + join(names) +
                  ")");
    return all;
  }
  while (!columns.empty()) {
    size_t length = 1;
    while (length < columns.size() &&
           columns[length] == columns[length - 1] + 1)
      ++length;
    all.push_back(range(columns.take_front(length)));
    columns = columns.drop_front(length);
  }
  return all;
}

/// What stands side by side in a row; `width` is how long it is.
std::vector<std::string> Schema::groups(uint64_t &width) const {
  std::vector<size_t> whole, broken;
  std::vector<std::string> categories;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const Column &column = table.columns[i];
    if (i == targetColumn)
      continue;
    if (column.kind == Column::Number) {
      (column.missing ? broken : whole).push_back(i);
      ++width;
    }
    if (column.kind != Column::Category)
      continue;
    std::string text = "one_hot(column(" + selector(i) +
                       "), classes = " + std::to_string(column.cells.size());
    if (column.missing)
      text += ", missing = \"zeros\"";
    if (column.longest > plainLength)
      text += ", length = " + std::to_string(column.longest);
    categories.push_back(text + ")");
    width += column.cells.size();
  }
  std::vector<std::string> all;
  for (const std::string &columns : numbers(whole))
    all.push_back("standardize(" + columns + ")");
  for (const std::string &columns : numbers(broken))
    all.push_back("standardize(fill_median(" + columns + "))");
  llvm::append_range(all, categories);
  return all;
}

std::string Schema::features() const {
  uint64_t width = 0;
  std::vector<std::string> all = groups(width);
  if (all.empty())
    return "";
  std::string note = " // float[N, " + std::to_string(width) + "]\n";
  if (all.size() == 1)
    return "  x = " + all[0] + note;
  std::string line = join(all);
  constexpr size_t fits = 80;
  if (line.size() > fits)
    line = llvm::join(all, ",\n      ");
  return "  x = concat(" + line + ")" + note;
}

//===----------------------------------------------------------------------===//
// The declaration
//===----------------------------------------------------------------------===//

/// What a program would not find out is said.
std::string Schema::source() const {
  bool isTabs = table.separator == '\t';
  std::string text = (isTabs ? "tsv(" : "csv(") + quote(table.path);
  if (!table.isHeaderSeen)
    text += table.hasHeader ? ", header = true" : ", header = false";
  std::vector<std::string> words;
  for (const std::string &word : table.missing)
    words.push_back(quote(word));
  if (words.size() == 1)
    text += ", missing = " + words[0];
  else if (!words.empty())
    text += ", missing = (" + join(words) + ")";
  if (!table.isInOrder())
    text += ", shuffle = true";
  return text + ")";
}

std::string Schema::split() const {
  constexpr uint64_t few = 10, enoughForThree = 100;
  if (table.rows < few)
    return "";
  std::string text = table.rows < enoughForThree
                         ? "  split train 80%, test 20%"
                         : "  split train 80%, valid 10%, test 10%";
  if (targetColumn && !table.isInOrder() &&
      isLabel(table.columns[*targetColumn]))
    text += " stratified by y";
  return text + "\n";
}

std::string Schema::write() const {
  std::string text = llvm::formatv("// {0}: {1} rows, {2} columns\n",
                                   llvm::sys::path::filename(table.path),
                                   table.rows, table.columns.size());
  size_t width = 0;
  for (size_t i = 0; i < table.columns.size(); ++i)
    width = std::max(width, title(i).size());
  for (size_t i = 0; i < table.columns.size(); ++i) {
    std::string left = title(i);
    left.resize(width, ' ');
    text += "//   " + left + "  " + describe(i) + "\n";
  }
  if (table.isInOrder())
    text += "// The rows are in an order of time, which the splits keep.\n";
  return text + "data " + name + " from " + source() + " {\n" + features() +
         target() + split() + "}\n";
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

/// A name that the path suggests.
static std::string nameOf(StringRef path) {
  std::string name;
  for (char c : llvm::sys::path::stem(path).lower())
    name += llvm::isAlnum(c) ? c : '_';
  if (name.empty() || !llvm::isAlpha(name[0]))
    name = "table_" + name;
  return name;
}

/// The text laid out; nothing where the name is a word of the language.
static std::optional<std::string> layOut(const std::string &text) {
  DiagnosticEngine diagnostics;
  SourceFile source("schema.model", text);
  return format(source, diagnostics);
}

static ExitCode writeSchema(const SchemaOptions &options) {
  const std::string &path = options.files.front();
  Table table = readTable(path);
  if (table.rows == 0)
    return failWith(UsersMistake, "`" + path +
                                      "` has a header and no rows, from which "
                                      "nothing can be said");
  std::string name = nameOf(path);
  for (const std::string &each : {name, name + "_data"}) {
    Schema schema(table, each);
    if (auto problem = schema.chooseTarget(options.target))
      return failWith(UsersMistake, *problem);
    if (std::optional<std::string> text = layOut(schema.write())) {
      llvm::outs() << *text;
      return Success;
    }
  }
  return failWith(CompilersMistake,
                  "the declaration of `" + path + "` cannot be parsed");
}

Action modelc::declareSchema(CommandLine &line) {
  auto options = std::make_shared<SchemaOptions>();
  line.operands({"data.csv", 1, 1, false, &options->files});
  line.text("--target", "column", options->target,
            "what is predicted: a name of the header, or a number from 0 "
            "without one (by default what is called so, or the last)");
  return [options] { return writeSchema(*options); };
}
