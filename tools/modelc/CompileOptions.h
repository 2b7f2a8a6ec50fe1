// CompileOptions.h: what the commands that compile have in common.
#ifndef MODELC_TOOLS_MODELC_COMPILEOPTIONS_H
#define MODELC_TOOLS_MODELC_COMPILEOPTIONS_H

#include "tools/modelc/Compilation.h"

namespace modelc {

/// A compilation as the command line says it.
struct CompileOptions : CompilationOptions {
  std::vector<std::string> inputs;
  std::string emitted = "exe";
  std::string level = "2";
  std::string errors = "text";
  std::vector<std::string> set;
  bool withTraining = false;

  ExitCode run();
};

/// Declares the options that change the code that is made.
void declareCodeOptions(CommandLine &line, CompileOptions &options);

/// Compiles to a file that is gone when its program begins, and becomes that
/// program. The first of the arguments is what it is called.
ExitCode compileAndExecute(CompileOptions &options,
                           llvm::ArrayRef<std::string> arguments);

} // namespace modelc

#endif
