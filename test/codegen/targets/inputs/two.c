/* two.c: two models in one program, and what their functions refuse. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "classifier.h"
#include "regressor.h"

_Alignas(64) static char slots[REGRESSOR_SLOT_BYTES + CLASSIFIER_SLOT_BYTES];
_Alignas(64) static char workspace[REGRESSOR_PREDICT_WORKSPACE_BYTES +
                                   CLASSIFIER_PREDICT_WORKSPACE_BYTES + 64];
_Alignas(64) static float x[4 * REGRESSOR_PREDICT_X_SIZE_1], y[64];

int main(void) {
  /* All weights are 0: so are the results. */
  y[0] = y[3] = 1;
  assert(regressor_predict(slots, workspace, 4, x, y) == REGRESSOR_OK);
  assert(y[0] == 0 && y[3] == 0);
  y[0] = y[5] = 1;
  assert(classifier_predict(slots, workspace, 2, x, y) == CLASSIFIER_OK);
  assert(y[0] == 0 && y[5] == 0);

  assert(regressor_predict(slots, workspace, -1, x, y) == REGRESSOR_ERROR_SIZE);
  assert(regressor_predict(slots, workspace, REGRESSOR_PREDICT_MAXIMAL_N + 1, x,
                           y) == REGRESSOR_ERROR_SIZE);
  assert(regressor_predict(0, workspace, 4, x, y) == REGRESSOR_ERROR_NULL);
  assert(regressor_predict(slots, workspace, 4, x + 1, y) ==
         REGRESSOR_ERROR_ALIGNMENT);
  char message[64];
  assert(regressor_load(slots, "no", 2, message, sizeof message) ==
         REGRESSOR_ERROR_WEIGHTS);
  assert(!strcmp(message, "the file is no safetensors file"));
  assert(!strcmp(regressor_describe(REGRESSOR_ERROR_ALIGNMENT),
                 classifier_describe(CLASSIFIER_ERROR_ALIGNMENT)));
  return 0;
}
