// The cursor takes what the headers of weight files hold and refuses all else.
// RUN: %clang %program-flags %s %program-libraries -o %t && %t
#include "runtime/app/JsonReader.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/core/abi.h"

const struct modelc_program modelc_program_descriptor;

static struct JsonReader readerOf(const char *text) {
  return (struct JsonReader){text, text + strlen(text), 0};
}

static int readsString(const char *text, const char *wanted) {
  struct JsonReader reader = readerOf(text);
  char *found = jsonString(&reader);
  int isSame =
      wanted ? found && !strcmp(found, wanted) : !found && reader.problem;
  free(found);
  return isSame;
}

static int readsInteger(const char *text, int64_t wanted) {
  struct JsonReader reader = readerOf(text);
  int64_t found = jsonInteger(&reader);
  return wanted < 0 ? reader.problem != 0 : !reader.problem && found == wanted;
}

int main(void) {
  assert(readsString("\"a b\"", "a b") && readsString(" \"\"", ""));
  assert(readsString("\"\\\"\\\\\\/\\n\\u00e9\\ud83d\\ude00\"",
                     "\"\\/\n\xc3\xa9\xf0\x9f\x98\x80"));
  static const char *const badStrings[] = {"",
                                           "a",
                                           "\"",
                                           "\"a",
                                           "\"\\",
                                           "\"\\x\"",
                                           "\"\\u12\"",
                                           "\"\\u12g4\"",
                                           "\"\n\"",
                                           "\"\\u0000\"",
                                           "\"\\ud800\"",
                                           "\"\\ud800\\u0041\"",
                                           "\"\\udc00\"",
                                           "\"\\ud800\\"};
  for (unsigned i = 0; i < sizeof badStrings / sizeof *badStrings; ++i)
    assert(readsString(badStrings[i], 0));
  assert(readsInteger("0", 0) && readsInteger(" 42,", 42));
  assert(readsInteger("9223372036854775807", INT64_MAX));
  static const char *const badIntegers[] = {"",
                                            "-1",
                                            "01",
                                            "9223372036854775808",
                                            "x",
                                            "\"1\"",
                                            "99999999999999999999999"};
  for (unsigned i = 0; i < sizeof badIntegers / sizeof *badIntegers; ++i)
    assert(readsInteger(badIntegers[i], -1));
  struct JsonReader reader = readerOf("{ } x");
  jsonExpect(&reader, '{');
  assert(!jsonAccept(&reader, ',') && jsonAccept(&reader, '}') &&
         !reader.problem);
  jsonExpect(&reader, '}');
  assert(reader.problem && !jsonAccept(&reader, 'x') &&
         jsonInteger(&reader) == 0);
  return 0;
}
