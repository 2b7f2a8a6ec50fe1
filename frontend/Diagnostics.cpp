// Diagnostics.cpp: the registry's tables, and how errors are rendered.
#include "frontend/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Unicode.h"
#include "llvm/Support/raw_ostream.h"
#include <set>
#include <tuple>

using namespace modelc;
using llvm::raw_ostream;
using llvm::StringRef;

static constexpr StringRef names[] = {
#define DIAGNOSTIC(Name, Id, Format) Id,
#include "frontend/Diagnostics.def"
};
static constexpr StringRef formats[] = {
#define DIAGNOSTIC(Name, Id, Format) Format,
#include "frontend/Diagnostics.def"
};
static constexpr StringRef noteFormats[] = {
#define NOTE(Name, Format) Format,
#include "frontend/Diagnostics.def"
};
static constexpr StringRef hintFormats[] = {
#define HINT(Name, Format) Format,
#include "frontend/Diagnostics.def"
};

StringRef modelc::diagnosticName(DiagnosticId id) {
  return names[static_cast<size_t>(id)];
}
StringRef modelc::diagnosticFormat(DiagnosticId id) {
  return formats[static_cast<size_t>(id)];
}
StringRef modelc::noteFormat(NoteId id) {
  return noteFormats[static_cast<size_t>(id)];
}
StringRef modelc::hintFormat(HintId id) {
  return hintFormats[static_cast<size_t>(id)];
}
llvm::ArrayRef<StringRef> modelc::allDiagnosticNames() { return names; }

std::string modelc::formatMessage(StringRef format,
                                  llvm::ArrayRef<std::string> arguments) {
  std::string message;
  while (!format.empty()) {
    auto [before, rest] = format.split('{');
    message += before;
    if (rest.size() < 2 || rest[1] != '}') {
      if (before.size() != format.size())
        message += '{'; // a brace that is meant
      format = rest;
      continue;
    }
    size_t index = rest[0] - '0';
    assert(index < arguments.size() && "the format asks for more arguments");
    message += arguments[index];
    format = rest.drop_front(2);
  }
  return message;
}

Diagnostic &DiagnosticEngine::add(DiagnosticId id, SourceRange range,
                                  std::string message) {
  diagnostics.push_back({id, range, std::move(message), {}, {}});
  return diagnostics.back();
}

//===----------------------------------------------------------------------===//
// Rendering
//===----------------------------------------------------------------------===//

namespace {
/// A source line made fit for a terminal, with the columns of a range in it.
struct ShownLine {
  std::string text;
  unsigned begin = 0; // columns of the underlined part, from 0
  unsigned end = 0;
};
} // namespace

/// Appends one character of `rest`, and drops it there. What cannot be shown is
/// escaped.
static void showCharacter(StringRef &rest, std::string &text) {
  unsigned length = llvm::getNumBytesForUTF8(rest[0]);
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(rest.begin());
  bool valid =
      length <= rest.size() && llvm::isLegalUTF8Sequence(begin, begin + length);
  StringRef character = rest.take_front(valid ? length : 1);
  rest = rest.drop_front(character.size());
  if (character == "\t") {
    text += ' ';
    return;
  }
  if (valid && llvm::sys::unicode::columnWidthUTF8(character) > 0) {
    text += character;
    return;
  }
  for (unsigned char byte : character) {
    text += "\\x" + llvm::utohexstr(byte, /*LowerCase=*/true, /*Width=*/2);
  }
}

static unsigned width(StringRef text) {
  return std::max(0, llvm::sys::unicode::columnWidthUTF8(text));
}

