/* Data.c: the rows of a data declaration, their splits, and their
 * preprocessing. */
#include "runtime/app/Data.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Array.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"
#include "runtime/core/Random.h"

/* The stream of random numbers that orders rows before they are split. */
static const uint64_t splitStream = 1ull << 60;

static int64_t readSource(const struct modelc_data *description,
                          const char *path, struct Rows *rows) {
  struct FileContent file = readFile(path);
  int64_t count = readCsvFields(&file, description->header, description->fields,
                                description->field_count, rows);
  freeFile(&file);
  return count;
}

/* Appends rows of all fields; the new ones are taken over. */
static void appendRows(struct Dataset *dataset, struct Rows *more,
                       int64_t count) {
  for (int32_t i = 0; i < dataset->description->field_count; ++i) {
    struct Rows *field = &dataset->fields[i];
    if (!dataset->rows) {
      free(field->data);
      *field = more[i];
      continue;
    }
    char *joined = allocate(dataset->rows + count, field->bytes);
    memcpy(joined, field->data, (size_t)(dataset->rows * field->bytes));
    memcpy(joined + dataset->rows * field->bytes, more[i].data,
           (size_t)(count * field->bytes));
    free(field->data);
    free(more[i].data);
    field->data = joined;
  }
  dataset->rows += count;
}

static void permuteRows(struct Dataset *dataset, int64_t seed) {
  int64_t *order = allocate(dataset->rows, sizeof *order);
  modelcShuffle((uint64_t)seed, splitStream, dataset->rows, order);
  for (int32_t i = 0; i < dataset->description->field_count; ++i) {
    struct Rows *field = &dataset->fields[i];
    char *permuted = allocate(dataset->rows, field->bytes);
    for (int64_t row = 0; row < dataset->rows; ++row)
      memcpy(permuted + row * field->bytes,
             field->data + order[row] * field->bytes, (size_t)field->bytes);
    free(field->data);
    field->data = permuted;
  }
  free(order);
}

/* Cuts the rows of the main source by the shares: each bound is rounded, so
 * that the shares of all splits together are all rows. */
static void cutShares(struct Dataset *dataset) {
  const struct modelc_data *description = dataset->description;
  double share = 0;
  int64_t begin = 0;
  for (int32_t i = 0; i < description->split_count; ++i) {
    const struct modelc_split *split = &description->splits[i];
    if (split->path)
      continue;
    share += split->share;
    int64_t end = (int64_t)(share * (double)dataset->rows + 0.5);
    if (end > dataset->rows)
      end = dataset->rows;
    dataset->splits[i] = (struct Split){split->name, begin, end - begin};
    if (end == begin)
      failUser("split `%s` of `%s` is empty: %g%% of %lld rows", split->name,
               description->name, split->share * 100, (long long)dataset->rows);
    begin = end;
  }
}

/* Whether any split is a share of the main source. */
static int hasMainSource(const struct modelc_data *description) {
  for (int32_t i = 0; i < description->split_count; ++i)
    if (!description->splits[i].path)
      return 1;
  return description->split_count == 0;
}

static void loadMainSource(struct Dataset *dataset,
                           const struct Options *options, int64_t seed,
                           int isShuffled) {
  const struct modelc_data *description = dataset->description;
  struct Rows *rows = allocate(description->field_count, sizeof *rows);
  int64_t count;
  if (!strcmp(description->format, "random")) {
    count = description->rows;
    if (count < 1)
      failInternal("the random data `%s` has %lld rows", description->name,
                   (long long)count);
    if (dataPath(options, description->name, 0))
      failUser("`%s` is made at random, `--data` cannot give it a file",
               description->name);
    makeRandomFields((uint64_t)description->seed, count, description->fields,
                     description->field_count, rows);
  } else {
    const char *path = dataPath(options, description->name, description->path);
    if (!path)
      failUser("`%s` has no file; `--data %s=FILE` names one",
               description->name, description->name);
    count = readSource(description, path, rows);
  }
  appendRows(dataset, rows, count);
  free(rows);
  if (description->shuffle && isShuffled)
    permuteRows(dataset, seed);
  cutShares(dataset);
}

static void loadSplitSource(struct Dataset *dataset,
                            const struct Options *options, int32_t index) {
  const struct modelc_data *description = dataset->description;
  const struct modelc_split *split = &description->splits[index];
  struct Rows *rows = allocate(description->field_count, sizeof *rows);
  struct Text name = {0};
  appendFormat(&name, "%s.%s", description->name, split->name);
  int64_t count =
      readSource(description, dataPath(options, name.data, split->path), rows);
  dataset->splits[index] = (struct Split){split->name, dataset->rows, count};
  appendRows(dataset, rows, count);
  freeText(&name);
  free(rows);
}

