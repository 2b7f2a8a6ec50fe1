/* JsonReader.c: a cursor over JSON text; refuses all that its callers have no
 * use for. */
#include "runtime/app/JsonReader.h"

#include <stdlib.h>

#include "runtime/app/Text.h"

static void setProblem(struct JsonReader *reader, const char *problem) {
  if (!reader->problem)
    reader->problem = problem;
  reader->next = reader->end;
}

char jsonPeek(struct JsonReader *reader) {
  while (reader->next < reader->end &&
         (*reader->next == ' ' || *reader->next == '\n' ||
          *reader->next == '\t' || *reader->next == '\r'))
    ++reader->next;
  return reader->next < reader->end ? *reader->next : 0;
}

int jsonAccept(struct JsonReader *reader, char wanted) {
  if (reader->problem || jsonPeek(reader) != wanted)
    return 0;
  ++reader->next;
  return 1;
}

void jsonExpect(struct JsonReader *reader, char wanted) {
  if (!jsonAccept(reader, wanted))
    setProblem(reader, "is not well-formed JSON");
}

/* The four hexadecimal digits of an escape; -1 if they are none. */
static int32_t hexadecimal(struct JsonReader *reader) {
  int32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    char c = reader->next < reader->end ? *reader->next++ : 0;
    if (c >= '0' && c <= '9')
      value = value * 16 + (c - '0');
    else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
      value = value * 16 + ((c | 0x20) - 'a' + 10);
    else
      return -1;
  }
  return value;
}

static void appendCodePoint(struct Text *text, int32_t code) {
  char bytes[4];
  int count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (int i = count - 1; i > 0; --i, code >>= 6)
    bytes[i] = (char)(0x80 | (code & 0x3f));
  static const int32_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
  bytes[0] = (char)(leads[count] | code);
  appendBytes(text, bytes, count);
}

/* What follows `\u`: one code point, from a surrogate pair if need be. */
static int readUnicodeEscape(struct JsonReader *reader, struct Text *text) {
  int32_t code = hexadecimal(reader);
  if (code >= 0xd800 && code < 0xdc00) {
    if (reader->end - reader->next < 6 || reader->next[0] != '\\' ||
        reader->next[1] != 'u')
      return 0;
    reader->next += 2;
    int32_t low = hexadecimal(reader);
    if (low < 0xdc00 || low > 0xdfff)
      return 0;
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  } else if (code >= 0xdc00 && code <= 0xdfff) {
    return 0;
  }
  if (code <= 0)
    return 0;
  appendCodePoint(text, code);
  return 1;
}

static int readEscape(struct JsonReader *reader, struct Text *text) {
  static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  char c = reader->next < reader->end ? *reader->next++ : 0;
  if (c == 'u')
    return readUnicodeEscape(reader, text);
  for (int i = 0; escapes[i]; ++i)
    if (c == escapes[i]) {
      appendBytes(text, &meanings[i], 1);
      return 1;
    }
  return 0;
}

char *jsonString(struct JsonReader *reader) {
  struct Text text = {0};
  jsonExpect(reader, '"');
  appendText(&text, "");
  while (!reader->problem && reader->next < reader->end) {
    char c = *reader->next++;
    if (c == '"')
      return text.data;
    if ((unsigned char)c < 0x20 || (c == '\\' && !readEscape(reader, &text)))
      break;
    if (c != '\\')
      appendBytes(&text, &c, 1);
  }
  setProblem(reader, "has a malformed string");
  freeText(&text);
  return 0;
}

int64_t jsonInteger(struct JsonReader *reader) {
  int64_t value = 0;
  char c = jsonPeek(reader);
  if (c < '0' || c > '9' ||
      (c == '0' && reader->end - reader->next > 1 && reader->next[1] >= '0' &&
       reader->next[1] <= '9')) {
    setProblem(reader,
               "has something else where an unsigned integer is wanted");
    return 0;
  }
  for (; reader->next < reader->end && *reader->next >= '0' &&
         *reader->next <= '9';
       ++reader->next)
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_add_overflow(value, *reader->next - '0', &value)) {
      setProblem(reader, "has an integer that is too large");
      return 0;
    }
  return value;
}
