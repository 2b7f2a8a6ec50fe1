/* Weights.c: the slots that are saved, as safetensors. */
#include "runtime/app/Weights.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/app/Number.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"

/* The slot, or element `index` of its stack, as a tensor whose data is the
 * slot's memory. */
static struct Tensor tensorOfSlot(const struct modelc_slot *slot, int32_t index,
                                  char *memory, const char *prefix) {
  struct Text name = {0};
  int32_t dropped = slot->stack > 0;
  appendText(&name, prefix);
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
  tensor.array.data = memory + slot->offset + index * bytes;
  return tensor;
}

void addTensor(struct TensorList *list, struct Tensor tensor) {
  if (list->count == list->capacity) {
    list->capacity = list->capacity ? 2 * list->capacity : 16;
    list->tensors =
        realloc(list->tensors, (size_t)list->capacity * sizeof *list->tensors);
    if (!list->tensors)
      failUser("not enough memory for %lld arrays", (long long)list->count);
  }
  list->tensors[list->count++] = tensor;
}

void addSlots(struct TensorList *list, const struct modelc_program *program,
              char *memory, int kinds, const char *prefix) {
  for (int32_t i = 0; i < program->slot_count; ++i) {
    const struct modelc_slot *slot = &program->slots[i];
    if (!(kinds >> slot->kind & 1))
      continue;
    for (int32_t j = 0; j < (slot->stack ? slot->stack : 1); ++j)
      addTensor(list, tensorOfSlot(slot, j, memory, prefix));
  }
}

void freeTensors(struct TensorList *list) {
  for (int64_t i = 0; i < list->count; ++i)
    free(list->tensors[i].name);
  free(list->tensors);
  *list = (struct TensorList){0};
}

void addMetadata(struct PairList *list, const char *key, const char *format,
                 ...) {
  if (list->count == list->capacity) {
    list->capacity = list->capacity ? 2 * list->capacity : 16;
    list->pairs =
        realloc(list->pairs, (size_t)list->capacity * sizeof *list->pairs);
    if (!list->pairs)
      failUser("not enough memory for %lld texts", (long long)list->count);
  }
  struct Text name = {0}, value = {0};
  va_list arguments;
  va_start(arguments, format);
  appendText(&name, key);
  appendText(&value, ""); /* so that an empty text is no null */
  appendFormatList(&value, format, arguments);
  va_end(arguments);
  list->pairs[list->count++] = (struct MetadataPair){name.data, value.data};
}

void freePairs(struct PairList *list) {
  for (int64_t i = 0; i < list->count; ++i) {
    free(list->pairs[i].key);
    free(list->pairs[i].value);
  }
  free(list->pairs);
  *list = (struct PairList){0};
}

/* The fewest that read back as the same double: 0.05 stays 0.05. */
static int digitsOf(double value) {
  char text[32];
  for (int digits = 15; digits < 17; ++digits) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (strtod(text, 0) == value)
      return digits;
  }
  return 17;
}

void addOrigin(struct PairList *list, const struct Machine *machine,
               const struct WeightsOrigin *origin) {
  const struct modelc_program *program = machine->program;
  addMetadata(list, "compiler", "%s", program->compiler);
  addMetadata(list, "model", "%s", program->name);
  addMetadata(list, "source_hash", "%s", program->source_hash);
  addMetadata(list, "seed", "%lld", (long long)origin->seed);
  addMetadata(list, "shuffle", "%d", origin->isShuffled);
  if (origin->fold)
    addMetadata(list, "fold", "%lld", (long long)origin->fold);
  for (int32_t i = 0; i < program->hyper_count; ++i) {
    char key[160];
    snprintf(key, sizeof key, "hyper.%s", program->hypers[i].name);
    addMetadata(list, key, "%.*g", digitsOf(machine->hypers[i]),
                machine->hypers[i]);
  }
}

