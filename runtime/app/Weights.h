/* Weights.h: the slots that are saved, as safetensors. */
#ifndef MODELC_RUNTIME_APP_WEIGHTS_H
#define MODELC_RUNTIME_APP_WEIGHTS_H

#include "runtime/app/Machine.h"

/* What a weights file remembers of the run that made it, so that its splits can
 * be made again. */
struct WeightsOrigin {
  int64_t seed;
  int isShuffled;
};

/* Writes parameters, state and statistics, under the slots' names; element i of
 * a stack is a tensor of its own. The file appears complete or not at all. */
void saveWeights(const struct Machine *machine, const char *path,
                 const struct WeightsOrigin *origin);

/* Reads them; fails, with all differences, unless names, element types and
 * shapes are the program's. Where the program has none, no file is read. Fields of `origin` that the file does not tell
 * stay. */
void loadWeights(struct Machine *machine, const char *path,
                 struct WeightsOrigin *origin);

/* The path of the weights: given, or the program's name. Lives as long as the
 * program. */
const char *weightsPath(const struct modelc_program *program,
                        const char *given);

#endif
