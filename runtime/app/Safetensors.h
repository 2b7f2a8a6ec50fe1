/* Safetensors.h: named arrays in one file (github.com/huggingface/safetensors).
 */
#ifndef MODELC_RUNTIME_APP_SAFETENSORS_H
#define MODELC_RUNTIME_APP_SAFETENSORS_H

#include "runtime/app/Array.h"
#include "runtime/app/File.h"

/* A named array; `array.data` points into the file and need not be aligned. */
struct Tensor {
  char *name;
  struct Array array;
};

/* A pair of `__metadata__`. */
struct MetadataPair {
  char *key, *value;
};

/* A file that was read; the tensors are in the order of their data. */
struct TensorFile {
  struct FileContent file;
  struct Tensor *tensors;
  int64_t tensorCount;
  struct MetadataPair *metadata;
  int64_t metadataCount;
};

/* Whether it looks like one: a length and an opening brace. */
int isSafetensors(const struct FileContent *file);

/* Takes over `file`. Fails unless the tensors cover the data exactly, without
 * gap and overlap, under different names and with the bytes that their shapes
 * want. */
struct TensorFile readSafetensors(struct FileContent file);
void freeTensorFile(struct TensorFile *file);

/* Null if there is none. */
const struct Tensor *findTensor(const struct TensorFile *file,
                                const char *name);
const char *findMetadata(const struct TensorFile *file, const char *key);

/* Writes a whole file; wider element types come first, so that all are aligned.
 */
void writeSafetensors(struct OutputFile *output,
                      const struct MetadataPair *metadata,
                      int64_t metadataCount, const struct Tensor *tensors,
                      int64_t tensorCount);

#endif
