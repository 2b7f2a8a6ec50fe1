/* ArraySource.h: fields from the arrays of npy, idx and safetensors files. */
#ifndef MODELC_RUNTIME_APP_ARRAY_SOURCE_H
#define MODELC_RUNTIME_APP_ARRAY_SOURCE_H

#include "runtime/app/Array.h"
#include "runtime/app/Source.h"

/* An array of a source, by its name; `data` need not be aligned. */
struct NamedArray {
  const char *name, *path;
  struct Array array;
};

/* The files of a source and what is in them. */
struct ArraySource {
  struct FileContent *files;
  int32_t fileCount;
  struct NamedArray *arrays;
  int64_t arrayCount;
  void **owned; /* memory of arrays that do not lie in a file */
  int32_t ownedCount;
};

/* Reads one safetensors file (`fileCount` 1, its name is not looked at), or a
 * file of the format for each array. */
struct ArraySource readArrays(const char *format,
                              const struct modelc_file *files,
                              int32_t fileCount);
void freeArraySource(struct ArraySource *source);

/* Makes the fields' rows. Those of the array's own element type lie in the
 * source's memory, which must outlive them. Returns the number of rows. */
int64_t readArrayFields(const struct ArraySource *source,
                        const struct modelc_field *fields, int32_t fieldCount,
                        struct Rows *rows);

#endif
