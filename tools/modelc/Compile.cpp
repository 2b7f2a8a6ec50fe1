// Compile.cpp: `modelc program.model -o program`, the compiler, and `modelc
// run`, which also runs what it has made.
#include "tools/modelc/Commands.h"
#include "tools/modelc/CompileOptions.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

using namespace modelc;
using mlir::model::Stage;

std::string modelc::describeStages() {
  std::string text = "\nstages, for --emit:\n";
  for (const Stage &stage : mlir::model::getStages()) {
    text += "  " + stage.name.str();
    text.append(16 - stage.name.size(), ' ');
    text += stage.description.str();
    text += stage.optimisedOnly ? " (not with -O0)\n" : "\n";
  }
  return text;
}

ExitCode CompileOptions::run() {
  input = inputs.front();
  emit = mlir::model::findStage(emitted);
  pipeline.optimization = target.optimization = level == "0" ? 0 : 2;
  errorFormat = errors == "json" ? ErrorFormat::Json : ErrorFormat::Text;
  for (llvm::StringRef text : set) {
    auto [name, value] = text.split('=');
    if (name.empty() || value.empty())
      return failWith(UsersMistake, "found `--set " + text +
                                        "`, expected `--set hyper=value`");
    settings.emplace_back(name.str(), value.str());
  }
  runtimeFolder = modelc::runtimeFolder();
  if (isLibrary()) {
    target.isPositionIndependent = true;
    pipeline.stripTraining = !withTraining;
    pipeline.trapNotFinite = false;
  } else if (withTraining) {
    return failWith(UsersMistake,
                    "found `--with-training` without `--emit=static-library` "
                    "or `--emit=shared-library`; programs always train");
  }
  return compile(*this);
}

void modelc::declareCodeOptions(CommandLine &line, CompileOptions &options) {
  line.choice("-O", "level", {"0", "2"}, options.level,
              "0: the reference path, slow and simple; 2: fast (default)");
  line.text("--cpu", "name", options.target.cpu,
            "the processor to make code for, such as x86-64-v3 (by default "
            "`native`, this machine's)");
  line.texts("--set", "hyper=value", options.set,
             "compile with this value of a `hyper` in place of its default; "
             "may be given several times");
}

static void declareFloatOption(CommandLine &line, CompileOptions &options) {
  line.flag("--f64", options.f64, "let `float` be f64 instead of f32");
}

Action modelc::declareCompile(CommandLine &line) {
  auto options = std::make_shared<CompileOptions>();
  line.operands({"file.model or file.mlir", 1, 1, false, &options->inputs});
  line.text("-o", "file", options->output,
            "where the result goes; - is standard output");
  std::vector<std::string> stages;
  for (const Stage &stage : mlir::model::getStages())
    stages.push_back(stage.name.str());
  line.choice("--emit", "stage", stages, options->emitted,
              "the stage to write (by default `exe`, a program)");
  declareCodeOptions(line, *options);
  declareFloatOption(line, *options);
  line.flag("--with-training", options->withTraining,
            "let a library export what training needs too, such as `step`");
  line.text("--dump-dir", "folder", options->dumpFolder,
            "write every stage on the way into this folder");
  line.flag("--remarks", options->remarks,
            "say where memory had to be copied, and why");
  line.choice("--error-format", "format", {"text", "json"}, options->errors,
              "how errors are written: text, or json, one object a line");
  line.flag("--poison", options->pipeline.poisonDead,
            "fill dead regions of the workspace with NaN, for tests")
      .isHidden = true;
  return [options] { return options->run(); };
}

/// Becomes the program, whose file is gone already.
static ExitCode execute(llvm::StringRef path,
                        llvm::ArrayRef<std::string> arguments) {
  int file = open(path.str().c_str(), O_RDONLY | O_CLOEXEC);
  llvm::sys::fs::remove(path);
  std::string name = llvm::sys::path::stem(arguments.front()).str();
  std::vector<char *> argv = {name.data()};
  for (const std::string &argument : arguments.drop_front())
    argv.push_back(const_cast<char *>(argument.c_str()));
  argv.push_back(nullptr);
  if (file >= 0)
    fexecve(file, argv.data(), environ);
  return failWith(CompilersMistake,
                  "cannot run the program: " +
                      llvm::StringRef(std::strerror(errno)).lower());
}

ExitCode modelc::compileAndExecute(CompileOptions &options,
                                   llvm::ArrayRef<std::string> arguments) {
  llvm::SmallString<128> path;
  if (std::error_code error =
          llvm::sys::fs::createTemporaryFile("modelc-run", "", path))
    return failWith(UsersMistake, "cannot make a temporary file: " +
                                      llvm::StringRef(error.message()).lower());
  options.output = path.str();
  if (ExitCode code = options.run()) {
    llvm::sys::fs::remove(path);
    return code;
  }
  return execute(path, arguments);
}

Action modelc::declareRun(CommandLine &line) {
  auto options = std::make_shared<CompileOptions>();
  line.operands({"file.model> <command", 1, CommandLine::anyNumber,
                 /*endOptions=*/true, &options->inputs});
  declareCodeOptions(line, *options);
  declareFloatOption(line, *options);
  return [options] { return compileAndExecute(*options, options->inputs); };
}
