/* Memory.h: memory with the alignment that the boundary asks for. */
#ifndef MODELC_RUNTIME_CORE_MEMORY_H
#define MODELC_RUNTIME_CORE_MEMORY_H

#include <stdint.h>

/* `bytes` rounded up to a multiple of MODELC_ALIGNMENT, or -1 where that
 * overflows or `bytes` is negative. */
int64_t modelcRoundUp(int64_t bytes);

/* Zeroed memory of at least `bytes` bytes (and at least one), aligned to
 * MODELC_ALIGNMENT; null if there is none. Released by `free`. */
void *modelcAllocate(int64_t bytes);

#endif
