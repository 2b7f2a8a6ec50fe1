// ModelOpt.cpp: mlir-opt with the model dialect and its passes.
#include "dialect/Model.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "passes/Passes.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"

using namespace mlir;

template <typename Interface>
static void printIf(RegisteredOperationName operation, StringRef what) {
  if (operation.hasInterface<Interface>())
    llvm::outs() << " " << what;
}

/// Prints the model dialect's operations, one a line, each with its interfaces,
/// so that tests can demand a case for every operation there is.
static void listOperations(const DialectRegistry &registry) {
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.getOrLoadDialect<model::ModelDialect>();
  SmallVector<RegisteredOperationName> operations;
  for (RegisteredOperationName operation : context.getRegisteredOperations())
    if (operation.getDialectNamespace() == "model")
      operations.push_back(operation);
  llvm::sort(operations, [](auto a, auto b) {
    return a.getStringRef() < b.getStringRef();
  });
  for (RegisteredOperationName operation : operations) {
    llvm::outs() << operation.getStringRef();
    printIf<model::ShapeFunctionInterface>(operation, "shape-function");
    printIf<model::DifferentiableOpInterface>(operation, "differentiable");
    printIf<model::ElementOpInterface>(operation, "element");
    printIf<model::ElementwiseOpInterface>(operation, "elementwise");
    llvm::outs() << "\n";
  }
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::cl::opt<bool> listOps(
      "list-ops",
      llvm::cl::desc("print the model dialect's operations and exit"));
  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllExtensions(registry);
  registry.insert<model::ModelDialect>();
  registerAllPasses();
  model::registerModelPasses();
  auto [input, output] = registerAndParseCLIOptions(
      argc, argv, "the model dialect's optimizer\n", registry);
  if (listOps) {
    listOperations(registry);
    return 0;
  }
  return asMainReturnCode(MlirOptMain(argc, argv, input, output, registry));
}
