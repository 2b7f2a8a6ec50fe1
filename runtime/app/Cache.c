/* Cache.c: raw rows of large csv files in binary form. A cache is all or
 * nothing: a digest of all of it is at its end, and what it begins with says of
 * which state of which file it is, and what was read. */
#include "runtime/app/Cache.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "runtime/app/Array.h"
#include "runtime/app/File.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"

/* Smaller files are parsed before one looks. */
static const int64_t leastSize = 16 << 20;
/* Seconds after which a change of a file would show in its times. */
static const time_t settled = 2;

static uint64_t mix(uint64_t digest, uint64_t word) {
  digest = (digest ^ word) * 0xbf58476d1ce4e5b9u;
  return digest ^ digest >> 29;
}

static uint64_t mixText(uint64_t digest, const char *text) {
  for (; *text; ++text)
    digest = mix(digest, (unsigned char)*text + 1u);
  return mix(digest, 0);
}

static uint64_t digestPart(uint64_t digest, const struct modelc_part *part) {
  const int32_t numbers[] = {
      part->selector, part->first,   part->last,   part->kind,
      part->missing,  part->classes, part->unseen, part->vocabulary >= 0};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i)
    digest = mix(digest, (uint64_t)numbers[i]);
  for (int32_t i = 0; i < part->name_count; ++i)
    digest = mixText(digest, part->names[i]);
  return mixText(digest, part->strip);
}

/* All that decides what becomes of the text. */
static uint64_t digestSchema(const struct CsvFormat *format,
                             const struct Table *table) {
  uint64_t digest = mix(1, (uint64_t)format->header);
  digest = mix(digest, (unsigned char)format->separator);
  digest = mix(digest, (uint64_t)format->keepsRows);
  for (int32_t i = 0; i < format->missingCount; ++i)
    digest = mixText(digest, format->missing[i]);
  for (int32_t i = 0; i < table->fieldCount; ++i) {
    const struct modelc_field *field = &table->fields[i];
    digest = mixText(digest, field->name);
    digest = mix(digest, (uint64_t)field->dtype);
    for (int32_t j = 0; j < countParts(field); ++j) {
      struct modelc_part part = partOfField(field, j);
      digest = digestPart(digest, &part);
    }
  }
  return digest;
}

struct Cache planCache(const struct Options *options, const char *source,
                       const char *name, const struct CsvFormat *format,
                       const struct Table *table) {
  static const char ending[] = ".safetensors";
  struct Cache cache = {.source = source};
  int64_t least = options->hasCacheFrom ? options->cacheFrom : leastSize;
  const char *weights =
      options->command == CommandTrain ? options->output : options->weights;
  if (options->noCache || !options->name || !strcmp(source, "-") ||
      stat(source, &cache.status) != 0 || !S_ISREG(cache.status.st_mode) ||
      cache.status.st_size < least || (weights && !isFilePath(weights)))
    return cache;
  int64_t columns = countTextColumns(table->fields, table->fieldCount);
  for (int64_t i = 0; i < columns; ++i)
    if (table->words[i].count) /* numbers of words would go on from others */
      return cache;
  struct Text path = {0};
  appendText(&path, weights ? weights : options->name);
  int64_t base = path.length - (int64_t)sizeof ending + 1;
  if (base > 0 && !strcmp(path.data + base, ending))
    path.length = base;
  appendFormat(&path, ".%s.cache", name);
  cache.path = path.data;
  cache.schema = digestSchema(format, table);
  return cache;
}

void freeCache(struct Cache *cache) {
  free(cache->path);
  cache->path = 0;
}

/* The state of the file that a cache is of. */
struct Stamp {
  char magic[16];
  int64_t device, inode, size;
  int64_t changed[2], modified[2]; /* seconds and nanoseconds */
  uint64_t schema;
  int64_t count, dropped;
};

