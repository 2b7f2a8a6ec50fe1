/* Text.h: a text that grows, and writing of it. */
#ifndef MODELC_RUNTIME_APP_TEXT_H
#define MODELC_RUNTIME_APP_TEXT_H

#include <stdarg.h>
#include <stdint.h>

/* Start it as `{0}`; `data` is NUL-terminated once something was appended. */
struct Text {
  char *data;
  int64_t length, capacity;
};

void appendBytes(struct Text *text, const void *bytes, int64_t count);
void appendText(struct Text *text, const char *string);
__attribute__((format(printf, 2, 3))) void
appendFormat(struct Text *text, const char *format, ...);
void appendFormatList(struct Text *text, const char *format, va_list arguments);
/* A JSON string with its quotes. */
void appendJsonString(struct Text *text, const char *string);
/* A JSON number that reads back as the same float of this many digits; `null`
 * for NaN and infinities, which JSON does not have. */
void appendJsonNumber(struct Text *text, double value, int digits);
void freeText(struct Text *text);
/* A copy of a string, to be freed. */
char *copyText(const char *string);

/* What a message shows of foreign text: not too long, and on one line. It is
 * overwritten by the next call. */
const char *excerpt(const char *text, int64_t length);

/* Writes all of it to a file descriptor; 0, or the error number. */
int writeAll(int descriptor, const void *data, int64_t size);
/* Writes to standard output and empties the text; fails if it cannot. */
void printText(struct Text *text);

#endif
