// Compilation.cpp: one run of the compiler, from an input file to an output
// file.
#include "tools/modelc/Compilation.h"
#include "codegen/program/LibraryInterface.h"
#include "dialect/Model.h"
#include "frontend/AstPrinter.h"
#include "frontend/Lower.h"
#include "frontend/Parser.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "passes/PrintModule.h"
#include "tools/modelc/ModuleDiagnostics.h"
#include "tools/modelc/OutputFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace modelc;
using mlir::model::Stage;
using mlir::model::Target;

namespace {
class Compilation {
public:
  explicit Compilation(const CompilationOptions &options)
      : options(options),
        context(makeRegistry(), mlir::MLIRContext::Threading::DISABLED) {
    // A user has no use for operations in an error.
    context.printOpOnDiagnostic(false);
  }

  ExitCode run() {
    bool isModule = llvm::sys::path::extension(options.input) == ".mlir";
    ExitCode code = isModule ? readModule() : readModel();
    if (!program || code != Success)
      return code;
    return lower();
  }

private:
  static mlir::DialectRegistry makeRegistry() {
    mlir::DialectRegistry registry;
    mlir::model::registerPipelineDialects(registry);
    mlir::model::registerTargetDialects(registry);
    return registry;
  }

  //===--------------------------------------------------------------------===//
  // Input
  //===--------------------------------------------------------------------===//

  /// Reads a `.model` file; there is no program where only its tree is wanted.
  ExitCode readModel() {
    DiagnosticEngine diagnostics;
    std::unique_ptr<ast::File> file;
    SourceFile *source = sources.load(options.input, diagnostics);
    if (source)
      file = parse(*source, diagnostics);
    ExitCode code = Success;
    if (file && isWanted("ast"))
      code = writeTree(*file);
    bool onlyTree = options.emit->form == Stage::Form::Tree;
    bool isLowered = file && !onlyTree;
    if (isLowered) {
      LoweringOptions lowering;
      lowering.sources = &sources;
      lowering.settings = options.settings;
      lowering.checkGradients = options.checkGradients;
      if (options.f64)
        lowering.floatType = mlir::Float64Type::get(&context);
      program = lowerToModel(*file, lowering, context, diagnostics);
    }
    diagnostics.print(llvm::errs(), options.errorFormat, hasColours());
    if (!file || diagnostics.hasErrors()) {
      program = nullptr;
      return UsersMistake;
    }
    if (isLowered && !program)
      return CompilersMistake;
    if (!program)
      return code;
    describeSource(*source);
    bool isBinary = options.emit->form == Stage::Form::Code;
    if (isBinary)
      code = checkHasEntries();
    return code == Success && options.checkGradients ? checkTrains() : code;
  }

  ExitCode readModule() {
    llvm::SourceMgr manager;
    auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(options.input);
    if (!buffer)
      return failWith(
          UsersMistake,
          llvm::createStringError(
              "cannot read `" + options.input +
              "`: " + llvm::StringRef(buffer.getError().message()).lower()));
    manager.AddNewSourceBuffer(std::move(*buffer), llvm::SMLoc());
    mlir::SourceMgrDiagnosticHandler handler(manager, &context, llvm::errs());
    program = mlir::parseSourceFile<mlir::ModuleOp>(manager, &context);
    return program ? Success : UsersMistake;
  }

  /// A binary that can do nothing is not what anybody wants.
  ExitCode checkHasEntries() {
    for (auto function : program->getOps<mlir::func::FuncOp>())
      if (function.isPublic())
        return Success;
    return failWith(UsersMistake,
                    "`" + options.input +
                        "` has no `train` and exports no function: there is "
                        "nothing to run\nhint: write `export fn` before a "
                        "function of the model");
  }

  ExitCode checkTrains() {
    if (!program->getOps<mlir::model::TrainingOp>().empty())
      return Success;
    return failWith(UsersMistake,
                    "`" + options.input +
                        "` has no `train`, whose losses would be checked\n"
                        "hint: `train Model() on data { minimize loss(x, y) … "
                        "}` says what is differentiated");
  }

  /// What the program's descriptor says of its source.
  void describeSource(const SourceFile &source) {
    mlir::Builder builder(&context);
    auto set = [&](llvm::StringRef name, llvm::StringRef value) {
      (*program)->setAttr(name, builder.getStringAttr(value));
    };
    set("model.source_file", llvm::sys::path::filename(source.name()));
    set("model.source_hash",
        llvm::toHex(
            llvm::SHA256::hash(llvm::arrayRefFromStringRef(source.text())),
            /*LowerCase=*/true));
  }

