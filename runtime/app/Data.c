/* Data.c: the rows of a data declaration, their splits, and their
 * preprocessing. */
#include "runtime/app/Data.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Array.h"
#include "runtime/app/Load.h"
#include "runtime/app/Report.h"

/* Whether any split is a share of the main source. */
static int hasMainSource(const struct modelc_data *description) {
  for (int32_t i = 0; i < description->split_count; ++i)
    if (!description->splits[i].path && !description->splits[i].file_count)
      return 1;
  return description->split_count == 0;
}

/* How many rows of a series make one example and its target. */
static int64_t spanOf(const struct modelc_data *description) {
  int64_t window = 1, ahead = 0;
  for (int32_t i = 0; i < description->field_count; ++i) {
    const struct modelc_field *field = &description->fields[i];
    window = field->window > window ? field->window : window;
    ahead = field->ahead > ahead ? field->ahead : ahead;
  }
  return window + ahead;
}

/* Windows end before their split does. */
static void countExamples(struct Dataset *dataset) {
  int64_t span = spanOf(dataset->description);
  for (int32_t i = 0; i < dataset->description->split_count; ++i) {
    struct Split *split = &dataset->splits[i];
    split->rows = split->count;
    split->count -= span - 1;
    if (split->count < 1 && span > 1)
      failUser(
          "split `%s` of `%s` has %lld rows, a window and what is ahead of "
          "it want %lld",
          split->name, dataset->description->name, (long long)split->rows,
          (long long)span);
  }
}

struct Dataset loadDataset(const struct modelc_data *description,
                           const struct Options *options,
                           const struct Cut *cut) {
  struct Dataset dataset = {.description = description};
  static const char *const formats[] = {"csv", "tsv",         "npy",
                                        "idx", "safetensors", "random"};
  int isKnown = 0;
  for (size_t i = 0; i < sizeof formats / sizeof *formats; ++i)
    isKnown |= !strcmp(description->format, formats[i]);
  if (!isKnown)
    failInternal("the data `%s` has the unknown format `%s`", description->name,
                 description->format);
  checkDataNames(description, options);
  dataset.fields = allocate(description->field_count, sizeof *dataset.fields);
  dataset.splits = allocate(description->split_count, sizeof *dataset.splits);
  dataset.sources =
      allocate(description->split_count + 1, sizeof *dataset.sources);
  if (hasMainSource(description)) {
    loadSource(&dataset, options, 0);
    divideShares(&dataset, cut);
  }
  for (int32_t i = 0; i < description->split_count; ++i) {
    const struct modelc_split *split = &description->splits[i];
    if (!split->path && !split->file_count)
      continue;
    int64_t first = dataset.rows, count = loadSource(&dataset, options, split);
    dataset.splits[i] = (struct Split){split->name, first, count, 0};
  }
  countExamples(&dataset);
  return dataset;
}

static void freeDatasetWords(struct Dataset *dataset) {
  int64_t count = countTextColumns(dataset->description->fields,
                                   dataset->description->field_count) +
                  (dataset->description->key != 0);
  for (int64_t i = 0; dataset->words && i < count; ++i)
    freeWords(&dataset->words[i]);
  free(dataset->words);
  dataset->words = 0;
}

void freeDataset(struct Dataset *dataset) {
  freeDatasetWords(dataset);
  for (int32_t i = 0; i < dataset->description->field_count; ++i)
    freeRows(&dataset->fields[i]);
  for (int32_t i = 0; i < dataset->sourceCount; ++i)
    freeArraySource(&dataset->sources[i]);
  free(dataset->sources);
  free(dataset->fields);
  free(dataset->splits);
}

int32_t findSplit(const struct Dataset *dataset, const char *name) {
  for (int32_t i = 0; i < dataset->description->split_count; ++i)
    if (!strcmp(dataset->description->splits[i].name, name))
      return i;
  return -1;
}

/* Elements of a row of a value whose leading dimension counts rows; -1 if it
 * has no such shape. */
static int64_t rowElements(const struct modelc_value *value) {
  int64_t elements = 1;
  if (value->array.rank < 1)
    return -1;
  for (int32_t i = 1; i < value->array.rank; ++i) {
    if (value->array.dimensions[i].symbol != MODELC_CONSTANT)
      return -1;
    elements *= value->array.dimensions[i].extent;
  }
  return elements;
}

