// Rows keep their values while the history grows; what was not computed is `nan`.
// RUN: %clang %program-flags %s %program-libraries -o %t && %t | FileCheck %s
#include "runtime/app/History.h"

#include <assert.h>
#include <math.h>
#include <string.h>

const struct modelc_program modelc_program_descriptor;

int main(void) {
  struct History history = {0};
  struct Text text = {0};
  addColumn(&history, "", "loss");
  addColumn(&history, "valid", "rmse");
  for (int i = 0; i < 1000; ++i) {
    double *row = addRow(&history, 10 + i);
    assert(isnan(row[0]) && isnan(row[1]));
    row[0] = i / 8.0;
    if (i != 1)
      row[1] = -(double)i;
    else
      row[1] = copysign(NAN, -1);
  }
  for (int i = 0; i < 1000; ++i) {
    assert(history.values[2 * i] == i / 8.0 && history.times[i] == 10 + i);
    assert(i == 1 || history.values[2 * i + 1] == -i);
  }
  appendHeader(&text, &history);
  for (int i = 0; i < 3; ++i)
    appendRow(&text, &history, i, 9);
  printText(&text);
  // CHECK: epoch,loss,valid.rmse
  // CHECK-NEXT: 1,0,-0
  // CHECK-NEXT: 2,0.125,nan
  // CHECK-NEXT: 3,0.25,-2
  freeText(&text);
  freeHistory(&history);
  assert(!history.columns && !history.values);
  return 0;
}
