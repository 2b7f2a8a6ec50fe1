// Texts grow, excerpts are short, and JSON strings and numbers are what a JSON reader takes.
// RUN: %clang %program-flags %s %program-libraries -o %t
// RUN: %t > %t.json
// RUN: %python -c "import json; v = json.load(open(r'%t.json')); assert v == ['a\"\\\\\n\tb', 0.1, None, None], v"
#include "runtime/app/Text.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "runtime/core/abi.h"

const struct modelc_program modelc_program_descriptor;

int main(void) {
  struct Text text = {0};
  for (int i = 0; i < 1000; ++i)
    appendFormat(&text, "%d,", i);
  assert(text.length == 10 * 2 + 90 * 3 + 900 * 4 &&
         !strncmp(text.data, "0,1,2,", 6));
  freeText(&text);
  appendBytes(&text, "", 0);
  assert(text.length == 0 && !*text.data);
  assert(!strcmp(excerpt("a\nb\tc", 5), "a b c") &&
         !strcmp(excerpt("", 0), ""));
  char word[64];
  memset(word, 'w', sizeof word);
  assert(strlen(excerpt(word, 40)) == 40 &&
         !strcmp(excerpt(word, sizeof word) + 40, "..."));
  appendText(&text, "[");
  appendJsonString(&text, "a\"\\\n\tb");
  appendText(&text, ",");
  appendJsonNumber(&text, 0.1, 17);
  appendText(&text, ",");
  appendJsonNumber(&text, NAN, 17);
  appendText(&text, ",");
  appendJsonNumber(&text, -INFINITY, 17);
  appendText(&text, "]");
  printText(&text);
  freeText(&text);
  return 0;
}
