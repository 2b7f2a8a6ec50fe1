/* Predict.c: the `predict` command: inputs are the fields of the training data,
 * read from the same columns and preprocessed in the same way. */
#include "runtime/app/Predict.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Call.h"
#include "runtime/app/Classes.h"
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

/* One row of what consists of windows: the value without their length, to be
 * freed. */
static struct modelc_value *rowOfWindow(const struct modelc_value *input) {
  int32_t rank = input->array.rank - 1;
  struct modelc_dimension *dimensions;
  int64_t bytes = rank * (int64_t)sizeof *dimensions;
  struct modelc_value *row = allocate(1, (int64_t)sizeof *row + bytes);
  dimensions = (struct modelc_dimension *)(row + 1);
  *row = *input;
  for (int32_t i = 0; i < rank; ++i)
    dimensions[i] = input->array.dimensions[i + (i > 0)];
  row->array.rank = rank;
  row->array.dimensions = dimensions;
  return row;
}

/* What is read for an input: raw rows of its field where there is
 * preprocessing, and rows, not windows, of a series. */
static struct WantedInput wantInput(struct Machine *machine,
                                    const struct modelc_entry *entry,
                                    const struct modelc_value *input) {
  const struct modelc_program *program = machine->program;
  struct WantedInput wanted = {
      .name = input->name, .entry = entry, .value = input, .machine = machine};
  wanted.field = fieldOfInput(program, input->name);
  if (wanted.field)
    wanted.data = &program->data[program->training->data];
  if (wanted.field && wanted.field->window && wanted.field->preprocess < 0 &&
      input->array.rank > 1)
    wanted.value = wanted.row = rowOfWindow(input);
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
}

/* Leaves out the rows of a series before which no longest window ends: what
 * stands beside windows belongs to their last rows. */
static void alignRows(const struct modelc_field *field, struct Array *array,
                      int64_t longest, const char *name) {
  int64_t length = field->window > 0 ? field->window : 1;
  int64_t skipped = longest - length, rows = array->extents[0];
  if (skipped < 1)
    return;
  if (rows <= skipped)
    failUser("`%s` has %lld rows, a window wants %lld", name, (long long)rows,
             (long long)longest);
  int64_t bytes = array->count / rows * dtypeBytes(array->dtype);
  memmove(array->data, (char *)array->data + skipped * bytes,
          (size_t)((rows - skipped) * bytes));
  array->extents[0] = rows - skipped;
  computeCount(array);
}

static void makeSeries(const struct WantedInput *wanted, struct Array *arrays,
                       int32_t count) {
  int64_t longest = 1;
  for (int32_t i = 0; i < count; ++i)
    if (wanted[i].field && wanted[i].field->window > longest)
      longest = wanted[i].field->window;
  for (int32_t i = 0; i < count; ++i)
    if (wanted[i].field) {
      alignRows(wanted[i].field, &arrays[i], longest, wanted[i].name);
      makeWindows(wanted[i].field, &arrays[i], wanted[i].name);
    }
}

/* The field that a result speaks of; null if it speaks of none. */
static const struct modelc_field *
fieldOfResult(const struct modelc_program *program,
              const struct modelc_value *result) {
  if (!result->meaning || !program->training)
    return 0;
  return &program->data[program->training->data].fields[result->field];
}

/* A result that is a field as the model sees it becomes one in the units of its
 * columns, where there is a way back. */
static void restoreResult(struct Machine *machine,
                          const struct modelc_value *value,
                          struct Array *result) {
  const struct modelc_field *field = fieldOfResult(machine->program, value);
  if (!field || value->meaning != MODELC_MEANING_NUMBER || result->rank < 1)
    return;
  int64_t rows = result->extents[0];
  if (field->window) { /* their rows one by one */
    if (result->rank < 2 || result->extents[1] != field->window)
      return;
    rows *= field->window;
  }
  if (rows < 1)
    return;
  int64_t elements = result->count / rows;
  struct Rows seen = {.dtype = result->dtype,
                      .elements = elements,
                      .bytes = elements * dtypeBytes(result->dtype),
                      .data = result->data};
  struct Rows restored;
  if (!restoreRows(machine, field, &seen, rows, &restored))
    return;
  free(result->data);
  result->data = restored.data;
  result->dtype = restored.dtype;
  if (restored.elements == elements)
    return;
  result->rank = field->window ? 3 : 2;
  result->extents[result->rank - 1] = restored.elements;
  result->count = rows * restored.elements;
}

/* What results say in the words of the data: names of classes, units of
 * columns. An element for each result. */
static struct Classes *translateResults(struct Machine *machine,
                                        const struct modelc_entry *entry,
                                        struct Array *results) {
  struct Classes *classes = allocate(entry->output_count, sizeof *classes);
  for (int32_t i = 0; i < entry->output_count; ++i) {
    const struct modelc_value *value = &entry->outputs[i];
    const struct modelc_field *field = fieldOfResult(machine->program, value);
    restoreResult(machine, value, &results[i]);
    if (!field)
      continue;
    struct Classes known =
        classesOfField(machine->program, machine->slots, field);
    if (speaksOfClasses(value, known.count))
      classes[i] = known;
    else
      freeClasses(&known);
  }
  return classes;
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
      ++next;
    }
  makeSeries(wanted, read, count);
  for (int32_t i = 0, next = 0; i < entry->input_count; ++i)
    if (entry->inputs[i].role == MODELC_INPUT_DATA)
      arguments[i] = read[next++];
  applyFunction(&machine, index, arguments, results);
  struct Classes *classes =
      options->raw ? 0 : translateResults(&machine, entry, results);
  writeResults(options, format, entry, results, classes);
  for (int32_t i = 0; classes && i < entry->output_count; ++i)
    freeClasses(&classes[i]);
  free(classes);
  freeArrays(results, entry->output_count);
  freeArrays(read, count);
  free(arguments);
  for (int32_t i = 0; i < count; ++i)
    free(wanted[i].row);
  free(wanted);
  freeMachine(&machine);
  return ExitSuccess;
}