/// The part of the range's first line that is worth showing: long lines are cut
/// around it.
static ShownLine showLine(SourceRange range) {
  constexpr uint32_t before = 80, after = 120; // bytes kept around the start
  unsigned number = range.start().line;
  StringRef line = range.file->line(number);
  uint32_t start = range.file->lineStart(number);
  uint32_t begin = std::min<uint32_t>(range.begin - start, line.size());
  uint32_t end =
      std::min<uint32_t>(std::max(range.end - start, begin), line.size());
  uint32_t from =
      line.size() > before + after && begin > before ? begin - before : 0;
  auto isContinuation = [&](uint32_t at) {
    return at < line.size() && (line[at] & 0xC0) == 0x80;
  };
  while (from < begin && isContinuation(from))
    ++from;
  StringRef rest = line.slice(from, from + before + after);
  end = std::min<uint32_t>(end, from + rest.size());

  ShownLine shown;
  if (from > 0)
    shown.text = "… ";
  const char *lineBegin = line.begin();
  while (!rest.empty()) {
    uint32_t at = rest.begin() - lineBegin;
    if (at <= begin)
      shown.begin = width(shown.text);
    showCharacter(rest, shown.text);
    if (at < end)
      shown.end = width(shown.text);
  }
  if (begin >= from + before + after || begin == line.size())
    shown.begin = width(shown.text);
  shown.end = std::max(shown.end, shown.begin + 1);
  if (line.size() > from + before + after)
    shown.text += " …";
  return shown;
}

namespace {
/// Writes diagnostics for people.
class TextPrinter {
public:
  TextPrinter(raw_ostream &os, bool colour) : os(os), colour(colour) {}

  void print(const Diagnostic &diagnostic) {
    header(diagnostic.range, "error", raw_ostream::RED, diagnostic.message);
    for (const DiagnosticNote &note : diagnostic.notes)
      header(note.range, "note", raw_ostream::CYAN, note.message);
    for (const std::string &hint : diagnostic.hints) {
      word("hint: ", raw_ostream::GREEN);
      os << hint << '\n';
    }
  }

private:
  void word(StringRef text, raw_ostream::Colors hue) {
    if (colour)
      os.changeColor(hue, /*Bold=*/true);
    os << text;
    if (colour)
      os.resetColor();
  }

  void header(SourceRange range, StringRef kind, raw_ostream::Colors hue,
              StringRef message) {
    if (range.isValid()) {
      LineColumn start = range.start();
      os << range.file->name() << ':' << start.line << ':' << start.column
         << ": ";
    } else if (kind == "error") {
      os << "modelc: ";
    }
    word((kind + ": ").str(), hue);
    os << message << '\n';
    if (!range.isValid())
      return;
    ShownLine line = showLine(range);
    os << "  " << line.text << '\n';
    os.indent(2 + line.begin);
    std::string mark(line.end - line.begin, '~');
    mark[0] = '^';
    word(mark, hue);
    os << '\n';
  }

  raw_ostream &os;
  bool colour;
};
} // namespace

static void writeRange(llvm::json::OStream &json, SourceRange range) {
  if (!range.isValid())
    return;
  LineColumn start = range.start(), end = range.file->lineColumn(range.end);
  json.attribute("file", llvm::json::fixUTF8(range.file->name()));
  json.attribute("line", start.line);
  json.attribute("column", start.column);
  json.attribute("end_line", end.line);
  json.attribute("end_column", end.column);
}

static void printJson(raw_ostream &os, const Diagnostic &diagnostic) {
  llvm::json::OStream json(os);
  json.object([&] {
    json.attribute("kind", "error");
    json.attribute("id", diagnosticName(diagnostic.id));
    json.attribute("message", llvm::json::fixUTF8(diagnostic.message));
    writeRange(json, diagnostic.range);
    json.attributeArray("notes", [&] {
      for (const DiagnosticNote &note : diagnostic.notes)
        json.object([&] {
          json.attribute("message", llvm::json::fixUTF8(note.message));
          writeRange(json, note.range);
        });
    });
    json.attributeArray("hints", [&] {
      for (const std::string &hint : diagnostic.hints)
        json.value(llvm::json::fixUTF8(hint));
    });
  });
  os << '\n';
}