static int32_t findField(const struct modelc_data *description,
                         const char *name) {
  for (int32_t i = 0; i < description->field_count; ++i)
    if (!strcmp(description->fields[i].name, name))
      return i;
  return -1;
}

/* Takes the number of rows from an input's leading dimension; all inputs must
 * agree on it. */
static void bindLeading(struct RowCall *call, const struct modelc_value *input,
                        int isFirst) {
  const struct modelc_entry *entry = call->invocation.entry;
  const struct modelc_dimension *leading = &input->array.dimensions[0];
  if (isFirst) {
    call->rowSymbol = leading->symbol;
    call->rowLimit = leading->symbol >= 0
                         ? entry->symbols[leading->symbol].bound
                         : leading->extent;
  } else if (call->rowSymbol != leading->symbol ||
             (leading->symbol < 0 && call->rowLimit != leading->extent)) {
    failInternal("the inputs of `%s` have different leading dimensions",
                 entry->name);
  }
}

/* Aligned rows of one field, bound to one input. */
static void bindInput(struct RowCall *call, int32_t index, int32_t field,
                      const struct Rows *rows, int isFirst) {
  const struct modelc_entry *entry = call->invocation.entry;
  const struct modelc_value *input = &entry->inputs[index];
  int64_t elements = rowElements(input);
  if (elements < 0 || input->array.dimensions[0].symbol == MODELC_DERIVED)
    failInternal("input `%s` of `%s` does not take rows", input->name,
                 entry->name);
  if (input->array.dtype != rows->dtype || elements != rows->elements)
    failInternal(
        "input `%s` of `%s` takes rows of %lld %s, its field has %lld %s",
        input->name, entry->name, (long long)elements,
        dtypeName(input->array.dtype), (long long)rows->elements,
        dtypeName(rows->dtype));
  bindLeading(call, input, isFirst);
  call->fields[index] = field;
}

static void checkSymbols(const struct RowCall *call) {
  const struct modelc_entry *entry = call->invocation.entry;
  for (int32_t i = 0; i < entry->symbol_count; ++i)
    if (i != call->rowSymbol)
      failInternal("no data says what the size `%s` of `%s` is",
                   entry->symbols[i].name, entry->name);
  if (call->rowLimit < 1)
    failInternal("`%s` takes no rows", entry->name);
}

void prepareRowCall(struct Machine *machine, int32_t index,
                    const struct Dataset *dataset, int32_t field,
                    struct RowCall *call) {
  *call = (struct RowCall){.rowSymbol = -1};
  prepareInvocation(machine, index, &call->invocation);
  const struct modelc_entry *entry = call->invocation.entry;
  call->fields = allocate(entry->input_count, sizeof *call->fields);
  int isFirst = 1;
  for (int32_t i = 0; i < entry->input_count; ++i) {
    call->fields[i] = -1;
    if (entry->inputs[i].role != MODELC_INPUT_DATA)
      continue;
    int32_t source =
        field >= 0 ? field
                   : findField(dataset->description, entry->inputs[i].name);
    if (source < 0)
      failInternal("`%s` wants `%s`, which is no field of the data `%s`",
                   entry->name, entry->inputs[i].name,
                   dataset->description->name);
    bindInput(call, i, source, &dataset->fields[source], isFirst);
    isFirst = 0;
  }
  checkSymbols(call);
}

void freeRowCall(struct RowCall *call) {
  freeInvocation(&call->invocation);
  free(call->fields);
}

void gatherRows(struct RowCall *call, const struct Dataset *dataset,
                const int64_t *order, int64_t first, int64_t count) {
  if (call->rowSymbol >= 0)
    call->invocation.symbols[call->rowSymbol] = count;
  else if (count != call->rowLimit)
    failInternal("`%s` takes %lld rows only, there are %lld",
                 call->invocation.entry->name, (long long)call->rowLimit,
                 (long long)count);
  for (int32_t i = 0; i < call->invocation.entry->input_count; ++i) {
    if (call->fields[i] < 0)
      continue;
    const struct Rows *rows = &dataset->fields[call->fields[i]];
    char *target = call->invocation.inputs[i];
    if (!order && (!rows->stride || rows->stride == rows->bytes)) {
      memcpy(target, rowAt(rows, first), (size_t)(count * rows->bytes));
      continue;
    }
    for (int64_t row = 0; row < count; ++row)
      memcpy(target + row * rows->bytes,
             rowAt(rows, order ? order[first + row] : first + row),
             (size_t)rows->bytes);
  }
}

