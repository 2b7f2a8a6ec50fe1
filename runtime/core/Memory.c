/* Memory.c: zeroed memory with the alignment of the boundary. */
#include "runtime/core/Memory.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/core/abi.h"

int64_t modelcRoundUp(int64_t bytes) {
  if (bytes < 0 || bytes > INT64_MAX - MODELC_ALIGNMENT)
    return -1;
  return (bytes + MODELC_ALIGNMENT - 1) / MODELC_ALIGNMENT * MODELC_ALIGNMENT;
}

void *modelcAllocate(int64_t bytes) {
  int64_t rounded = modelcRoundUp(bytes ? bytes : 1);
  if (rounded < 0)
    return 0;
  void *memory = aligned_alloc(MODELC_ALIGNMENT, (size_t)rounded);
  if (memory)
    memset(memory, 0, (size_t)rounded);
  return memory;
}
