/* Cache.h: raw rows of large csv files in binary form, so that they are parsed
 * once. */
#ifndef MODELC_RUNTIME_APP_CACHE_H
#define MODELC_RUNTIME_APP_CACHE_H

#include <sys/stat.h>

#include "runtime/app/Options.h"
#include "runtime/app/Source.h"

/* Rows of fields as they are read from a file. */
struct Table {
  const struct modelc_field *fields;
  int32_t fieldCount;
  struct Rows *rows;   /* of each field */
  struct Words *words; /* of each column of texts */
  int64_t count;
  int64_t dropped; /* rows that are left out */
};

/* The cache of one file. */
struct Cache {
  char *path; /* null: the file has none */
  const char *source;
  struct stat status; /* of the source */
  uint64_t schema;    /* what is read of the source, and how */
};

/* Whether and where the rows of the source `name` are kept: beside the weights,
 * where the file is large and nothing forbids it. */
struct Cache planCache(const struct Options *options, const char *source,
                       const char *name, const struct CsvFormat *format,
                       const struct Table *table);
/* Takes the rows from the cache; 0 where it is missing, damaged or of another
 * file: then nothing has been changed. */
int readCache(const struct Cache *cache, struct Table *table);
/* Keeps the rows, unless the file has changed meanwhile or may still. A cache
 * that cannot be written is left out. */
void writeCache(const struct Cache *cache, const struct Table *table);
void freeCache(struct Cache *cache);

#endif
