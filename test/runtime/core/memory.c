// Memory is aligned and zeroed; impossible sizes give null.
// RUN: %clang %program-flags %s %program-libraries -o %t && %t
#include "runtime/core/Memory.h"

#include <assert.h>
#include <stdlib.h>

#include "runtime/core/abi.h"

int main(void) {
  assert(modelcRoundUp(0) == 0 && modelcRoundUp(1) == 64 &&
         modelcRoundUp(64) == 64);
  assert(modelcRoundUp(-1) == -1 && modelcRoundUp(INT64_MAX) == -1);
  for (int64_t bytes = 0; bytes < 200; ++bytes) {
    unsigned char *memory = modelcAllocate(bytes);
    assert(memory && (uintptr_t)memory % MODELC_ALIGNMENT == 0);
    for (int64_t i = 0; i < modelcRoundUp(bytes); ++i) {
      assert(memory[i] == 0);
      memory[i] = 0xaa;
    }
    free(memory);
  }
  assert(!modelcAllocate(-1) && !modelcAllocate(INT64_MAX));
  return 0;
}
