// Lower.cpp: the way into the lowering.
#include "frontend/Lower.h"
#include "dialect/Model.h"
#include "frontend/lowering/Meanings.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace modelc {

namespace lowering {

Lowering::Lowering(const ast::File &file, const LoweringOptions &options,
                   MLIRContext &context, DiagnosticEngine &diagnostics)
    : file(file), library(*options.sources, diagnostics), options(options),
      context(context), diagnostics(diagnostics),
      floatType(options.floatType ? options.floatType
                                  : Float32Type::get(&context)),
      declarations(&context) {}

Lowering::~Lowering() = default;

OwningOpRef<ModuleOp> Lowering::run() {
  program =
      ModuleOp::create(FileLineColLoc::get(&context, file.source.name(), 1, 1));
  declarations.setInsertionPointToEnd(program->getBody());
  libraryScope = newEnvironment(Environment::File, nullptr);
  fileScope = newEnvironment(Environment::File, libraryScope);
  scope = fileScope;
  declareFile(file, fileScope);
  if (!diagnostics.hasErrors()) {
    lowerProgram();
    checkNames();
  }
  if (diagnostics.hasErrors())
    return nullptr;
  if (failed(verify(*program))) // reported as an error of ours
    return nullptr;
  return std::move(program);
}

} // namespace lowering

OwningOpRef<ModuleOp> lowerToModel(const ast::File &file,
                                   const LoweringOptions &options,
                                   MLIRContext &context,
                                   DiagnosticEngine &diagnostics) {
  context.loadDialect<model::ModelDialect, func::FuncDialect>();
  return lowering::Lowering(file, options, context, diagnostics).run();
}

} // namespace modelc
