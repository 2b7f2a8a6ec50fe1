// OutputFile.h: files that are whole or not there.
#ifndef MODELC_TOOLS_MODELC_OUTPUTFILE_H
#define MODELC_TOOLS_MODELC_OUTPUTFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace llvm {
class raw_pwrite_stream;
}

namespace modelc {

/// Writes a file under another name and renames it when it is complete, so that
/// an old file stays where the new one cannot be made. `-` is standard output.
llvm::Error
writeFile(llvm::StringRef path,
          llvm::function_ref<llvm::Error(llvm::raw_pwrite_stream &)> write);

/// The same for a program that another program writes, under the name it is
/// given.
llvm::Error makeProgram(llvm::StringRef path,
                        llvm::function_ref<llvm::Error(llvm::StringRef)> make);

} // namespace modelc

#endif
