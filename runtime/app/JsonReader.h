/* JsonReader.h: a cursor over JSON text, for the headers of weight files. */
#ifndef MODELC_RUNTIME_APP_JSON_READER_H
#define MODELC_RUNTIME_APP_JSON_READER_H

#include <stdint.h>

/* Starts as {begin, end, 0}. Once `problem` is set all that follows does
 * nothing. */
struct JsonReader {
  const char *next, *end;
  const char *problem;
};

/* The next character that is not white space, without taking it; 0 at the end.
 */
char jsonPeek(struct JsonReader *reader);
/* Takes the character; anything else is a problem. */
void jsonExpect(struct JsonReader *reader, char wanted);
/* Takes the character if it is the next one. */
int jsonAccept(struct JsonReader *reader, char wanted);
/* A string with its escapes replaced, as UTF-8, to be freed; null on a problem.
 * A string that holds U+0000 is refused. */
char *jsonString(struct JsonReader *reader);
/* An integer from 0 to 2^63 - 1, without sign, fraction or exponent. */
int64_t jsonInteger(struct JsonReader *reader);

#endif
