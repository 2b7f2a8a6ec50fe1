//===- Linker.cpp - objects and the runtime become a program --------------===//
//
// Runs lld, through clang, which knows where the C library's start files are.
//
//===----------------------------------------------------------------------===//
#include "codegen/targets/Target.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace mlir::model;

static llvm::ErrorOr<std::string> findClang() {
  if (auto clang = llvm::sys::findProgramByName("clang-19"))
    return clang;
  if (auto clang = llvm::sys::findProgramByName(
          "clang", {"/usr/lib/llvm-19/bin", "/usr/local/bin"}))
    return clang;
  return llvm::sys::findProgramByName("clang");
}

llvm::Error model::linkProgram(StringRef objectFile, StringRef runtimeFolder,
                               StringRef program) {
  llvm::ErrorOr<std::string> clang = findClang();
  if (!clang)
    return llvm::createStringError(
        "clang is needed for linking and was not found: install `clang-19` and "
        "`lld-19`, or take `--emit=obj`");
  SmallVector<std::string> archives;
  for (StringRef name : {"libmodelc_app.a", "libmodelc_core.a"}) {
    SmallString<128> path(runtimeFolder);
    llvm::sys::path::append(path, name);
    if (!llvm::sys::fs::exists(path))
      return llvm::createStringError("the runtime `" + path.str() +
                                     "` is missing: the compiler is not "
                                     "installed completely");
    archives.push_back(path.str().str());
  }
  SmallString<128> messages;
  if (std::error_code error =
          llvm::sys::fs::createTemporaryFile("modelc-link", "txt", messages))
    return llvm::createStringError(error, "cannot make a temporary file");
  llvm::FileRemover removeMessages(messages);
  SmallVector<StringRef> arguments = {*clang,
                                      "-static",
                                      "-fuse-ld=lld",
                                      "-Wl,--gc-sections",
                                      "-Wl,-O1",
                                      "-Wl,--icf=safe",
                                      "-Wl,--build-id=none",
                                      objectFile,
                                      archives[0],
                                      archives[1],
                                      "-o",
                                      program};
  std::optional<StringRef> redirects[] = {StringRef(), messages.str(),
                                          messages.str()};
  int status =
      llvm::sys::ExecuteAndWait(*clang, arguments, std::nullopt, redirects);
  if (status == 0)
    return llvm::Error::success();
  std::string text;
  if (auto buffer = llvm::MemoryBuffer::getFile(messages))
    text = (*buffer)->getBuffer().trim().str();
  return llvm::createStringError("linking failed:\n" + text);
}
