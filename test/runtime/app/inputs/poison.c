/* poison.c: a program whose one function returns what it finds in memory that
 * nobody has set. */
#include "runtime/core/abi.h"

static const struct modelc_slot slots[] = {
    {"w", MODELC_SLOT_PARAMETER, 0, {MODELC_F32, 0, 0, 4}, 0, ""},
    {"m", MODELC_SLOT_OPTIMIZER, 0, {MODELC_I32, 0, 0, 4}, 64, ""}};

static int32_t look(const struct modelc_call *call) {
  int32_t *const *outputs = (int32_t *const *)call->outputs;
  *outputs[0] = *(int32_t *)call->workspace;
  *outputs[2] = ((int32_t *)call->slots)[16];
  *outputs[3] = (int32_t)*(float *)call->slots;
  for (int i = 0; i < 4; ++i)
    if ((uintptr_t)outputs[i] % MODELC_ALIGNMENT)
      return MODELC_ERROR_ALIGNMENT;
  return RETURNS;
}

#define OUTPUT(name) {name, MODELC_OUTPUT_RESULT, 0, {MODELC_I32, 0, 0, 4}}
static const struct modelc_value outputs[] = {
    OUTPUT("workspace"), OUTPUT("output"), OUTPUT("slot"), OUTPUT("weight")};
static const struct modelc_entry entries[] = {
    {"look", MODELC_ENTRY_FUNCTION, 0, 0, 0, 4, 0, outputs, look, 0, 4, "", 0, 0, 0}};
const struct modelc_program modelc_program_descriptor = {
    .struct_size = sizeof(struct modelc_program),
    .abi_version = MODELC_ABI_VERSION,
    .name = "Poison",
    .documentation = "",
    .source_file = "",
    .source_hash = "",
    .target = "",
    .compiler = "by hand",
    .float_dtype = MODELC_F32,
    .slot_count = 2,
    .slots = slots,
    .slot_bytes = 128,
    .entry_count = 1,
    .entries = entries};
