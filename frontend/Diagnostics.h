// Diagnostics.h: collects located errors with notes and hints, and renders
// them.
//
//   diagnostics.report(DiagnosticId::UnknownName, range, name)
//       .note(NoteId::DeclaredHere, declaration, other)
//       .hint(HintId::DidYouMean, suggestion);
#ifndef MODELC_FRONTEND_DIAGNOSTICS_H
#define MODELC_FRONTEND_DIAGNOSTICS_H

#include "frontend/Source.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/Twine.h"
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace llvm {
class raw_ostream;
}

namespace modelc {

enum class DiagnosticId {
#define DIAGNOSTIC(Name, Id, Format) Name,
#include "frontend/Diagnostics.def"
};
enum class NoteId {
#define NOTE(Name, Format) Name,
#include "frontend/Diagnostics.def"
};
enum class HintId {
#define HINT(Name, Format) Name,
#include "frontend/Diagnostics.def"
};

/// The kebab-case name of an error, and its message format.
llvm::StringRef diagnosticName(DiagnosticId id);
llvm::StringRef diagnosticFormat(DiagnosticId id);
llvm::StringRef noteFormat(NoteId id);
llvm::StringRef hintFormat(HintId id);
/// All errors' names, in the order of the registry.
llvm::ArrayRef<llvm::StringRef> allDiagnosticNames();

/// Puts `arguments[i]` for `{i}`.
std::string formatMessage(llvm::StringRef format,
                          llvm::ArrayRef<std::string> arguments);

/// A place that explains an error, such as the declaration that it conflicts
/// with.
struct DiagnosticNote {
  SourceRange range;
  std::string message;
};

/// One error.
struct Diagnostic {
  DiagnosticId id;
  SourceRange range;
  std::string message;
  std::vector<DiagnosticNote> notes;
  std::vector<std::string> hints;

  template <typename... Args>
  Diagnostic &note(NoteId note, SourceRange where, const Args &...args) {
    notes.push_back(
        {where, formatMessage(noteFormat(note), {llvm::Twine(args).str()...})});
    return *this;
  }
  template <typename... Args>
  Diagnostic &hint(HintId hint, const Args &...args) {
    hints.push_back(
        formatMessage(hintFormat(hint), {llvm::Twine(args).str()...}));
    return *this;
  }
};

/// How diagnostics are written: for people, or one JSON object a line.
enum class ErrorFormat { Text, Json };

/// Collects errors. Rendering is separate, so that they come out in the order
/// of the source.
class DiagnosticEngine {
public:
  /// Reports an error; what is returned stays valid and can be given notes and
  /// hints.
  template <typename... Args>
  Diagnostic &report(DiagnosticId id, SourceRange range, const Args &...args) {
    return add(
        id, range,
        formatMessage(diagnosticFormat(id), {llvm::Twine(args).str()...}));
  }

  bool hasErrors() const { return !diagnostics.empty(); }
  size_t errorCount() const { return diagnostics.size(); }
  const std::deque<Diagnostic> &all() const { return diagnostics; }
  /// An error to add notes to, by its number from 0.
  Diagnostic &at(size_t index) { return diagnostics[index]; }

  /// Writes all errors, ordered by file and place; equal ones once. At most
  /// `limit` are shown in text. `colour` is for terminals only.
  void print(llvm::raw_ostream &os, ErrorFormat format, bool colour,
             unsigned limit = 20) const;

private:
  Diagnostic &add(DiagnosticId id, SourceRange range, std::string message);

  std::deque<Diagnostic> diagnostics; // references to elements stay valid
};

/// What something is called here that other systems call `name`.
std::optional<llvm::StringRef> familiarName(llvm::StringRef name);

/// How what other systems call `name` is written with an operator.
std::optional<llvm::StringRef> familiarOperator(llvm::StringRef name);

/// The candidate that other systems call `name`, or the nearest to it by edit
/// distance, if it is near enough to be a slip.
std::optional<llvm::StringRef>
nearestName(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> candidates);

} // namespace modelc

#endif
