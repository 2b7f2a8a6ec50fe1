/* Input.c: the arrays that `--input` names, read, converted and checked. */
#include "runtime/app/Input.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Data.h"
#include "runtime/app/File.h"
#include "runtime/app/JsonRows.h"
#include "runtime/app/Npy.h"
#include "runtime/app/Report.h"
#include "runtime/app/Safetensors.h"
#include "runtime/app/Source.h"
#include "runtime/app/Text.h"

const char *typeText(const struct modelc_entry *entry,
                     const struct modelc_array *array) {
  static struct Text text;
  text.length = 0;
  appendText(&text, dtypeName(array->dtype));
  appendText(&text, array->rank ? " [" : "");
  for (int32_t i = 0; i < array->rank; ++i) {
    const struct modelc_dimension *dimension = &array->dimensions[i];
    appendText(&text, i ? ", " : "");
    if (dimension->symbol >= 0)
      appendText(&text, entry->symbols[dimension->symbol].name);
    else if (dimension->symbol == MODELC_DERIVED)
      appendFormat(&text, "at most %lld", (long long)dimension->extent);
    else
      appendFormat(&text, "%lld", (long long)dimension->extent);
  }
  appendText(&text, array->rank ? "]" : "");
  return text.data;
}

static _Noreturn void refuseShape(const struct WantedInput *wanted,
                                  const char *path, const struct Array *found) {
  failAt((struct Place){path, 0, 0}, "`%s` is %s %s, %s is wanted",
         wanted->name, dtypeName(found->dtype),
         shapeText(found->extents, found->rank),
         typeText(wanted->entry, &wanted->value->array));
}

/* Rank and constant dimensions; symbols are compared across inputs later. */
static void checkShape(const struct WantedInput *wanted, const char *path,
                       const struct Array *found) {
  const struct modelc_array *array = &wanted->value->array;
  int isSame = found->rank == array->rank;
  for (int32_t i = 0; isSame && i < array->rank; ++i)
    isSame = array->dimensions[i].symbol != MODELC_CONSTANT ||
             array->dimensions[i].extent == found->extents[i];
  if (!isSame)
    refuseShape(wanted, path, found);
}

/* The array with the element type that is wanted, in aligned memory of its own.
 */
static struct Array convertInput(const struct WantedInput *wanted,
                                 const char *path, const struct Array *found) {
  checkShape(wanted, path, found);
  struct Array result = *found;
  result.dtype = wanted->value->array.dtype;
  result.data = allocate(found->count, dtypeBytes(result.dtype));
  int64_t bad = convertElements(found->dtype, found->data, result.dtype,
                                result.data, found->count);
  if (bad >= 0)
    failAt((struct Place){path, 0, 0},
           "element %lld of `%s` is %g, which %s does not hold", (long long)bad,
           wanted->name, loadNumber(found->dtype, found->data, bad),
           dtypeName(result.dtype));
  return result;
}

/* Gives a table of rows the rank that is wanted: its columns become the
 * trailing dimensions. */
static struct Array shapeTable(const struct WantedInput *wanted,
                               const struct Rows *rows, int64_t count) {
  const struct modelc_array *array = &wanted->value->array;
  struct Array table = {.dtype = rows->dtype,
                        .rank = 2,
                        .extents = {count, rows->elements},
                        .count = count * rows->elements,
                        .data = rows->data};
  int64_t elements = 1;
  for (int32_t i = 1; i < array->rank; ++i)
    elements *= array->dimensions[i].extent;
  int isScalar = array->rank == 0 && table.count == 1;
  int isColumn = array->rank == 1 && rows->elements == 1;
  if (isScalar || isColumn || (array->rank > 2 && elements == rows->elements)) {
    table.rank = array->rank;
    for (int32_t i = 1; i < array->rank; ++i)
      table.extents[i] = array->dimensions[i].extent;
  }
  return table;
}

/* Raw rows of a field: texts get the codes that the weights know them by. */
static int64_t readFieldRows(const struct WantedInput *wanted,
                             struct FileContent *file, struct Rows *rows) {
  struct modelc_data data = *wanted->data;
  data.field_count = 1;
  data.fields = wanted->field;
  int64_t columns = countTextColumns(wanted->field, 1);
  struct Words *words = allocate(columns + 1, sizeof *words);
  struct CsvFormat format = formatOfData(wanted->data);
  format.keepsRows = 1;
  int64_t count = readCsvFields(file, &format, wanted->field, 1, rows, words);
  encodeFields(wanted->machine, &data, words, rows, count);
  for (int64_t i = 0; i < columns; ++i)
    freeWords(&words[i]);
  free(words);
  return count;
}

static struct Array readCsvInput(const struct WantedInput *wanted,
                                 const struct FileContent *file) {
  /* Reading unescapes in place, and the file may serve other inputs too. */
  struct FileContent copy = {.path = file->path,
                             .data = malloc((size_t)file->size + 1),
                             .size = file->size};
  if (!copy.data)
    failUser("not enough memory to read `%s`", file->path);
  memcpy(copy.data, file->data, (size_t)file->size + 1);
  struct Rows rows;
  int64_t count = wanted->field ? readFieldRows(wanted, &copy, &rows)
                                : readCsvTable(&copy, &rows);
  struct Array table = shapeTable(wanted, &rows, count);
  struct Array result = convertInput(wanted, file->path, &table);
  free(rows.data);
  freeFile(&copy);
  return result;
}

