// Compilation.h: one run of the compiler, from an input file to an output file.
#ifndef MODELC_TOOLS_MODELC_COMPILATION_H
#define MODELC_TOOLS_MODELC_COMPILATION_H

#include "codegen/targets/Target.h"
#include "frontend/Diagnostics.h"
#include "passes/Pipeline.h"
#include "tools/modelc/CommandLine.h"
#include <string>

namespace modelc {

/// What the command line asks for.
struct CompilationOptions {
  std::string input;
  /// Empty: standard output for text, a file named like the input for code.
  std::string output;
  const mlir::model::Stage *emit = nullptr;
  /// Where each stage on the way is written to; empty: nowhere.
  std::string dumpFolder;
  /// Holds the runtime's archives.
  std::string runtimeFolder;
  ErrorFormat errorFormat = ErrorFormat::Text;
  /// What `--set` says: names and values of hypers.
  std::vector<std::pair<std::string, std::string>> settings;
  /// Let `float` be f64.
  bool f64 = false;
  /// Make the program that compares gradients with differences.
  bool checkGradients = false;
  /// Say what the compiler would have liked to do otherwise.
  bool remarks = false;
  mlir::model::PipelineOptions pipeline;
  mlir::model::TargetOptions target;

  bool isLibrary() const {
    return emit->name == "static-library" || emit->name == "shared-library";
  }
};

ExitCode compile(const CompilationOptions &options);

} // namespace modelc

#endif
