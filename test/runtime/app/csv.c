// Cells and their places: quotes, blanks, line ends, byte order marks.
// RUN: %clang %program-flags %s %program-libraries -o %t
// RUN: %t good
// RUN: not %t open 2>&1 | FileCheck %s --check-prefix=OPEN
// RUN: not %t after 2>&1 | FileCheck %s --check-prefix=AFTER
// RUN: not %t wide 2>&1 | FileCheck %s --check-prefix=WIDE
#define _XOPEN_SOURCE 700
#include "runtime/app/Csv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/core/abi.h"

const struct modelc_program modelc_program_descriptor;

static struct CsvReader readerOf(const char *text) {
  struct FileContent file = {"a.csv", strdup(text), (int64_t)strlen(text), 0};
  struct CsvReader reader;
  startCsv(&reader, &file, 0);
  return reader;
}

static int isCell(const struct CsvReader *reader, int64_t index,
                  const char *text, int64_t line, int64_t column) {
  const struct CsvCell *cell = &reader->cells[index];
  return cell->length == (int64_t)strlen(text) &&
         !memcmp(cell->text, text, strlen(text)) && cell->line == line &&
         cell->column == column;
}

static void testGood(void) {
  struct CsvReader reader = readerOf("\xef\xbb\xbf"
                                     "a, b ,\"c, d\"\r\n"
                                     "\n  \r\n"
                                     "\"x \"\"y\"\"\nz\" ,,1\n"
                                     "last");
  assert(readCsvRecord(&reader) && reader.cellCount == 3);
  assert(isCell(&reader, 0, "a", 1, 1) && isCell(&reader, 1, "b", 1, 4));
  assert(isCell(&reader, 2, "c, d", 1, 7));
  assert(readCsvRecord(&reader) && reader.cellCount == 3);
  assert(isCell(&reader, 0, "x \"y\"\nz", 4, 1) &&
         isCell(&reader, 1, "", 5, 5));
  assert(isCell(&reader, 2, "1", 5, 6));
  assert(readCsvRecord(&reader) && reader.cellCount == 1 &&
         isCell(&reader, 0, "last", 6, 1));
  assert(!readCsvRecord(&reader) && !readCsvRecord(&reader));
  reader = readerOf("a,\n");
  assert(countCsvLines(&reader) == 2);
  assert(readCsvRecord(&reader) && reader.cellCount == 2 &&
         isCell(&reader, 1, "", 1, 3));
  assert(!readCsvRecord(&reader));
  reader = readerOf("");
  assert(!readCsvRecord(&reader));
}

int main(int argumentCount, char **arguments) {
  assert(argumentCount == 2);
  struct CsvReader reader = {0};
  if (!strcmp(arguments[1], "good"))
    testGood();
  if (!strcmp(arguments[1], "open"))
    reader = readerOf("a,b\n1,\"2\n3");
  if (!strcmp(arguments[1], "after"))
    reader = readerOf("a,b\n1,\"2\"3");
  if (!strcmp(arguments[1], "wide"))
    reader = readerOf("\xff\xfe"
                      "a");
  while (readCsvRecord(&reader))
    ;
  return 0;
}
// OPEN: a.csv:2:3: error: the quote is never closed
// AFTER: a.csv:2:6: error: text after a closing quote, a comma or the end of the line is wanted
// WIDE: a.csv:1:1: error: the text is UTF-16, UTF-8 is wanted
