// Table.h: what the columns of a csv or tsv file hold, found out by reading it
// as compiled programs do.
#ifndef MODELC_TOOLS_MODELC_TABLE_H
#define MODELC_TOOLS_MODELC_TABLE_H

#include "llvm/ADT/StringMap.h"
#include <string>
#include <vector>

namespace modelc {

struct Column {
  enum Kind {
    Empty,    ///< no cell has a value
    Constant, ///< all have the same
    Counter,  ///< each is one more than that of the row before
    Number,
    Category, ///< texts that come again
    Text      ///< too many texts for classes
  };
  Kind kind = Empty;
  std::string name; ///< empty where the file has no header
  uint64_t values = 0, missing = 0;
  double least = 0, most = 0; ///< of numbers
  bool isInteger = true;      ///< of numbers: are all integers?
  bool isDate = true;         ///< are all `2024-01-31…`, in order?
  size_t longest = 0;         ///< bytes of a cell
  /// Cells with a value and how often each comes, up to a limit.
  llvm::StringMap<uint64_t> cells;
  bool hasMore = false; ///< cells than `cells` holds
};

struct Table {
  std::string path;
  char separator = ',';
  bool hasHeader = false;
  /// Would a program that is told nothing see the header, or its absence?
  bool isHeaderSeen = true;
  uint64_t rows = 0;
  std::vector<Column> columns;
  /// What stands for no value, besides the empty cell: "?", "NA".
  std::vector<std::string> missing;

  /// Are the rows in an order of time?
  bool isInOrder() const;
};

/// Reads a file. Ends the process with a message if it is no table.
Table readTable(const std::string &path);

} // namespace modelc

#endif
