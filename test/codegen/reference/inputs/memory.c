/* Memory for programs under test: full of NaN at first, with guards, and counted. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GUARD = 64, PATTERN = 0xA5, NAN_BYTES = 0xFF };

static int64_t live;

void *checked_malloc(uint64_t bytes) {
  unsigned char *memory = malloc(bytes + 2 * GUARD);
  memcpy(memory, &bytes, sizeof bytes);
  memset(memory + GUARD, NAN_BYTES, bytes);
  memset(memory + GUARD + bytes, PATTERN, GUARD);
  ++live;
  return memory + GUARD;
}

void checked_free(void *pointer) {
  if (!pointer)
    return;
  unsigned char *memory = (unsigned char *)pointer - GUARD;
  uint64_t bytes;
  memcpy(&bytes, memory, sizeof bytes);
  for (int i = 0; i < GUARD; ++i)
    if (memory[GUARD + bytes + (uint64_t)i] != PATTERN) {
      fprintf(stderr, "a buffer of %llu bytes was written past its end\n", (unsigned long long)bytes);
      abort();
    }
  --live;
  free(memory);
}

int64_t checked_live(void) { return live; }
