/* requirements.c: what subscripts want of the sizes is checked before an entry touches anything.
 *
 * RUN: %modelc --emit=obj -O0 %S/inputs/subscripts.model -o %t.0.o && %clang %program-flags %s %t.0.o -o %t.0 && %t.0
 * RUN: %modelc --emit=obj -O2 %S/inputs/subscripts.model -o %t.2.o && %clang %program-flags %s %t.2.o -o %t.2 && %t.2
 */
#undef NDEBUG
#include "runtime/core/abi.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static _Alignas(64) float x[256 * 4], y[256 * 4];

/* The status of the function `name` over the first rows of `x`, with `y` of ones in all bits before. */
static int32_t run(const char *name, int64_t rows) {
  const struct modelc_program *program = &modelc_program_descriptor;
  for (int i = 0; i < program->entry_count; ++i) {
    const struct modelc_entry *entry = &program->entries[i];
    if (strcmp(entry->name, name))
      continue;
    void *slots = aligned_alloc(64, program->slot_bytes + 64);
    void *workspace = aligned_alloc(64, (entry->workspace_bytes + 127) / 64 * 64);
    const void *inputs[] = {x};
    void *outputs[] = {y};
    struct modelc_call call = {.struct_size = sizeof call, .slots = slots, .workspace = workspace, .inputs = inputs,
                               .outputs = outputs, .symbols = &rows};
    memset(y, 0xff, sizeof y);
    int32_t status = entry->function(&call);
    free(slots);
    free(workspace);
    return status;
  }
  abort();
}

static int isUntouched(void) {
  for (size_t i = 0; i < sizeof y; ++i)
    if (((unsigned char *)y)[i] != 0xff)
      return 0;
  return 1;
}

int main(void) {
  for (int i = 0; i < 256 * 4; ++i)
    x[i] = (float)i;

  assert(run("later", 20) == MODELC_OK && y[0] == 40 && y[39] == 79);
  assert(run("later", 10) == MODELC_OK && isUntouched());
  assert(run("later", 9) == MODELC_ERROR_SIZE && isUntouched());
  assert(run("later", 3) == MODELC_ERROR_SIZE && isUntouched());
  assert(run("later", 0) == MODELC_ERROR_SIZE && isUntouched());

  assert(run("ends", 20) == MODELC_OK && y[0] == 76 && y[3] == 82);
  assert(run("ends", 1) == MODELC_OK && y[0] == 0 && y[3] == 6);
  assert(run("ends", 0) == MODELC_ERROR_SIZE && isUntouched());

  assert(run("fifth", 5) == MODELC_OK && y[0] == 16);
  assert(run("fifth", 4) == MODELC_ERROR_SIZE && isUntouched());
  assert(run("fifth", 3) == MODELC_ERROR_SIZE && isUntouched());
  assert(run("fifth", 0) == MODELC_ERROR_SIZE && isUntouched());
  return 0;
}
