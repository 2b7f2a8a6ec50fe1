// Doc.cpp: `modelc doc`, which shows what the standard library or a file says
// of its declarations.
#include "frontend/Diagnostics.h"
#include "frontend/Documentation.h"
#include "frontend/Parser.h"
#include "frontend/Stdlib.h"
#include "tools/modelc/Commands.h"
#include "tools/modelc/ModuleDiagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace modelc;
using llvm::StringRef;

/// The subjects of the library, in the order in which one would read them.
static constexpr StringRef readingOrder[] = {
    "layers",    "activations",    "norms",  "dropout",   "attention",
    "recurrent", "initializers",   "losses", "metrics",   "optimizers",
    "schedules", "regularization", "arrays", "transforms"};

static constexpr StringRef libraryPage = R"(# The standard library

Everything here is written in the language itself and embedded in the compiler; the sources, in
`frontend/stdlib/`, are meant to be read and copied. A program uses a name without an import, and a
declaration of its own by the same name goes first. Only what is used is compiled.

This page is made from the sources: `modelc doc --markdown > docs/library.md`.
)";

namespace {
/// One file and what it declares.
struct Subject {
  std::string name; // "layers"
  std::string comment;
  std::unique_ptr<ast::File> file;
  std::vector<Documentation> entries;
};

struct DocOptions {
  std::vector<std::string> names;
  std::string file;
  bool markdown = false;
};

class DocCommand {
public:
  explicit DocCommand(const DocOptions &options) : options(options) {}
  ExitCode run();

private:
  bool read(const SourceFile *source, bool isLibrary);
  bool readLibrary();
  ExitCode show(StringRef name) const;
  ExitCode failUnknown(StringRef name) const;
  void showMarkdown() const;

  const DocOptions &options;
  DiagnosticEngine diagnostics;
  SourceManager sources;
  std::vector<Subject> subjects;
};
} // namespace

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// Of the library only what has a comment is meant to be used.
bool DocCommand::read(const SourceFile *source, bool isLibrary) {
  if (!source)
    return false;
  Subject subject;
  subject.file = parse(*source, diagnostics);
  if (!subject.file)
    return false;
  subject.name = llvm::sys::path::stem(source->name()).str();
  subject.comment = fileComment(*source);
  subject.entries = document(*subject.file);
  if (isLibrary)
    llvm::erase_if(subject.entries, [](const Documentation &entry) {
      return entry.text.empty();
    });
  subjects.push_back(std::move(subject));
  return true;
}

bool DocCommand::readLibrary() {
  for (const StdlibText &file : stdlibTexts())
    if (!read(&sources.add("stdlib/" + file.name.str(), file.text.str()), true))
      return false;
  llvm::sort(subjects, [](const Subject &a, const Subject &b) {
    auto place = [](const Subject &subject) {
      return llvm::find(readingOrder, subject.name) - std::begin(readingOrder);
    };
    return std::make_pair(place(a), StringRef(a.name)) <
           std::make_pair(place(b), StringRef(b.name));
  });
  return true;
}

//===----------------------------------------------------------------------===//
// Showing
//===----------------------------------------------------------------------===//

/// `  name      words`.
static void showLine(StringRef left, StringRef right, size_t width) {
  llvm::outs().indent(2) << left;
  if (!right.empty())
    llvm::outs().indent(width - left.size() + 2) << right;
  llvm::outs() << '\n';
}

static StringRef titleOf(const Documentation &entry) {
  return entry.name.empty() ? StringRef(entry.signature) : entry.name;
}

/// A declaration without a comment is told by how it is used.
static std::string wordsOf(const Documentation &entry) {
  if (!entry.text.empty())
    return firstSentence(entry.text);
  return entry.name.empty() ? "" : entry.signature;
}

/// Each entry and then its members.
static std::vector<const Documentation *>
flatten(llvm::ArrayRef<Documentation> entries) {
  std::vector<const Documentation *> all;
  for (const Documentation &entry : entries) {
    all.push_back(&entry);
    for (const Documentation &member : entry.members)
      all.push_back(&member);
  }
  return all;
}

static void showList(llvm::ArrayRef<Documentation> entries) {
  std::vector<const Documentation *> all = flatten(entries);
  size_t width = 0;
  for (const Documentation *entry : all)
    width = std::max(width, titleOf(*entry).size());
  for (const Documentation *entry : all)
    showLine(titleOf(*entry), wordsOf(*entry), width);
}

static void showSubject(const Subject &subject) {
  if (!subject.comment.empty())
    llvm::outs() << subject.name << ": " << subject.comment << "\n\n";
  showList(subject.entries);
}