  //===--------------------------------------------------------------------===//
  // Passes and code
  //===--------------------------------------------------------------------===//

  ExitCode lower() {
    llvm::Expected<Target> target = Target::create(options.target);
    if (!target)
      return failWith(UsersMistake, target.takeError());
    const Stage *moduleStage = options.emit;
    while (moduleStage->form == Stage::Form::Code)
      --moduleStage;
    if (moduleStage->optimisedOnly && options.pipeline.optimization == 0)
      return failWith(UsersMistake, llvm::createStringError(
                                        "found `--emit=" + moduleStage->name +
                                        "` with `-O0`, which has no such "
                                        "stage"));
    ExitCode code = Success;
    ModuleDiagnostics diagnostics(context, sources, options.errorFormat,
                                  options.remarks);
    auto atStage = [&](const Stage &stage) -> llvm::LogicalResult {
      if (stage.name == "loops")
        describeTarget(*target);
      if (stage.name == "loops" && options.isLibrary()) {
        llvm::raw_string_ostream out(header);
        if (mlir::failed(mlir::model::writeLibraryHeader(*program, out)))
          return llvm::failure();
      }
      if (isWanted(stage.name))
        code = writeModule(stage);
      return llvm::success(code == Success);
    };
    bool failed = mlir::failed(mlir::model::advance(*program, *moduleStage,
                                                    options.pipeline, atStage));
    if (code != Success)
      return code;
    if (failed)
      return diagnostics.finish();
    if (options.emit->form == Stage::Form::Code)
      return makeCode(*target);
    return Success;
  }

  void describeTarget(const Target &target) {
    mlir::Builder builder(&context);
    (*program)->setAttr("model.target",
                        builder.getStringAttr(target.describe()));
    (*program)->setAttr("model.compiler",
                        builder.getStringAttr("modelc " MODELC_VERSION));
    (*program)->setAttr(
        "model.optimization",
        builder.getI64IntegerAttr(options.pipeline.optimization));
    if (!options.isLibrary())
      return;
    auto name = (*program)->getAttrOfType<mlir::StringAttr>("model.name");
    prefix = mlir::model::libraryPrefix(name ? name.getValue() : "program");
    (*program)->setAttr(mlir::model::libraryName,
                        builder.getStringAttr(prefix));
  }

  ExitCode makeCode(const Target &target) {
    llvm::LLVMContext llvmContext;
    std::unique_ptr<llvm::Module> ir = target.makeIr(*program, llvmContext);
    if (!ir)
      return CompilersMistake;
    if (isWanted("llvm"))
      if (ExitCode code = write("llvm", [&](llvm::raw_pwrite_stream &out) {
            ir->print(out, nullptr);
            return llvm::Error::success();
          }))
        return code;
    if (isWanted("asm")) {
      // Making code uses the module up.
      std::unique_ptr<llvm::Module> copy;
      if (options.emit->name != "asm")
        copy = llvm::CloneModule(*ir);
      llvm::Module &used = copy ? *copy : *ir;
      if (ExitCode code = write("asm", [&](llvm::raw_pwrite_stream &out) {
            return target.emit(used, Target::Code::Assembly, out);
          }))
        return code;
    }
    if (options.emit->name == "obj")
      return write("obj", [&](llvm::raw_pwrite_stream &out) {
        return target.emit(*ir, Target::Code::Object, out);
      });
    if (options.emit->name == "exe")
      return link(target, *ir, [&](llvm::StringRef object, llvm::StringRef to) {
        return mlir::model::linkProgram(object, options.runtimeFolder,
                                        options.checkGradients ? "check" : "",
                                        to);
      });
    if (options.isLibrary())
      return makeLibrary(target, *ir);
    return Success;
  }

  /// The library, and beside it the header, which is called as its functions
  /// begin.
  ExitCode makeLibrary(const Target &target, llvm::Module &ir) {
    std::string path = outputPath(*options.emit);
    auto linkLibrary = [&](llvm::StringRef object, llvm::StringRef to) {
      if (options.emit->name == "static-library")
        return mlir::model::linkStaticLibrary(object, options.runtimeFolder,
                                              prefix + ".o", to);
      return mlir::model::linkSharedLibrary(
          object, options.runtimeFolder, llvm::sys::path::filename(path), to);
    };
    llvm::SmallString<128> headerPath(llvm::sys::path::parent_path(path));
    llvm::sys::path::append(headerPath, prefix + ".h");
    if (ExitCode code = link(target, ir, linkLibrary))
      return code;
    if (llvm::Error error =
            writeFile(headerPath, [&](llvm::raw_pwrite_stream &out) {
              out << header;
              return llvm::Error::success();
            }))
      return failWith(UsersMistake, std::move(error));
    return Success;
  }

