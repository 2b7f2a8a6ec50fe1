// Stdlib.cpp: the texts of the standard library, embedded by
// cmake/EmbedText.cmake, and where each declaration is in them.
#include "frontend/Stdlib.h"
#include "frontend/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"

using namespace modelc;

static constexpr StdlibText texts[] = {
#include "frontend/StdlibTexts.inc"
};

llvm::ArrayRef<StdlibText> modelc::stdlibTexts() { return texts; }

StandardLibrary::StandardLibrary(SourceManager &sources,
                                 DiagnosticEngine &diagnostics)
    : diagnostics(diagnostics) {
  for (const StdlibText &file : texts) {
    const SourceFile &source =
        sources.add("stdlib/" + file.name.str(), file.text.str());
    index({&source, 0, uint32_t(source.text().size())});
  }
}

/// The word under which a declaration is found; empty if the line begins none.
static llvm::StringRef wordOf(llvm::StringRef line) {
  llvm::StringRef first = line.take_while(llvm::isAlpha);
  if (first == "metric" || first == "optimizer" || first == "transform")
    return first;
  return first == "fn" || first == "module" || first == "let"
             ? "fn"
             : llvm::StringRef();
}

static std::string key(llvm::StringRef word, llvm::StringRef name) {
  return (word + " " + name).str();
}

/// The files of the library are laid out so that no parser is needed to find
/// their declarations: each begins at the first column, after the comments that
/// belong to it, and goes on to the next one's; a custom gradient belongs to
/// the function before it.
void StandardLibrary::index(SourceRange file) {
  SourceRange part{file.file, 0, 0};
  llvm::StringRef declaration, rest = file.text();
  bool inComments = true;
  while (!rest.empty()) {
    uint32_t at = file.end - rest.size();
    auto [line, following] = rest.split('\n');
    rest = following;
    bool isComment = line.starts_with("//");
    bool begins = isComment || !wordOf(line).empty();
    if (begins && !inComments) {
      part.end = at;
      add(declaration, part);
      part.begin = at;
    }
    if (!isComment && begins)
      declaration = line;
    inComments = isComment || (inComments && line.empty());
  }
  part.end = file.end;
  add(declaration, part);
}

void StandardLibrary::add(llvm::StringRef firstLine, SourceRange part) {
  llvm::StringRef word = wordOf(firstLine);
  llvm::StringRef name =
      firstLine.drop_while(llvm::isAlpha).ltrim().take_while([](char c) {
        return llvm::isAlnum(c) || c == '_';
      });
  bool isNew = parts.try_emplace(key(word, name), part).second;
  if (!isNew)
    llvm::report_fatal_error("the standard library declares `" + name +
                             "` twice");
}

const ast::File *StandardLibrary::take(llvm::StringRef word,
                                       llvm::StringRef name) {
  auto found = parts.find(key(word, name));
  if (found == parts.end() || !found->second.isValid())
    return nullptr;
  std::unique_ptr<ast::File> file = parse(found->second, diagnostics);
  found->second = SourceRange();
  if (!file)
    return nullptr;
  return parsed.emplace_back(std::move(file)).get();
}

std::vector<llvm::StringRef>
StandardLibrary::names(llvm::StringRef word) const {
  std::vector<llvm::StringRef> found;
  for (llvm::StringRef known : parts.keys())
    if (known.consume_front(word) && known.consume_front(" "))
      found.push_back(known);
  llvm::sort(found);
  return found;
}
