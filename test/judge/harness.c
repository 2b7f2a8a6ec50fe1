/* harness.c: calls every entry of a compiled program on numbers that depend on their place alone.
 *
 * usage: harness SEED. For each entry it runs the sizes' bounds, then smaller ones, and writes
 * the elements of all outputs and slots, as doubles, to standard output. Workspace and outputs
 * are filled with NaN before each call, and guarded behind their ends. */
#include "runtime/core/abi.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GUARD_BYTES = 256, MAXIMAL_COUNT = 64 };

static uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static void fail(const char *entry, const char *what) {
  fprintf(stderr, "%s: %s\n", entry, what);
  exit(1);
}

static int64_t element_bytes(int dtype) {
  switch (dtype) {
  case MODELC_F64:
  case MODELC_I64:
    return 8;
  case MODELC_F32:
  case MODELC_I32:
    return 4;
  default:
    return 1;
  }
}

/* Memory of `bytes` with a guard behind it; both hold 0xff. */
static unsigned char *allocate(int64_t bytes) {
  size_t total = ((size_t)bytes + GUARD_BYTES + 63) / 64 * 64;
  unsigned char *memory = aligned_alloc(64, total);
  if (!memory)
    fail("harness", "out of memory");
  memset(memory, 0xff, total);
  return memory;
}

static void check_guard(const char *entry, const unsigned char *memory, int64_t bytes) {
  for (int i = 0; i < GUARD_BYTES; ++i)
    if (memory[bytes + i] != 0xff)
      fail(entry, "wrote behind the end of its memory");
}

/* Floats are multiples of 1/64 in [-2, 2), integers -1 to 6, so that f32 holds them exactly. */
static void fill(void *memory, int dtype, int64_t count, uint64_t key) {
  for (int64_t i = 0; i < count; ++i) {
    uint64_t bits = mix(key * 0x9e3779b97f4a7c15u + (uint64_t)i);
    double number = (double)(bits % 256) / 64 - 2;
    int64_t integer = (int64_t)(bits % 8) - 1;
    switch (dtype) {
    case MODELC_F64:
      ((double *)memory)[i] = number;
      break;
    case MODELC_F32:
      ((float *)memory)[i] = (float)number;
      break;
    case MODELC_I64:
      ((int64_t *)memory)[i] = integer;
      break;
    case MODELC_I32:
      ((int32_t *)memory)[i] = (int32_t)integer;
      break;
    case MODELC_BOOL:
      ((uint8_t *)memory)[i] = bits & 1;
      break;
    default:
      ((int8_t *)memory)[i] = (int8_t)integer;
    }
  }
}

static double read_element(const void *memory, int dtype, int64_t i) {
  switch (dtype) {
  case MODELC_F64:
    return ((const double *)memory)[i];
  case MODELC_F32:
    return ((const float *)memory)[i];
  case MODELC_I64:
    return (double)((const int64_t *)memory)[i];
  case MODELC_I32:
    return ((const int32_t *)memory)[i];
  case MODELC_BOOL:
    return ((const uint8_t *)memory)[i];
  default:
    return ((const int8_t *)memory)[i];
  }
}

static void dump(const char *entry, const char *name, const void *memory, int dtype,
                 int64_t count) {
  printf("%s %s %lld\n", entry, name, (long long)count);
  for (int64_t i = 0; i < count; ++i)
    printf("%.17g\n", read_element(memory, dtype, i));
}

/* Elements of an array where symbols have the given values; `derived` are the derived extents. */
static int64_t count_elements(const struct modelc_array *array, const int64_t *symbols,
                              const int64_t **derived) {
  int64_t count = 1;
  for (int i = 0; i < array->rank; ++i) {
    const struct modelc_dimension *dimension = &array->dimensions[i];
    if (dimension->symbol == MODELC_CONSTANT)
      count *= dimension->extent;
    else if (dimension->symbol == MODELC_DERIVED)
      count *= *(*derived)++;
    else
      count *= symbols[dimension->symbol];
  }
  return count;
}

static void run(const struct modelc_program *program, int number, const int64_t *symbols,
                uint64_t seed) {
  const struct modelc_entry *entry = &program->entries[number];
  int64_t extents[8 * MAXIMAL_COUNT], counts[2 * MAXIMAL_COUNT];
  const int64_t *derived = extents;
  if (entry->input_count > MAXIMAL_COUNT || entry->output_count > MAXIMAL_COUNT)
    fail(entry->name, "has too many inputs or outputs for the harness");
  if (entry->resolve)
    entry->resolve(symbols, extents);
  const void *inputs[MAXIMAL_COUNT];
  void *outputs[MAXIMAL_COUNT];
  for (int i = 0; i < entry->input_count; ++i) {
    const struct modelc_array *array = &entry->inputs[i].array;
    counts[i] = count_elements(array, symbols, &derived);
    void *memory = allocate(array->bytes);
    fill(memory, array->dtype, counts[i], mix(seed + (uint64_t)(number * 64 + i)));
    inputs[i] = memory;
  }
  for (int i = 0; i < entry->output_count; ++i) {
    const struct modelc_array *array = &entry->outputs[i].array;
    counts[MAXIMAL_COUNT + i] = count_elements(array, symbols, &derived);
    outputs[i] = allocate(array->bytes);
  }
  unsigned char *slots = allocate(program->slot_bytes);
  for (int i = 0; i < program->slot_count; ++i) {
    const struct modelc_slot *slot = &program->slots[i];
    fill(slots + slot->offset, slot->array.dtype,
         slot->array.bytes / element_bytes(slot->array.dtype), mix(seed + 1000 + (uint64_t)i));
  }
  unsigned char *workspace = allocate(entry->workspace_bytes);
  struct modelc_call call = {.struct_size = sizeof call,
                             .slots = slots,
                             .workspace = workspace,
                             .inputs = inputs,
                             .outputs = outputs,
                             .symbols = symbols};
  int status = entry->function(&call);
  if (status != MODELC_OK)
    fail(entry->name, "returned an error");
  check_guard(entry->name, workspace, entry->workspace_bytes);
  check_guard(entry->name, slots, program->slot_bytes);
  for (int i = 0; i < entry->output_count; ++i) {
    const struct modelc_value *value = &entry->outputs[i];
    check_guard(entry->name, outputs[i], value->array.bytes);
    dump(entry->name, value->name, outputs[i], value->array.dtype, counts[MAXIMAL_COUNT + i]);
    free(outputs[i]);
  }
  for (int i = 0; i < program->slot_count; ++i) {
    const struct modelc_slot *slot = &program->slots[i];
    dump(entry->name, slot->name, slots + slot->offset, slot->array.dtype,
         slot->array.bytes / element_bytes(slot->array.dtype));
  }
  for (int i = 0; i < entry->input_count; ++i)
    free((void *)inputs[i]);
  free(slots);
  free(workspace);
}

int main(int argc, char **argv) {
  const struct modelc_program *program = &modelc_program_descriptor;
  uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
  for (int i = 0; i < program->entry_count; ++i) {
    const struct modelc_entry *entry = &program->entries[i];
    for (int divisor = 1; divisor <= (entry->symbol_count ? 3 : 1); ++divisor) {
      int64_t symbols[MAXIMAL_COUNT];
      for (int s = 0; s < entry->symbol_count && s < MAXIMAL_COUNT; ++s) {
        symbols[s] = entry->symbols[s].bound / divisor;
        if (symbols[s] < 1)
          symbols[s] = 1;
      }
      run(program, i, symbols, seed);
    }
  }
  return 0;
}