static struct Stamp stampOf(const struct Cache *cache,
                            const struct Table *table) {
  const struct stat *status = &cache->status;
  struct Stamp stamp = {
      .magic = "modelc cache 1\n",
      .device = (int64_t)status->st_dev,
      .inode = (int64_t)status->st_ino,
      .size = status->st_size,
      .changed = {status->st_ctim.tv_sec, status->st_ctim.tv_nsec},
      .modified = {status->st_mtim.tv_sec, status->st_mtim.tv_nsec},
      .schema = cache->schema,
      .count = table->count,
      .dropped = table->dropped};
  return stamp;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

struct Writer {
  struct OutputFile output;
  uint64_t digest;
};

static uint64_t digestWords(uint64_t digest, const char *data, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i += 8) {
    uint64_t word = 0;
    memcpy(&word, data + i, bytes - i < 8 ? (size_t)(bytes - i) : 8);
    digest = mix(digest, word);
  }
  return digest;
}

/* Everything begins at a multiple of eight bytes. */
static void put(struct Writer *writer, const void *data, int64_t bytes) {
  static const char zeros[8];
  writeOutput(&writer->output, data, bytes);
  writeOutput(&writer->output, zeros, -bytes & 7);
  writer->digest = digestWords(writer->digest, data, bytes);
}

static void putNumber(struct Writer *writer, int64_t number) {
  put(writer, &number, sizeof number);
}

static void putWords(struct Writer *writer, const struct Words *words) {
  const char *column = words->column ? words->column : "";
  putNumber(writer, (int64_t)strlen(column));
  put(writer, column, (int64_t)strlen(column));
  putNumber(writer, words->count);
  for (int64_t i = 0; i < words->count; ++i) {
    const struct Word *word = &words->words[i];
    putNumber(writer, word->place.line);
    putNumber(writer, word->place.column);
    putNumber(writer, word->length);
    put(writer, word->text, word->length);
  }
}

static int isSettled(const struct Cache *cache) {
  struct stat now;
  return stat(cache->source, &now) == 0 && now.st_dev == cache->status.st_dev &&
         now.st_ino == cache->status.st_ino &&
         now.st_size == cache->status.st_size &&
         now.st_mtim.tv_sec == cache->status.st_mtim.tv_sec &&
         now.st_mtim.tv_nsec == cache->status.st_mtim.tv_nsec &&
         now.st_ctim.tv_sec == cache->status.st_ctim.tv_sec &&
         now.st_ctim.tv_nsec == cache->status.st_ctim.tv_nsec &&
         time(0) - now.st_ctim.tv_sec >= settled;
}

void writeCache(const struct Cache *cache, const struct Table *table) {
  struct Writer writer = {.digest = 1};
  struct Stamp stamp = stampOf(cache, table);
  if (!cache->path || !isSettled(cache))
    return;
  removeStaleOutput(cache->path);
  openTolerantOutput(&writer.output, cache->path);
  put(&writer, &stamp, sizeof stamp);
  for (int32_t i = 0; i < table->fieldCount; ++i)
    put(&writer, table->rows[i].data, table->count * table->rows[i].bytes);
  int64_t columns = countTextColumns(table->fields, table->fieldCount);
  for (int64_t i = 0; i < columns; ++i)
    putWords(&writer, &table->words[i]);
  uint64_t digest = writer.digest;
  put(&writer, &digest, sizeof digest);
  commitOutput(&writer.output);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/* The whole file; null where it cannot be read. */
static char *readAll(const char *path, int64_t *size) {
  struct stat status;
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return 0;
  char *data = 0;
  int64_t done = 0;
  if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
      (data = malloc((size_t)status.st_size + 1)))
    while (done < status.st_size) {
      ssize_t got =
          read(descriptor, data + done, (size_t)(status.st_size - done));
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;
      done += got;
    }
  close(descriptor);
  if (data && done == status.st_size) {
    *size = done;
    return data;
  }
  free(data);
  return 0;
}

struct Reader {
  const char *next, *end;
};

/* The next bytes; null where there are not as many. */
static const char *take(struct Reader *reader, int64_t bytes) {
  const char *data = reader->next;
  if (bytes < 0 || bytes > reader->end - reader->next)
    return 0;
  reader->next += bytes + (-bytes & 7);
  return data;
}

static int64_t takeNumber(struct Reader *reader) {
  int64_t number = -1;
  const char *data = take(reader, sizeof number);
  if (data)
    memcpy(&number, data, sizeof number);
  return number;
}

