/* Source.c: fields from the columns of csv files, and fields that are made at
 * random. */
#include "runtime/app/Source.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Array.h"
#include "runtime/app/Csv.h"
#include "runtime/app/Number.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"
#include "runtime/core/Random.h"

int64_t columnsOfField(const struct modelc_field *field) {
  return field->selector == MODELC_COLUMNS_NAMED
             ? field->name_count
             : (int64_t)field->last - field->first;
}

static void allocateRows(struct Rows *rows, int32_t dtype, int64_t elements,
                         int64_t count) {
  rows->dtype = dtype;
  rows->elements = elements;
  rows->bytes = elements * dtypeBytes(dtype);
  rows->data = allocate(count, rows->bytes);
}

/* One column of the file and the element of a field's row that it becomes. */
struct Binding {
  int64_t column;
  int32_t field;
  int64_t element;
};

/* What the first record says of the file. */
struct Header {
  char **names; /* null if the file has none */
  int64_t columns;
  int64_t line;
};

static int isNumberCell(const struct CsvCell *cell) {
  double value;
  return cell->length == 0 || parseNumber(cell->text, cell->length, &value);
}

/* Reads the first record; leaves it in the reader if it is no header. */
static struct Header readHeader(struct CsvReader *reader, int32_t wanted) {
  struct Header header = {0};
  if (!readCsvRecord(reader))
    failAt((struct Place){reader->path, 0, 0},
           "the file is empty, rows are wanted");
  header.columns = reader->cellCount;
  header.line = reader->cells[0].line;
  int hasNames = wanted == 1;
  for (int64_t i = 0; wanted < 0 && i < reader->cellCount; ++i)
    hasNames |= !isNumberCell(&reader->cells[i]);
  if (!hasNames)
    return header;
  header.names = allocate(header.columns, sizeof *header.names);
  for (int64_t i = 0; i < header.columns; ++i) {
    struct Text name = {0};
    appendBytes(&name, reader->cells[i].text, reader->cells[i].length);
    header.names[i] = name.data;
  }
  reader->cellCount = 0;
  return header;
}

static void freeHeader(struct Header *header) {
  for (int64_t i = 0; header->names && i < header->columns; ++i)
    free(header->names[i]);
  free(header->names);
}

static int64_t findColumn(const struct CsvReader *reader,
                          const struct Header *header, const char *name) {
  struct Place place = {reader->path, header->line, 1};
  int64_t found = -1;
  if (!header->names)
    failAt(place, "the file has no header, but column `%s` is wanted by name",
           name);
  for (int64_t i = 0; i < header->columns; ++i) {
    if (strcmp(header->names[i], name))
      continue;
    if (found >= 0)
      failAt(place, "columns %lld and %lld are both called `%s`",
             (long long)found, (long long)i, name);
    found = i;
  }
  if (found < 0)
    failAt(
        place, "no column is called `%s`%s", name,
        didYouMean(name, (const char *const *)header->names, header->columns));
  return found;
}

/* Which columns become which elements, for all fields. */
static struct Binding *bindColumns(const struct CsvReader *reader,
                                   const struct Header *header,
                                   const struct modelc_field *fields,
                                   int32_t fieldCount, int64_t *bindingCount) {
  int64_t count = 0;
  for (int32_t i = 0; i < fieldCount; ++i)
    count += columnsOfField(&fields[i]);
  struct Binding *bindings = allocate(count, sizeof *bindings);
  *bindingCount = count;
  count = 0;
  for (int32_t i = 0; i < fieldCount; ++i) {
    const struct modelc_field *field = &fields[i];
    if (field->selector == MODELC_COLUMNS_RANGE &&
        field->last > header->columns)
      failAt((struct Place){reader->path, header->line, 1},
             "the file has %lld columns, `%s` wants columns %d..%d (the last "
             "excluded)",
             (long long)header->columns, field->name, field->first,
             field->last);
    for (int64_t element = 0; element < columnsOfField(field); ++element) {
      int64_t column = field->selector == MODELC_COLUMNS_NAMED
                           ? findColumn(reader, header, field->names[element])
                           : field->first + element;
      bindings[count++] = (struct Binding){column, i, element};
    }
  }
  return bindings;
}

/* How a message calls a column: by its name or its number. */
static const char *columnText(const struct Header *header, int64_t column) {
  static struct Text text;
  text.length = 0;
  if (header->names)
    appendFormat(&text, "column `%s`", header->names[column]);
  else
    appendFormat(&text, "column %lld", (long long)column);
  return text.data;
}

/* Text of a cell for a message: not too long, and on one line. */
static const char *cellText(const struct CsvCell *cell) {
  static struct Text text;
  text.length = 0;
  for (int64_t i = 0; i < cell->length && i < 40; ++i) {
    char c = (unsigned char)cell->text[i] < 0x20 ? ' ' : cell->text[i];
    appendBytes(&text, &c, 1);
  }
  appendText(&text, cell->length > 40 ? "..." : "");
  return text.data;
}

