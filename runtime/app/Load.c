/* Load.c: the sources of a data declaration, and how their rows become a
 * dataset. */
#include "runtime/app/Load.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/app/Array.h"
#include "runtime/app/Cache.h"
#include "runtime/app/Division.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"
#include "runtime/core/Random.h"

/* The stream of random numbers that orders rows before they are split. */
static const uint64_t splitStream = 1ull << 60;

static int isFormat(const struct modelc_data *data, const char *format) {
  return !strcmp(data->format, format);
}

static int isText(const struct modelc_data *data) {
  return isFormat(data, "csv") || isFormat(data, "tsv");
}

/* Names that `--data` can give, freed by the program's end. */
struct Names {
  const char **list;
  int64_t count;
};

static void addName(struct Names *names, const char *data, const char *split,
                    const char *array) {
  struct Text name = {0};
  appendText(&name, data);
  if (split)
    appendFormat(&name, ".%s", split);
  if (array)
    appendFormat(&name, ".%s", array);
  const char **grown =
      realloc(names->list, (size_t)(names->count + 1) * sizeof *grown);
  if (!grown)
    failUser("not enough memory for the command line");
  names->list = grown;
  names->list[names->count++] = name.data;
}

static int isOwnSource(const struct modelc_split *split) {
  return split->path || split->file_count;
}

static struct Names namesOfSources(const struct modelc_data *data) {
  struct Names names = {0};
  if (!data->file_count)
    addName(&names, data->name, 0, 0);
  for (int32_t i = 0; i < data->file_count; ++i)
    addName(&names, data->name, 0, data->files[i].name);
  for (int32_t i = 0; i < data->split_count; ++i) {
    const struct modelc_split *split = &data->splits[i];
    if (split->path)
      addName(&names, data->name, split->name, 0);
    for (int32_t j = 0; j < split->file_count; ++j)
      addName(&names, data->name, split->name, split->files[j].name);
  }
  return names;
}

static _Noreturn void refuseName(const struct modelc_data *data,
                                 const char *name, const struct Names *names) {
  size_t length = strlen(data->name);
  if (!strcmp(name, data->name))
    failUser("`%s` has several files; `--data %s=FILE` names one", data->name,
             names->list[0]);
  for (int32_t i = 0; i < data->split_count; ++i)
    if (!isOwnSource(&data->splits[i]) && !strncmp(name, data->name, length) &&
        name[length] == '.' && !strcmp(name + length + 1, data->splits[i].name))
      failUser("`%s` is a share of the rows of `%s` and has no file of its own",
               name, data->name);
  failUser("the program has no data `%s`%s", name,
           didYouMean(name, names->list, names->count));
}

void checkDataNames(const struct modelc_data *description,
                    const struct Options *options) {
  struct Names names = namesOfSources(description);
  for (int32_t i = 0; i < options->dataCount; ++i) {
    int isKnown = 0;
    if (!options->data[i].name)
      options->data[i].name = copyText(description->name);
    for (int64_t j = 0; j < names.count; ++j)
      isKnown |= !strcmp(options->data[i].name, names.list[j]);
    if (!isKnown)
      refuseName(description, options->data[i].name, &names);
  }
  for (int64_t i = 0; i < names.count; ++i)
    free((char *)names.list[i]);
  free(names.list);
}

//===----------------------------------------------------------------------===//
// Sources
//===----------------------------------------------------------------------===//

/* The path that `--data` gives for a file, or the one that is written. */
static const char *pathOf(const struct modelc_data *data,
                          const struct Options *options, const char *split,
                          const struct modelc_file *file, const char *written) {
  struct Names names = {0};
  addName(&names, data->name, split, file ? file->name : 0);
  const char *path = dataPath(options, names.list[0], written);
  if (!path)
    failUser("`%s` has no file; `--data %s=FILE` names one", names.list[0],
             names.list[0]);
  free((char *)names.list[0]);
  free(names.list);
  return path;
}

static int isThere(const struct modelc_data *data,
                   const struct Options *options, const char *split,
                   const struct modelc_file *file, const char *written) {
  struct Names names = {0};
  addName(&names, data->name, split, file ? file->name : 0);
  const char *path = dataPath(options, names.list[0], written);
  free((char *)names.list[0]);
  free(names.list);
  return path && !access(path, R_OK);
}

int areSourcesThere(const struct modelc_data *data,
                    const struct Options *options) {
  if (isFormat(data, "random"))
    return 1;
  int isRead = 0, areThere = 1; /* is the main source? */
  for (int32_t i = 0; i < data->split_count; ++i) {
    const struct modelc_split *split = &data->splits[i];
    isRead |= !isOwnSource(split);
    if (split->path)
      areThere &= isThere(data, options, split->name, 0, split->path);
    for (int32_t j = 0; j < split->file_count; ++j)
      areThere &= isThere(data, options, split->name, &split->files[j],
                          split->files[j].path);
  }
  if (!isRead && data->split_count)
    return areThere;
  for (int32_t i = 0; i < data->file_count; ++i)
    areThere &= isThere(data, options, 0, &data->files[i], data->files[i].path);
  return areThere &&
         (data->file_count || isThere(data, options, 0, 0, data->path));
}

