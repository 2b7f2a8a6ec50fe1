// A log goes on where it was, and nothing is in it twice.
// RUN: rm -rf %t && mkdir -p %t && cd %t
// RUN: %clang %program-flags %s %program-libraries -o log && ./log
// RUN: FileCheck %s --input-file log.txt
// RUN: not ./log short 2>&1 | FileCheck %s --check-prefix=SHORT
// RUN: not ./log full 2>&1 | FileCheck %s --check-prefix=FULL
// CHECK: one
// CHECK-NEXT: two
// CHECK-NEXT: four
// CHECK-NOT: {{.}}
// SHORT: error: `log.txt` has 13 bytes, it had 99 when the checkpoint was made
// FULL: error: cannot write `/dev/full`: No space left on device
#include "runtime/app/Log.h"

#include <assert.h>
#include <string.h>

#include "runtime/core/abi.h"

const struct modelc_program modelc_program_descriptor;

int main(int argumentCount, char **arguments) {
  struct Log log;
  (void)arguments;
  if (argumentCount > 1) {
    if (!strcmp(arguments[1], "short"))
      continueLog(&log, "log.txt", 99);
    startLog(&log, "/dev/full");
    appendText(&log.buffer, "lost");
    writeLog(&log, 1);
    return 0;
  }
  startLog(&log, 0);
  appendText(&log.buffer, "nowhere\n");
  writeLog(&log, 1);
  synchronizeLog(&log);
  freeText(&log.buffer);
  startLog(&log, "log.txt");
  appendText(&log.buffer, "one\n");
  writeLog(&log, 100);
  assert(log.length == 0 && log.buffer.length == 4);
  appendText(&log.buffer, "two\n");
  synchronizeLog(&log);
  assert(log.length == 8 && log.buffer.length == 0);
  appendText(&log.buffer, "three\n");
  closeLog(&log);
  continueLog(&log, "log.txt", 8);
  appendText(&log.buffer, "four\n");
  closeLog(&log);
  return 0;
}
