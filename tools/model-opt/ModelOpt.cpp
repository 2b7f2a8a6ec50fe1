// ModelOpt.cpp: mlir-opt with the model dialect, its passes and its stages.
#include "codegen/program/Program.h"
#include "codegen/reference/Reference.h"
#include "dialect/Model.h"
#include "mlir-c/RegisterEverything.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "passes/Passes.h"
#include "passes/Pipeline.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
namespace cl = llvm::cl;

static bool isModuleStage(const model::Stage &stage) {
  return stage.form == model::Stage::Form::Module;
}

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
  DialectRegistry registry;
  // Through the C interface, which is compiled: the headers take a minute.
  mlirRegisterAllDialects(wrap(&registry));
  mlirRegisterAllPasses();
  model::registerPipelineDialects(registry);
  model::registerModelPasses();
  model::registerLlvmPipeline();
  model::registerReferencePipeline();

  std::string stages = model::listStages(isModuleStage);
  cl::opt<std::string> stage(
      "stage", cl::value_desc("name"),
      cl::desc("run the passes that lead to this stage: " + stages));
  cl::opt<unsigned> optimization(
      "O", cl::Prefix, cl::init(2), cl::value_desc("level"),
      cl::desc("with --stage: 0 for the reference path"));
  cl::opt<bool> poison("poison",
                       cl::desc("with --stage: fill dead memory with NaN"));
  cl::opt<bool> listOps(
      "list-ops", cl::desc("print the model dialect's operations and exit"));
  auto [input, output] = registerAndParseCLIOptions(
      argc, argv, "the model dialect's optimizer\n", registry);

  if (listOps) {
    listOperations(registry);
    return 0;
  }
  MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions();
  if (!stage.empty()) {
    const model::Stage *target = model::findStage(stage);
    if (!target || !isModuleStage(*target)) {
      llvm::WithColor::error(llvm::errs(), "model-opt")
          << "found `--stage=" << stage << "`, expected one of " << stages
          << '\n';
      return 1;
    }
    model::PipelineOptions options;
    options.optimization = optimization;
    options.poisonDead = poison;
    config.setPassPipelineSetupFn([=](PassManager &passes) {
      passes.addPass(model::createAdvance(*target, options));
      return success();
    });
  }
  std::string message;
  auto source = openInputFile(input, &message);
  auto result = source ? openOutputFile(output, &message) : nullptr;
  if (!result) {
    llvm::WithColor::error(llvm::errs(), "model-opt") << message << '\n';
    return 1;
  }
  if (failed(MlirOptMain(result->os(), std::move(source), registry, config)))
    return 1;
  result->keep();
  return 0;
}
