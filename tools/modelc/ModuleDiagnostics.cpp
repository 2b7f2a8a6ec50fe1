// ModuleDiagnostics.cpp: what passes report, in the words and the form of the
// frontend.
#include "tools/modelc/ModuleDiagnostics.h"
#include "passes/Locations.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace modelc;

bool modelc::hasColours() {
  return llvm::errs().is_displayed() && llvm::errs().has_colors();
}

ModuleDiagnostics::ModuleDiagnostics(mlir::MLIRContext &context,
                                     SourceManager &sources, ErrorFormat format,
                                     bool remarks)
    : sources(sources), format(format), remarks(remarks),
      handler(&context, [this](mlir::Diagnostic &diagnostic) {
        return handle(diagnostic);
      }) {}

/// The word of the source at the first place that the location names.
SourceRange ModuleDiagnostics::rangeOf(mlir::Location location) const {
  llvm::SmallVector<mlir::FileLineColLoc> lines;
  mlir::model::collectUserLines(location, lines);
  for (mlir::FileLineColLoc place : lines)
    if (const SourceFile *file = sources.find(place.getFilename().getValue()))
      return file->wordAt({place.getLine(), place.getColumn()});
  return {};
}

llvm::LogicalResult ModuleDiagnostics::handle(mlir::Diagnostic &diagnostic) {
  std::string text = diagnostic.str();
  SourceRange range = rangeOf(diagnostic.getLocation());
  if (diagnostic.getSeverity() != mlir::DiagnosticSeverity::Error) {
    if (!remarks)
      return llvm::success();
    std::string place = mlir::model::describeLocation(diagnostic.getLocation());
    llvm::WithColor::remark(llvm::errs(), place.empty() ? "modelc" : place)
        << text << '\n';
    return llvm::success();
  }
  // `'model.add' op ...`: an operation is not as it must be.
  isInternal |= llvm::StringRef(text).starts_with("'");
  Diagnostic &error = errors.report(DiagnosticId::CannotCompile, range, text);
  for (mlir::Diagnostic &note : diagnostic.getNotes())
    error.notes.push_back({rangeOf(note.getLocation()), note.str()});
  return llvm::success();
}

ExitCode ModuleDiagnostics::finish() {
  errors.print(llvm::errs(), format, hasColours());
  if (!isInternal && errors.hasErrors())
    return UsersMistake;
  llvm::WithColor::error(llvm::errs(), "modelc")
      << "this is a mistake of the compiler and not of the program; please "
         "report it together with the program\n";
  return CompilersMistake;
}
