// A name that is nearly another one is taken for a slip; a letter for another letter is not.
// RUN: %clang %program-flags %s %program-libraries -o %t
// RUN: %t
#include "runtime/app/Report.h"

#include <assert.h>
#include <string.h>

#include "runtime/core/abi.h"

const struct modelc_program modelc_program_descriptor;

int main(void) {
  static const char *const names[] = {"x", "z", "ab", "quality"};
  assert(!closestName("y", names, 4) && !closestName("", names, 4));
  assert(!strcmp(closestName("x", names, 4), "x"));
  assert(!strcmp(closestName("ac", names, 4), "ab"));
  assert(!strcmp(closestName("qualty", names, 4), "quality"));
  assert(!closestName("quantities", names, 4));
  /* What was typed in part is completed where that is clear. */
  static const char *const functions[] = {"predict", "encoding", "encoders"};
  assert(!strcmp(closestName("pred", functions, 3), "predict"));
  assert(!closestName("enco", functions, 3) && !closestName("pre", functions, 3));
  return 0;
}
