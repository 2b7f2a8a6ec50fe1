// Commands.cpp: the table of commands, and how one is found and run.
#include "tools/modelc/Commands.h"
#include "frontend/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace modelc;
using llvm::StringRef;

static const Command commands[] = {
    {"", "compiles a program", declareCompile},
    {"run", "compiles a program and runs one of its commands", declareRun},
    {"fmt", "lays out programs; what they mean and their comments stay",
     declareFormat},
    {"check-gradients",
     "compares the gradients of a program's losses with differences",
     declareCheckGradients},
    {"doc", "shows the documentation of the standard library, or of a program",
     declareDoc},
    {"schema", "writes the `data` declaration that reads a csv or tsv file",
     declareSchema},
    {"man", "writes the man page of modelc, or of the programs that it makes",
     declareMan},
    {"completion",
     "writes what completes this command line in bash, zsh or fish",
     declareCompletion},
};

llvm::ArrayRef<Command> modelc::allCommands() { return commands; }

std::string Command::calledAs() const {
  return name.empty() ? "modelc" : ("modelc " + name).str();
}

static const Command *findCommand(StringRef name) {
  for (const Command &command : llvm::drop_begin(commands))
    if (command.name == name)
      return &command;
  return nullptr;
}

static void printUsage(const Command &command, const CommandLine &line) {
  llvm::outs() << "  " << command.calledAs() << ' ' << line.usage() << '\n';
  llvm::outs().indent(6) << command.summary << '\n';
}

static void printHelp(const Command &command, const CommandLine &line) {
  llvm::raw_ostream &os = llvm::outs();
  if (command.name.empty()) {
    os << "modelc, a compiler for models\n\nusage:\n";
    for (const Command &each : commands) {
      CommandLine itsLine;
      each.declare(itsLine);
      printUsage(each, itsLine);
    }
    os << "\n`modelc <command> --help` lists the options of a command. Those "
          "of the compiler:\n";
  } else {
    os << "usage:\n";
    printUsage(command, line);
    os << "\noptions:\n";
  }
  line.printOptions(os);
  os << "  --help                  show this\n";
  if (!command.name.empty())
    return;
  os << "  --version               show the version\n" << describeStages();
}

/// A word that is no file and was meant as a command.
static std::optional<StringRef> meantCommand(StringRef word) {
  if (word.contains('.') || word.contains('/') || word.starts_with("-") ||
      llvm::sys::fs::exists(word))
    return std::nullopt;
  std::vector<StringRef> names;
  for (const Command &command : llvm::drop_begin(commands))
    names.push_back(command.name);
  return nearestName(word, names);
}

/// Whether an argument asks for help, and is not another program's.
static bool asksForHelp(const CommandLine &line,
                        llvm::ArrayRef<StringRef> arguments) {
  for (StringRef argument : arguments) {
    if (argument == "--help" || argument == "-h")
      return true;
    bool isOption = argument.starts_with("-") && argument != "-";
    if (argument == "--" || (!isOption && line.operands().endOptions))
      return false;
  }
  return false;
}

ExitCode modelc::runCommandLine(llvm::ArrayRef<StringRef> arguments) {
  const Command *command = &commands[0];
  if (!arguments.empty()) {
    if (arguments.front() == "--version") {
      llvm::outs() << "modelc " MODELC_VERSION "\n";
      return Success;
    }
    if (const Command *found = findCommand(arguments.front())) {
      command = found;
      arguments = arguments.drop_front();
    } else if (auto near = meantCommand(arguments.front())) {
      return failWith(UsersMistake,
                      "there is no command or file `" + arguments.front() +
                          "`\nhint: did you mean `modelc " + *near + "`?");
    }
  }
  CommandLine line;
  Action action = command->declare(line);
  if (asksForHelp(line, arguments)) {
    printHelp(*command, line);
    return Success;
  }
  if (llvm::Error error = line.parse(command->calledAs(), arguments))
    return failWith(UsersMistake, std::move(error));
  return action();
}

std::string modelc::programPath() {
  static int anchor; // a place in this program
  return llvm::sys::fs::getMainExecutable(nullptr, &anchor);
}

std::string modelc::runtimeFolder() {
  llvm::SmallString<128> path(programPath());
  llvm::sys::path::remove_filename(path);
  llvm::sys::path::append(path, "..", "lib");
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return path.str().str();
}