/* The fields, and the column of the split's rule as one field more. */
static struct modelc_field *fieldsToRead(const struct modelc_data *data,
                                         int32_t *count) {
  *count = data->field_count + (data->key != 0);
  struct modelc_field *fields = allocate(*count, sizeof *fields);
  for (int32_t i = 0; i < data->field_count; ++i)
    fields[i] = data->fields[i];
  if (data->key)
    fields[data->field_count] = (struct modelc_field){.name = "the split",
                                                      .dtype = MODELC_I64,
                                                      .rank = 1,
                                                      .part_count = 1,
                                                      .parts = data->key};
  return fields;
}

static int64_t readText(struct Dataset *dataset, const struct Options *options,
                        const struct modelc_split *split, struct Rows *rows) {
  const struct modelc_data *data = dataset->description;
  const char *splitName = split ? split->name : 0;
  const char *path =
      pathOf(data, options, splitName, 0, split ? split->path : data->path);
  struct Table table = {.rows = rows};
  table.fields = fieldsToRead(data, &table.fieldCount);
  struct CsvFormat format = formatOfData(data);
  format.dropped = &table.dropped;
  if (!dataset->words) {
    int64_t columns = countTextColumns(table.fields, table.fieldCount);
    dataset->words = allocate(columns + 1, sizeof *dataset->words);
  }
  table.words = dataset->words;
  struct Names names = {0};
  addName(&names, data->name, splitName, 0);
  struct Cache cache = planCache(options, path, names.list[0], &format, &table);
  if (readCache(&cache, &table)) {
    warnDropped(path, table.dropped, table.count);
  } else {
    struct FileContent file = readFile(path);
    table.count = readCsvFields(&file, &format, table.fields, table.fieldCount,
                                rows, table.words);
    freeFile(&file);
    writeCache(&cache, &table);
  }
  freeCache(&cache);
  free((char *)names.list[0]);
  free(names.list);
  free((struct modelc_field *)table.fields);
  return table.count;
}

static int64_t readArraysOf(struct Dataset *dataset,
                            const struct Options *options,
                            const struct modelc_split *split,
                            struct Rows *rows) {
  const struct modelc_data *data = dataset->description;
  const char *splitName = split ? split->name : 0;
  const char *path = split ? split->path : data->path;
  int32_t count = split ? split->file_count : data->file_count;
  const struct modelc_file *written = split ? split->files : data->files;
  struct modelc_file *files = allocate(count + 1, sizeof *files);
  for (int32_t i = 0; i < count; ++i)
    files[i] = (struct modelc_file){
        written[i].name,
        pathOf(data, options, splitName, &written[i], written[i].path)};
  if (!count)
    files[count++].path = pathOf(data, options, splitName, 0, path);
  struct ArraySource *source = &dataset->sources[dataset->sourceCount++];
  *source = readArrays(data->format, files, count);
  free(files);
  return readArrayFields(source, data->fields, data->field_count, rows);
}

static int64_t makeRows(const struct modelc_data *data,
                        const struct Options *options, struct Rows *rows) {
  if (data->rows < 1)
    failInternal("the random data `%s` has %lld rows", data->name,
                 (long long)data->rows);
  if (dataPath(options, data->name, 0))
    failUser("`%s` is made at random, `--data` cannot give it a file",
             data->name);
  makeRandomFields((uint64_t)data->seed, data->rows, data->fields,
                   data->field_count, rows);
  return data->rows;
}

/* Appends rows of all fields; the new ones are taken over. */
static void appendRows(struct Dataset *dataset, struct Rows *more,
                       int64_t count) {
  for (int32_t i = 0; i < dataset->description->field_count; ++i) {
    struct Rows *field = &dataset->fields[i];
    if (!dataset->rows) {
      *field = more[i];
      continue;
    }
    struct Rows joined = *field;
    allocateRows(&joined, field->dtype, field->elements, dataset->rows + count);
    memcpy(joined.data, field->data, (size_t)(dataset->rows * field->bytes));
    memcpy(rowAt(&joined, dataset->rows), more[i].data,
           (size_t)(count * field->bytes));
    freeRows(field);
    freeRows(&more[i]);
    *field = joined;
  }
  dataset->rows += count;
}

int64_t loadSource(struct Dataset *dataset, const struct Options *options,
                   const struct modelc_split *split) {
  const struct modelc_data *data = dataset->description;
  struct Rows *rows = allocate(data->field_count + 1, sizeof *rows);
  int64_t count;
  if (isFormat(data, "random"))
    count = makeRows(data, options, rows);
  else if (isText(data))
    count = readText(dataset, options, split, rows);
  else
    count = readArraysOf(dataset, options, split, rows);
  appendRows(dataset, rows, count);
  if (data->key && !split)
    dataset->keys = (int64_t *)rows[data->field_count].data;
  free(rows);
  return count;
}

