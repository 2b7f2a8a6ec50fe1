//===- Target.h - machine code for one kind of machine ----------*- C++ -*-===//
//
// From stage `llvm-dialect` to LLVM IR, machine code and programs.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_TARGETS_TARGET_H
#define MODEL_CODEGEN_TARGETS_TARGET_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>

namespace llvm {
class LLVMContext;
class Module;
class raw_pwrite_stream;
class TargetMachine;
} // namespace llvm

namespace mlir::model {

struct TargetOptions {
  /// Empty: this machine's.
  std::string triple;
  /// A name that LLVM knows, such as `x86-64-v3`; `native`: this machine's.
  std::string cpu = "native";
  /// 0: as the reference path wants it; 2: fast.
  unsigned optimization = 2;
  /// Code that runs wherever it is loaded, as libraries need it.
  bool isPositionIndependent = false;
};

/// One kind of machine, ready to make code for it.
class Target {
public:
  static llvm::Expected<Target> create(const TargetOptions &options);
  Target(Target &&);
  ~Target();

  /// Triple and processor, as they stand in the program's descriptor.
  std::string describe() const;

  /// The LLVM IR of a module at stage `llvm-dialect`, prepared for this
  /// machine and optimised. Null and emitted errors if the module is not
  /// translatable.
  std::unique_ptr<llvm::Module> makeIr(ModuleOp module,
                                       llvm::LLVMContext &context) const;

  enum class Code { Assembly, Object };
  /// Writes machine code; `ir` is used up.
  llvm::Error emit(llvm::Module &ir, Code code,
                   llvm::raw_pwrite_stream &out) const;

private:
  Target(std::unique_ptr<llvm::TargetMachine> machine, unsigned optimization);

  std::unique_ptr<llvm::TargetMachine> machine;
  unsigned optimization;
};

/// The interfaces that translation to LLVM IR needs.
void registerTargetDialects(DialectRegistry &registry);

/// Links an object file and the runtime, whose archives lie in `runtimeFolder`,
/// to a static program. `driver` names the archive whose `main` runs it in
/// place of the app's, such as "check"; empty: the app's.
llvm::Error linkProgram(StringRef objectFile, StringRef runtimeFolder,
                        StringRef driver, StringRef program);

/// Links what was compiled to be position independent to a shared library that
/// calls itself `soname`, or to an archive of one object named `member`.
llvm::Error linkSharedLibrary(StringRef objectFile, StringRef runtimeFolder,
                              StringRef soname, StringRef library);
llvm::Error linkStaticLibrary(StringRef objectFile, StringRef runtimeFolder,
                              StringRef member, StringRef library);

} // namespace mlir::model

#endif