/* The columns of texts of a dataset, one after the other. */
struct TextColumn {
  struct Words *words;
  const struct modelc_field *field;
  struct modelc_part part;
  int64_t index;   /* in the part */
  int64_t element; /* in the field's row */
  int32_t fieldIndex;
};

/* Steps to the next column of texts; starts from {0}. 0 behind the last. */
static int nextTextColumn(const struct modelc_data *data, struct Words *words,
                          struct TextColumn *column, int64_t *number) {
  int64_t wanted = (*number)++, next = 0;
  for (int32_t i = 0; i < data->field_count; ++i) {
    int64_t element = 0;
    for (int32_t j = 0; j < countParts(&data->fields[i]); ++j) {
      struct modelc_part part = partOfField(&data->fields[i], j);
      int64_t columns = columnsOfPart(&part);
      if (isTextPart(&part)) {
        if (wanted < next + columns) {
          *column =
              (struct TextColumn){&words[wanted], &data->fields[i],        part,
                                  wanted - next,  element + wanted - next, i};
          return 1;
        }
        next += columns;
      }
      element += columns;
    }
  }
  return 0;
}

static void learnVocabularies(struct Machine *machine,
                              const struct Dataset *dataset,
                              const struct Split *rows) {
  struct TextColumn column;
  int64_t number = 0;
  while (
      nextTextColumn(dataset->description, dataset->words, &column, &number)) {
    char *isUsed = allocate(column.words->count, 1);
    const struct Rows *field = &dataset->fields[column.fieldIndex];
    for (int64_t row = rows->first; row < rows->first + rows->rows; ++row) {
      double word = loadNumber(field->dtype, rowAt(field, row), column.element);
      if (word >= 0)
        isUsed[(int64_t)word] = 1;
    }
    struct Vocabulary vocabulary = vocabularyOf(
        machine->program, machine->slots, &column.part, column.index);
    learnVocabulary(&vocabulary, column.field, &column.part, column.words,
                    isUsed);
    free(isUsed);
  }
}

void encodeFields(struct Machine *machine, const struct modelc_data *data,
                  struct Words *words, struct Rows *fields, int64_t rows) {
  struct TextColumn column;
  int64_t number = 0;
  while (nextTextColumn(data, words, &column, &number)) {
    struct Vocabulary vocabulary = vocabularyOf(
        machine->program, machine->slots, &column.part, column.index);
    encodeWords(&vocabulary, column.field, &column.part, column.words);
  }
  for (int32_t i = 0; i < data->field_count; ++i) {
    replaceWords(&data->fields[i], words, &fields[i], rows);
    words += countTextColumns(&data->fields[i], 1);
  }
}

static void encodeDataset(struct Machine *machine, struct Dataset *dataset) {
  if (!dataset->words)
    return;
  encodeFields(machine, dataset->description, dataset->words, dataset->fields,
               dataset->rows);
  freeDatasetWords(dataset);
}

static void fitField(struct Machine *machine, const struct Dataset *dataset,
                     int32_t field, int32_t entry, const struct Split *rows,
                     int64_t pass) {
  struct RowCall call;
  prepareRowCall(machine, entry, dataset, field, &call);
  for (int64_t done = 0, count; done < rows->rows; done += count) {
    count =
        rows->rows - done < call.rowLimit ? rows->rows - done : call.rowLimit;
    gatherRows(&call, dataset, 0, rows->first + done, count);
    invoke(&call.invocation, pass);
  }
  freeRowCall(&call);
}

