// Source.h: the texts that are compiled, and places in them.
#ifndef MODELC_FRONTEND_SOURCE_H
#define MODELC_FRONTEND_SOURCE_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace modelc {

/// A line and a column, both from 1. Columns count characters (code points),
/// not bytes.
struct LineColumn {
  unsigned line = 0;
  unsigned column = 0;
};

struct SourceRange;

/// One text: its name as shown to the user, its bytes, and where its lines
/// begin.
class SourceFile {
public:
  SourceFile(std::string name, std::string text);
  SourceFile(const SourceFile &) = delete;
  SourceFile &operator=(const SourceFile &) = delete;

  llvm::StringRef name() const { return fileName; }
  llvm::StringRef text() const { return contents; }
  /// The line and column of a byte offset; offsets past the end count as the
  /// end.
  LineColumn lineColumn(uint32_t offset) const;
  /// The text of a line (from 1), without its line break.
  llvm::StringRef line(unsigned number) const;
  uint32_t lineStart(unsigned number) const;
  /// The name or number that begins at a place, or the one character there.
  SourceRange wordAt(LineColumn place) const;

private:
  std::string fileName;
  std::string contents;
  std::vector<uint32_t> lineStarts;
};

/// The bytes [begin, end) of a file. An invalid range (no file) stands for
/// "nowhere".
struct SourceRange {
  const SourceFile *file = nullptr;
  uint32_t begin = 0;
  uint32_t end = 0;

  bool isValid() const { return file != nullptr; }
  llvm::StringRef text() const {
    return file ? file->text().slice(begin, end) : llvm::StringRef();
  }
  LineColumn start() const {
    return file ? file->lineColumn(begin) : LineColumn();
  }
  /// From the start of this range to the end of `last`.
  SourceRange to(SourceRange last) const { return {file, begin, last.end}; }
};

class DiagnosticEngine;

/// Owns the source files of one compilation; they live as long as it does.
class SourceManager {
public:
  /// Files larger than this are refused, so that offsets fit and nothing runs
  /// for ever.
  static constexpr uint64_t maximumBytes = 1u << 19;

  SourceFile &add(std::string name, std::string text);
  /// The file of that name; null if there is none.
  const SourceFile *find(llvm::StringRef name) const;
  /// Reads a file. Reports an error at `from` (which may be invalid) and
  /// returns null if it cannot be read.
  SourceFile *load(llvm::StringRef path, DiagnosticEngine &diagnostics,
                   SourceRange from = SourceRange());

private:
  std::vector<std::unique_ptr<SourceFile>> files;
};

} // namespace modelc

#endif
