/* Source.c: fields from the columns of csv files, and fields that are made at
 * random. */
#include "runtime/app/Source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/app/Array.h"
#include "runtime/app/Csv.h"
#include "runtime/app/Number.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"
#include "runtime/core/Random.h"

char *rowAt(const struct Rows *rows, int64_t row) {
  return rows->data + row * (rows->stride ? rows->stride : rows->bytes);
}

void allocateRows(struct Rows *rows, int32_t dtype, int64_t elements,
                  int64_t count) {
  *rows = (struct Rows){.dtype = dtype,
                        .elements = elements,
                        .bytes = elements * dtypeBytes(dtype)};
  rows->data = allocate(count, rows->bytes);
}

void freeRows(struct Rows *rows) {
  if (!rows->isMapped)
    free(rows->memory ? rows->memory : rows->data);
  rows->data = rows->memory = 0;
}

int32_t countParts(const struct modelc_field *field) {
  return field->part_count ? field->part_count : 1;
}

struct modelc_part partOfField(const struct modelc_field *field,
                               int32_t index) {
  if (field->part_count)
    return field->parts[index];
  return (struct modelc_part){.selector = field->selector,
                              .first = field->first,
                              .last = field->last,
                              .name_count = field->name_count,
                              .names = field->names,
                              .kind = field->classes ? MODELC_LABELS
                                                     : MODELC_NUMBERS,
                              .classes = field->classes,
                              .vocabulary = -1,
                              .strip = ""};
}

int64_t columnsOfPart(const struct modelc_part *part) {
  return part->selector == MODELC_COLUMNS_NAMED
             ? part->name_count
             : (int64_t)part->last - part->first;
}

int64_t columnsOfField(const struct modelc_field *field) {
  int64_t columns = 0;
  for (int32_t i = 0; i < countParts(field); ++i) {
    struct modelc_part part = partOfField(field, i);
    columns += columnsOfPart(&part);
  }
  return columns;
}

int isTextPart(const struct modelc_part *part) {
  return part->kind == MODELC_CATEGORIES ||
         (part->kind == MODELC_LABELS && part->vocabulary >= 0);
}

int64_t countTextColumns(const struct modelc_field *fields,
                         int32_t fieldCount) {
  int64_t count = 0;
  for (int32_t i = 0; i < fieldCount; ++i)
    for (int32_t j = 0; j < countParts(&fields[i]); ++j) {
      struct modelc_part part = partOfField(&fields[i], j);
      count += isTextPart(&part) ? columnsOfPart(&part) : 0;
    }
  return count;
}

struct CsvFormat formatOfData(const struct modelc_data *data) {
  struct CsvFormat format = {.header = -1};
  if (data)
    format = (struct CsvFormat){.header = data->header,
                                .separator = (char)data->separator,
                                .missing = data->missing,
                                .missingCount = data->missing_count};
  return format;
}

