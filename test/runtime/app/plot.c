// A drawing is well-formed, has a panel for each metric, stays in its frame,
// and copes with what has no place in it.
// RUN: rm -rf %t && mkdir -p %t && cd %t
// RUN: %clang %program-flags %s %program-libraries -o plot && ./plot
// RUN: %python %S/inputs/curves.py many.svg 5000 | FileCheck %s --check-prefix=MANY
// RUN: %python %S/inputs/curves.py odd.svg 3 | FileCheck %s --check-prefix=ODD
// RUN: %python %S/inputs/curves.py one.svg 1 | FileCheck %s --check-prefix=ONE
// RUN: %python %S/inputs/curves.py none.svg 0 | FileCheck %s --check-prefix=NONE
// MANY: title A & B
// MANY-NEXT: texts 0 1 2 3 4 1 1000 2000 3000 4000 5000 epoch loss train valid 0.5 0.6 0.7 0.8 0.9 1 1 1000 2000 3000 4000 5000 epoch accuracy valid
// MANY-NEXT: curves 3
// ODD: curves 3
// ONE: curves 3
// NONE: curves 3
#include "runtime/app/Plot.h"

#include <math.h>

#include "runtime/app/File.h"
#include "runtime/core/abi.h"

const struct modelc_program modelc_program_descriptor;

static void draw(const char *path, struct History *history) {
  struct Text svg = {0};
  struct OutputFile output;
  drawHistory(&svg, history, "A & B");
  openOutput(&output, path);
  writeOutput(&output, svg.data, svg.length);
  commitOutput(&output);
  freeText(&svg);
}

int main(void) {
  static const double odd[3][3] = {
      {INFINITY, 1e300, 0.5}, {NAN, -1e300, 0.5}, {1e-30, 0, 0.5}};
  struct History history = {0};
  addColumn(&history, "", "loss");
  addColumn(&history, "valid", "loss");
  addColumn(&history, "valid", "accuracy");
  draw("none.svg", &history);
  for (int i = 0; i < 3; ++i) {
    double *row = addRow(&history, 0);
    for (int j = 0; j < 3; ++j)
      row[j] = odd[i][j];
    if (i == 0)
      draw("one.svg", &history);
  }
  draw("odd.svg", &history);
  history.rows = 0;
  for (int i = 0; i < 5000; ++i) {
    double *row = addRow(&history, 0);
    row[0] = 3.0 / (i + 1);
    row[1] = 3.0 / (i + 1) + 0.1;
    row[2] = 1 - 1.0 / (i + 2);
  }
  draw("many.svg", &history);
  freeHistory(&history);
  return 0;
}
