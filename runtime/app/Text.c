/* Text.c: a text that grows, and writing of it. */
#include "runtime/app/Text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/app/Report.h"

static void reserve(struct Text *text, int64_t more) {
  int64_t needed = text->length + more + 1;
  if (needed <= text->capacity)
    return;
  int64_t capacity =
      text->capacity * 2 > needed ? text->capacity * 2 : needed + 64;
  char *data = realloc(text->data, (size_t)capacity);
  if (!data)
    failUser("not enough memory for a text of %lld bytes", (long long)capacity);
  text->data = data;
  text->capacity = capacity;
}

void appendBytes(struct Text *text, const void *bytes, int64_t count) {
  reserve(text, count);
  if (count)
    memcpy(text->data + text->length, bytes, (size_t)count);
  text->length += count;
  text->data[text->length] = 0;
}

void appendText(struct Text *text, const char *string) {
  appendBytes(text, string, (int64_t)strlen(string));
}

void appendFormatList(struct Text *text, const char *format,
                      va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  int needed = vsnprintf(0, 0, format, arguments);
  reserve(text, needed < 0 ? 0 : needed);
  if (needed < 0 || vsnprintf(text->data + text->length, (size_t)needed + 1,
                              format, again) < 0)
    failUser("not enough memory for a text");
  text->length += needed;
  va_end(again);
}

void appendFormat(struct Text *text, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  appendFormatList(text, format, arguments);
  va_end(arguments);
}

void appendJsonString(struct Text *text, const char *string) {
  appendText(text, "\"");
  for (const char *c = string; *c; ++c) {
    if (*c == '"' || *c == '\\')
      appendFormat(text, "\\%c", *c);
    else if ((unsigned char)*c < 0x20)
      appendFormat(text, "\\u%04x", (unsigned)(unsigned char)*c);
    else
      appendBytes(text, c, 1);
  }
  appendText(text, "\"");
}

void appendJsonNumber(struct Text *text, double value, int digits) {
  if (value - value != 0)
    appendText(text, "null");
  else
    appendFormat(text, "%.*g", digits, value);
}

void freeText(struct Text *text) {
  free(text->data);
  *text = (struct Text){0};
}

char *copyText(const char *string) {
  struct Text copy = {0};
  appendText(&copy, string);
  return copy.data;
}

const char *excerpt(const char *text, int64_t length) {
  enum { most = 40 };
  static struct Text shown;
  shown.length = 0;
  for (int64_t i = 0; i < length && i < most; ++i) {
    char c = (unsigned char)text[i] < 0x20 ? ' ' : text[i];
    appendBytes(&shown, &c, 1);
  }
  appendText(&shown, length > most ? "..." : "");
  return shown.data;
}

int writeAll(int descriptor, const void *data, int64_t size) {
  const char *bytes = data;
  while (size > 0) {
    ssize_t written = write(descriptor, bytes, (size_t)size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return errno;
    bytes += written;
    size -= written;
  }
  return 0;
}

void printText(struct Text *text) {
  int problem = writeAll(STDOUT_FILENO, text->data, text->length);
  if (problem == EPIPE)
    leaveByPipe();
  if (problem)
    failUser("cannot write to standard output: %s", strerror(problem));
  text->length = 0;
}
