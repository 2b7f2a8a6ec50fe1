/* JsonRows.c: rows as JSON, one object a line. */
#include "runtime/app/JsonRows.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/JsonReader.h"
#include "runtime/app/Number.h"
#include "runtime/app/Report.h"

/* Arrays deeper than this are refused, before they are too deep for us. */
enum { DeepestArray = 64 };

struct RowReader {
  struct JsonReader json;
  const char *path, *lineStart;
  int64_t line;
  double *elements; /* null where values are passed over */
  int64_t count, capacity;
};

int isJsonRows(const struct FileContent *file) {
  int64_t i = 0;
  /* The length that safetensors begin with may have a brace, and has zeros. */
  if (memchr(file->data, 0, file->size < 8 ? (size_t)file->size : 8))
    return 0;
  while (i < file->size && file->data[i] && strchr(" \t\r\n", file->data[i]))
    ++i;
  return i < file->size && file->data[i] == '{';
}

/* Fails at the character that is read next. */
static _Noreturn void refuse(const struct RowReader *reader,
                             const char *problem) {
  failAt((struct Place){reader->path, reader->line,
                        reader->json.next - reader->lineStart + 1},
         "%s", problem);
}

static void addElement(struct RowReader *reader, double value) {
  if (reader->count == reader->capacity) {
    reader->capacity = reader->capacity ? 2 * reader->capacity : 64;
    double *grown =
        realloc(reader->elements, (size_t)reader->capacity * sizeof *grown);
    if (!grown)
      failUser("not enough memory to read `%s`", reader->path);
    reader->elements = grown;
  }
  reader->elements[reader->count++] = value;
}

/* A number, `true` or `false`, up to what cannot belong to one. */
static void readScalar(struct RowReader *reader, int isWanted) {
  const char *begin = reader->json.next;
  while (reader->json.next < reader->json.end &&
         !strchr(",]} \t\r", *reader->json.next))
    ++reader->json.next;
  int64_t length = reader->json.next - begin;
  double value = 0;
  int isTrue = length == 4 && !memcmp(begin, "true", 4);
  int isFalse = length == 5 && !memcmp(begin, "false", 5);
  int isNull = length == 4 && !memcmp(begin, "null", 4);
  if (!isTrue && !isFalse && !(isNull && !isWanted) &&
      !parseNumber(begin, length, &value)) {
    reader->json.next = begin;
    refuse(reader,
           isNull ? "`null`, a number is wanted" : "this is no number of JSON");
  }
  if (isWanted)
    addElement(reader, isTrue ? 1 : value);
}

/* An object's values are passed over, whatever they are. */
static void readValue(struct RowReader *reader, int isWanted, int depth) {
  struct JsonReader *json = &reader->json;
  char first = jsonPeek(json);
  if (depth > DeepestArray)
    refuse(reader, "arrays are nested too deeply");
  if (first == '"' || first == '{') {
    if (isWanted)
      refuse(reader, "numbers are wanted here");
    if (first == '"') {
      free(jsonString(json));
      return;
    }
    jsonExpect(json, '{');
    if (jsonAccept(json, '}'))
      return;
    do {
      free(jsonString(json));
      jsonExpect(json, ':');
      readValue(reader, 0, depth + 1);
    } while (jsonAccept(json, ','));
    jsonExpect(json, '}');
  } else if (first == '[') {
    jsonExpect(json, '[');
    if (jsonAccept(json, ']'))
      return;
    do
      readValue(reader, isWanted, depth + 1);
    while (jsonAccept(json, ','));
    jsonExpect(json, ']');
  } else {
    readScalar(reader, isWanted);
  }
}

enum { MostNames = 64 };

/* One line: an object that has the name once. */
static void readLine(struct RowReader *reader, const char *name) {
  struct JsonReader *json = &reader->json;
  char *names[MostNames];
  int64_t nameCount = 0;
  int isFound = 0;
  jsonExpect(json, '{');
  if (!jsonAccept(json, '}')) {
    do {
      jsonPeek(json); /* to where the name begins */
      const char *begin = json->next;
      char *key = jsonString(json);
      int isWanted = key && !strcmp(key, name);
      if (isWanted && isFound) {
        json->next = begin;
        refuse(reader, "a name is there twice");
      }
      isFound |= isWanted;
      jsonExpect(json, ':');
      if (!json->problem)
        readValue(reader, isWanted, 0);
      if (key && nameCount < MostNames)
        names[nameCount++] = key;
      else
        free(key);
    } while (jsonAccept(json, ','));
    jsonExpect(json, '}');
  }
  if (!json->problem && jsonPeek(json))
    refuse(reader, "something follows the object, a new line is wanted");
  if (json->problem)
    failAt((struct Place){reader->path, reader->line, 1}, "the line %s",
           json->problem);
  if (!isFound)
    failAt((struct Place){reader->path, reader->line, 1},
           "the object has no `%s`%s", name,
           didYouMean(name, (const char *const *)names, nameCount));
  while (nameCount)
    free(names[--nameCount]);
}

int64_t readJsonRows(const struct FileContent *file, const char *name,
                     struct Rows *rows) {
  struct RowReader reader = {.path = file->path, .lineStart = file->data};
  const char *end = file->data + file->size;
  int64_t count = 0, width = 0;
  while (reader.lineStart < end) {
    const char *lineEnd =
        memchr(reader.lineStart, '\n', (size_t)(end - reader.lineStart));
    lineEnd = lineEnd ? lineEnd : end;
    reader.json = (struct JsonReader){reader.lineStart, lineEnd, 0};
    ++reader.line;
    if (jsonPeek(&reader.json)) {
      int64_t before = reader.count;
      readLine(&reader, name);
      if (count && reader.count - before != width)
        failAt((struct Place){file->path, reader.line, 1},
               "`%s` has %lld elements, it had %lld in the lines before", name,
               (long long)(reader.count - before), (long long)width);
      width = reader.count - before;
      ++count;
    }
    reader.lineStart = lineEnd + 1;
  }
  if (!count)
    failAt((struct Place){file->path, 0, 0}, "the file has no rows");
  allocateRows(rows, MODELC_F64, width, count);
  if (reader.count)
    memcpy(rows->data, reader.elements, (size_t)reader.count * sizeof(double));
  free(reader.elements);
  return count;
}