static struct Array readJsonInput(const struct WantedInput *wanted,
                                  const struct FileContent *file) {
  struct Rows rows;
  int64_t count = readJsonRows(file, wanted->name, &rows);
  struct Array table = shapeTable(wanted, &rows, count);
  struct Array result = convertInput(wanted, file->path, &table);
  free(rows.data);
  return result;
}

static struct Array readTensorInput(const struct WantedInput *wanted,
                                    const struct TensorFile *file, int isOnly) {
  const struct Tensor *tensor = findTensor(file, wanted->name);
  if (!tensor && isOnly && file->tensorCount == 1)
    tensor = &file->tensors[0];
  if (!tensor) {
    const char **names = allocate(file->tensorCount, sizeof *names);
    for (int64_t i = 0; i < file->tensorCount; ++i)
      names[i] = file->tensors[i].name;
    failAt((struct Place){file->file.path, 0, 0}, "no tensor is called `%s`%s",
           wanted->name, didYouMean(wanted->name, names, file->tensorCount));
  }
  return convertInput(wanted, file->file.path, &tensor->array);
}

/* The inputs that one `--input` gives: the one it names, or all that no other
 * names. */
struct Selection {
  const struct WantedInput *wanted;
  struct Array *arrays;
  const char *isSelected; /* one for each */
  int32_t count, selectedCount;
};

static void readSelection(struct FileContent file,
                          const struct Selection *selection) {
  if (isNpy(&file)) {
    if (selection->selectedCount > 1)
      failAt((struct Place){file.path, 0, 0},
             "the file holds one array, %d are wanted; `--input NAME=FILE` "
             "says which",
             selection->selectedCount);
    struct Array array = readNpy(&file);
    for (int32_t i = 0; i < selection->count; ++i)
      if (selection->isSelected[i])
        selection->arrays[i] =
            convertInput(&selection->wanted[i], file.path, &array);
    free(array.data);
    freeFile(&file);
  } else if (isJsonRows(&file)) {
    for (int32_t i = 0; i < selection->count; ++i)
      if (selection->isSelected[i])
        selection->arrays[i] = readJsonInput(&selection->wanted[i], &file);
    freeFile(&file);
  } else if (isSafetensors(&file)) {
    struct TensorFile tensors = readSafetensors(file);
    for (int32_t i = 0; i < selection->count; ++i)
      if (selection->isSelected[i])
        selection->arrays[i] = readTensorInput(&selection->wanted[i], &tensors,
                                               selection->selectedCount == 1);
    freeTensorFile(&tensors);
  } else {
    for (int32_t i = 0; i < selection->count; ++i)
      if (selection->isSelected[i])
        selection->arrays[i] = readCsvInput(&selection->wanted[i], &file);
    freeFile(&file);
  }
}

static int32_t findWanted(const struct WantedInput *wanted, int32_t count,
                          const char *name) {
  const char **names = allocate(count, sizeof *names);
  for (int32_t i = 0; i < count; ++i) {
    names[i] = wanted[i].name;
    if (!strcmp(wanted[i].name, name)) {
      free(names);
      return i;
    }
  }
  failUser("the function has no input `%s`%s", name,
           didYouMean(name, names, count));
}

void readInputs(const struct Options *options, const struct WantedInput *wanted,
                int32_t count, struct Array *arrays) {
  char *isGiven = allocate(count, 1), *isSelected = allocate(count, 1);
  struct Selection selection = {wanted, arrays, isSelected, count, 0};
  const struct NamedPath *unnamed = 0;
  for (int32_t i = 0; i < options->inputCount; ++i) {
    const struct NamedPath *input = &options->inputs[i];
    if (!input->name) {
      if (unnamed)
        failUser("two `--input` without a name; `--input NAME=FILE` says which "
                 "is which");
      unnamed = input;
      continue;
    }
    int32_t index = findWanted(wanted, count, input->name);
    if (isGiven[index])
      failUser("two `--input` for `%s`", input->name);
    isGiven[index] = 1;
    memset(isSelected, 0, (size_t)count);
    isSelected[index] = 1;
    selection.selectedCount = 1;
    readSelection(readFile(input->path), &selection);
  }
  selection.selectedCount = 0;
  for (int32_t i = 0; i < count; ++i) {
    isSelected[i] = !isGiven[i];
    selection.selectedCount += !isGiven[i];
    if (!isGiven[i] && !unnamed)
      failUser("no `--input` for `%s`, %s is wanted", wanted[i].name,
               typeText(wanted[i].entry, &wanted[i].value->array));
  }
  if (unnamed && !selection.selectedCount)
    failUser("`--input %s` is one input too many", unnamed->path);
  if (unnamed)
    readSelection(readFile(unnamed->path), &selection);
  free(isGiven);
  free(isSelected);
}
