/* harness.c: calls every entry of a compiled program on numbers that depend on their place alone.
 *
 * usage: harness SEED. Each entry runs at the bounds of its sizes, at smaller ones, and at 0. To
 * standard output go, for each output and for each slot of the entry (those whose names begin
 * with the entry's), a line `ENTRY NAME DTYPE COUNT` and as many doubles. Workspace and outputs
 * are filled with NaN before each call. Inputs and outputs are as long as the call's sizes say, not
 * as their bounds; behind the end of all memory are guards: NaN to those who read, checked for
 * those who write. Slots of other entries must stay as they are. */
#include "test/judge/entry.h"

static uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/* Floats are multiples of 1/64 in [-2, 2), integers -1 to 6, so that f32 holds them exactly. */
static void fill(void *memory, int dtype, int64_t count, uint64_t key) {
  for (int64_t i = 0; i < count; ++i) {
    uint64_t bits = mix(key * 0x9e3779b97f4a7c15u + (uint64_t)i);
    int isFloat = dtype == MODELC_F64 || dtype == MODELC_F32;
    double other = dtype == MODELC_BOOL ? (double)(bits & 1) : (double)(bits % 8) - 1;
    write_element(memory, dtype, i, isFloat ? (double)(bits % 256) / 64 - 2 : other);
  }
}

static void dump(const char *entry, const char *name, const void *memory, int dtype,
                 int64_t count) {
  printf("%s %s %d %lld\n", entry, name, dtype, (long long)count);
  for (int64_t i = 0; i < count; ++i) {
    double number = read_element(memory, dtype, i);
    fwrite(&number, sizeof number, 1, stdout);
  }
}

static int64_t slot_count(const struct modelc_slot *slot) {
  return slot->array.bytes / element_bytes(slot->array.dtype);
}

static int is_slot_of(const struct modelc_slot *slot, const char *entry) {
  size_t length = strlen(entry);
  return strncmp(slot->name, entry, length) == 0 && slot->name[length] == '_';
}

static unsigned char *make_slots(const struct modelc_program *program, uint64_t seed) {
  unsigned char *slots = allocate(program->slot_bytes);
  for (int i = 0; i < program->slot_count; ++i) {
    const struct modelc_slot *slot = &program->slots[i];
    /* By its name, so that a program's numbers do not depend on what else is compiled. */
    uint64_t key = seed;
    for (const char *c = slot->name; *c; ++c)
      key = mix(key + (uint64_t)*c);
    fill(slots + slot->offset, slot->array.dtype, slot_count(slot), key);
  }
  return slots;
}

static void report_slots(const struct modelc_program *program, const char *entry,
                         const unsigned char *slots, uint64_t seed) {
  unsigned char *before = make_slots(program, seed);
  for (int i = 0; i < program->slot_count; ++i) {
    const struct modelc_slot *slot = &program->slots[i];
    if (is_slot_of(slot, entry))
      dump(entry, slot->name, slots + slot->offset, slot->array.dtype, slot_count(slot));
    else if (memcmp(slots + slot->offset, before + slot->offset, (size_t)slot->array.bytes) != 0)
      fail(entry, "wrote a slot that it does not name");
  }
  free(before);
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
    void *memory = allocate(counts[i] * element_bytes(array->dtype));
    fill(memory, array->dtype, counts[i], mix(seed + (uint64_t)i));
    inputs[i] = memory;
  }
  for (int i = 0; i < entry->output_count; ++i) {
    const struct modelc_array *array = &entry->outputs[i].array;
    counts[MAXIMAL_COUNT + i] = count_elements(array, symbols, &derived);
    outputs[i] = allocate(counts[MAXIMAL_COUNT + i] * element_bytes(array->dtype));
  }
  unsigned char *slots = make_slots(program, seed);
  unsigned char *workspace = allocate(entry->workspace_bytes);
  struct modelc_call call = {.struct_size = sizeof call,
                             .slots = slots,
                             .workspace = workspace,
                             .inputs = inputs,
                             .outputs = outputs,
                             .symbols = symbols};
  fprintf(stderr, "%s\n", entry->name); /* if it crashes, the last line says where */
  int status = entry->function(&call);
  if (status != MODELC_OK)
    fail(entry->name, "returned an error");
  check_guard(entry->name, workspace, entry->workspace_bytes);
  check_guard(entry->name, slots, program->slot_bytes);
  for (int i = 0; i < entry->output_count; ++i) {
    const struct modelc_value *value = &entry->outputs[i];
    int64_t count = counts[MAXIMAL_COUNT + i];
    check_guard(entry->name, outputs[i], count * element_bytes(value->array.dtype));
    dump(entry->name, value->name, outputs[i], value->array.dtype, count);
    free(outputs[i]);
  }
  report_slots(program, entry->name, slots, seed);
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
    int64_t symbols[MAXIMAL_COUNT];
    for (int part = 0; part < (entry->symbol_count ? 4 : 1); ++part) {
      for (int s = 0; s < entry->symbol_count && s < MAXIMAL_COUNT; ++s) {
        int64_t bound = entry->symbols[s].bound;
        int64_t parts[4] = {bound, bound / 2, s % 2 ? bound : 1, 0};
        symbols[s] = parts[part];
      }
      run(program, i, symbols, seed);
    }
  }
  return 0;
}