//===----------------------------------------------------------------------===//
// Shares
//===----------------------------------------------------------------------===//

/* A number for each row that is the same where a field's rows are the same. */
static int64_t *keysOfField(const struct Rows *rows, int64_t count) {
  int64_t *keys = allocate(count, sizeof *keys);
  struct Words values = {0};
  for (int64_t row = 0; row < count; ++row) {
    struct Text text = {0};
    for (int64_t i = 0; i < rows->elements; ++i)
      appendFormat(&text, "%.17g ",
                   loadNumber(rows->dtype, rowAt(rows, row), i));
    keys[row] = internWord(&values, text.data, text.length, (struct Place){0});
    freeText(&text);
  }
  freeWords(&values);
  return keys;
}

/* The ends of the parts that the rows are cut into, as shares added up. */
static double *boundsOf(const struct modelc_data *data, int32_t *count) {
  double *bounds = allocate(data->split_count + data->folds, sizeof *bounds);
  double share = 0;
  *count = data->folds;
  for (int32_t i = 0; i < data->folds; ++i)
    bounds[i] = (double)(i + 1) / data->folds;
  if (data->folds)
    return bounds;
  for (int32_t i = 0; i < data->split_count; ++i)
    if (!isOwnSource(&data->splits[i]))
      bounds[(*count)++] = share += data->splits[i].share;
  return bounds;
}

/* Of the folds, one becomes the second split, `valid`, and the others the
 * first, `train`. */
static void chooseFold(const struct Dataset *dataset, int32_t *parts,
                       int32_t fold) {
  const struct modelc_data *data = dataset->description;
  int64_t *counts = allocate(data->folds, sizeof *counts);
  for (int64_t row = 0; row < dataset->rows; ++row) {
    ++counts[parts[row]];
    parts[row] = parts[row] == fold - 1;
  }
  for (int32_t i = 0; i < data->folds; ++i)
    if (!counts[i])
      failUser("fold %d of the %d of `%s` is empty, there are %lld rows", i + 1,
               data->folds, data->name, (long long)dataset->rows);
  free(counts);
}

/* Brings the rows of each split together, in the order that they have. */
static void gatherParts(struct Dataset *dataset, const int64_t *order,
                        const int32_t *parts) {
  const struct modelc_data *data = dataset->description;
  int64_t *gathered = allocate(dataset->rows, sizeof *gathered), next = 0;
  int32_t part = 0;
  for (int32_t i = 0; i < data->split_count; ++i) {
    const struct modelc_split *split = &data->splits[i];
    if (isOwnSource(split))
      continue;
    int64_t first = next;
    for (int64_t j = 0; j < dataset->rows; ++j) {
      int64_t row = order ? order[j] : j;
      if (parts[row] == part)
        gathered[next++] = row;
    }
    dataset->splits[i] = (struct Split){split->name, first, next - first, 0};
    if (next == first && !data->folds)
      failUser("split `%s` of `%s` is empty: %g%% of %lld rows", split->name,
               data->name, split->share * 100, (long long)dataset->rows);
    ++part;
  }
  int isSame = 1;
  for (int64_t i = 0; i < next; ++i)
    isSame &= gathered[i] == i;
  for (int32_t i = 0; !isSame && i < data->field_count; ++i) {
    struct Rows *field = &dataset->fields[i], moved = *field;
    allocateRows(&moved, field->dtype, field->elements, dataset->rows);
    for (int64_t row = 0; row < next; ++row)
      memcpy(rowAt(&moved, row), rowAt(field, gathered[row]),
             (size_t)field->bytes);
    freeRows(field);
    *field = moved;
  }
  free(gathered);
}

void divideShares(struct Dataset *dataset, const struct Cut *cut) {
  const struct modelc_data *data = dataset->description;
  int64_t *order = 0;
  if (data->shuffle && cut->isShuffled) {
    order = allocate(dataset->rows, sizeof *order);
    modelcShuffle((uint64_t)cut->seed, splitStream, dataset->rows, order);
  }
  if (data->rule && !data->key)
    dataset->keys =
        keysOfField(&dataset->fields[data->key_field], dataset->rows);
  int32_t partCount;
  double *bounds = boundsOf(data, &partCount);
  struct Division division = {dataset->rows, order,     dataset->keys,
                              data->rule,    partCount, bounds};
  int32_t *parts = allocate(dataset->rows, sizeof *parts);
  divideRows(&division, parts);
  if (data->folds)
    chooseFold(dataset, parts, cut->fold);
  gatherParts(dataset, order, parts);
  free(parts);
  free(bounds);
  free(order);
  free(dataset->keys);
  dataset->keys = 0;
}
