/* Csv.c: comma-separated text (RFC 4180, with or without carriage returns) cut
 * into cells. */
#include "runtime/app/Csv.h"

#include <stdlib.h>
#include <string.h>

/* Of comma, semicolon and tab the one that the first line has most of, outside
 * of quotes. */
static char findSeparator(const struct CsvReader *reader) {
  static const char candidates[] = {',', ';', '\t'};
  int64_t counts[3] = {0};
  int isQuoted = 0, isCell = 0;
  for (const char *c = reader->next; c < reader->end; ++c) {
    isQuoted ^= *c == '"';
    if (*c == '\n' && !isQuoted && isCell)
      break;
    isCell |= *c != '\n' && *c != '\r';
    for (int i = 0; !isQuoted && i < 3; ++i)
      counts[i] += *c == candidates[i];
  }
  int best = 0;
  for (int i = 1; i < 3; ++i)
    best = counts[i] > counts[best] ? i : best;
  return candidates[best];
}

void startCsv(struct CsvReader *reader, struct FileContent *file,
              char separator) {
  *reader = (struct CsvReader){.path = file->path,
                               .next = file->data,
                               .end = file->data + file->size,
                               .lineStart = file->data,
                               .line = 1};
  if (file->size >= 2 && (!memcmp(file->data, "\xff\xfe", 2) ||
                          !memcmp(file->data, "\xfe\xff", 2)))
    failAt((struct Place){file->path, 1, 1},
           "the text is UTF-16, UTF-8 is wanted");
  if (memchr(file->data, 0, (size_t)file->size))
    failAt((struct Place){file->path, 0, 0},
           "the file holds zero bytes, text is wanted");
  if (file->size >= 3 && !memcmp(file->data, "\xef\xbb\xbf", 3))
    reader->lineStart = reader->next += 3;
  reader->separator = separator ? separator : findSeparator(reader);
}

int64_t countCsvLines(const struct CsvReader *reader) {
  int64_t lines = 1;
  const char *next = reader->next;
  while (next < reader->end &&
         (next = memchr(next, '\n', (size_t)(reader->end - next)))) {
    ++lines;
    ++next;
  }
  return lines;
}

void freeCsv(struct CsvReader *reader) { free(reader->cells); }

struct Place placeOfCell(const struct CsvReader *reader,
                         const struct CsvCell *cell) {
  return (struct Place){reader->path, cell->line, cell->column};
}

static struct CsvCell *addCell(struct CsvReader *reader) {
  if (reader->cellCount == reader->cellCapacity) {
    reader->cellCapacity = reader->cellCapacity * 2 + 64;
    struct CsvCell *cells =
        realloc(reader->cells, (size_t)reader->cellCapacity * sizeof *cells);
    if (!cells)
      failUser("not enough memory for the columns of `%s`", reader->path);
    reader->cells = cells;
  }
  struct CsvCell *cell = &reader->cells[reader->cellCount++];
  *cell = (struct CsvCell){reader->next, 0, reader->line,
                           reader->next - reader->lineStart + 1};
  return cell;
}

/* Blanks around cells do not count; where tabs separate, they do. */
static int isBlank(const struct CsvReader *reader, char c) {
  return c == ' ' || c == '\r' || (c == '\t' && reader->separator != '\t');
}

static void startLine(struct CsvReader *reader) {
  ++reader->line;
  reader->lineStart = reader->next;
}

static const char *separatorName(char separator) {
  static char text[] = "`?`";
  text[1] = separator;
  return separator == ',' ? "a comma" : separator == '\t' ? "a tab" : text;
}

/* The reader is behind the opening quote. */
static void readQuoted(struct CsvReader *reader, struct CsvCell *cell) {
  char *write = reader->next;
  cell->text = write;
  for (;;) {
    if (reader->next == reader->end)
      failAt(placeOfCell(reader, cell), "the quote is never closed");
    char c = *reader->next++;
    if (c == '"') {
      if (reader->next == reader->end || *reader->next != '"')
        break;
      ++reader->next; /* two quotes stand for one */
    }
    *write++ = c;
    if (c == '\n')
      startLine(reader);
  }
  cell->length = write - cell->text;
  while (reader->next < reader->end && isBlank(reader, *reader->next))
    ++reader->next;
  if (reader->next < reader->end && *reader->next != reader->separator &&
      *reader->next != '\n')
    failAt((struct Place){reader->path, reader->line,
                          reader->next - reader->lineStart + 1},
           "text after a closing quote, %s or the end of the line is wanted",
           separatorName(reader->separator));
}

static void readPlain(struct CsvReader *reader, struct CsvCell *cell) {
  char *start = reader->next;
  while (reader->next < reader->end && *reader->next != reader->separator &&
         *reader->next != '\n')
    ++reader->next;
  char *end = reader->next;
  while (end > start && isBlank(reader, end[-1]))
    --end;
  cell->text = start;
  cell->length = end - start;
}

static void readCell(struct CsvReader *reader) {
  while (reader->next < reader->end && isBlank(reader, *reader->next))
    ++reader->next;
  struct CsvCell *cell = addCell(reader);
  if (reader->next < reader->end && *reader->next == '"') {
    ++reader->next;
    readQuoted(reader, cell);
  } else {
    readPlain(reader, cell);
  }
}

static void skipBlankLines(struct CsvReader *reader) {
  for (;;) {
    char *next = reader->next;
    while (next < reader->end && isBlank(reader, *next))
      ++next;
    if (next == reader->end)
      reader->next = next;
    if (next == reader->end || *next != '\n')
      return;
    reader->next = next + 1;
    startLine(reader);
  }
}

int readCsvRecord(struct CsvReader *reader) {
  reader->cellCount = 0;
  skipBlankLines(reader);
  if (reader->next == reader->end)
    return 0;
  for (;;) {
    readCell(reader);
    if (reader->next == reader->end)
      return 1;
    char c = *reader->next++;
    if (c == '\n') {
      startLine(reader);
      return 1;
    }
  }
}
