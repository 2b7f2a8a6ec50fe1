// Format.cpp: `modelc fmt`, which lays out programs.
#include "frontend/Diagnostics.h"
#include "frontend/formatting/Formatter.h"
#include "tools/modelc/Commands.h"
#include "tools/modelc/ModuleDiagnostics.h"
#include "tools/modelc/OutputFile.h"
#include "llvm/Support/raw_ostream.h"

using namespace modelc;

namespace {
struct FormatOptions {
  std::vector<std::string> inputs;
  bool check = false;
  bool toOutput = false;
};
} // namespace

/// One file; a file that does not parse is left alone.
static ExitCode formatFile(const std::string &path,
                           const FormatOptions &options) {
  DiagnosticEngine diagnostics;
  SourceManager sources;
  std::optional<std::string> text;
  SourceFile *source = sources.load(path, diagnostics);
  if (source)
    text = format(*source, diagnostics);
  if (!text) {
    diagnostics.print(llvm::errs(), ErrorFormat::Text, hasColours());
    return UsersMistake;
  }
  if (options.check) {
    if (*text == source->text())
      return Success;
    llvm::outs() << path << '\n';
    return UsersMistake;
  }
  bool toOutput = options.toOutput || path == "-";
  if (!toOutput && *text == source->text())
    return Success;
  llvm::Error error =
      writeFile(toOutput ? "-" : path, [&](llvm::raw_pwrite_stream &out) {
        out << *text;
        return llvm::Error::success();
      });
  return error ? failWith(UsersMistake, std::move(error)) : Success;
}

Action modelc::declareFormat(CommandLine &line) {
  auto options = std::make_shared<FormatOptions>();
  line.operands(
      {"file.model", 1, CommandLine::anyNumber, false, &options->inputs});
  line.flag("--check", options->check,
            "write nothing, name the files that are not formatted, and fail "
            "if there are any");
  line.flag("--stdout", options->toOutput,
            "write to standard output instead of the files");
  return [options] {
    ExitCode worst = Success;
    for (const std::string &path : options->inputs)
      worst = std::max(worst, formatFile(path, *options));
    return worst;
  };
}
