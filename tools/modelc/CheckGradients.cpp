// CheckGradients.cpp: `modelc check-gradients`, which compares what the
// compiler says the gradients of a program are with differences.
#include "tools/modelc/Commands.h"
#include "tools/modelc/CompileOptions.h"
#include "llvm/Support/Path.h"

using namespace modelc;

namespace {
struct CheckOptions : CompileOptions {
  uint64_t elements = 64;
  std::string seed;
  std::vector<std::string> data;

  ExitCode check();
};
} // namespace

/// runtime/check/ is what runs.
ExitCode CheckOptions::check() {
  if (llvm::sys::path::extension(inputs.front()) == ".mlir")
    return failWith(UsersMistake, "found `" + inputs.front() +
                                      "`, expected a `.model` file: its "
                                      "gradients are checked from the source");
  if (elements == 0)
    return failWith(UsersMistake,
                    "found `--elements 0`, expected a number from 1");
  f64 = checkGradients = true;
  std::vector<std::string> arguments = {inputs.front(), "--elements",
                                        std::to_string(elements)};
  if (!seed.empty())
    llvm::append_range(arguments, std::vector<std::string>{"--seed", seed});
  for (const std::string &file : data)
    llvm::append_range(arguments, std::vector<std::string>{"--data", file});
  return compileAndExecute(*this, arguments);
}

Action modelc::declareCheckGradients(CommandLine &line) {
  auto options = std::make_shared<CheckOptions>();
  line.operands({"file.model", 1, 1, false, &options->inputs});
  declareCodeOptions(line, *options);
  line.texts("--data", "[name=]file", options->data,
             "read the first batch from this file; without any file it is made "
             "at random");
  line.number(
      "--elements", "n", options->elements,
      "look at this many elements of each parameter, chosen by the seed "
      "(by default 64)");
  line.text("--seed", "n", options->seed,
            "of initial weights, random numbers and the choice of elements (by "
            "default the program's)");
  return [options] { return options->check(); };
}
