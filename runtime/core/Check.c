/* Check.c: the consistency of a program descriptor, checked once when a program
 * starts. */
#include "runtime/core/Check.h"

#include <stddef.h>

#include "runtime/core/Dtype.h"

/* The layout that compilers write by hand: a change here is a change of the
 * boundary. */
#define CHECK_SIZE(type, bytes)                                                \
  _Static_assert(sizeof(struct type) == bytes, "layout of struct " #type)
CHECK_SIZE(modelc_symbol, 16);
CHECK_SIZE(modelc_dimension, 16);
CHECK_SIZE(modelc_array, 24);
CHECK_SIZE(modelc_slot, 56);
CHECK_SIZE(modelc_value, 48);
CHECK_SIZE(modelc_call, 64);
CHECK_SIZE(modelc_entry, 96);
CHECK_SIZE(modelc_hyper, 40);
CHECK_SIZE(modelc_part, 64);
CHECK_SIZE(modelc_pass, 8);
CHECK_SIZE(modelc_field, 104);
CHECK_SIZE(modelc_file, 16);
CHECK_SIZE(modelc_split, 40);
CHECK_SIZE(modelc_data, 120);
CHECK_SIZE(modelc_metric, 24);
CHECK_SIZE(modelc_training, 80);
CHECK_SIZE(modelc_launch, 48);
CHECK_SIZE(modelc_region, 40);
CHECK_SIZE(modelc_message_value, 40);
CHECK_SIZE(modelc_message, 48);
CHECK_SIZE(modelc_program, 176);
_Static_assert(sizeof(void *) == 8, "the boundary has 64-bit pointers");
_Static_assert(offsetof(struct modelc_program, training) == 136,
               "layout of struct modelc_program");

/* Where the check is: the program, what kind of part it looks at, and which
 * one. */
struct Checker {
  const struct modelc_program *program;
  struct ModelcMessage *message;
  const char *part; /* "slot", "entry", ... */
  const char *name;
};

static int refuse(struct Checker *checker, const char *problem, int64_t value) {
  modelcAppendText(checker->message, checker->part);
  if (checker->name) {
    modelcAppendText(checker->message, " `");
    modelcAppendText(checker->message, checker->name);
    modelcAppendText(checker->message, "`");
  }
  modelcAppendText(checker->message, ": ");
  modelcAppendText(checker->message, problem);
  modelcAppendText(checker->message, " (");
  modelcAppendInteger(checker->message, value);
  modelcAppendText(checker->message, ")");
  return 1;
}

static int checkArray(struct Checker *checker, const struct modelc_array *array,
                      int32_t symbolCount) {
  int32_t elementBytes = modelcDtypeBytes(array->dtype);
  if (!elementBytes)
    return refuse(checker, "unknown element type", array->dtype);
  if (array->rank < 0 || (array->rank > 0 && !array->dimensions))
    return refuse(checker, "bad rank", array->rank);
  for (int32_t i = 0; i < array->rank; ++i) {
    int32_t symbol = array->dimensions[i].symbol;
    if (symbol < MODELC_DERIVED || symbol >= symbolCount)
      return refuse(checker, "a dimension names an unknown symbol", symbol);
  }
  int64_t bytes = modelcMultiply(modelcElements(array), elementBytes);
  if (bytes < 0 || bytes != array->bytes)
    return refuse(checker, "bytes differ from the dimensions' product",
                  array->bytes);
  return 0;
}

static int checkSlot(struct Checker *checker, const struct modelc_slot *slot) {
  checker->part = "slot";
  checker->name = slot->name;
  if (slot->kind < MODELC_SLOT_PARAMETER || slot->kind > MODELC_SLOT_SESSION)
    return refuse(checker, "unknown kind", slot->kind);
  if (slot->kind == MODELC_SLOT_SESSION)
    return refuse(checker, "session slots are not supported", slot->kind);
  if (checkArray(checker, &slot->array, 0))
    return 1;
  if (slot->stack < 0 ||
      (slot->stack > 0 && (slot->array.rank < 1 ||
                           slot->array.dimensions[0].extent != slot->stack)))
    return refuse(checker, "stack differs from the leading dimension",
                  slot->stack);
  int64_t end;
  if (slot->offset < 0 || slot->offset % MODELC_ALIGNMENT ||
      __builtin_add_overflow(slot->offset, slot->array.bytes, &end) ||
      end > checker->program->slot_bytes)
    return refuse(checker, "offset is outside of the slots or not aligned",
                  slot->offset);
  int stars = 0;
  for (const char *c = slot->name; *c; ++c)
    stars += *c == '*';
  if (stars != (slot->stack > 0))
    return refuse(checker, "the name of a stack has one `*`, others none",
                  stars);
  return 0;
}

static int checkValues(struct Checker *checker,
                       const struct modelc_entry *entry) {
  int derived = 0;
  for (int32_t i = 0; i < entry->input_count + entry->output_count; ++i) {
    int isInput = i < entry->input_count;
    const struct modelc_value *value =
        isInput ? &entry->inputs[i] : &entry->outputs[i - entry->input_count];
    int32_t last =
        isInput ? (int32_t)MODELC_INPUT_STEPS : (int32_t)MODELC_OUTPUT_TRAP;
    if (value->role < 1 || value->role > last)
      return refuse(checker, "a value has an unknown role", value->role);
    if (checkArray(checker, &value->array, entry->symbol_count))
      return 1;
    if (!isInput && value->role == MODELC_OUTPUT_TRAP) {
      if (value->array.dtype != MODELC_I64 || value->array.rank != 1 ||
          value->array.bytes != 2 * sizeof(int64_t))
        return refuse(checker, "the record of NaNs is not i64[2], of bytes",
                      value->array.bytes);
      continue;
    }
    int isScalar = isInput ? value->role != MODELC_INPUT_DATA
                           : value->role != MODELC_OUTPUT_RESULT;
    if (isScalar && value->array.rank != 0)
      return refuse(checker, "a scalar has dimensions", value->array.rank);
    for (int32_t d = 0; d < value->array.rank; ++d)
      derived |= value->array.dimensions[d].symbol == MODELC_DERIVED;
  }
  if (derived && !entry->resolve)
    return refuse(checker, "a dimension is derived but nothing resolves it", 0);
  return 0;
}

static int checkEntry(struct Checker *checker,
                      const struct modelc_entry *entry) {
  checker->part = "entry";
  checker->name = entry->name;
  if (entry->kind < MODELC_ENTRY_INIT || entry->kind > MODELC_ENTRY_TRAP)
    return refuse(checker, "unknown kind", entry->kind);
  if (!entry->function)
    return refuse(checker, "no function", 0);
  if (entry->workspace_bytes < 0)
    return refuse(checker, "negative workspace", entry->workspace_bytes);
  if (entry->symbol_count < 0 || entry->input_count < 0 ||
      entry->output_count < 0)
    return refuse(checker, "negative count", -1);
  for (int32_t i = 0; i < entry->symbol_count; ++i)
    if (entry->symbols[i].bound < 0)
      return refuse(checker, "a symbol's bound is negative",
                    entry->symbols[i].bound);
  if (entry->row_symbol < 0 || entry->row_symbol > entry->symbol_count)
    return refuse(checker, "rows are counted by an unknown symbol",
                  entry->row_symbol);
  return checkValues(checker, entry);
}

/* `index` names an entry of this kind, or is -1 where that is allowed. */
static int checkIndex(struct Checker *checker, int32_t index, int32_t kind,
                      int mayBeAbsent) {
  if (index == -1 && mayBeAbsent)
    return 0;
  if (index < 0 || index >= checker->program->entry_count)
    return refuse(checker, "no such entry", index);
  if (checker->program->entries[index].kind != kind)
    return refuse(checker, "an entry of the wrong kind is named", index);
  return 0;
}

/* The parts of a field, if it has any, make up its columns. */
static int checkParts(struct Checker *checker, const struct modelc_field *field,
                      int64_t wanted) {
  int64_t columns = 0;
  for (int32_t i = 0; i < field->part_count; ++i) {
    const struct modelc_part *part = &field->parts[i];
    if (part->vocabulary < -1 ||
        part->vocabulary >= checker->program->slot_count)
      return refuse(checker, "no such slot", part->vocabulary);
    if (part->kind != MODELC_NUMBERS && part->classes < 1)
      return refuse(checker, "no classes", part->classes);
    columns += part->selector == MODELC_COLUMNS_NAMED
                   ? part->name_count
                   : (int64_t)part->last - part->first;
  }
  if (field->part_count && columns != wanted)
    return refuse(checker, "its parts have other columns", columns);
  for (int32_t i = 0; i < field->pass_count; ++i)
    if (checkIndex(checker, field->passes[i].entry, MODELC_ENTRY_FIT, 0))
      return 1;
  return 0;
}

static int checkFields(struct Checker *checker,
                       const struct modelc_data *data) {
  for (int32_t i = 0; i < data->field_count; ++i) {
    const struct modelc_field *field = &data->fields[i];
    checker->part = "field";
    checker->name = field->name;
    if (!modelcDtypeBytes(field->dtype))
      return refuse(checker, "unknown element type", field->dtype);
    int64_t columns = field->selector == MODELC_COLUMNS_NAMED
                          ? field->name_count
                          : (int64_t)field->last - field->first;
    if (columns < 1 ||
        (field->selector == MODELC_COLUMNS_RANGE && field->first < 0))
      return refuse(checker, "no columns", columns);
    if (field->rank < 1 || field->rank > 2 ||
        (field->rank == 1 && columns != 1))
      return refuse(checker, "rank does not fit the columns", field->rank);
    if (checkParts(checker, field, columns) ||
        checkIndex(checker, field->fit, MODELC_ENTRY_FIT, 1) ||
        checkIndex(checker, field->preprocess, MODELC_ENTRY_PREPROCESS, 1) ||
        checkIndex(checker, field->restore - 1, MODELC_ENTRY_RESTORE, 1))
      return 1;
  }
  return 0;
}

static int checkTraining(struct Checker *checker) {
  const struct modelc_program *program = checker->program;
  const struct modelc_training *training = program->training;
  checker->part = "training";
  checker->name = 0;
  if (!training)
    return 0;
  if (training->data < 0 || training->data >= program->data_count)
    return refuse(checker, "no such data", training->data);
  if (training->batch < 1 || training->epochs < 0 || training->patience < 0)
    return refuse(checker, "batch, epochs or patience is too small",
                  training->batch);
  if (checkIndex(checker, training->step, MODELC_ENTRY_STEP, 0) ||
      checkIndex(checker, training->step_partial, MODELC_ENTRY_STEP, 1) ||
      checkIndex(checker, training->evaluate, MODELC_ENTRY_EVALUATE, 1) ||
      checkIndex(checker, training->finish, MODELC_ENTRY_FINISH,
                 training->evaluate < 0))
    return 1;
  if (training->trap < 0)
    return refuse(checker, "no such step that traps", training->trap);
  if (checkIndex(checker, training->trap - 1, MODELC_ENTRY_TRAP, 1))
    return 1;
  if (training->monitor < -1 || training->monitor >= training->metric_count)
    return refuse(checker, "no such metric to monitor", training->monitor);
  int32_t splits = program->data[training->data].split_count;
  if (training->monitor >= 0 &&
      (training->monitor_split < 0 || training->monitor_split >= splits))
    return refuse(checker, "no such split to monitor", training->monitor_split);
  for (int32_t i = 0; i < training->metric_count; ++i) {
    if (training->finish < 0)
      return refuse(checker, "metrics, but no entry that finishes them", i);
    const struct modelc_entry *finish = &program->entries[training->finish];
    int32_t output = training->metrics[i].output;
    if (output < 0 || output >= finish->output_count)
      return refuse(checker, "a metric names no output of finish", output);
  }
  return 0;
}

/* Results that speak of fields speak of those that there are. */
static int checkMeanings(struct Checker *checker,
                         const struct modelc_entry *entry) {
  const struct modelc_program *program = checker->program;
  checker->part = "entry";
  checker->name = entry->name;
  for (int32_t i = 0; i < entry->output_count; ++i) {
    const struct modelc_value *output = &entry->outputs[i];
    if (output->meaning < MODELC_MEANING_NONE ||
        output->meaning > MODELC_MEANING_PROBABILITY)
      return refuse(checker, "a result has an unknown meaning",
                    output->meaning);
    if (output->meaning &&
        (!program->training || output->field < 0 ||
         output->field >= program->data[program->training->data].field_count))
      return refuse(checker, "a result speaks of no field", output->field);
  }
  return 0;
}

static int checkMessage(struct Checker *checker,
                        const struct modelc_message *message) {
  checker->part = "message";
  checker->name = message->source;
  if (message->entry < 0 || message->entry >= checker->program->entry_count)
    return refuse(checker, "no such entry", message->entry);
  if (message->kind < MODELC_MESSAGE_PRINT ||
      message->kind > MODELC_MESSAGE_ASSERTION)
    return refuse(checker, "unknown kind", message->kind);
  if (message->value_count < 1)
    return refuse(checker, "no values", message->value_count);
  const struct modelc_entry *entry = &checker->program->entries[message->entry];
  for (int32_t i = 0; i < message->value_count; ++i) {
    const struct modelc_message_value *value = &message->values[i];
    int64_t end;
    if (checkArray(checker, &value->array, entry->symbol_count))
      return 1;
    if (value->offset < 0 || value->extents < 0 ||
        __builtin_add_overflow(value->offset, value->array.bytes, &end) ||
        end > entry->workspace_bytes || value->extents > entry->workspace_bytes)
      return refuse(checker, "a value is outside of the workspace",
                    value->offset);
  }
  return 0;
}

int modelcCheckProgram(const struct modelc_program *program,
                       struct ModelcMessage *message) {
  struct Checker checker = {program, message, "program", 0};
  if (program->abi_version != MODELC_ABI_VERSION)
    return refuse(&checker, "unknown version of the boundary",
                  program->abi_version);
  if (program->struct_size < sizeof(struct modelc_program))
    return refuse(&checker, "the descriptor is too short",
                  (int64_t)program->struct_size);
  if (program->float_dtype != MODELC_F32 && program->float_dtype != MODELC_F64)
    return refuse(&checker, "floats are neither f32 nor f64",
                  program->float_dtype);
  if (program->slot_count < 0 || program->entry_count < 0 ||
      program->hyper_count < 0 || program->data_count < 0 ||
      program->launch_count < 0 || program->region_count < 0 ||
      program->message_count < 0)
    return refuse(&checker, "negative count", -1);
  if (program->slot_bytes < 0 || program->slot_bytes % MODELC_ALIGNMENT)
    return refuse(&checker, "the slots' bytes are not aligned",
                  program->slot_bytes);
  for (int32_t i = 0; i < program->slot_count; ++i)
    if (checkSlot(&checker, &program->slots[i]))
      return 1;
  for (int32_t i = 0; i < program->entry_count; ++i)
    if (checkEntry(&checker, &program->entries[i]))
      return 1;
  for (int32_t i = 0; i < program->data_count; ++i)
    if (checkFields(&checker, &program->data[i]))
      return 1;
  if (checkTraining(&checker))
    return 1;
  for (int32_t i = 0; i < program->entry_count; ++i)
    if (checkMeanings(&checker, &program->entries[i]))
      return 1;
  for (int32_t i = 0; i < program->message_count; ++i)
    if (checkMessage(&checker, &program->messages[i]))
      return 1;
  checker.part = "launch";
  checker.name = 0;
  for (int32_t i = 0; i < program->launch_count; ++i)
    if (program->launches[i].entry < 0 ||
        program->launches[i].entry >= program->entry_count)
      return refuse(&checker, "no such entry", program->launches[i].entry);
  checker.part = "region";
  checker.name = 0;
  for (int32_t i = 0; i < program->region_count; ++i)
    if (program->regions[i].entry < 0 ||
        program->regions[i].entry >= program->entry_count)
      return refuse(&checker, "no such entry", program->regions[i].entry);
  return 0;
}
