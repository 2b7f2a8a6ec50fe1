// ModelOpt.cpp: mlir-opt with the model dialect and its passes.
#include "codegen/reference/Reference.h"
#include "dialect/Model.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "passes/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<mlir::model::ModelDialect>();
  mlir::registerAllPasses();
  mlir::model::registerModelPasses();
  mlir::model::registerReferencePipeline();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "the model dialect's optimizer\n", registry));
}