void DiagnosticEngine::print(raw_ostream &os, ErrorFormat format, bool colour,
                             unsigned limit) const {
  // By place, and in the order of reporting at one place.
  using Key = std::tuple<StringRef, uint32_t, size_t>;
  std::vector<std::pair<Key, const Diagnostic *>> keyed;
  for (const Diagnostic &diagnostic : diagnostics) {
    const SourceRange &range = diagnostic.range;
    StringRef file = range.file ? range.file->name() : StringRef();
    keyed.push_back({Key(file, range.begin, keyed.size()), &diagnostic});
  }
  llvm::sort(keyed, llvm::less_first());
  std::vector<const Diagnostic *> sorted;
  std::set<std::tuple<StringRef, uint32_t, StringRef>> said;
  for (const auto &[key, diagnostic] : keyed)
    if (said.insert({std::get<0>(key), std::get<1>(key), diagnostic->message})
            .second)
      sorted.push_back(diagnostic);
  if (format == ErrorFormat::Json) {
    for (const Diagnostic *diagnostic : sorted)
      printJson(os, *diagnostic);
    return;
  }
  TextPrinter printer(os, colour);
  for (const Diagnostic *diagnostic : llvm::ArrayRef(sorted).take_front(limit))
    printer.print(*diagnostic);
  if (sorted.size() > limit)
    os << "modelc: " << sorted.size() - limit << " more errors are not shown\n";
}

/// How many letters are wrong, one too many, missing or swapped with the next.
static unsigned countSlips(StringRef a, StringRef b, unsigned most) {
  unsigned distance = a.edit_distance(b, /*AllowReplacements=*/true, most);
  if (a.size() != b.size())
    return distance;
  size_t i = 0;
  while (i < a.size() && a[i] == b[i])
    ++i;
  bool isSwap = i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] &&
                a.drop_front(i + 2) == b.drop_front(i + 2);
  return isSwap ? 1 : distance;
}

std::optional<StringRef> modelc::familiarName(StringRef name) {
  auto known =
      llvm::StringSwitch<StringRef>(name)
          .Case("True", "true")
          .Case("False", "false")
          .Cases("dim", "dims", "axes", "axis")
          .Cases("keepdim", "keepdims", "keep")
          .Cases("learning_rate", "rate", "step_size", "lr")
          .Cases("acc", "Accuracy", "categorical_accuracy", "accuracy")
          .Case("argnums", "wrt")
          .Case("eps", "epsilon")
          .Cases("Linear", "FullyConnected", "linear", "Dense")
          .Cases("Rnn", "RNN", "SimpleRnn")
          .Cases("MultiheadAttention", "MultiHeadAttention", "SelfAttention")
          .Cases("weight", "kernel", "w")
          .Case("bias", "b")
          .Cases("cat", "concatenate", "stack", "hstack", "concat")
          .Case("arange", "iota")
          .Cases("cumsum", "cumprod", "fori_loop", "while_loop", "scan")
          .Case("eye", "identity")
          .Case("flip", "reverse")
          .Case("clip", "clamp")
          .Cases("gather", "index_select", "take")
          .Case("permute", "transpose")
          .Cases("detach", "stop_grad", "no_grad", "stop_gradient")
          .Cases("view", "squeeze", "unsqueeze", "expand_dims", "reshape")
          .Cases("expand", "broadcast_to", "broadcast")
          .Case("astype", "cast")
          .Case("randn", "normal")
          .Case("rand", "uniform")
          .Cases("inf", "Infinity", "infinity")
          .Cases("MSELoss", "MSE", "mean_squared_error", "mse")
          .Cases("L1Loss", "MAE", "mean_absolute_error", "mae")
          .Cases("CrossEntropyLoss", "softmax_cross_entropy",
                 "categorical_crossentropy", "cross_entropy")
          .Cases("BCEWithLogitsLoss", "binary_crossentropy", "bce",
                 "binary_cross_entropy")
          .Cases("batch_size", "batchsize", "batch")
          .Cases("num_epochs", "n_epochs", "epochs")
          .Cases("metrics", "metric", "report")
          .Cases("loss", "objective", "criterion", "minimize")
          .Cases("Tensor", "tensor", "ndarray", "Array", "array", "float")
          .Cases("double", "float64", "f64")
          .Cases("long", "int64", "i64")
          .Case("int32", "i32")
          .Cases("StandardScaler", "standard_scaler", "standardize")
          .Cases("MinMaxScaler", "min_max", "minmax", "normalize")
          .Case("RobustScaler", "robust")
          .Cases("OneHotEncoder", "onehot", "one_hot")
          .Cases("auroc", "roc_auc", "roc_auc_score", "auc")
          .Cases("r2_score", "r_squared", "r2")
          .Cases("val", "validation", "dev", "valid")
          .Cases("in_features", "input_dim", "in_channels", "inputs")
          .Cases("units", "out_features", "out_channels", "outputs")
          .Case("use_bias", "bias")
          .Cases("num_embeddings", "vocab_size", "vocabulary", "count")
          .Case("embedding_dim", "d")
          .Case("hidden_size", "width")
          .Cases("early_stopping", "patience", "stop_early")
          .Default("");
  return known.empty() ? std::nullopt : std::optional(known);
}

