// Modelc.cpp: the command `modelc`.
#include "tools/modelc/Commands.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/PrettyStackTrace.h"

using namespace modelc;

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::setBugReportMsg("modelc has made a mistake; please report it together "
                        "with the program and this text:\n");
  std::vector<llvm::StringRef> arguments(argv + 1, argv + argc);
  return runCommandLine(arguments);
}
