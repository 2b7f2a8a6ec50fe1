//===- Linker.cpp - objects and the runtime become programs and libraries -===//
//
// Runs lld, through clang, which knows where the C library's start files are.
//
//===----------------------------------------------------------------------===//
#include "codegen/targets/Target.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace mlir::model;

/// A program of LLVM: with its version in its name, or in LLVM's folder.
static llvm::Expected<std::string> findTool(StringRef name) {
  for (std::string candidate : {(name + "-19").str(), name.str()})
    if (auto path = llvm::sys::findProgramByName(candidate))
      return *path;
  if (auto path = llvm::sys::findProgramByName(
          name, {"/usr/lib/llvm-19/bin", "/usr/local/bin"}))
    return *path;
  return llvm::createStringError(
      name + " is needed for linking and was not found: install `clang-19`, "
             "`lld-19` and `llvm-19`, or take `--emit=obj`");
}

/// A temporary file that is removed at the end of a scope.
namespace {
struct TemporaryFile {
  SmallString<128> path;
  llvm::FileRemover remover;

  llvm::Error create(StringRef suffix) {
    if (std::error_code error =
            llvm::sys::fs::createTemporaryFile("modelc-link", suffix, path))
      return llvm::createStringError(error, "cannot make a temporary file");
    remover.setFile(path);
    return llvm::Error::success();
  }
};
} // namespace

/// Runs a program; what it says is the error.
static llvm::Error runTool(StringRef name, ArrayRef<StringRef> arguments) {
  llvm::Expected<std::string> tool = findTool(name);
  if (!tool)
    return tool.takeError();
  TemporaryFile messages;
  if (llvm::Error error = messages.create("txt"))
    return error;
  SmallVector<StringRef> all = {*tool};
  llvm::append_range(all, arguments);
  std::optional<StringRef> redirects[] = {StringRef(), messages.path.str(),
                                          messages.path.str()};
  if (llvm::sys::ExecuteAndWait(*tool, all, std::nullopt, redirects) == 0)
    return llvm::Error::success();
  std::string text;
  if (auto buffer = llvm::MemoryBuffer::getFile(messages.path))
    text = (*buffer)->getBuffer().trim().str();
  return llvm::createStringError("linking failed:\n" + text);
}

static llvm::Expected<std::string> findArchive(StringRef runtimeFolder,
                                               StringRef name) {
  SmallString<128> path(runtimeFolder);
  llvm::sys::path::append(path, name);
  if (!llvm::sys::fs::exists(path))
    return llvm::createStringError("the runtime `" + path.str() +
                                   "` is missing: the compiler is not "
                                   "installed completely");
  return path.str().str();
}

llvm::Error model::linkProgram(StringRef objectFile, StringRef runtimeFolder,
                               StringRef driver, StringRef program) {
  // The first archive with a `main` is where it is taken from.
  SmallVector<std::string> archives;
  for (StringRef name : {driver, StringRef("app"), StringRef("core")}) {
    if (name.empty())
      continue;
    llvm::Expected<std::string> archive =
        findArchive(runtimeFolder, ("libmodelc_" + name + ".a").str());
    if (!archive)
      return archive.takeError();
    archives.push_back(std::move(*archive));
  }
  SmallVector<StringRef> arguments = {
      "-static",        "-fuse-ld=lld",        "-Wl,--gc-sections", "-Wl,-O1",
      "-Wl,--icf=safe", "-Wl,--build-id=none", objectFile};
  llvm::append_range(arguments, archives);
  llvm::append_range(arguments, ArrayRef<StringRef>{"-o", program});
  return runTool("clang", arguments);
}

llvm::Error model::linkSharedLibrary(StringRef objectFile,
                                     StringRef runtimeFolder, StringRef soname,
                                     StringRef library) {
  llvm::Expected<std::string> core =
      findArchive(runtimeFolder, "libmodelc_library.a");
  if (!core)
    return core.takeError();
  std::string name = ("-Wl,-soname," + soname).str();
  return runTool("clang",
                 {"-shared", "-fuse-ld=lld", "-Wl,--gc-sections", "-Wl,-O1",
                  "-Wl,--build-id=none", "-Wl,-z,defs", "-Wl,--as-needed", name,
                  objectFile, *core, "-o", library});
}

llvm::Error model::linkStaticLibrary(StringRef objectFile,
                                     StringRef runtimeFolder, StringRef member,
                                     StringRef library) {
  llvm::Expected<std::string> core =
      findArchive(runtimeFolder, "libmodelc_library.a");
  if (!core)
    return core.takeError();
  TemporaryFile joined;
  if (llvm::Error error = joined.create("o"))
    return error;
  // One object, in which all that the library does not export is local: two
  // libraries in one program do not meet.
  if (llvm::Error error =
          runTool("clang", {"-r", "-nostdlib", "-fuse-ld=lld", objectFile,
                            *core, "-o", joined.path}))
    return error;
  if (llvm::Error error =
          runTool("llvm-objcopy", {"--localize-hidden", joined.path}))
    return error;
  auto object = llvm::NewArchiveMember::getFile(joined.path, true);
  if (!object)
    return object.takeError();
  object->MemberName = member;
  return llvm::writeArchive(library, *object,
                            llvm::SymtabWritingMode::NormalSymtab,
                            llvm::object::Archive::K_GNU,
                            /*Deterministic=*/true, /*Thin=*/false);
}