  /// Makes an object file, and of it what was asked for.
  ExitCode link(const Target &target, llvm::Module &ir,
                llvm::function_ref<llvm::Error(llvm::StringRef object,
                                               llvm::StringRef to)>
                    linker) {
    llvm::SmallString<128> object;
    if (std::error_code error =
            llvm::sys::fs::createTemporaryFile("modelc", "o", object))
      return failWith(UsersMistake,
                      llvm::createStringError(
                          error, "cannot make a temporary file: " +
                                     llvm::StringRef(error.message()).lower()));
    llvm::FileRemover remover(object);
    if (llvm::Error error =
            writeFile(object, [&](llvm::raw_pwrite_stream &out) {
              return target.emit(ir, Target::Code::Object, out);
            }))
      return failWith(UsersMistake, std::move(error));
    if (llvm::Error error =
            makeProgram(outputPath(*options.emit), [&](llvm::StringRef path) {
              return linker(object, path);
            }))
      return failWith(UsersMistake, std::move(error));
    return Success;
  }

  //===--------------------------------------------------------------------===//
  // Output
  //===--------------------------------------------------------------------===//

  bool isWanted(llvm::StringRef stage) const {
    return stage == options.emit->name || !options.dumpFolder.empty();
  }

  /// Where the stage that was asked for goes.
  std::string outputPath(const Stage &stage) const {
    if (!options.output.empty())
      return options.output;
    bool isBinary =
        stage.name == "obj" || stage.name == "exe" || options.isLibrary();
    if (!isBinary)
      return "-";
    llvm::StringRef stem = llvm::sys::path::stem(options.input);
    std::string name = ((options.isLibrary() ? "lib" : "") + stem).str();
    return stage.extension.empty() ? name : name + "." + stage.extension.str();
  }

  /// `DIR/03-kernels.mlir`.
  std::string dumpPath(const Stage &stage) const {
    size_t number = &stage - mlir::model::getStages().begin();
    llvm::SmallString<128> path(options.dumpFolder);
    std::string name = (number < 10 ? "0" : "") + std::to_string(number) + "-" +
                       stage.name.str() + "." + stage.extension.str();
    llvm::sys::path::append(path, name);
    return path.str().str();
  }

  ExitCode
  write(llvm::StringRef name,
        llvm::function_ref<llvm::Error(llvm::raw_pwrite_stream &)> writer) {
    const Stage &stage = *mlir::model::findStage(name);
    bool isDump = &stage != options.emit;
    if (!options.dumpFolder.empty())
      if (std::error_code error =
              llvm::sys::fs::create_directories(options.dumpFolder))
        return failWith(
            UsersMistake,
            llvm::createStringError(
                error, "cannot make the folder `" + options.dumpFolder +
                           "`: " + llvm::StringRef(error.message()).lower()));
    if (llvm::Error error =
            writeFile(isDump ? dumpPath(stage) : outputPath(stage), writer))
      return failWith(UsersMistake, std::move(error));
    return Success;
  }

  ExitCode writeTree(const ast::File &file) {
    return write("ast", [&](llvm::raw_pwrite_stream &out) {
      printAst(file, out);
      return llvm::Error::success();
    });
  }

  ExitCode writeModule(const Stage &stage) {
    return write(stage.name, [&](llvm::raw_pwrite_stream &out) {
      mlir::model::printModule(
          *program,
          [&](llvm::StringRef file,
              unsigned line) -> std::optional<llvm::StringRef> {
            const SourceFile *source = sources.find(file);
            return source ? std::optional(source->line(line)) : std::nullopt;
          },
          out);
      return llvm::Error::success();
    });
  }

  const CompilationOptions &options;
  mlir::MLIRContext context;
  SourceManager sources;
  mlir::OwningOpRef<mlir::ModuleOp> program;
  /// Of a library: what the names of its functions begin with, and its header.
  std::string prefix, header;
};
} // namespace

ExitCode modelc::compile(const CompilationOptions &options) {
  return Compilation(options).run();
}
