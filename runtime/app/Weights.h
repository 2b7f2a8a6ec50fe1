/* Weights.h: the slots that are saved, as safetensors. */
#ifndef MODELC_RUNTIME_APP_WEIGHTS_H
#define MODELC_RUNTIME_APP_WEIGHTS_H

#include "runtime/app/Machine.h"
#include "runtime/app/Safetensors.h"

/* What a weights file remembers of the run that made it, so that its splits can
 * be made again. The hypers are remembered as well, in the machine. */
struct WeightsOrigin {
  int64_t seed;
  int isShuffled;
  int64_t fold; /* that was left out, from 1; 0: none */
};

/* Slots that a weights file has, as bits `1 << kind`. */
enum {
  WeightKinds = 1 << MODELC_SLOT_PARAMETER | 1 << MODELC_SLOT_STATE |
                1 << MODELC_SLOT_STATISTIC
};

/* Writes parameters, state and statistics, under the slots' names; element i of
 * a stack is a tensor of its own. The file appears complete or not at all. */
void saveWeights(const struct Machine *machine, const char *path,
                 const struct WeightsOrigin *origin);

/* Reads them; fails, with all differences, unless names, element types and
 * shapes are the program's. Where the program has none, no file is read. The
 * machine gets the hypers that the file tells and the command line does not;
 * fields of `origin` that the file does not tell stay. */
void loadWeights(struct Machine *machine, const char *path,
                 struct WeightsOrigin *origin);

/* Whether no parameter is infinite or not a number. */
int areParametersFinite(const struct Machine *machine);

/* The path of the weights: given, or the program's name. Lives as long as the
 * program. */
const char *weightsPath(const struct modelc_program *program,
                        const char *given);

/* What weights and checkpoints are made of. Start the lists as `{0}`. */
struct TensorList {
  struct Tensor *tensors; /* whose data is not the list's */
  int64_t count, capacity;
};
struct PairList {
  struct MetadataPair *pairs;
  int64_t count, capacity;
};

/* Takes over the tensor's name. */
void addTensor(struct TensorList *list, struct Tensor tensor);
/* The slots of some kinds (bits `1 << kind`), whose data is in `memory`, with
 * `prefix` before their names. */
void addSlots(struct TensorList *list, const struct modelc_program *program,
              char *memory, int kinds, const char *prefix);
void freeTensors(struct TensorList *list);
/* Fails, with all differences, unless the file has these tensors and no other.
 * `what` they are, in messages. */
void checkTensors(const struct TensorFile *file, const struct TensorList *list,
                  const char *what);
void copyTensors(const struct TensorFile *file, const struct TensorList *list);

__attribute__((format(printf, 3, 4))) void
addMetadata(struct PairList *list, const char *key, const char *format, ...);
void freePairs(struct PairList *list);
/* What made the file: compiler, model, seed, shuffle and hypers. */
void addOrigin(struct PairList *list, const struct Machine *machine,
               const struct WeightsOrigin *origin);
void readOrigin(struct Machine *machine, const struct TensorFile *file,
                struct WeightsOrigin *origin);

#endif
