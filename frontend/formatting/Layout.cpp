// Layout.cpp: breaks, indents and writes the lines of a file.
#include "frontend/formatting/Layout.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Unicode.h"
#include "llvm/Support/raw_ostream.h"

using namespace modelc;

static constexpr unsigned longest = 100;
static constexpr unsigned step = 2;         // of the indentation of a body
static constexpr unsigned continuation = 4; // of a line that goes on
static constexpr unsigned commentGap = 4;   // at least, before a last comment

static unsigned width(llvm::StringRef text) {
  return std::max(0, llvm::sys::unicode::columnWidthUTF8(text));
}

namespace {
/// A bracket that is open where a line begins; the outermost one stands for the
/// file.
struct Nesting {
  bool isBody = true;
  unsigned content = 0;   // indentation of a line inside
  unsigned close = 0;     // of a line that begins with the closing bracket
  unsigned statement = 0; // of the statement that is going on
};

struct Line {
  std::string text;
  llvm::StringRef comment;
  bool blankBefore;
};

class Layout {
public:
  explicit Layout(std::vector<Piece> pieces) : pieces(std::move(pieces)) {}

  std::string run();

private:
  size_t endOfLine(size_t first) const;
  unsigned indentation(const Piece &first) const;
  unsigned widthOf(size_t first, size_t last) const;
  bool breakLine(size_t first, size_t last, unsigned indent);
  bool expandBodies(size_t first, size_t last);
  void enter(size_t index, bool isLastOfLine, unsigned indent);
  void write(size_t first, size_t last, unsigned indent);
  void alignComments();

  std::vector<Piece> pieces;
  llvm::SmallVector<Nesting> nesting = {Nesting()};
  std::vector<Line> lines;
};
} // namespace

std::string Layout::run() {
  for (size_t first = 0; first != pieces.size();) {
    unsigned indent = indentation(pieces[first]);
    size_t last = endOfLine(first);
    while (indent + widthOf(first, last) > longest &&
           breakLine(first, last, indent))
      last = endOfLine(first);
    write(first, last, indent);
    for (; first != last; ++first)
      enter(first, first + 1 == last, indent);
  }
  alignComments();
  std::string text;
  for (const Line &line : lines) {
    if (line.blankBefore)
      text += '\n';
    text += line.text;
    text += line.comment;
    text += '\n';
  }
  return text;
}

size_t Layout::endOfLine(size_t first) const {
  size_t last = first + 1;
  while (last != pieces.size() && !pieces[last].beginsLine)
    ++last;
  return last;
}

unsigned Layout::indentation(const Piece &first) const {
  const Nesting &inner = nesting.back();
  if (first.kind == Piece::Kind::Close)
    return inner.close;
  if (!inner.isBody || first.beginsStatement)
    return inner.content;
  return inner.statement + continuation;
}

unsigned Layout::widthOf(size_t first, size_t last) const {
  unsigned sum = width(pieces[first].text);
  for (size_t i = first + 1; i < last; ++i)
    sum += pieces[i].spaces + width(pieces[i].text);
  return sum;
}

/// Bodies that begin and end on a line get lines of their own.
bool Layout::expandBodies(size_t first, size_t last) {
  bool changed = false;
  for (size_t i = first; i != last; ++i) {
    const Piece &piece = pieces[i];
    if (piece.kind != Piece::Kind::Open || !piece.isBody || piece.close >= last)
      continue;
    size_t close = piece.close;
    changed |= close != i + 1;
    if (close != i + 1)
      pieces[i + 1].beginsLine = pieces[close].beginsLine = true;
    i = close;
  }
  return changed;
}

/// Breaks a line that is too long at the best place that it has; false if it
/// has none.
bool Layout::breakLine(size_t first, size_t last, unsigned indent) {
  if (expandBodies(first, last))
    return true;
  unsigned column = indent + width(pieces[first].text);
  unsigned depth = 0, bestRank = Piece::never;
  size_t best = 0;
  for (size_t i = first; i != last; ++i) {
    const Piece &piece = pieces[i];
    if (i != first) {
      unsigned rank = piece.breakRank;
      if (rank != Piece::never)
        rank += 100 * depth;
      bool isFirstTooFar = column > longest && best == 0;
      if (rank != Piece::never &&
          (isFirstTooFar || (rank <= bestRank && column <= longest))) {
        best = i;
        bestRank = rank;
      }
      column += piece.spaces + width(piece.text);
    }
    if (piece.kind == Piece::Kind::Open)
      ++depth;
    if (piece.kind == Piece::Kind::Close && depth > 0)
      --depth;
  }
  if (best == 0)
    return false;
  pieces[best].beginsLine = true;
  return true;
}

/// Goes past a piece of a line that is indented by `indent`.
void Layout::enter(size_t index, bool isLastOfLine, unsigned indent) {
  const Piece &piece = pieces[index];
  if (piece.kind == Piece::Kind::Close) {
    nesting.pop_back();
    return;
  }
  if (piece.beginsStatement)
    nesting.back().statement = indent;
  if (piece.kind != Piece::Kind::Open)
    return;
  const Nesting &outer = nesting.back();
  Nesting inner;
  inner.isBody = piece.isBody;
  inner.close = piece.isBody && outer.isBody ? outer.statement : indent;
  bool hangs = piece.isBody || isLastOfLine;
  inner.content = inner.close + (hangs ? step : continuation);
  inner.statement = inner.content;
  nesting.push_back(inner);
}

void Layout::write(size_t first, size_t last, unsigned indent) {
  Line line{std::string(indent, ' '), {}, pieces[first].blankBefore};
  for (size_t i = first; i != last; ++i) {
    if (i != first)
      line.text.append(pieces[i].spaces, ' ');
    line.text += pieces[i].text;
    line.comment = pieces[i].trailingComment; // only the last can have one
  }
  lines.push_back(std::move(line));
}

/// Comments at the ends of neighbouring lines begin in one column.
void Layout::alignComments() {
  for (size_t begin = 0; begin != lines.size();) {
    size_t end = begin;
    unsigned column = 0;
    while (end != lines.size() && !lines[end].comment.empty() &&
           (end == begin || !lines[end].blankBefore))
      column = std::max(column, width(lines[end++].text) + commentGap);
    for (; begin != end; ++begin)
      lines[begin].text.append(column - width(lines[begin].text), ' ');
    if (begin != lines.size() && lines[begin].comment.empty())
      ++begin;
  }
}

std::string modelc::layOut(std::vector<Piece> pieces) {
  return Layout(std::move(pieces)).run();
}
