// Commands.h: the commands of modelc, in one table.
#ifndef MODELC_TOOLS_MODELC_COMMANDS_H
#define MODELC_TOOLS_MODELC_COMMANDS_H

#include "tools/modelc/CommandLine.h"

namespace modelc {

/// What a command does once its options are set.
using Action = std::function<ExitCode()>;

/// `modelc NAME [options] <operands>`; `modelc [options] <file>` compiles, and
/// is the first of the table, without a name.
struct Command {
  llvm::StringLiteral name;
  llvm::StringLiteral summary;
  /// Declares the options; they live in the action.
  Action (*declare)(CommandLine &line);

  /// "modelc fmt".
  std::string calledAs() const;
};

/// All commands, in the order of the help.
llvm::ArrayRef<Command> allCommands();

/// Runs what the command line asks for.
ExitCode runCommandLine(llvm::ArrayRef<llvm::StringRef> arguments);

/// The path of this program, and of the folder of the runtime's archives beside
/// its own.
std::string programPath();
std::string runtimeFolder();

// Each declared by the file of its name.
Action declareCompile(CommandLine &line);
Action declareRun(CommandLine &line);
Action declareMan(CommandLine &line);
Action declareCompletion(CommandLine &line);
Action declareFormat(CommandLine &line);
Action declareCheckGradients(CommandLine &line);
Action declareDoc(CommandLine &line);
Action declareSchema(CommandLine &line);

/// What follows the options in the help of the compiler.
std::string describeStages();

} // namespace modelc

#endif
