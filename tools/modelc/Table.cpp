// Table.cpp: reads a table with the runtime's reader, so that what is said of a
// file is true of the program that reads it.
#include "tools/modelc/Table.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include <algorithm>
#include <cmath>

extern "C" {
#include "runtime/app/Csv.h"
#include "runtime/app/Number.h"
}

using namespace modelc;
using llvm::StringRef;

/// More different cells than that make no classes.
static constexpr size_t mostCells = 4096;
/// More classes than that are not spread out as zeros and ones.
static constexpr size_t mostCategories = 64;

/// What other programs write where there is no value.
static constexpr StringRef missingWords[] = {
    "?", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "none", "-"};

using Record = std::vector<StringRef>;

static std::optional<double> numberOf(StringRef cell) {
  double value;
  if (parseNumber(cell.data(), cell.size(), &value))
    return value;
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// All records, as texts of the file's memory.
static std::vector<Record> readRecords(const std::string &path,
                                       char &separator) {
  FileContent file = readFile(path.c_str());
  CsvReader reader;
  startCsv(&reader, &file, 0);
  separator = reader.separator;
  std::vector<Record> records;
  while (readCsvRecord(&reader)) {
    Record &record = records.emplace_back();
    for (const CsvCell &cell : llvm::ArrayRef(reader.cells, reader.cellCount))
      record.emplace_back(cell.text, cell.length);
    if (record.size() != records.front().size())
      failAt({reader.path, reader.cells[0].line, 1},
             "the row has %lld columns, the first has %lld",
             (long long)record.size(), (long long)records.front().size());
  }
  freeCsv(&reader);
  if (records.empty())
    failAt({file.path, 0, 0}, "the file is empty, rows are wanted");
  return records;
}

/// Does the column hold numbers, but for cells of `except`?
static bool isNumeric(llvm::ArrayRef<Record> rows, size_t column,
                      llvm::function_ref<bool(StringRef)> except) {
  bool hasNumber = false;
  for (const Record &row : rows) {
    bool isNumber = numberOf(row[column]).has_value();
    if (!isNumber && !row[column].empty() && !except(row[column]))
      return false;
    hasNumber |= isNumber;
  }
  return hasNumber;
}

static bool isMissingWord(StringRef cell) {
  return llvm::is_contained(missingWords, cell);
}

/// A header names columns of numbers by what is no number. Where there are no
/// numbers, it is what never comes again.
static bool hasHeader(llvm::ArrayRef<Record> records) {
  const Record &first = records.front();
  llvm::ArrayRef<Record> rows = records.drop_front();
  bool hasNumbers = false;
  llvm::StringSet<> names;
  for (size_t i = 0; i < first.size(); ++i) {
    if (!names.insert(first[i]).second)
      return false;
    if (!isNumeric(rows, i, isMissingWord))
      continue;
    hasNumbers = true;
    if (!numberOf(first[i]) && !first[i].empty() && !isMissingWord(first[i]))
      return true;
  }
  if (hasNumbers || rows.empty())
    return false;
  return llvm::none_of(rows, [&](const Record &row) {
    return llvm::any_of(llvm::zip(row, first), [](auto pair) {
      return std::get<0>(pair) == std::get<1>(pair);
    });
  });
}

/// What a program finds out that is not told: a first record with a cell that
/// is no number is a header.
static bool seesHeader(const Record &first) {
  return llvm::any_of(
      first, [](StringRef cell) { return !cell.empty() && !numberOf(cell); });
}

//===----------------------------------------------------------------------===//
// Columns
//===----------------------------------------------------------------------===//

/// `2024-01-31`, with any time behind it; such texts sort by time.
static bool isDate(StringRef cell) {
  static constexpr StringRef form = "dddd-dd-dd";
  return cell.size() >= form.size() &&
         llvm::all_of(llvm::zip(cell.take_front(form.size()), form),
                      [](auto pair) {
                        auto [c, wanted] = pair;
                        return wanted == 'd' ? llvm::isDigit(c) : c == wanted;
                      });
}

static Column::Kind kindOf(const Column &column, bool isNumber, bool isCounter,
                           uint64_t rows) {
  if (!column.values)
    return Column::Empty;
  if (column.cells.size() == 1 && !column.hasMore && !column.missing)
    return Column::Constant;
  if (isNumber)
    return isCounter && rows > 2 ? Column::Counter : Column::Number;
  bool isCategory = !column.hasMore && !column.isDate &&
                    column.cells.size() <= mostCategories &&
                    column.cells.size() * 2 <= rows;
  return isCategory ? Column::Category : Column::Text;
}

static Column readColumn(llvm::ArrayRef<Record> rows, size_t index,
                         llvm::function_ref<bool(StringRef)> isMissing) {
  Column column;
  bool isNumber = true, isCounter = true;
  StringRef last;
  std::optional<double> lastNumber;
  for (const Record &row : rows) {
    StringRef cell = row[index];
    if (cell.empty() || isMissing(cell)) {
      ++column.missing;
      isCounter = false;
      continue;
    }
    ++column.values;
    column.longest = std::max(column.longest, cell.size());
    column.isDate &= isDate(cell) && last <= cell;
    std::optional<double> number = numberOf(cell);
    isNumber &= number.has_value();
    if (number) {
      column.least =
          column.values == 1 ? *number : std::min(column.least, *number);
      column.most =
          column.values == 1 ? *number : std::max(column.most, *number);
      column.isInteger &= *number == std::floor(*number);
    }
    isCounter &= number && *number == std::floor(*number) &&
                 (!lastNumber || *number == *lastNumber + 1);
    lastNumber = number;
    last = cell;
    bool isKnown = column.cells.count(cell);
    if (isKnown || column.cells.size() < mostCells)
      ++column.cells[cell];
    else
      column.hasMore = true;
  }
  column.isDate &= column.values > 0;
  column.isInteger &= isNumber;
  column.kind = kindOf(column, isNumber, isCounter, rows.size());
  return column;
}

bool Table::isInOrder() const {
  return rows > 1 && llvm::any_of(columns, [](const Column &column) {
           return column.isDate && !column.missing &&
                  column.kind != Column::Constant;
         });
}

Table modelc::readTable(const std::string &path) {
  Table table;
  table.path = path;
  std::vector<Record> records = readRecords(path, table.separator);
  table.hasHeader = hasHeader(records);
  table.isHeaderSeen = seesHeader(records.front()) == table.hasHeader;
  llvm::ArrayRef<Record> rows = records;
  if (table.hasHeader)
    rows = rows.drop_front();
  table.rows = rows.size();
  // A word stands for no value in all columns, or in none.
  llvm::StringSet<> missing;
  size_t width = records.front().size();
  for (size_t i = 0; i < width; ++i)
    if (isNumeric(rows, i, isMissingWord))
      for (const Record &row : rows)
        if (isMissingWord(row[i]) && missing.insert(row[i]).second)
          table.missing.push_back(row[i].str());
  for (size_t i = 0; i < width; ++i) {
    table.columns.push_back(readColumn(
        rows, i, [&](StringRef cell) { return missing.contains(cell); }));
    if (table.hasHeader)
      table.columns.back().name = records.front()[i].str();
  }
  return table;
}