/* Refuses `--data` for names that the program does not have. */
static void checkDataNames(const struct modelc_data *description,
                           const struct Options *options) {
  struct Text *names = allocate(description->split_count + 1, sizeof *names);
  const char **list = allocate(description->split_count + 1, sizeof *list);
  appendText(&names[0], description->name);
  for (int32_t i = 0; i < description->split_count; ++i)
    appendFormat(&names[i + 1], "%s.%s", description->name,
                 description->splits[i].name);
  for (int32_t i = 0; i <= description->split_count; ++i)
    list[i] = names[i].data;
  for (int32_t i = 0; i < options->dataCount; ++i) {
    const char *name = options->data[i].name;
    int isKnown = 0;
    if (!name)
      options->data[i].name = description->name;
    for (int32_t j = 0; name && j <= description->split_count; ++j)
      isKnown |= !strcmp(name, list[j]);
    if (name && !isKnown)
      failUser("the program has no data `%s`%s", name,
               didYouMean(name, list, description->split_count + 1));
  }
  for (int32_t i = 0; i <= description->split_count; ++i)
    freeText(&names[i]);
  free(names);
  free(list);
}

struct Dataset loadDataset(const struct modelc_data *description,
                           const struct Options *options, int64_t seed,
                           int isShuffled) {
  struct Dataset dataset = {.description = description};
  if (strcmp(description->format, "csv") &&
      strcmp(description->format, "random"))
    failInternal("the data `%s` has the unknown format `%s`", description->name,
                 description->format);
  checkDataNames(description, options);
  dataset.fields = allocate(description->field_count, sizeof *dataset.fields);
  dataset.splits = allocate(description->split_count, sizeof *dataset.splits);
  if (hasMainSource(description))
    loadMainSource(&dataset, options, seed, isShuffled);
  for (int32_t i = 0; i < description->split_count; ++i)
    if (description->splits[i].path)
      loadSplitSource(&dataset, options, i);
  return dataset;
}

void freeDataset(struct Dataset *dataset) {
  for (int32_t i = 0; i < dataset->description->field_count; ++i)
    free(dataset->fields[i].data);
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
    if (!order) {
      memcpy(target, rows->data + first * rows->bytes,
             (size_t)(count * rows->bytes));
      continue;
    }
    for (int64_t row = 0; row < count; ++row)
      memcpy(target + row * rows->bytes,
             rows->data + order[first + row] * rows->bytes,
             (size_t)rows->bytes);
  }
}

void fitFields(struct Machine *machine, const struct Dataset *dataset,
               int32_t split) {
  const struct Split *rows = &dataset->splits[split];
  for (int32_t i = 0; i < dataset->description->field_count; ++i) {
    if (dataset->description->fields[i].fit < 0)
      continue;
    struct RowCall call;
    prepareRowCall(machine, dataset->description->fields[i].fit, dataset, i,
                   &call);
    for (int64_t done = 0, count; done < rows->count; done += count) {
      count = rows->count - done < call.rowLimit ? rows->count - done
                                                 : call.rowLimit;
      gatherRows(&call, dataset, 0, rows->first + done, count);
      invoke(&call.invocation, 0);
    }
    freeRowCall(&call);
  }
}

char *preprocessRows(struct Machine *machine, const struct modelc_field *field,
                     const struct Rows *raw, int64_t count,
                     struct Rows *result) {
  if (field->preprocess < 0)
    return 0;
  /* A dataset of this one field serves the call. */
  struct modelc_data description = {
      .name = field->name, .field_count = 1, .fields = field};
  struct Rows rows = *raw;
  struct Dataset dataset = {&description, &rows, 0, count};
  struct RowCall call;
  prepareRowCall(machine, field->preprocess, &dataset, 0, &call);
  const struct modelc_value *output = call.invocation.entry->outputs;
  int64_t elements =
      call.invocation.entry->output_count == 1 ? rowElements(output) : -1;
  if (elements < 0)
    failInternal("`%s` does not make rows", call.invocation.entry->name);
  *result = (struct Rows){output->array.dtype, elements,
                          elements * dtypeBytes(output->array.dtype), 0};
  result->data = allocate(count, result->bytes);
  for (int64_t done = 0, part; done < count; done += part) {
    part = count - done < call.rowLimit ? count - done : call.rowLimit;
    gatherRows(&call, &dataset, 0, done, part);
    invoke(&call.invocation, 0);
    memcpy(result->data + done * result->bytes, call.invocation.outputs[0],
           (size_t)(part * result->bytes));
  }
  freeRowCall(&call);
  return result->data;
}

void preprocessFields(struct Machine *machine, struct Dataset *dataset) {
  for (int32_t i = 0; i < dataset->description->field_count; ++i) {
    struct Rows result;
    if (!preprocessRows(machine, &dataset->description->fields[i],
                        &dataset->fields[i], dataset->rows, &result))
      continue;
    free(dataset->fields[i].data);
    dataset->fields[i] = result;
  }
}
