/* Machine.c: the memory of a program and calls of its entries. */
#include "runtime/app/Machine.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Array.h"
#include "runtime/app/Messages.h"
#include "runtime/app/Report.h"
#include "runtime/core/Message.h"

void startMachine(struct Machine *machine, const struct modelc_program *program,
                  const struct Options *options) {
  *machine = (struct Machine){.program = program,
                              .hasHyper = options->hasHyper,
                              .seed = options->seed,
                              .isPoisoned = options->poison};
  for (int32_t i = 0; i < program->entry_count; ++i)
    if (program->entries[i].workspace_bytes > machine->workspaceBytes &&
        (program->entries[i].kind != MODELC_ENTRY_TRAP || options->trapNan))
      machine->workspaceBytes = program->entries[i].workspace_bytes;
  machine->hypers = allocate(program->hyper_count, sizeof *machine->hypers);
  for (int32_t i = 0; i < program->hyper_count; ++i)
    machine->hypers[i] = options->hypers[i];
  machine->slots = allocate(program->slot_bytes, 1);
  machine->workspace = allocate(machine->workspaceBytes, 1);
  if (machine->isPoisoned)
    memset(machine->slots, 0xff, (size_t)program->slot_bytes);
}

void freeMachine(struct Machine *machine) {
  free(machine->slots);
  free(machine->workspace);
  free(machine->hypers);
}

static double hyperValue(const struct Machine *machine, const char *name) {
  for (int32_t i = 0; i < machine->program->hyper_count; ++i)
    if (!strcmp(machine->program->hypers[i].name, name))
      return machine->hypers[i];
  failInternal(
      "an entry wants the hyperparameter `%s`, which the program lacks", name);
}

static void storeHyper(const struct Machine *machine,
                       const struct modelc_value *input, void *memory) {
  double value = hyperValue(machine, input->name);
  if (!storeNumber(input->array.dtype, memory, 0, value))
    failUser("%g for `%s` is too large, the program computes in %s", value,
             input->name, dtypeName(input->array.dtype));
}

void prepareInvocation(struct Machine *machine, int32_t index,
                       struct Invocation *invocation) {
  const struct modelc_entry *entry = &machine->program->entries[index];
  *invocation = (struct Invocation){.machine = machine, .entry = entry};
  invocation->inputs = allocate(entry->input_count, sizeof(void *));
  invocation->outputs = allocate(entry->output_count, sizeof(void *));
  invocation->symbols = allocate(entry->symbol_count, sizeof(int64_t));
  for (int32_t i = 0; i < entry->symbol_count; ++i)
    invocation->symbols[i] = entry->symbols[i].bound;
  for (int32_t i = 0; i < entry->input_count; ++i) {
    const struct modelc_value *input = &entry->inputs[i];
    invocation->inputs[i] = allocate(input->array.bytes, 1);
    if (input->role == MODELC_INPUT_SEED)
      storeInteger(input->array.dtype, invocation->inputs[i], 0, machine->seed);
    else if (input->role == MODELC_INPUT_HYPER)
      storeHyper(machine, input, invocation->inputs[i]);
    else if (input->role == MODELC_INPUT_STEPS)
      storeNumber(input->array.dtype, invocation->inputs[i], 0,
                  (double)machine->steps);
  }
  for (int32_t i = 0; i < entry->output_count; ++i)
    invocation->outputs[i] = allocate(entry->outputs[i].array.bytes, 1);
}

void freeInvocation(struct Invocation *invocation) {
  for (int32_t i = 0; i < invocation->entry->input_count; ++i)
    free(invocation->inputs[i]);
  for (int32_t i = 0; i < invocation->entry->output_count; ++i)
    free(invocation->outputs[i]);
  free(invocation->inputs);
  free(invocation->outputs);
  free(invocation->symbols);
}

/* All bits set is a NaN in every float type and absurd in integers: a read of a
 * dead region, or an output that is not written, shows. */
static void poison(const struct Invocation *invocation) {
  const struct modelc_entry *entry = invocation->entry;
  memset(invocation->machine->workspace, 0xff,
         (size_t)invocation->machine->workspaceBytes);
  for (int32_t i = 0; i < entry->output_count; ++i)
    memset(invocation->outputs[i], 0xff, (size_t)entry->outputs[i].array.bytes);
}

/* What the user gave is within the bounds, and still does not fit: subscripts
 * such as `x[10]` want rows. */
void failSizes(const struct modelc_entry *entry, const int64_t *symbols) {
  struct ModelcMessage sizes = {0};
  for (int32_t i = 0; i < entry->symbol_count; ++i) {
    modelcAppendText(&sizes, i ? " and `" : "`");
    modelcAppendText(&sizes, entry->symbols[i].name);
    modelcAppendText(&sizes, "` is ");
    modelcAppendInteger(&sizes, symbols[i]);
  }
  failUser("too few or too many rows for `%s`, whose subscripts and sizes do "
           "not fit where %s",
           entry->name, sizes.text);
}

void invoke(struct Invocation *invocation, int64_t step) {
  const struct modelc_entry *entry = invocation->entry;
  struct Machine *machine = invocation->machine;
  for (int32_t i = 0; i < entry->input_count; ++i)
    if (entry->inputs[i].role == MODELC_INPUT_STEP)
      storeInteger(entry->inputs[i].array.dtype, invocation->inputs[i], 0,
                   step);
  if (machine->isPoisoned)
    poison(invocation);
  struct modelc_call call = {.struct_size = sizeof call,
                             .slots = machine->slots,
                             .workspace = machine->workspace,
                             .inputs = (const void *const *)invocation->inputs,
                             .outputs = invocation->outputs,
                             .symbols = invocation->symbols};
  int32_t status = entry->function(&call);
  showMessages(machine->program, entry, machine->workspace);
  if (status == MODELC_ERROR_SIZE && entry->symbol_count)
    failSizes(entry, invocation->symbols);
  if (status != MODELC_OK)
    failInternal("`%s` returned %d: %s", entry->name, status,
                 modelcDescribeStatus(status));
}

double scalarOutput(const struct Invocation *invocation, int32_t output) {
  return loadNumber(invocation->entry->outputs[output].array.dtype,
                    invocation->outputs[output], 0);
}

int32_t findEntry(const struct modelc_program *program, int32_t kind) {
  for (int32_t i = 0; i < program->entry_count; ++i)
    if (program->entries[i].kind == kind)
      return i;
  return -1;
}

void initializeSlots(struct Machine *machine) {
  int32_t entry = findEntry(machine->program, MODELC_ENTRY_INIT);
  if (entry < 0)
    return;
  struct Invocation invocation;
  prepareInvocation(machine, entry, &invocation);
  invoke(&invocation, 0);
  freeInvocation(&invocation);
}

void clearSlots(struct Machine *machine, int32_t kind) {
  for (int32_t i = 0; i < machine->program->slot_count; ++i) {
    const struct modelc_slot *slot = &machine->program->slots[i];
    if (slot->kind == kind)
      memset(machine->slots + slot->offset, 0, (size_t)slot->array.bytes);
  }
}