static void storeCell(const struct CsvReader *reader,
                      const struct Header *header,
                      const struct modelc_field *field,
                      const struct Binding *binding, char *row) {
  const struct CsvCell *cell = &reader->cells[binding->column];
  double value;
  int64_t integer;
  int isInteger = !isFloatDtype(field->dtype) &&
                  parseInteger(cell->text, cell->length, &integer);
  if (!cell->length)
    failAt(placeOfCell(reader, cell), "an empty cell in %s, a number is wanted",
           columnText(header, binding->column));
  if (!isInteger && !parseNumber(cell->text, cell->length, &value))
    failAt(placeOfCell(reader, cell), "`%s` in %s, a number is wanted",
           cellText(cell), columnText(header, binding->column));
  int isStored =
      isInteger ? storeInteger(field->dtype, row, binding->element, integer)
                : storeNumber(field->dtype, row, binding->element, value);
  if (!isStored)
    failAt(placeOfCell(reader, cell), "`%s` in %s does not fit, `%s` holds %s",
           cellText(cell), columnText(header, binding->column), field->name,
           dtypeName(field->dtype));
  if (field->classes > 0) {
    double label = loadNumber(field->dtype, row, binding->element);
    if (label < 0 || label >= field->classes)
      failAt(placeOfCell(reader, cell),
             "label %s in %s is out of range, `%s` has %d "
             "classes: 0 to %d",
             cellText(cell), columnText(header, binding->column), field->name,
             field->classes, field->classes - 1);
  }
}

static void checkWidth(const struct CsvReader *reader,
                       const struct Header *header) {
  if (reader->cellCount != header->columns)
    failAt((struct Place){reader->path, reader->cells[0].line, 1},
           "the row has %lld columns, line %lld has %lld",
           (long long)reader->cellCount, (long long)header->line,
           (long long)header->columns);
}

/* All records behind the header; the reader is left at the end of the file. */
static int64_t readRecords(struct CsvReader *reader,
                           const struct Header *header,
                           const struct modelc_field *fields,
                           int32_t fieldCount, struct Rows *rows) {
  int64_t bindingCount, count = 0, bound = countCsvLines(reader) + 1;
  struct Binding *bindings =
      bindColumns(reader, header, fields, fieldCount, &bindingCount);
  for (int32_t i = 0; i < fieldCount; ++i)
    allocateRows(&rows[i], fields[i].dtype, columnsOfField(&fields[i]), bound);
  int isRecord = header->names ? readCsvRecord(reader) : 1;
  for (; isRecord; isRecord = readCsvRecord(reader), ++count) {
    checkWidth(reader, header);
    for (int64_t i = 0; i < bindingCount; ++i) {
      struct Rows *target = &rows[bindings[i].field];
      storeCell(reader, header, &fields[bindings[i].field], &bindings[i],
                target->data + count * target->bytes);
    }
  }
  if (!count)
    failAt((struct Place){reader->path, 0, 0},
           "the file has a header and no rows");
  free(bindings);
  return count;
}

int64_t readCsvFields(struct FileContent *file, int32_t wantedHeader,
                      const struct modelc_field *fields, int32_t fieldCount,
                      struct Rows *rows) {
  struct CsvReader reader;
  startCsv(&reader, file);
  struct Header header = readHeader(&reader, wantedHeader);
  int64_t count = readRecords(&reader, &header, fields, fieldCount, rows);
  freeHeader(&header);
  freeCsv(&reader);
  return count;
}

int64_t readCsvTable(struct FileContent *file, struct Rows *rows) {
  struct CsvReader reader;
  startCsv(&reader, file);
  struct Header header = readHeader(&reader, -1);
  struct modelc_field all = {.name = "the table",
                             .selector = MODELC_COLUMNS_RANGE,
                             .last = (int32_t)header.columns,
                             .dtype = MODELC_F64,
                             .rank = 2};
  int64_t count = readRecords(&reader, &header, &all, 1, rows);
  freeHeader(&header);
  freeCsv(&reader);
  return count;
}

/* Streams of random numbers: one for each column, apart from those of other
 * uses. */
static uint64_t streamOfColumn(const struct modelc_field *field,
                               int64_t element) {
  uint64_t tag = 1ull << 62;
  if (field->selector == MODELC_COLUMNS_RANGE)
    return tag | (uint64_t)(field->first + element);
  uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a of the name */
  for (const char *c = field->names[element]; *c; ++c)
    hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
  return tag | 1ull << 61 | hash >> 3;
}

void makeRandomFields(uint64_t seed, int64_t count,
                      const struct modelc_field *fields, int32_t fieldCount,
                      struct Rows *rows) {
  for (int32_t i = 0; i < fieldCount; ++i) {
    const struct modelc_field *field = &fields[i];
    if (!isFloatDtype(field->dtype) && field->classes < 1)
      failUser("%s: `%s` holds %s without classes, random data cannot make it",
               field->source, field->name, dtypeName(field->dtype));
    allocateRows(&rows[i], field->dtype, columnsOfField(field), count);
    for (int64_t element = 0; element < rows[i].elements; ++element) {
      uint64_t stream = streamOfColumn(field, element);
      for (int64_t row = 0; row < count; ++row) {
        int64_t index = row * rows[i].elements + element;
        if (field->classes > 0)
          storeInteger(field->dtype, rows[i].data, index,
                       (int64_t)modelcRandomBelow(seed, stream, (uint64_t)row,
                                                  (uint64_t)field->classes));
        else
          storeNumber(field->dtype, rows[i].data, index,
                      modelcRandomUniform(seed, stream, (uint64_t)row));
      }
    }
  }
}
