/* Predict.c: the `predict` command: inputs are the fields of the training data,
 * read from the same columns and preprocessed in the same way. */
#include "runtime/app/Predict.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Call.h"
#include "runtime/app/Data.h"
#include "runtime/app/Input.h"
#include "runtime/app/Output.h"
#include "runtime/app/Report.h"
#include "runtime/app/Weights.h"

/* `predict`, or the one function that is exported. */
static int32_t choosePredict(const struct modelc_program *program) {
  int32_t only = -1, count = 0;
  for (int32_t i = 0; i < program->entry_count; ++i)
    if (program->entries[i].kind == MODELC_ENTRY_FUNCTION) {
      if (!strcmp(program->entries[i].name, "predict"))
        return i;
      only = i;
      ++count;
    }
  if (!count)
    failUser("the program exports no function");
  if (count > 1)
    failUser("the program exports %d functions, none is `predict`; `call "
             "FUNCTION` names one",
             count);
  return only;
}

/* The field of the training data that is called like an input; null if none is.
 * Data made at random have no columns to look for, and what shapes random
 * numbers is no preprocessing of an input. */
static const struct modelc_field *
fieldOfInput(const struct modelc_program *program, const char *name) {
  if (!program->training)
    return 0;
  const struct modelc_data *data = &program->data[program->training->data];
  if (!strcmp(data->format, "random"))
    return 0;
  for (int32_t i = 0; i < data->field_count; ++i)
    if (!strcmp(data->fields[i].name, name))
      return &data->fields[i];
  return 0;
}

/* What is read for an input: raw rows of its field where there is
 * preprocessing. */
static struct WantedInput wantInput(struct Machine *machine,
                                    const struct modelc_entry *entry,
                                    const struct modelc_value *input) {
  const struct modelc_program *program = machine->program;
  struct WantedInput wanted = {
      .name = input->name, .entry = entry, .value = input, .machine = machine};
  wanted.field = fieldOfInput(program, input->name);
  if (wanted.field)
    wanted.data = &program->data[program->training->data];
  if (!wanted.field || wanted.field->preprocess < 0)
    return wanted;
  wanted.entry = &program->entries[wanted.field->preprocess];
  for (int32_t i = 0; i < wanted.entry->input_count; ++i)
    if (wanted.entry->inputs[i].role == MODELC_INPUT_DATA)
      wanted.value = &wanted.entry->inputs[i];
  return wanted;
}

/* Rows of a series become the windows that begin at each of them. */
static void makeWindows(const struct modelc_field *field, struct Array *array,
                        const char *name) {
  int64_t length = field->window, rows = array->extents[0];
  if (length < 1)
    return;
  if (rows < length)
    failUser("`%s` has %lld rows, a window wants %lld", name, (long long)rows,
             (long long)length);
  int64_t rowBytes = array->count / rows * dtypeBytes(array->dtype);
  struct Array windows = *array;
  windows.extents[0] = rows - length + 1;
  windows.extents[1] = length;
  for (int32_t i = 1; i < array->rank; ++i)
    windows.extents[i + 1] = array->extents[i];
  ++windows.rank;
  if (!computeCount(&windows))
    failUser("the windows of `%s` are too large for memory", name);
  windows.data = allocate(windows.extents[0], length * rowBytes);
  for (int64_t i = 0; i < windows.extents[0]; ++i)
    memcpy((char *)windows.data + i * length * rowBytes,
           (char *)array->data + i * rowBytes, (size_t)(length * rowBytes));
  free(array->data);
  *array = windows;
}

/* Preprocesses an array of raw rows; what results must have the type of the
 * input. */
static void preprocessInput(struct Machine *machine,
                            const struct WantedInput *wanted,
                            const struct modelc_entry *entry,
                            const struct modelc_value *input,
                            struct Array *array) {
  if (!wanted->field || wanted->field->preprocess < 0)
    return;
  int64_t rows = array->extents[0], elements = 1;
  for (int32_t i = 1; i < array->rank; ++i)
    elements *= array->extents[i];
  struct Rows raw = {.dtype = array->dtype,
                     .elements = elements,
                     .bytes = elements * dtypeBytes(array->dtype),
                     .data = array->data};
  struct Rows result;
  preprocessRows(machine, wanted->field, &raw, rows, &result);
  int32_t hasWindow = wanted->field->window > 0;
  struct Array made = {.dtype = result.dtype,
                       .rank = input->array.rank - hasWindow,
                       .data = result.data};
  made.extents[0] = rows;
  for (int32_t i = 1; i < made.rank; ++i)
    made.extents[i] = input->array.dimensions[i + hasWindow].extent;
  if (made.rank < 1 || !computeCount(&made) ||
      made.count != rows * result.elements || made.dtype != input->array.dtype)
    failInternal("`%s` of `%s` does not fit its preprocessing", input->name,
                 entry->name);
  free(array->data);
  *array = made;
  makeWindows(wanted->field, array, input->name);
}

int runPredict(const struct modelc_program *program,
               const struct Options *options) {
  int32_t index = choosePredict(program);
  const struct modelc_entry *entry = &program->entries[index];
  enum OutputFormat format = chooseFormat(options, entry);
  struct Machine machine;
  struct WeightsOrigin origin = {options->seed, 1, 0};
  startMachine(&machine, program, options);
  loadWeights(&machine, weightsPath(program, options->weights), &origin);
  struct WantedInput *wanted = allocate(entry->input_count, sizeof *wanted);
  struct Array *read = allocate(entry->input_count, sizeof *read);
  struct Array *arguments = allocate(entry->input_count, sizeof *arguments);
  struct Array *results = allocate(entry->output_count, sizeof *results);
  int32_t count = 0;
  for (int32_t i = 0; i < entry->input_count; ++i)
    if (entry->inputs[i].role == MODELC_INPUT_DATA)
      wanted[count++] = wantInput(&machine, entry, &entry->inputs[i]);
  readInputs(options, wanted, count, read);
  for (int32_t i = 0, next = 0; i < entry->input_count; ++i)
    if (entry->inputs[i].role == MODELC_INPUT_DATA) {
      preprocessInput(&machine, &wanted[next], entry, &entry->inputs[i],
                      &read[next]);
      arguments[i] = read[next++];
    }
  applyFunction(&machine, index, arguments, results);
  writeResults(options, format, entry, results);
  return ExitSuccess;
}
