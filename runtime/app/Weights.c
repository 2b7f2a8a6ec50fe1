/* Weights.c: the slots that are saved, as safetensors. */
#include "runtime/app/Weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/app/Number.h"
#include "runtime/app/Report.h"
#include "runtime/app/Safetensors.h"
#include "runtime/app/Text.h"

static int isSaved(const struct modelc_slot *slot) {
  return slot->kind == MODELC_SLOT_PARAMETER ||
         slot->kind == MODELC_SLOT_STATE || slot->kind == MODELC_SLOT_STATISTIC;
}

/* The slot, or element `index` of its stack, as a tensor whose data is the
 * slot's memory. */
static struct Tensor tensorOfSlot(const struct Machine *machine,
                                  const struct modelc_slot *slot,
                                  int32_t index) {
  struct Text name = {0};
  int32_t dropped = slot->stack > 0;
  for (const char *c = slot->name; *c; ++c) {
    if (*c == '*')
      appendFormat(&name, "%d", index);
    else
      appendBytes(&name, c, 1);
  }
  struct Tensor tensor = {name.data, {.dtype = slot->array.dtype}};
  tensor.array.rank = slot->array.rank - dropped;
  if (tensor.array.rank > MaximumRank)
    failInternal("slot `%s` has too many dimensions", slot->name);
  for (int32_t i = 0; i < tensor.array.rank; ++i)
    tensor.array.extents[i] = slot->array.dimensions[i + dropped].extent;
  computeCount(&tensor.array);
  int64_t bytes = slot->stack ? slot->array.bytes / slot->stack : 0;
  tensor.array.data = machine->slots + slot->offset + index * bytes;
  return tensor;
}

/* All tensors that are saved, in the order of the slots. */
static struct Tensor *listTensors(const struct Machine *machine,
                                  int64_t *count) {
  const struct modelc_program *program = machine->program;
  *count = 0;
  for (int32_t i = 0; i < program->slot_count; ++i)
    if (isSaved(&program->slots[i]))
      *count += program->slots[i].stack ? program->slots[i].stack : 1;
  struct Tensor *tensors = allocate(*count, sizeof *tensors);
  int64_t next = 0;
  for (int32_t i = 0; i < program->slot_count; ++i) {
    const struct modelc_slot *slot = &program->slots[i];
    for (int32_t j = 0; isSaved(slot) && j < (slot->stack ? slot->stack : 1);
         ++j)
      tensors[next++] = tensorOfSlot(machine, slot, j);
  }
  return tensors;
}

static void freeTensors(struct Tensor *tensors, int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    free(tensors[i].name);
  free(tensors);
}

void saveWeights(const struct Machine *machine, const char *path,
                 const struct WeightsOrigin *origin) {
  const struct modelc_program *program = machine->program;
  char seed[24], shuffle[4];
  snprintf(seed, sizeof seed, "%lld", (long long)origin->seed);
  snprintf(shuffle, sizeof shuffle, "%d", origin->isShuffled);
  struct MetadataPair metadata[] = {
      {"compiler", (char *)program->compiler},
      {"model", (char *)program->name},
      {"source_hash", (char *)program->source_hash},
      {"seed", seed},
      {"shuffle", shuffle}};
  int64_t count;
  struct Tensor *tensors = listTensors(machine, &count);
  struct OutputFile output;
  openOutput(&output, path);
  writeSafetensors(&output, metadata, sizeof metadata / sizeof *metadata,
                   tensors, count);
  commitOutput(&output);
  freeTensors(tensors, count);
}

/* The differences that are shown; a file of another model has hundreds. */
enum { ShownDifferences = 20 };

struct Differences {
  struct Text text;
  int64_t count;
};

static void addDifference(struct Differences *differences, const char *name,
                          const char *difference) {
  if (differences->count++ < ShownDifferences)
    appendFormat(&differences->text, "\n  `%s`: %s", name, difference);
}

static void compareTensor(struct Differences *differences,
                          const struct Tensor *wanted,
                          const struct Tensor *found) {
  if (!found) {
    addDifference(differences, wanted->name, "not in the file");
    return;
  }
  const struct Array *a = &found->array, *b = &wanted->array;
  int isSame = a->dtype == b->dtype && a->rank == b->rank;
  for (int32_t i = 0; isSame && i < a->rank; ++i)
    isSame = a->extents[i] == b->extents[i];
  if (isSame)
    return;
  struct Text text = {0};
  appendFormat(&text, "%s %s in the file, %s %s in the program",
               dtypeName(a->dtype), shapeText(a->extents, a->rank),
               dtypeName(b->dtype), shapeText(b->extents, b->rank));
  addDifference(differences, wanted->name, text.data);
  freeText(&text);
}

static void checkTensors(const struct TensorFile *file,
                         const struct Tensor *tensors, int64_t count,
                         const char *path) {
  struct Differences differences = {0};
  for (int64_t i = 0; i < count; ++i)
    compareTensor(&differences, &tensors[i], findTensor(file, tensors[i].name));
  for (int64_t i = 0; i < file->tensorCount; ++i) {
    int isWanted = 0;
    for (int64_t j = 0; j < count && !isWanted; ++j)
      isWanted = !strcmp(file->tensors[i].name, tensors[j].name);
    if (!isWanted)
      addDifference(&differences, file->tensors[i].name, "not in the program");
  }
  if (!differences.count)
    return;
  if (differences.count > ShownDifferences)
    appendFormat(&differences.text, "\n  and %lld more",
                 (long long)(differences.count - ShownDifferences));
  failUser("the weights in `%s` are not those of this program:%s", path,
           differences.text.data);
}

static void readInteger(const struct TensorFile *file, const char *key,
                        int64_t *value) {
  const char *text = findMetadata(file, key);
  if (text)
    parseInteger(text, (int64_t)strlen(text), value);
}

void loadWeights(struct Machine *machine, const char *path,
                 struct WeightsOrigin *origin) {
  int64_t count, shuffle = origin->isShuffled;
  struct Tensor *tensors = listTensors(machine, &count);
  if (!count) {
    freeTensors(tensors, count);
    return;
  }
  struct TensorFile file = readSafetensors(readFile(path));
  checkTensors(&file, tensors, count, path);
  for (int64_t i = 0; i < count; ++i) {
    const struct Array *source = &findTensor(&file, tensors[i].name)->array;
    if (source->count)
      memcpy(tensors[i].array.data, source->data,
             (size_t)(source->count * dtypeBytes(source->dtype)));
  }
  readInteger(&file, "seed", &origin->seed);
  readInteger(&file, "shuffle", &shuffle);
  origin->isShuffled = shuffle != 0;
  freeTensors(tensors, count);
  freeTensorFile(&file);
}

const char *weightsPath(const struct modelc_program *program,
                        const char *given) {
  static struct Text path;
  if (given)
    return given;
  path.length = 0;
  appendFormat(&path, "%s.safetensors", program->name);
  return path.data;
}