void fitFields(struct Machine *machine, struct Dataset *dataset,
               int32_t split) {
  const struct Split *rows = &dataset->splits[split];
  if (dataset->words)
    learnVocabularies(machine, dataset, rows);
  encodeDataset(machine, dataset);
  for (int32_t i = 0; i < dataset->description->field_count; ++i) {
    const struct modelc_field *field = &dataset->description->fields[i];
    if (!field->pass_count && field->fit >= 0)
      fitField(machine, dataset, i, field->fit, rows, 1);
    for (int32_t j = 0; j < field->pass_count; ++j)
      for (int32_t k = 0; k < field->passes[j].times; ++k)
        fitField(machine, dataset, i, field->passes[j].entry, rows, k + 1);
  }
}

/* Runs an entry from rows to rows of a field. */
static char *convertRows(struct Machine *machine,
                         const struct modelc_field *field, int32_t entry,
                         const struct Rows *raw, int64_t count,
                         struct Rows *result) {
  /* A dataset of this one field serves the call. */
  struct modelc_data description = {
      .name = field->name, .field_count = 1, .fields = field};
  struct Rows rows = *raw;
  struct Dataset dataset = {
      .description = &description, .fields = &rows, .rows = count};
  struct RowCall call;
  prepareRowCall(machine, entry, &dataset, 0, &call);
  const struct modelc_value *output = call.invocation.entry->outputs;
  int64_t elements =
      call.invocation.entry->output_count == 1 ? rowElements(output) : -1;
  if (elements < 0)
    failInternal("`%s` does not make rows", call.invocation.entry->name);
  if (count > call.rowLimit && !call.invocation.entry->row_symbol)
    failUser("%s: a row of `%s` depends on other rows than its own; so many "
             "rows, %lld, are preprocessed in parts of %lld, which would "
             "change it; what is learnt of all rows belongs to `fit`",
             field->source, field->name, (long long)count,
             (long long)call.rowLimit);
  allocateRows(result, output->array.dtype, elements, count);
  for (int64_t done = 0, part; done < count; done += part) {
    part = count - done < call.rowLimit ? count - done : call.rowLimit;
    gatherRows(&call, &dataset, 0, done, part);
    invoke(&call.invocation, 0);
    memcpy(rowAt(result, done), call.invocation.outputs[0],
           (size_t)(part * result->bytes));
  }
  freeRowCall(&call);
  return result->data;
}

char *preprocessRows(struct Machine *machine, const struct modelc_field *field,
                     const struct Rows *raw, int64_t count,
                     struct Rows *result) {
  return field->preprocess < 0 ? 0
                               : convertRows(machine, field, field->preprocess,
                                             raw, count, result);
}

char *restoreRows(struct Machine *machine, const struct modelc_field *field,
                  const struct Rows *seen, int64_t count, struct Rows *result) {
  if (!field->restore)
    return 0;
  const struct modelc_entry *entry =
      &machine->program->entries[field->restore - 1];
  for (int32_t i = 0; i < entry->input_count; ++i) {
    const struct modelc_value *input = &entry->inputs[i];
    if (input->role == MODELC_INPUT_DATA &&
        (input->array.dtype != seen->dtype ||
         rowElements(input) != seen->elements))
      return 0;
  }
  return convertRows(machine, field, field->restore - 1, seen, count, result);
}

/* Makes an example of each row: its window begins there, and what is ahead or
 * beside it belongs to the window's last row. */
static void viewWindows(struct Dataset *dataset) {
  const struct modelc_data *data = dataset->description;
  int64_t window = 1;
  for (int32_t i = 0; i < data->field_count; ++i)
    window = data->fields[i].window > window ? data->fields[i].window : window;
  for (int32_t i = 0; i < data->field_count; ++i) {
    const struct modelc_field *field = &data->fields[i];
    struct Rows *rows = &dataset->fields[i];
    rows->stride = rows->bytes;
    rows->memory = rows->data;
    int64_t length = field->window ? field->window : 1;
    rows->data += (window - length + field->ahead) * rows->bytes;
    rows->bytes *= length;
    rows->elements *= length;
  }
}

void preprocessFields(struct Machine *machine, struct Dataset *dataset) {
  encodeDataset(machine, dataset);
  for (int32_t i = 0; i < dataset->description->field_count; ++i) {
    struct Rows result;
    if (!preprocessRows(machine, &dataset->description->fields[i],
                        &dataset->fields[i], dataset->rows, &result))
      continue;
    freeRows(&dataset->fields[i]);
    dataset->fields[i] = result;
  }
  viewWindows(dataset);
}
