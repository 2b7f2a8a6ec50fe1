// OutputFile.cpp: files that are whole or not there.
#include "tools/modelc/OutputFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/raw_ostream.h"

using namespace modelc;

static llvm::Error cannotWrite(llvm::StringRef path, std::error_code error) {
  return llvm::createStringError(
      error, "cannot write `" + path +
                 "`: " + llvm::StringRef(error.message()).lower());
}

/// Writes through `out`; an error of the stream is an error of the file.
static llvm::Error
writeTo(llvm::raw_fd_ostream &out, llvm::StringRef path,
        llvm::function_ref<llvm::Error(llvm::raw_pwrite_stream &)> write) {
  llvm::Error failed = [&]() -> llvm::Error {
    if (out.supportsSeeking())
      return write(out);
    llvm::buffer_ostream buffered(out); // machine code is patched behind
    return write(buffered);
  }();
  out.flush();
  std::error_code error = out.error();
  out.clear_error(); // or the stream's destructor ends the process
  if (failed)
    return failed;
  return error ? cannotWrite(path, error) : llvm::Error::success();
}

/// Whether renaming a new file to `path` would not put it where the user wants
/// it: a device or a pipe.
static bool isSpecial(llvm::StringRef path) {
  llvm::sys::fs::file_status status;
  return !llvm::sys::fs::status(path, status) &&
         llvm::sys::fs::exists(status) &&
         !llvm::sys::fs::is_regular_file(status);
}

llvm::Error modelc::writeFile(
    llvm::StringRef path,
    llvm::function_ref<llvm::Error(llvm::raw_pwrite_stream &)> write) {
  if (path == "-")
    return writeTo(llvm::outs(), path, write);
  if (isSpecial(path)) {
    std::error_code error;
    llvm::raw_fd_ostream out(path, error);
    if (error)
      return cannotWrite(path, error);
    return writeTo(out, path, write);
  }
  auto file = llvm::sys::fs::TempFile::create(path + ".%%%%%%.tmp",
                                              llvm::sys::fs::all_read |
                                                  llvm::sys::fs::owner_write);
  if (!file)
    return cannotWrite(path, llvm::errorToErrorCode(file.takeError()));
  llvm::Error failed = [&] {
    llvm::raw_fd_ostream out(file->FD, /*shouldClose=*/false);
    return writeTo(out, path, write);
  }();
  if (failed)
    return llvm::joinErrors(std::move(failed), file->discard());
  if (llvm::Error kept = file->keep(path))
    return cannotWrite(path, llvm::errorToErrorCode(std::move(kept)));
  return llvm::Error::success();
}

llvm::Error
modelc::makeProgram(llvm::StringRef path,
                    llvm::function_ref<llvm::Error(llvm::StringRef)> make) {
  if (isSpecial(path))
    return llvm::createStringError("cannot write `" + path +
                                   "`: it is no regular file");
  llvm::SmallString<128> fresh;
  if (std::error_code error =
          llvm::sys::fs::createUniqueFile(path + ".%%%%%%.tmp", fresh))
    return cannotWrite(path, error);
  llvm::FileRemover remover(fresh);
  if (llvm::Error failed = make(fresh))
    return failed;
  if (std::error_code error = llvm::sys::fs::rename(fresh, path))
    return cannotWrite(path, error);
  remover.releaseFile();
  return llvm::Error::success();
}
