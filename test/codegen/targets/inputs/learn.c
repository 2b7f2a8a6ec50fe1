/* learn.c: training steps without the program around them. */
#undef NDEBUG
#include <assert.h>

#include "regressor.h"

_Alignas(64) static char slots[REGRESSOR_SLOT_BYTES];
_Alignas(64) static char workspace[REGRESSOR_STEP_WORKSPACE_BYTES +
                                   REGRESSOR_INIT_WORKSPACE_BYTES + 64];
enum { Rows = REGRESSOR_STEP_MAXIMAL_N, Columns = REGRESSOR_STEP_X_SIZE_1 };
_Alignas(64) static float x[Rows * Columns], y[Rows], loss;

int main(void) {
  float first = 0;
  for (int i = 0; i < Rows * Columns; ++i)
    x[i] = (float)(i * 7 % 11) / 11;
  for (int i = 0; i < Rows; ++i)
    y[i] = x[i * Columns] - x[i * Columns + 1];
  assert(regressor_init(slots, workspace, 7) == REGRESSOR_OK);
  for (int64_t step = 1; step <= 300; ++step) {
    assert(regressor_step(slots, workspace, Rows, x, y, step, 7, &loss) ==
           REGRESSOR_OK);
    first = step == 1 ? loss : first;
  }
  assert(loss < first / 10);
  return 0;
}
