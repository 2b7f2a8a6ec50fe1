/* JsonRows.h: rows as JSON, one object a line: `{"x": [1, 2], "y": 3}`. */
#ifndef MODELC_RUNTIME_APP_JSON_ROWS_H
#define MODELC_RUNTIME_APP_JSON_ROWS_H

#include "runtime/app/File.h"
#include "runtime/app/Source.h"

/* Whether it looks like that: an opening brace comes first. */
int isJsonRows(const struct FileContent *file);

/* Reads what every line calls `name`, a number, `true`, `false` or arrays of
 * them in any depth, as a row of f64. Other names are passed over, blank lines
 * are no rows. Fails where a line lacks the name or has another number of
 * elements than the first. Returns the number of rows, at least 1. */
int64_t readJsonRows(const struct FileContent *file, const char *name,
                     struct Rows *rows);

#endif