std::optional<StringRef> modelc::familiarOperator(StringRef name) {
  auto known = llvm::StringSwitch<StringRef>(name)
                   .Cases("matmul", "mm", "bmm", "dot", "a @ b")
                   .Cases("pow", "power", "a ** b")
                   .Cases("subtract", "sub", "a - b")
                   .Cases("multiply", "mul", "a * b")
                   .Cases("divide", "div", "a / b")
                   .Cases("logical_and", "logical_or", "logical_not",
                          "a and b`, `a or b` or `not a")
                   .Case("range", "0..n")
                   .Cases("len", "numel", "size(x, axis = 0)")
                   .Case("any", "sum(cast(x, i32)) > 0")
                   .Case("all", "min(cast(x, i32)) == 1")
                   .Case("isnan", "x != x")
                   .Case("isfinite", "x - x == 0")
                   .Case("square", "x ** 2")
                   .Case("norm", "sqrt(sum(x ** 2))")
                   .Cases("var", "variance", "mean((x - mean(x)) ** 2)")
                   .Case("std", "sqrt(mean((x - mean(x)) ** 2))")
                   .Case("tan", "sin(x) / cos(x)")
                   .Cases("None", "newaxis", "reshape(x, N, 1)")
                   .Case("zeros_like", "zeros(like = x)")
                   .Case("ones_like", "ones(like = x)")
                   .Default("");
  return known.empty() ? std::nullopt : std::optional(known);
}

/// The only candidate that goes on where `name` ends, for as long at most:
/// `Embedding` for `embed`, but not `tanhshrink` for `tanh`.
static std::optional<StringRef>
completedName(StringRef name, llvm::ArrayRef<StringRef> candidates) {
  std::optional<StringRef> only;
  for (StringRef candidate : candidates) {
    if (name.size() < 3 || candidate == name ||
        candidate.size() > 2 * name.size() ||
        !candidate.starts_with_insensitive(name))
      continue;
    if (only && *only != candidate)
      return std::nullopt;
    only = candidate;
  }
  return only;
}

std::optional<StringRef>
modelc::nearestName(StringRef name, llvm::ArrayRef<StringRef> candidates) {
  if (std::optional<StringRef> familiar = familiarName(name))
    if (llvm::is_contained(candidates, *familiar))
      return familiar;
  std::optional<StringRef> best;
  unsigned bestDistance = std::max<size_t>(1, name.size() / 3) + 1;
  for (StringRef candidate : candidates) {
    if (candidate == name)
      continue;
    bool sameButCase = candidate.equals_insensitive(name);
    unsigned distance =
        sameButCase ? 0 : countSlips(name, candidate, bestDistance);
    if (distance < bestDistance && distance < name.size()) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ? best : completedName(name, candidates);
}