static void showSubjects(llvm::ArrayRef<Subject> subjects) {
  size_t width = 0;
  for (const Subject &subject : subjects)
    width = std::max(width, subject.name.size());
  for (const Subject &subject : subjects)
    showLine(subject.name, firstSentence(subject.comment), width);
  llvm::outs() << "\n`modelc doc layers` lists the layers, `modelc doc Dense` "
                  "shows one\n";
}

static void showEntry(const Documentation &entry) {
  llvm::raw_ostream &os = llvm::outs();
  os << entry.signature << '\n';
  if (!entry.text.empty())
    os << '\n' << entry.text << '\n';
  if (!entry.members.empty())
    os << '\n';
  for (const Documentation &member : entry.members)
    showLine(member.signature, "", 0);
  os << '\n'
     << entry.range.file->name() << ':' << entry.range.start().line << '\n';
}

/// The page docs/library.md.
void DocCommand::showMarkdown() const {
  llvm::raw_ostream &os = llvm::outs();
  if (options.file.empty())
    os << libraryPage;
  for (const Subject &subject : subjects) {
    os << (&subject == subjects.data() && !options.file.empty() ? "" : "\n")
       << "## " << llvm::toUpper(subject.name[0])
       << StringRef(subject.name).drop_front() << '\n';
    if (!subject.comment.empty())
      os << '\n'
         << llvm::toUpper(subject.comment[0])
         << StringRef(subject.comment).drop_front() << '\n';
    for (const Documentation *entry : flatten(subject.entries)) {
      os << "\n`" << entry->signature << '`';
      if (!entry->text.empty())
        os << "  \n" << entry->text;
      os << '\n';
    }
  }
}

//===----------------------------------------------------------------------===//
// Finding
//===----------------------------------------------------------------------===//

ExitCode DocCommand::failUnknown(StringRef name) const {
  std::vector<StringRef> known;
  for (const Subject &subject : subjects) {
    known.push_back(subject.name);
    for (const Documentation *entry : flatten(subject.entries))
      known.push_back(entry->name);
  }
  std::string hint;
  if (std::optional<StringRef> near = nearestName(name, known))
    hint = ("\nhint: did you mean `" + *near + "`?").str();
  else if (options.file.empty())
    hint = "\nhint: `modelc doc` lists the subjects; what is built into the "
           "language is in `docs/language.md`";
  std::string where =
      options.file.empty() ? "the standard library" : "`" + options.file + "`";
  return failWith(UsersMistake, where + " has no `" + name + "`" + hint);
}

/// `predict` is enough for `Line.predict`.
static bool isMemberCalled(const Documentation &entry, StringRef name) {
  StringRef end = entry.name;
  return end.consume_back(name) && end.ends_with(".");
}

/// Several may have one name: a loss and a metric.
ExitCode DocCommand::show(StringRef name) const {
  std::vector<const Documentation *> found;
  for (const Subject &subject : subjects)
    for (const Documentation *entry : flatten(subject.entries))
      if (entry->name == name || isMemberCalled(*entry, name))
        found.push_back(entry);
  for (const Documentation *entry : found) {
    if (entry != found.front())
      llvm::outs() << '\n';
    showEntry(*entry);
  }
  if (!found.empty())
    return Success;
  for (const Subject &subject : subjects)
    if (subject.name == name) {
      showSubject(subject);
      return Success;
    }
  return failUnknown(name);
}

ExitCode DocCommand::run() {
  bool isFile = !options.file.empty();
  if (options.markdown && !options.names.empty())
    return failWith(UsersMistake, "found `" + options.names.front() +
                                      "` beside `--markdown`, which shows all");
  if (!(isFile ? read(sources.load(options.file, diagnostics), false)
               : readLibrary())) {
    diagnostics.print(llvm::errs(), ErrorFormat::Text, hasColours());
    return UsersMistake;
  }
  if (options.markdown)
    showMarkdown();
  else if (!options.names.empty())
    return show(options.names.front());
  else if (isFile)
    showSubject(subjects.front());
  else
    showSubjects(subjects);
  return Success;
}

Action modelc::declareDoc(CommandLine &line) {
  auto options = std::make_shared<DocOptions>();
  line.operands({"name", 0, 1, false, &options->names});
  line.text("--file", "file.model", options->file,
            "show the declarations of this file instead of the standard "
            "library's");
  line.flag("--markdown", options->markdown, "write everything as one page");
  return [options] { return DocCommand(*options).run(); };
}
