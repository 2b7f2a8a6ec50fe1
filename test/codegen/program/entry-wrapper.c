/* entry-wrapper.c: what a compiled entry checks before it runs, and that all it is given arrives.
 *
 * RUN: %model-opt %S/inputs/described.mlir --lower-to-llvm | mlir-translate --allow-unregistered-dialect --mlir-to-llvmir | llc -filetype=obj -relocation-model=static -o %t.o
 * RUN: %clang %program-flags %s %t.o -o %t && %t
 */
#undef NDEBUG
#include "runtime/core/abi.h"
#include <assert.h>
#include <string.h>

static _Alignas(64) char slots[1024], workspace[64], x[512], b[64], y[512], k[64];
static const void *inputs[] = {x, b};
static void *outputs[] = {y, k};
static int64_t symbols[] = {6, 4};
static struct modelc_call call;
static const struct modelc_entry *entry;

static void reset(void) {
  call = (struct modelc_call){.struct_size = sizeof call, .slots = slots, .workspace = workspace, .inputs = inputs,
                              .outputs = outputs, .symbols = symbols};
}

/* The status where one field, array element or symbol has another value. */
#define STATUS_WITH(place, value)                                                                                      \
  (reset(), kept = (int64_t)(place), (place) = (value), status = entry->function(&call),                               \
   (place) = (__typeof__(place))kept, status)

int main(void) {
  const struct modelc_program *program = &modelc_program_descriptor;
  int64_t kept;
  int32_t status;
  for (int i = 0; i < program->entry_count; ++i)
    if (!strcmp(program->entries[i].name, "apply"))
      entry = &program->entries[i];

  /* Slots lie at their offsets, symbols come in the order of their names. */
  *(double *)x = 1.5;
  ((float *)slots)[2] = 0.25f;
  slots[320] = 1;
  reset();
  assert(entry->function(&call) == MODELC_OK);
  assert(((double *)y)[0] == 2.75 && ((double *)y)[1] == 4 && *(int32_t *)k == 6 && workspace[0] == 1);

  /* A call of this version. */
  assert(STATUS_WITH(call.struct_size, sizeof call - 1) == MODELC_ERROR_STRUCT);
  assert(STATUS_WITH(call.struct_size, sizeof call + 8) == MODELC_OK);

  /* Every pointer that is needed. */
  assert(entry->function(0) == MODELC_ERROR_NULL);
  assert(STATUS_WITH(call.slots, 0) == MODELC_ERROR_NULL);
  assert(STATUS_WITH(call.workspace, 0) == MODELC_ERROR_NULL);
  assert(STATUS_WITH(call.inputs, 0) == MODELC_ERROR_NULL);
  assert(STATUS_WITH(call.outputs, 0) == MODELC_ERROR_NULL);
  assert(STATUS_WITH(call.symbols, 0) == MODELC_ERROR_NULL);
  for (int i = 0; i < 2; ++i) {
    assert(STATUS_WITH(inputs[i], 0) == MODELC_ERROR_NULL);
    assert(STATUS_WITH(outputs[i], 0) == MODELC_ERROR_NULL);
    assert(STATUS_WITH(inputs[i], x + 8) == MODELC_ERROR_ALIGNMENT);
    assert(STATUS_WITH(outputs[i], y + 32) == MODELC_ERROR_ALIGNMENT);
  }
  assert(STATUS_WITH(call.slots, slots + 1) == MODELC_ERROR_ALIGNMENT);
  assert(STATUS_WITH(call.workspace, workspace + 16) == MODELC_ERROR_ALIGNMENT);

  /* Symbols within their bounds; a size that they make negative (here N - 2). */
  assert(STATUS_WITH(symbols[0], 8) == MODELC_OK && STATUS_WITH(symbols[0], 9) == MODELC_ERROR_SIZE);
  assert(STATUS_WITH(symbols[0], -1) == MODELC_ERROR_SIZE && STATUS_WITH(symbols[0], INT64_MIN) == MODELC_ERROR_SIZE);
  assert(STATUS_WITH(symbols[1], 0) == MODELC_OK && STATUS_WITH(symbols[1], 6) == MODELC_ERROR_SIZE);
  assert(STATUS_WITH(symbols[0], 2) == MODELC_OK && STATUS_WITH(symbols[0], 1) == MODELC_ERROR_SIZE);

  /* What is not needed may be anything. */
  const struct modelc_entry *init = &program->entries[0];
  static _Alignas(64) int64_t seed;
  const void *seedInput[] = {&seed};
  call = (struct modelc_call){.struct_size = sizeof call, .slots = slots, .inputs = seedInput};
  assert(init->kind == MODELC_ENTRY_INIT && init->function(&call) == MODELC_OK);

  /* Derived extents, inputs first: floor(N / 2), 2 * N, N - 2, N mod 3. */
  int64_t extents[5] = {0, 0, 0, 0, -7};
  entry->resolve((int64_t[]){7, 3}, extents);
  assert(extents[0] == 3 && extents[1] == 14 && extents[2] == 5 && extents[3] == 1 && extents[4] == -7);
  return 0;
}
