// Modelc.cpp: the compiler driver.
#include "frontend/AstPrinter.h"
#include "frontend/Diagnostics.h"
#include "frontend/Lower.h"
#include "frontend/Parser.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace modelc;
namespace cl = llvm::cl;

static constexpr int userMistake = 1;
static constexpr int compilerMistake = 2;

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::OptionCategory category("modelc");
  cl::opt<std::string> input(cl::Positional, cl::Required, cl::cat(category),
                             cl::desc("<file.model>"));
  cl::opt<std::string> emit("emit", cl::Required, cl::cat(category),
                            cl::desc("the stage to print: ast, model"));
  cl::opt<ErrorFormat> errorFormat(
      "error-format", cl::cat(category), cl::desc("how errors are written"),
      cl::init(ErrorFormat::Text),
      cl::values(
          clEnumValN(ErrorFormat::Text, "text", "for people"),
          clEnumValN(ErrorFormat::Json, "json", "one JSON object a line")));
  cl::opt<bool> f64("f64", cl::cat(category),
                    cl::desc("let `float` be f64 instead of f32"));
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "a compiler for models\n");

  if (emit != "ast" && emit != "model") {
    llvm::WithColor::error(llvm::errs(), "modelc")
        << "found stage `" << emit << "`, expected `ast` or `model`\n";
    return userMistake;
  }
  SourceManager sources;
  DiagnosticEngine diagnostics;
  std::unique_ptr<ast::File> file;
  if (SourceFile *source = sources.load(input, diagnostics))
    file = parse(*source, diagnostics);
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::OwningOpRef<mlir::ModuleOp> program;
  if (file && emit == "model") {
    LoweringOptions options;
    options.sources = &sources;
    if (f64)
      options.floatType = mlir::Float64Type::get(&context);
    program = lowerToModel(*file, options, context, diagnostics);
  }
  diagnostics.print(llvm::errs(), errorFormat,
                    llvm::errs().is_displayed() && llvm::errs().has_colors());
  if (!file || diagnostics.hasErrors())
    return userMistake;
  if (emit == "ast")
    printAst(*file, llvm::outs());
  else if (program)
    program->print(llvm::outs(), mlir::OpPrintingFlags().enableDebugInfo());
  else
    return compilerMistake;
  return 0;
}