static int takeWords(struct Reader *reader, const char *source,
                     struct Words *words) {
  int64_t length = takeNumber(reader);
  const char *column = take(reader, length);
  int64_t count = takeNumber(reader);
  if (!column || count < 0)
    return 0;
  struct Text name = {0};
  appendBytes(&name, column, length);
  words->column = name.data;
  for (int64_t i = 0; i < count; ++i) {
    struct Place place = {source, 0, 0};
    place.line = takeNumber(reader);
    place.column = takeNumber(reader);
    length = takeNumber(reader);
    const char *text = take(reader, length);
    if (!text || internWord(words, text, length, place) != i)
      return 0;
  }
  return 1;
}

/* Whether a number may stand for a word or a class in a column of this kind. */
static int isKnown(const struct modelc_part *part, const struct Words *words,
                   double number) {
  if (part->missing == MODELC_LAST && number == -2)
    return 1;
  if (part->missing == MODELC_KEEP && (words ? number == -1 : isnan(number)))
    return 1;
  int64_t count = words ? words->count : part->classes;
  return number >= 0 && number < (double)count &&
         number == (double)(int64_t)number;
}

/* Whether rows have only numbers of words and classes that there are: what
 * comes of them is no number to count, but one to look up. */
static int areRowsSound(const struct modelc_field *field,
                        const struct Rows *rows, int64_t count,
                        const struct Words *words) {
  int64_t element = 0;
  for (int32_t i = 0; i < countParts(field); ++i) {
    struct modelc_part part = partOfField(field, i);
    int isText = isTextPart(&part);
    for (int64_t j = 0; j < columnsOfPart(&part); ++j, ++element) {
      for (int64_t row = 0; (isText || part.classes > 0) && row < count; ++row)
        if (!isKnown(&part, isText ? words : 0,
                     loadNumber(rows->dtype, rowAt(rows, row), element)))
          return 0;
      words += isText;
    }
  }
  return 1;
}

/* Rows and words, of a file whose digest is right. It is no proof: whoever
 * writes a file can give it one. */
static int takeTable(struct Reader *reader, const struct Cache *cache,
                     struct Table *table) {
  for (int32_t i = 0; i < table->fieldCount; ++i) {
    const struct modelc_field *field = &table->fields[i];
    allocateRows(&table->rows[i], field->dtype, columnsOfField(field),
                 table->count);
    int64_t bytes = table->count * table->rows[i].bytes;
    const char *data = take(reader, bytes);
    if (!data)
      return 0;
    memcpy(table->rows[i].data, data, (size_t)bytes);
  }
  int64_t columns = countTextColumns(table->fields, table->fieldCount);
  for (int64_t i = 0; i < columns; ++i)
    if (!takeWords(reader, cache->source, &table->words[i]))
      return 0;
  const struct Words *words = table->words;
  for (int32_t i = 0; i < table->fieldCount; ++i) {
    if (!areRowsSound(&table->fields[i], &table->rows[i], table->count, words))
      return 0;
    words += countTextColumns(&table->fields[i], 1);
  }
  return reader->next == reader->end;
}

static void clearTable(struct Table *table) {
  int64_t columns = countTextColumns(table->fields, table->fieldCount);
  for (int32_t i = 0; i < table->fieldCount; ++i)
    freeRows(&table->rows[i]);
  for (int64_t i = 0; i < columns; ++i)
    freeWords(&table->words[i]);
}

int readCache(const struct Cache *cache, struct Table *table) {
  int64_t size = 0;
  uint64_t digest;
  struct Stamp stamp;
  char *data = cache->path ? readAll(cache->path, &size) : 0;
  int isGood =
      data && size % 8 == 0 && size >= (int64_t)(sizeof stamp + sizeof digest);
  if (isGood) {
    memcpy(&stamp, data, sizeof stamp);
    memcpy(&digest, data + size - sizeof digest, sizeof digest);
    table->count = stamp.count;
    table->dropped = stamp.dropped;
    struct Stamp wanted = stampOf(cache, table);
    isGood = !memcmp(&stamp, &wanted, sizeof stamp) && stamp.count > 0 &&
             stamp.count <= size && stamp.dropped >= 0 &&
             digestWords(1, data, size - (int64_t)sizeof digest) == digest;
  }
  if (isGood) {
    struct Reader reader = {data + sizeof stamp, data + size - sizeof digest};
    isGood = takeTable(&reader, cache, table);
    if (!isGood)
      clearTable(table);
  }
  free(data);
  return isGood;
}
