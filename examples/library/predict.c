/* predict.c: a program that a model is linked into.
 *
 *   modelc keras_article.model -o article && ./article train
 *   modelc keras_article.model --emit=static-library -o libregressor.a
 *   cc predict.c libregressor.a -o predict && ./predict Regressor.safetensors
 *
 * The compiler writes regressor.h beside the library. */
#include <stdio.h>
#include <stdlib.h>

#include "regressor.h"

enum { Rows = 3, Columns = REGRESSOR_PREDICT_X_SIZE_1 };

/* Memory that is known when the model is compiled; none is allocated later. */
_Alignas(REGRESSOR_ALIGNMENT) static char slots[REGRESSOR_SLOT_BYTES];
_Alignas(REGRESSOR_ALIGNMENT) static char workspace
    [REGRESSOR_PREDICT_WORKSPACE_BYTES + 1];
_Alignas(REGRESSOR_ALIGNMENT) static float x[Rows * Columns], y[Rows];

static char *readFile(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END))
    return NULL;
  *size = (size_t)ftell(file);
  rewind(file);
  char *content = malloc(*size);
  if (content && fread(content, 1, *size, file) != *size)
    *size = 0;
  fclose(file);
  return content;
}

int main(int count, char **arguments) {
  size_t size = 0;
  char message[200];
  char *file = count > 1 ? readFile(arguments[1], &size) : NULL;
  if (!file) {
    fprintf(stderr, "usage: predict WEIGHTS.safetensors\n");
    return 1;
  }
  if (regressor_load(slots, file, size, message, sizeof message)) {
    fprintf(stderr, "%s: %s\n", arguments[1], message);
    return 1;
  }
  free(file);

  for (int i = 0; i < Rows * Columns; ++i)
    x[i] = (float)i / (Rows * Columns);
  int status = regressor_predict(slots, workspace, Rows, x, y);
  if (status) {
    fprintf(stderr, "%s\n", regressor_describe(status));
    return 1;
  }
  for (int i = 0; i < Rows; ++i)
    printf("%.9g\n", y[i]);
  return 0;
}
