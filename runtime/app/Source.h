/* Source.h: the raw rows of fields, from a file or made at random. */
#ifndef MODELC_RUNTIME_APP_SOURCE_H
#define MODELC_RUNTIME_APP_SOURCE_H

#include "runtime/app/File.h"
#include "runtime/core/abi.h"

/* The rows of one field: dense, row by row, aligned at the first. */
struct Rows {
  int32_t dtype;
  int64_t elements; /* of a row */
  int64_t bytes;    /* of a row */
  char *data;
};

/* How many columns a field has. */
int64_t columnsOfField(const struct modelc_field *field);

/* Reads the fields' columns from csv text, of which `header` says whether its
 * first line names them (as in struct modelc_data). Returns the number of rows,
 * at least 1; fails with the place of what is wrong. */
int64_t readCsvFields(struct FileContent *file, int32_t header,
                      const struct modelc_field *fields, int32_t fieldCount,
                      struct Rows *rows);

/* Reads a csv as one table of numbers: all columns as a row of f64. */
int64_t readCsvTable(struct FileContent *file, struct Rows *rows);

/* Makes `count` rows at random: pure functions of (seed, column, row). */
void makeRandomFields(uint64_t seed, int64_t count,
                      const struct modelc_field *fields, int32_t fieldCount,
                      struct Rows *rows);

#endif
