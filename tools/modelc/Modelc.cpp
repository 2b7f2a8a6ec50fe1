// Modelc.cpp: the compiler's command line.
#include "tools/modelc/Compilation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace modelc;
using mlir::model::Stage;
namespace cl = llvm::cl;

/// The stage table, as a part of the help.
static std::string describeStages() {
  std::string text = "\nstages, for --emit:\n";
  for (const Stage &stage : mlir::model::getStages()) {
    text += "  " + stage.name.str();
    text.append(14 - stage.name.size(), ' ');
    text += stage.description.str();
    text += stage.optimisedOnly ? " (not with -O0)\n" : "\n";
  }
  return text;
}

/// The folder of the runtime's archives, beside that of the program.
static std::string runtimeFolder(const char *program) {
  static int anchor; // a place in this program
  llvm::SmallString<128> path(
      llvm::sys::fs::getMainExecutable(program, &anchor));
  llvm::sys::path::remove_filename(path);
  llvm::sys::path::append(path, "..", "lib");
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return path.str().str();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::setBugReportMsg("modelc has made a mistake; please report it together "
                        "with the program and this text:\n");
  cl::OptionCategory category("modelc");
  CompilationOptions options;
  cl::opt<std::string, true> input(
      cl::Positional, cl::Required, cl::cat(category),
      cl::desc("<file.model or file.mlir>"), cl::location(options.input));
  cl::opt<std::string, true> output(
      "o", cl::cat(category), cl::value_desc("file"),
      cl::desc("where the result goes; - is standard output"),
      cl::location(options.output));
  cl::opt<std::string> emit(
      "emit", cl::init("exe"), cl::cat(category), cl::value_desc("stage"),
      cl::desc("the stage to write (by default `exe`, a program)"));
  cl::opt<std::string, true> dumpFolder(
      "dump-dir", cl::cat(category), cl::value_desc("folder"),
      cl::desc("write every stage on the way into this folder"),
      cl::location(options.dumpFolder));
  cl::opt<unsigned> optimization(
      "O", cl::Prefix, cl::init(2), cl::cat(category), cl::value_desc("level"),
      cl::desc("0: the reference path, slow and simple; 2: fast (default)"));
  cl::opt<std::string, true> cpu(
      "cpu", cl::cat(category), cl::value_desc("name"),
      cl::desc("the processor to make code for, such as x86-64-v3 (by default "
               "`native`, this machine's)"),
      cl::location(options.target.cpu), cl::init("native"));
  cl::opt<bool, true> f64("f64", cl::cat(category),
                          cl::desc("let `float` be f64 instead of f32"),
                          cl::location(options.f64));
  cl::opt<bool, true> poison(
      "poison", cl::cat(category), cl::Hidden,
      cl::desc("fill dead regions of the workspace with NaN, for tests"),
      cl::location(options.pipeline.poisonDead));
  cl::opt<bool, true> remarks(
      "remarks", cl::cat(category),
      cl::desc("say where memory had to be copied, and why"),
      cl::location(options.remarks));
  cl::opt<ErrorFormat, true> errorFormat(
      "error-format", cl::cat(category), cl::desc("how errors are written"),
      cl::location(options.errorFormat), cl::init(ErrorFormat::Text),
      cl::values(
          clEnumValN(ErrorFormat::Text, "text", "for people"),
          clEnumValN(ErrorFormat::Json, "json", "one JSON object a line")));
  cl::HideUnrelatedOptions(category);
  cl::SetVersionPrinter(
      [](llvm::raw_ostream &os) { os << "modelc " MODELC_VERSION "\n"; });
  std::string stages = describeStages();
  cl::extrahelp help(stages); // keeps a reference
  cl::ParseCommandLineOptions(argc, argv, "modelc, a compiler for models\n");

  options.emit = mlir::model::findStage(emit);
  if (!options.emit) {
    llvm::WithColor::error(llvm::errs(), "modelc")
        << "found `--emit=" << emit << "`, expected one of "
        << mlir::model::listStages([](const Stage &) { return true; }) << '\n';
    return UsersMistake;
  }
  if (optimization != 0 && optimization != 2) {
    llvm::WithColor::error(llvm::errs(), "modelc")
        << "found `-O" << optimization << "`, expected `-O0` or `-O2`\n";
    return UsersMistake;
  }
  options.pipeline.optimization = options.target.optimization = optimization;
  options.runtimeFolder = runtimeFolder(argv[0]);
  return compile(options);
}