/* One column of the file and the element of a field's row that it becomes. */
struct Binding {
  int64_t column;
  const struct modelc_field *field;
  struct modelc_part part;
  int64_t element;
  struct Rows *rows;
  struct Words *words; /* null for numbers */
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

/* The names that there are, or the first of many. */
static const char *listColumns(const struct Header *header) {
  enum { MostListed = 20 };
  static struct Text text;
  text.length = 0;
  for (int64_t i = 0; i < header->columns && i < MostListed; ++i)
    appendFormat(&text, "%s`%s`", i ? ", " : "",
                 excerpt(header->names[i], (int64_t)strlen(header->names[i])));
  if (header->columns > MostListed)
    appendFormat(&text, " and %lld more",
                 (long long)header->columns - MostListed);
  return text.data;
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
        place, "no column is called `%s`; the columns are %s%s", name,
        listColumns(header),
        didYouMean(name, (const char *const *)header->names, header->columns));
  return found;
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

static int64_t columnOfPart(const struct CsvReader *reader,
                            const struct Header *header,
                            const struct modelc_field *field,
                            const struct modelc_part *part, int64_t index) {
  if (part->selector == MODELC_COLUMNS_NAMED)
    return findColumn(reader, header, part->names[index]);
  if (part->last <= header->columns)
    return part->first + index;
  failAt((struct Place){reader->path, header->line, 1},
         "the file has %lld columns, `%s` wants columns %d..%d (the last "
         "excluded)",
         (long long)header->columns, field->name, part->first, part->last);
}

/* Which columns become which elements, for all fields. */
static struct Binding *bindColumns(const struct CsvReader *reader,
                                   const struct Header *header,
                                   const struct modelc_field *fields,
                                   int32_t fieldCount, struct Rows *rows,
                                   struct Words *words, int64_t *count) {
  int64_t total = 0, next = 0;
  for (int32_t i = 0; i < fieldCount; ++i)
    total += columnsOfField(&fields[i]);
  struct Binding *bindings = allocate(total, sizeof *bindings);
  for (int32_t i = 0; i < fieldCount; ++i) {
    int64_t element = 0;
    for (int32_t j = 0; j < countParts(&fields[i]); ++j) {
      struct modelc_part part = partOfField(&fields[i], j);
      for (int64_t k = 0; k < columnsOfPart(&part); ++k) {
        struct Binding *binding = &bindings[next++];
        *binding =
            (struct Binding){columnOfPart(reader, header, &fields[i], &part, k),
                             &fields[i],
                             part,
                             element++,
                             &rows[i],
                             0};
        if (!isTextPart(&part))
          continue;
        binding->words = words++;
        if (!binding->words->column) {
          struct Text column = {0};
          appendText(&column, columnText(header, binding->column));
          binding->words->column = column.data;
        }
      }
    }
  }
  *count = total;
  return bindings;
}

static int isMissing(const struct CsvFormat *format,
                     const struct CsvCell *cell) {
  int isFound = !cell->length;
  for (int32_t i = 0; !isFound && i < format->missingCount; ++i)
    isFound = cell->length == (int64_t)strlen(format->missing[i]) &&
              !memcmp(cell->text, format->missing[i], (size_t)cell->length);
  return isFound;
}

/* A cell without a value; 0 where it drops the row. */
static int storeMissing(const struct CsvReader *reader,
                        const struct Header *header,
                        const struct CsvFormat *format,
                        const struct Binding *binding, char *row) {
  const struct CsvCell *cell = &reader->cells[binding->column];
  struct Place place = placeOfCell(reader, cell);
  const char *column = columnText(header, binding->column);
  const char *wanted = binding->words ? "a text" : "a number";
  switch (binding->part.missing) {
  case MODELC_KEEP:
    storeNumber(binding->field->dtype, row, binding->element,
                binding->words ? -1 : (double)NAN);
    return 1;
  case MODELC_LAST:
    storeNumber(binding->field->dtype, row, binding->element, -2);
    return 1;
  case MODELC_DROP:
    if (format->keepsRows)
      failAt(place, "no value in %s, and no row is left out here", column);
    return 0;
  }
  if (cell->length)
    failAt(place, "the missing value `%s` in %s, %s is wanted",
           excerpt(cell->text, cell->length), column, wanted);
  failAt(place, "an empty cell in %s, %s is wanted", column, wanted);
}

/* Words begin at their first character and end before what is stripped. */
static void storeWord(const struct CsvReader *reader,
                      const struct Binding *binding, char *row) {
  const struct CsvCell *cell = &reader->cells[binding->column];
  int64_t length = cell->length;
  while (length && *binding->part.strip &&
         strchr(binding->part.strip, cell->text[length - 1]))
    --length;
  int64_t word =
      internWord(binding->words, cell->text, length, placeOfCell(reader, cell));
  storeInteger(binding->field->dtype, row, binding->element, word);
}

static void storeValue(const struct CsvReader *reader,
                       const struct Header *header,
                       const struct Binding *binding, char *row) {
  const struct modelc_field *field = binding->field;
  const struct CsvCell *cell = &reader->cells[binding->column];
  double value;
  int64_t integer;
  int isInteger = !isFloatDtype(field->dtype) &&
                  parseInteger(cell->text, cell->length, &integer);
  if (!isInteger && !parseNumber(cell->text, cell->length, &value))
    failAt(placeOfCell(reader, cell), "`%s` in %s, a number is wanted",
           excerpt(cell->text, cell->length),
           columnText(header, binding->column));
  int isStored =
      isInteger ? storeInteger(field->dtype, row, binding->element, integer)
                : storeNumber(field->dtype, row, binding->element, value);
  if (!isStored)
    failAt(placeOfCell(reader, cell), "`%s` in %s does not fit, `%s` holds %s",
           excerpt(cell->text, cell->length),
           columnText(header, binding->column), field->name,
           dtypeName(field->dtype));
  if (binding->part.classes > 0) {
    double label = loadNumber(field->dtype, row, binding->element);
    if (label < 0 || label >= binding->part.classes)
      failAt(placeOfCell(reader, cell),
             "label %s in %s is out of range, `%s` has %d "
             "classes: 0 to %d",
             excerpt(cell->text, cell->length),
             columnText(header, binding->column), field->name,
             binding->part.classes, binding->part.classes - 1);
  }
}

/* 0 where the row is dropped. */
static int storeCell(const struct CsvReader *reader,
                     const struct Header *header,
                     const struct CsvFormat *format,
                     const struct Binding *binding, int64_t count) {
  char *row = rowAt(binding->rows, count);
  if (isMissing(format, &reader->cells[binding->column]))
    return storeMissing(reader, header, format, binding, row);
  if (binding->words)
    storeWord(reader, binding, row);
  else
    storeValue(reader, header, binding, row);
  return 1;
}

static void checkWidth(const struct CsvReader *reader,
                       const struct Header *header) {
  if (reader->cellCount != header->columns)
    failAt((struct Place){reader->path, reader->cells[0].line, 1},
           "the row has %lld columns, line %lld has %lld",
           (long long)reader->cellCount, (long long)header->line,
           (long long)header->columns);
}

void warnDropped(const char *path, int64_t dropped, int64_t kept) {
  if (dropped)
    warn("%lld of %lld rows of `%s` lack values and are left out",
         (long long)dropped, (long long)(dropped + kept), path);
}

/* All records behind the header; the reader is left at the end of the file. */
static int64_t
readRecords(struct CsvReader *reader, const struct Header *header,
            const struct CsvFormat *format, const struct modelc_field *fields,
            int32_t fieldCount, struct Rows *rows, struct Words *words) {
  int64_t bindingCount, count = 0, dropped = 0;
  int64_t bound = countCsvLines(reader) + 1;
  struct Binding *bindings = bindColumns(reader, header, fields, fieldCount,
                                         rows, words, &bindingCount);
  for (int32_t i = 0; i < fieldCount; ++i)
    allocateRows(&rows[i], fields[i].dtype, columnsOfField(&fields[i]), bound);
  int isRecord = header->names ? readCsvRecord(reader) : 1;
  for (; isRecord; isRecord = readCsvRecord(reader)) {
    int isKept = 1;
    checkWidth(reader, header);
    for (int64_t i = 0; isKept && i < bindingCount; ++i)
      isKept = storeCell(reader, header, format, &bindings[i], count);
    count += isKept;
    dropped += !isKept;
  }
  free(bindings);
  if (!count)
    failAt((struct Place){reader->path, 0, 0},
           dropped ? "all rows lack values and are left out"
                   : "the file has a header and no rows");
  warnDropped(reader->path, dropped, count);
  if (format->dropped)
    *format->dropped = dropped;
  return count;
}

int64_t readCsvFields(struct FileContent *file, const struct CsvFormat *format,
                      const struct modelc_field *fields, int32_t fieldCount,
                      struct Rows *rows, struct Words *words) {
  struct CsvReader reader;
  startCsv(&reader, file, format->separator);
  struct Header header = readHeader(&reader, format->header);
  int64_t count =
      readRecords(&reader, &header, format, fields, fieldCount, rows, words);
  freeHeader(&header);
  freeCsv(&reader);
  return count;
}

void replaceWords(const struct modelc_field *field, const struct Words *words,
                  struct Rows *rows, int64_t count) {
  int64_t element = 0;
  for (int32_t i = 0; i < countParts(field); ++i) {
    struct modelc_part part = partOfField(field, i);
    for (int64_t j = 0; j < columnsOfPart(&part); ++j, ++element) {
      if (!isTextPart(&part))
        continue;
      for (int64_t row = 0; row < count; ++row) {
        char *place = rowAt(rows, row);
        double word = loadNumber(rows->dtype, place, element);
        double code = word >= 0    ? words->words[(int64_t)word].code
                      : word == -2 ? part.classes - 1
                                   : -1;
        storeNumber(rows->dtype, place, element, code);
      }
      ++words;
    }
  }
}

int64_t readCsvTable(struct FileContent *file, struct Rows *rows) {
  struct CsvReader reader;
  struct CsvFormat format = formatOfData(0);
  startCsv(&reader, file, 0);
  struct Header header = readHeader(&reader, -1);
  struct modelc_field all = {.name = "the table",
                             .selector = MODELC_COLUMNS_RANGE,
                             .last = (int32_t)header.columns,
                             .dtype = MODELC_F64,
                             .rank = 2};
  int64_t count = readRecords(&reader, &header, &format, &all, 1, rows, 0);
  freeHeader(&header);
  freeCsv(&reader);
  return count;
}

/* Streams of random numbers: one for each column, apart from those of other
 * uses. */
static uint64_t streamOfColumn(const struct modelc_part *part,
                               int64_t element) {
  uint64_t tag = 1ull << 62;
  if (part->selector == MODELC_COLUMNS_RANGE)
    return tag | (uint64_t)(part->first + element);
  uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a of the name */
  for (const char *c = part->names[element]; *c; ++c)
    hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
  return tag | 1ull << 61 | hash >> 3;
}

static void makeRandomColumn(uint64_t seed, uint64_t stream, int64_t count,
                             const struct modelc_part *part, struct Rows *rows,
                             int64_t element) {
  for (int64_t row = 0; row < count; ++row) {
    int64_t index = row * rows->elements + element;
    if (part->classes > 0)
      storeInteger(rows->dtype, rows->data, index,
                   (int64_t)modelcRandomBelow(seed, stream, (uint64_t)row,
                                              (uint64_t)part->classes));
    else
      storeNumber(rows->dtype, rows->data, index,
                  modelcRandomUniform(seed, stream, (uint64_t)row));
  }
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
    int64_t element = 0;
    for (int32_t j = 0; j < countParts(field); ++j) {
      struct modelc_part part = partOfField(field, j);
      for (int64_t k = 0; k < columnsOfPart(&part); ++k, ++element)
        makeRandomColumn(seed, streamOfColumn(&part, k), count, &part, &rows[i],
                         element);
    }
  }
}