void saveWeights(const struct Machine *machine, const char *path,
                 const struct WeightsOrigin *origin) {
  struct TensorList list = {0};
  struct PairList metadata = {0};
  addOrigin(&metadata, machine, origin);
  addSlots(&list, machine->program, machine->slots, WeightKinds, "");
  struct OutputFile output;
  openOutput(&output, path);
  writeSafetensors(&output, metadata.pairs, metadata.count, list.tensors,
                   list.count);
  commitOutput(&output);
  freeTensors(&list);
  freePairs(&metadata);
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

void checkTensors(const struct TensorFile *file, const struct TensorList *list,
                  const char *what) {
  const struct Tensor *tensors = list->tensors;
  int64_t count = list->count;
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
  failUser("the %s in `%s` are not those of this program:%s", what,
           file->file.path, differences.text.data);
}

void copyTensors(const struct TensorFile *file, const struct TensorList *list) {
  for (int64_t i = 0; i < list->count; ++i) {
    const struct Array *source =
        &findTensor(file, list->tensors[i].name)->array;
    if (source->count)
      memcpy(list->tensors[i].array.data, source->data,
             (size_t)(source->count * dtypeBytes(source->dtype)));
  }
}

static _Noreturn void refuseText(const struct TensorFile *file,
                                 const char *text, const char *key,
                                 const char *wanted) {
  failUser("`%s` has `%s` for `%s`, %s is wanted", file->file.path,
           excerpt(text, (int64_t)strlen(text)), key, wanted);
}

static void readInteger(const struct TensorFile *file, const char *key,
                        int64_t *value) {
  const char *text = findMetadata(file, key);
  if (text && !parseInteger(text, (int64_t)strlen(text), value))
    refuseText(file, text, key, "an integer");
}

/* A hyper's value in the file; 0 if it is not there or was given anew. */
static int readHyper(const struct Machine *machine,
                     const struct TensorFile *file, int32_t index,
                     double *value) {
  char key[160];
  if (machine->hasHyper[index])
    return 0;
  snprintf(key, sizeof key, "hyper.%s", machine->program->hypers[index].name);
  const char *text = findMetadata(file, key);
  if (text && !parseNumber(text, (int64_t)strlen(text), value))
    refuseText(file, text, key, "a number");
  return text != 0;
}

void readOrigin(struct Machine *machine, const struct TensorFile *file,
                struct WeightsOrigin *origin) {
  int64_t shuffle = origin->isShuffled;
  readInteger(file, "seed", &origin->seed);
  readInteger(file, "shuffle", &shuffle);
  readInteger(file, "fold", &origin->fold);
  origin->isShuffled = shuffle != 0;
  for (int32_t i = 0; i < machine->program->hyper_count; ++i) {
    const struct modelc_hyper *hyper = &machine->program->hypers[i];
    double value;
    if (!readHyper(machine, file, i, &value))
      continue;
    if (hyper->low < hyper->high && (value < hyper->low || value > hyper->high))
      failUser("`%s` has %g for `%s`, %g to %g is wanted", file->file.path,
               value, hyper->name, hyper->low, hyper->high);
    machine->hypers[i] = value;
  }
}

void loadWeights(struct Machine *machine, const char *path,
                 struct WeightsOrigin *origin) {
  struct TensorList list = {0};
  addSlots(&list, machine->program, machine->slots, WeightKinds, "");
  if (list.count) {
    struct TensorFile file = readSafetensors(readFile(path));
    checkTensors(&file, &list, "weights");
    copyTensors(&file, &list);
    readOrigin(machine, &file, origin);
    freeTensorFile(&file);
  }
  freeTensors(&list);
}

int areParametersFinite(const struct Machine *machine) {
  for (int32_t i = 0; i < machine->program->slot_count; ++i) {
    const struct modelc_slot *slot = &machine->program->slots[i];
    int64_t count = slot->array.bytes / dtypeBytes(slot->array.dtype);
    if (slot->kind != MODELC_SLOT_PARAMETER)
      continue;
    for (int64_t j = 0; j < count; ++j)
      if (!isfinite(
              loadNumber(slot->array.dtype, machine->slots + slot->offset, j)))
        return 0;
  }
  return 1;
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
