/* Source.h: the raw rows of fields, from a file or made at random. */
#ifndef MODELC_RUNTIME_APP_SOURCE_H
#define MODELC_RUNTIME_APP_SOURCE_H

#include "runtime/app/File.h"
#include "runtime/app/Vocabulary.h"
#include "runtime/core/abi.h"

/* The rows of one field: dense, row by row. Those of windows overlap. */
struct Rows {
  int32_t dtype;
  int64_t elements; /* of a row */
  int64_t bytes;    /* of a row */
  char *data;
  int64_t stride; /* bytes from row to row; 0: `bytes` */
  char *memory;   /* what is freed in place of `data`; null: `data` is */
  int isMapped;   /* the data belongs to a file in memory and is not freed */
};

/* Where a row begins. */
char *rowAt(const struct Rows *rows, int64_t row);
void allocateRows(struct Rows *rows, int32_t dtype, int64_t elements,
                  int64_t count);
void freeRows(struct Rows *rows);

/* The parts of a field; one without parts is one part. */
int32_t countParts(const struct modelc_field *field);
struct modelc_part partOfField(const struct modelc_field *field, int32_t index);
int64_t columnsOfPart(const struct modelc_part *part);
/* How many columns a field has. */
int64_t columnsOfField(const struct modelc_field *field);
/* Whether its cells are texts; labels without a vocabulary are the integers
 * that they are. */
int isTextPart(const struct modelc_part *part);
/* How many columns of texts the fields have: each has its Words, in order. */
int64_t countTextColumns(const struct modelc_field *fields, int32_t fieldCount);

/* How csv text is read. */
struct CsvFormat {
  int32_t header; /* as in struct modelc_data */
  char separator; /* 0: look and decide */
  const char *const *missing;
  int32_t missingCount;
  int keepsRows;    /* a row that would be dropped is an error */
  int64_t *dropped; /* if not null, gets the number of rows left out */
};
/* That of a data declaration; null: the default one. */
struct CsvFormat formatOfData(const struct modelc_data *data);

/* Reads the fields' columns from csv text. Texts become numbers of `words`, one
 * for each column of texts. Returns the number of rows, at least 1; fails with
 * the place of what is wrong. */
int64_t readCsvFields(struct FileContent *file, const struct CsvFormat *format,
                      const struct modelc_field *fields, int32_t fieldCount,
                      struct Rows *rows, struct Words *words);

/* Says how many rows are left out. */
void warnDropped(const char *path, int64_t dropped, int64_t kept);

/* Replaces numbers of words by the words' codes, in all rows of a field whose
 * first column of texts has `words`. */
void replaceWords(const struct modelc_field *field, const struct Words *words,
                  struct Rows *rows, int64_t count);

/* Reads a csv as one table of numbers: all columns as a row of f64. */
int64_t readCsvTable(struct FileContent *file, struct Rows *rows);

/* Makes `count` rows at random: pure functions of (seed, column, row). */
void makeRandomFields(uint64_t seed, int64_t count,
                      const struct modelc_field *fields, int32_t fieldCount,
                      struct Rows *rows);

#endif
