/* Csv.h: comma-separated text, record by record, with the place of every cell.
 */
#ifndef MODELC_RUNTIME_APP_CSV_H
#define MODELC_RUNTIME_APP_CSV_H

#include "runtime/app/File.h"
#include "runtime/app/Report.h"

/* One cell: its text without quotes and surrounding blanks. It is not
 * NUL-terminated, but the byte after it may be read. */
struct CsvCell {
  const char *text;
  int64_t length;
  int64_t line, column; /* of its first character, from 1 */
};

/* A reader of a file in memory; quoted cells are unescaped in place. */
struct CsvReader {
  const char *path;
  char *next, *end, *lineStart;
  char separator;
  int64_t line;
  struct CsvCell *cells; /* of the last record */
  int64_t cellCount, cellCapacity;
};

/* Skips a byte order mark; fails if the file is not in UTF-8 (or ASCII). A
 * separator of 0 is the one of comma, semicolon and tab of which the first line
 * has most. */
void startCsv(struct CsvReader *reader, struct FileContent *file,
              char separator);
/* Reads the next record into `cells`; blank lines are no records. 0 at the end
 * of the file. */
int readCsvRecord(struct CsvReader *reader);
/* An upper bound of the records that are left. */
int64_t countCsvLines(const struct CsvReader *reader);
void freeCsv(struct CsvReader *reader);

struct Place placeOfCell(const struct CsvReader *reader,
                         const struct CsvCell *cell);

#endif
