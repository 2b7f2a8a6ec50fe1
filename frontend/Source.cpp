// Source.cpp: reading source files, and turning offsets into lines and columns.
#include "frontend/Source.h"
#include "frontend/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorOr.h"
#include "llvm/Support/FileSystem.h"
#include <algorithm>

using namespace modelc;

SourceFile::SourceFile(std::string name, std::string text)
    : fileName(std::move(name)), contents(std::move(text)) {
  lineStarts.push_back(0);
  for (uint32_t i = 0, e = contents.size(); i != e; ++i) {
    bool isReturn =
        contents[i] == '\r' && (i + 1 == e || contents[i + 1] != '\n');
    if (contents[i] == '\n' || isReturn)
      lineStarts.push_back(i + 1);
  }
}

LineColumn SourceFile::lineColumn(uint32_t offset) const {
  offset = std::min<uint32_t>(offset, contents.size());
  auto next = std::upper_bound(lineStarts.begin(), lineStarts.end(), offset);
  unsigned line = next - lineStarts.begin();
  unsigned column = 1;
  for (uint32_t i = lineStarts[line - 1]; i < offset; ++i)
    column += (contents[i] & 0xC0) != 0x80; // continuation bytes do not count
  return {line, column};
}

uint32_t SourceFile::lineStart(unsigned number) const {
  return lineStarts[std::min<size_t>(number, lineStarts.size()) - 1];
}

llvm::StringRef SourceFile::line(unsigned number) const {
  uint32_t begin = lineStart(number);
  uint32_t end =
      number < lineStarts.size() ? lineStarts[number] : contents.size();
  return text().slice(begin, end).rtrim("\r\n");
}

SourceRange SourceFile::wordAt(LineColumn place) const {
  uint32_t begin = lineStart(place.line);
  for (unsigned column = 1; column < place.column && begin < contents.size();
       ++column)
    do
      ++begin;
    while (begin < contents.size() && (contents[begin] & 0xC0) == 0x80);
  uint32_t end = begin;
  while (end < contents.size() &&
         (llvm::isAlnum(contents[end]) || contents[end] == '_'))
    ++end;
  return {this, begin, std::max(end, begin + 1)};
}

const SourceFile *SourceManager::find(llvm::StringRef name) const {
  for (const auto &file : files)
    if (file->name() == name)
      return file.get();
  return nullptr;
}

SourceFile &SourceManager::add(std::string name, std::string text) {
  files.push_back(
      std::make_unique<SourceFile>(std::move(name), std::move(text)));
  return *files.back();
}

/// All of a file, or one byte more than `limit`: some devices have no end.
static llvm::ErrorOr<std::string> readAtMost(llvm::StringRef path,
                                             size_t limit) {
  namespace fs = llvm::sys::fs;
  fs::file_t file = fs::getStdinHandle();
  if (path != "-") {
    auto opened = fs::openNativeFileForRead(path);
    if (!opened)
      return llvm::errorToErrorCode(opened.takeError());
    file = *opened;
  }
  std::string text(limit + 1, 0);
  size_t size = 0;
  std::error_code error;
  while (size <= limit) {
    auto read = fs::readNativeFile(
        file,
        llvm::MutableArrayRef<char>(text.data(), text.size()).drop_front(size));
    if (!read)
      error = llvm::errorToErrorCode(read.takeError());
    if (error || *read == 0)
      break;
    size += *read;
  }
  if (path != "-")
    fs::closeFile(file);
  if (error)
    return error;
  text.resize(size);
  return text;
}

SourceFile *SourceManager::load(llvm::StringRef path,
                                DiagnosticEngine &diagnostics,
                                SourceRange from) {
  llvm::sys::fs::file_status status;
  std::error_code error;
  if (path != "-") // standard input
    error = llvm::sys::fs::status(path, status);
  if (!error && llvm::sys::fs::is_directory(status))
    error = std::make_error_code(std::errc::is_a_directory);
  if (!error && llvm::sys::fs::is_regular_file(status) &&
      status.getSize() > maximumBytes) {
    diagnostics.report(DiagnosticId::FileTooLarge, from, path, status.getSize(),
                       maximumBytes);
    return nullptr;
  }
  if (error) {
    diagnostics.report(DiagnosticId::CannotReadFile, from, path,
                       llvm::StringRef(error.message()).lower());
    return nullptr;
  }
  auto buffer = readAtMost(path, maximumBytes);
  if (!buffer) {
    diagnostics.report(DiagnosticId::CannotReadFile, from, path,
                       llvm::StringRef(buffer.getError().message()).lower());
    return nullptr;
  }
  llvm::StringRef text = *buffer;
  if (text.size() > maximumBytes) { // a pipe or a device has no size before
    diagnostics.report(DiagnosticId::FileTooLarge, from, path,
                       "more than " + llvm::Twine(maximumBytes), maximumBytes);
    return nullptr;
  }
  text.consume_front("\xEF\xBB\xBF"); // byte order mark
  return &add(path.str(), text.str());
}
