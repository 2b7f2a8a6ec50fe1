// Stdlib.cpp: the texts of the standard library, embedded by
// cmake/EmbedText.cmake.
#include "frontend/Stdlib.h"
#include "frontend/Parser.h"

using namespace modelc;

static constexpr StdlibText texts[] = {
#include "frontend/StdlibTexts.inc"
};

llvm::ArrayRef<StdlibText> modelc::stdlibTexts() { return texts; }

std::vector<std::unique_ptr<ast::File>>
modelc::parseStdlib(SourceManager &sources, DiagnosticEngine &diagnostics) {
  std::vector<std::unique_ptr<ast::File>> files;
  for (const StdlibText &part : texts) {
    SourceFile &source =
        sources.add("stdlib/" + part.name.str(), part.text.str());
    std::unique_ptr<ast::File> file = parse(source, diagnostics);
    if (!file)
      return {};
    files.push_back(std::move(file));
  }
  return files;
}
