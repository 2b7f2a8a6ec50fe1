/* ArraySource.c: fields from the arrays of npy, idx and safetensors files. */
#include "runtime/app/ArraySource.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Idx.h"
#include "runtime/app/Npy.h"
#include "runtime/app/Report.h"
#include "runtime/app/Safetensors.h"
#include "runtime/app/Text.h"

static void readTensors(struct ArraySource *source, const char *path) {
  struct FileContent content = mapFile(path);
  source->files[0] = content;
  struct TensorFile file = readSafetensors(content);
  source->arrays = allocate(file.tensorCount, sizeof *source->arrays);
  source->arrayCount = file.tensorCount;
  for (int64_t i = 0; i < file.tensorCount; ++i) {
    source->arrays[i] = (struct NamedArray){copyText(file.tensors[i].name),
                                            path, file.tensors[i].array};
  }
  file.file = (struct FileContent){0}; /* lives on in the source */
  freeTensorFile(&file);
}

struct ArraySource readArrays(const char *format,
                              const struct modelc_file *files,
                              int32_t fileCount) {
  struct ArraySource source = {.fileCount = fileCount};
  source.files = allocate(fileCount, sizeof *source.files);
  source.owned = allocate(fileCount, sizeof *source.owned);
  if (!strcmp(format, "safetensors")) {
    readTensors(&source, files[0].path);
    return source;
  }
  source.arrays = allocate(fileCount, sizeof *source.arrays);
  source.arrayCount = fileCount;
  for (int32_t i = 0; i < fileCount; ++i) {
    int isView;
    struct NamedArray *named = &source.arrays[i];
    source.files[i] = mapFile(files[i].path);
    *named = (struct NamedArray){copyText(files[i].name), files[i].path, {0}};
    named->array = strcmp(format, "idx") ? viewNpy(&source.files[i], &isView)
                                         : readIdx(&source.files[i], &isView);
    if (!isView)
      source.owned[source.ownedCount++] = named->array.data;
  }
  return source;
}

void freeArraySource(struct ArraySource *source) {
  for (int64_t i = 0; i < source->arrayCount; ++i)
    free((char *)source->arrays[i].name);
  for (int32_t i = 0; i < source->ownedCount; ++i)
    free(source->owned[i]);
  for (int32_t i = 0; i < source->fileCount; ++i)
    freeFile(&source->files[i]);
  free(source->arrays);
  free(source->owned);
  free(source->files);
}

static const struct NamedArray *findArray(const struct ArraySource *source,
                                          const char *name) {
  const char **names = allocate(source->arrayCount, sizeof *names);
  for (int64_t i = 0; i < source->arrayCount; ++i) {
    names[i] = source->arrays[i].name;
    if (!strcmp(names[i], name)) {
      free(names);
      return &source->arrays[i];
    }
  }
  failAt((struct Place){source->arrays ? source->arrays[0].path : "", 0, 0},
         "no array is called `%s`%s", name,
         didYouMean(name, names, source->arrayCount));
}

/* The array has one row of the part's dimensions for each example. */
static void checkShape(const struct NamedArray *named,
                       const struct modelc_field *field,
                       const struct modelc_part *part) {
  const struct Array *array = &named->array;
  int64_t wanted[MaximumRank] = {0};
  int isSame = array->rank == part->dimension_count + 1;
  /* [N, 1] is as good as [N] where one number a row is wanted. */
  if (field->rank == 1 && array->rank == 2 && array->extents[1] == 1)
    isSame = 1;
  for (int32_t i = 0; i < part->dimension_count; ++i) {
    wanted[i] = part->dimensions[i].extent;
    isSame &= i + 1 >= array->rank || array->extents[i + 1] == wanted[i];
  }
  if (!isSame)
    failAt((struct Place){named->path, 0, 0},
           "the array `%s` is %s, rows of %s are wanted for `%s`", named->name,
           shapeText(array->extents, array->rank),
           shapeText(wanted, part->dimension_count), field->name);
}

static void checkClasses(const struct NamedArray *named,
                         const struct modelc_field *field,
                         const struct modelc_part *part,
                         const struct Rows *rows) {
  for (int64_t i = 0; part->classes > 0 && i < named->array.extents[0]; ++i) {
    double label = loadNumber(rows->dtype, rows->data, i);
    if (label < 0 || label >= part->classes)
      failAt((struct Place){named->path, 0, 0},
             "label %lld in row %lld of `%s` is out of range, `%s` has %d "
             "classes: 0 to %d",
             (long long)label, (long long)i, named->name, field->name,
             part->classes, part->classes - 1);
  }
}

/* NaN and infinities are in no csv and in no array either. */
static void checkFinite(const struct NamedArray *named,
                        const struct modelc_field *field,
                        const struct modelc_part *part) {
  const struct Array *array = &named->array;
  for (int64_t i = 0; isFloatDtype(array->dtype) && i < array->count; ++i) {
    double value = loadNumber(array->dtype, array->data, i);
    int isMissing = value != value && part->missing == MODELC_KEEP;
    if (value - value != 0 && !isMissing)
      failAt((struct Place){named->path, 0, 0},
             "element %lld of `%s` is %s, a number is wanted for `%s`",
             (long long)i, named->name, value != value ? "NaN" : "infinite",
             field->name);
  }
}

static int64_t readArrayField(const struct ArraySource *source,
                              const struct modelc_field *field,
                              struct Rows *rows) {
  struct modelc_part part = partOfField(field, 0);
  const struct NamedArray *named = findArray(source, part.names[0]);
  checkShape(named, field, &part);
  checkFinite(named, field, &part);
  int64_t count = named->array.extents[0];
  int64_t elements = columnsOfPart(&part);
  if (named->array.dtype == field->dtype) {
    *rows = (struct Rows){.dtype = field->dtype,
                          .elements = elements,
                          .bytes = elements * dtypeBytes(field->dtype),
                          .data = named->array.data,
                          .isMapped = 1};
  } else {
    allocateRows(rows, field->dtype, elements, count);
    int64_t bad = convertElements(named->array.dtype, named->array.data,
                                  field->dtype, rows->data, named->array.count);
    if (bad >= 0)
      failAt((struct Place){named->path, 0, 0},
             "element %lld of `%s` is %g, `%s` holds %s", (long long)bad,
             named->name,
             loadNumber(named->array.dtype, named->array.data, bad),
             field->name, dtypeName(field->dtype));
  }
  checkClasses(named, field, &part, rows);
  return count;
}

int64_t readArrayFields(const struct ArraySource *source,
                        const struct modelc_field *fields, int32_t fieldCount,
                        struct Rows *rows) {
  int64_t count = 0;
  for (int32_t i = 0; i < fieldCount; ++i) {
    int64_t these = readArrayField(source, &fields[i], &rows[i]);
    struct modelc_part part = partOfField(&fields[i], 0);
    const struct NamedArray *named = findArray(source, part.names[0]);
    if (i && these != count)
      failAt((struct Place){named->path, 0, 0},
             "`%s` has %lld rows, `%s` has %lld", fields[i].name,
             (long long)these, fields[0].name, (long long)count);
    if (!these)
      failAt((struct Place){named->path, 0, 0}, "the array `%s` has no rows",
             named->name);
    count = these;
  }
  return count;
}
