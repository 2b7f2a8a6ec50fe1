/* Safetensors.c: named arrays in one file; nothing that the header says is
 * believed unchecked. */
#include "runtime/app/Safetensors.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/JsonReader.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"

static const struct {
  const char *name;
  int32_t dtype;
} dtypes[] = {{"F32", MODELC_F32},   {"F64", MODELC_F64}, {"F16", MODELC_F16},
              {"BF16", MODELC_BF16}, {"I64", MODELC_I64}, {"I32", MODELC_I32},
              {"I8", MODELC_I8},     {"U8", MODELC_U8},   {"BOOL", MODELC_BOOL},
              {"I16", FileI16},      {"U16", FileU16},    {"U32", FileU32},
              {"U64", FileU64}};

static _Noreturn void refuse(const struct FileContent *file,
                             const char *problem) {
  failAt((struct Place){file->path, 0, 0}, "the safetensors file %s", problem);
}

static _Noreturn void refuseTensor(const struct FileContent *file,
                                   const char *name, const char *problem) {
  failAt((struct Place){file->path, 0, 0},
         "tensor `%s` of the safetensors file %s", name, problem);
}

/* A tensor while the header is read: where its data lies. */
struct Range {
  struct Tensor tensor;
  int64_t begin, end;
};

struct Parser {
  struct FileContent *file;
  struct JsonReader reader;
  struct Range *ranges;
  struct MetadataPair *metadata;
  int64_t rangeCount, rangeCapacity, metadataCount, metadataCapacity;
};

/* Makes room for one element more. */
static void *growList(void *list, int64_t count, int64_t *capacity,
                      int64_t size) {
  if (count < *capacity)
    return list;
  *capacity = *capacity * 2 + 16;
  list = realloc(list, (size_t)(*capacity * size));
  if (!list)
    failUser("not enough memory for a list of %lld", (long long)*capacity);
  return list;
}

static void checkProblem(struct Parser *parser) {
  if (parser->reader.problem) {
    struct Text text = {0};
    appendFormat(&text, "has a header that %s", parser->reader.problem);
    refuse(parser->file, text.data);
  }
}

static void parseMetadata(struct Parser *parser) {
  struct JsonReader *reader = &parser->reader;
  jsonExpect(reader, '{');
  if (jsonAccept(reader, '}'))
    return;
  do {
    parser->metadata =
        growList(parser->metadata, parser->metadataCount,
                 &parser->metadataCapacity, sizeof *parser->metadata);
    struct MetadataPair *pair = &parser->metadata[parser->metadataCount];
    pair->key = jsonString(reader);
    jsonExpect(reader, ':');
    pair->value = jsonString(reader);
    checkProblem(parser);
    ++parser->metadataCount;
  } while (jsonAccept(reader, ','));
  jsonExpect(reader, '}');
}

static void parseDtype(struct Parser *parser, struct Range *range) {
  char *name = jsonString(&parser->reader);
  checkProblem(parser);
  for (unsigned i = 0; i < sizeof dtypes / sizeof *dtypes; ++i)
    if (!strcmp(name, dtypes[i].name))
      range->tensor.array.dtype = dtypes[i].dtype;
  if (!range->tensor.array.dtype)
    refuseTensor(parser->file, range->tensor.name,
                 "has an unknown element type");
  free(name);
}

static void parseShape(struct Parser *parser, struct Range *range) {
  struct JsonReader *reader = &parser->reader;
  jsonExpect(reader, '[');
  if (jsonAccept(reader, ']'))
    return;
  do {
    if (range->tensor.array.rank == MaximumRank)
      refuseTensor(parser->file, range->tensor.name, "has too many dimensions");
    range->tensor.array.extents[range->tensor.array.rank++] =
        jsonInteger(reader);
    checkProblem(parser);
  } while (jsonAccept(reader, ','));
  jsonExpect(reader, ']');
}

static void parseTensor(struct Parser *parser, struct Range *range) {
  struct JsonReader *reader = &parser->reader;
  int seen = 0;
  jsonExpect(reader, '{');
  do {
    char *key = jsonString(reader);
    jsonExpect(reader, ':');
    checkProblem(parser);
    int bit = !strcmp(key, "dtype")          ? 1
              : !strcmp(key, "shape")        ? 2
              : !strcmp(key, "data_offsets") ? 4
                                             : 0;
    free(key);
    if (!bit || (seen & bit))
      refuseTensor(parser->file, range->tensor.name,
                   "has an unknown or repeated key");
    seen |= bit;
    if (bit == 1) {
      parseDtype(parser, range);
    } else if (bit == 2) {
      parseShape(parser, range);
    } else {
      jsonExpect(reader, '[');
      range->begin = jsonInteger(reader);
      jsonExpect(reader, ',');
      range->end = jsonInteger(reader);
      jsonExpect(reader, ']');
    }
    checkProblem(parser);
  } while (jsonAccept(reader, ','));
  jsonExpect(reader, '}');
  checkProblem(parser);
  if (seen != 7)
    refuseTensor(parser->file, range->tensor.name,
                 "lacks its type, shape or offsets");
}

static void parseHeader(struct Parser *parser) {
  struct JsonReader *reader = &parser->reader;
  int hasMetadata = 0;
  jsonExpect(reader, '{');
  if (!jsonAccept(reader, '}')) {
    do {
      char *name = jsonString(reader);
      jsonExpect(reader, ':');
      checkProblem(parser);
      if (!strcmp(name, "__metadata__")) {
        if (hasMetadata++)
          refuse(parser->file, "has two sets of metadata");
        free(name);
        parseMetadata(parser);
        continue;
      }
      parser->ranges = growList(parser->ranges, parser->rangeCount,
                                &parser->rangeCapacity, sizeof *parser->ranges);
      struct Range *range = &parser->ranges[parser->rangeCount++];
      *range = (struct Range){.tensor = {.name = name}};
      parseTensor(parser, range);
    } while (jsonAccept(reader, ','));
    jsonExpect(reader, '}');
  }
  if (!reader->problem && jsonPeek(reader))
    refuse(parser->file, "has text after its header");
  checkProblem(parser);
}

static int compareRanges(const void *left, const void *right) {
  const struct Range *a = left, *b = right;
  if (a->begin != b->begin)
    return a->begin < b->begin ? -1 : 1;
  return a->end < b->end ? -1 : a->end > b->end;
}

static int compareNames(const void *left, const void *right) {
  return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void checkNames(const struct Parser *parser) {
  const char **names = allocate(parser->rangeCount, sizeof *names);
  for (int64_t i = 0; i < parser->rangeCount; ++i)
    names[i] = parser->ranges[i].tensor.name;
  qsort(names, (size_t)parser->rangeCount, sizeof *names, compareNames);
  for (int64_t i = 1; i < parser->rangeCount; ++i)
    if (!strcmp(names[i - 1], names[i]))
      refuseTensor(parser->file, names[i], "occurs twice");
  free(names);
}

/* Sorts by offset and checks that the data is covered once. */
static void checkRanges(struct Parser *parser, int64_t dataBytes) {
  int64_t position = 0;
  if (parser->rangeCount)
    qsort(parser->ranges, (size_t)parser->rangeCount, sizeof *parser->ranges,
          compareRanges);
  for (int64_t i = 0; i < parser->rangeCount; ++i) {
    struct Range *range = &parser->ranges[i];
    const char *name = range->tensor.name;
    struct Array *array = &range->tensor.array;
    if (range->end < range->begin || range->end > dataBytes)
      refuseTensor(parser->file, name, "lies outside of the file");
    if (!computeCount(array) ||
        array->count * dtypeBytes(array->dtype) != range->end - range->begin)
      refuseTensor(parser->file, name, "has other bytes than its shape wants");
    if (range->begin != position)
      refuseTensor(parser->file, name,
                   range->begin < position ? "overlaps another"
                                           : "follows a gap");
    position = range->end;
  }
  if (position != dataBytes)
    refuse(parser->file, "has data that belongs to no tensor");
}

static int64_t headerLength(const struct FileContent *file) {
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i)
    length = length << 8 | (unsigned char)file->data[i];
  return length > INT64_MAX ? -1 : (int64_t)length;
}

int isSafetensors(const struct FileContent *file) {
  return file->size >= 10 && headerLength(file) >= 2 && file->data[8] == '{';
}

struct TensorFile readSafetensors(struct FileContent file) {
  if (!isSafetensors(&file))
    refuse(&file, "does not begin with the length of a header");
  int64_t length = headerLength(&file);
  if (length > file.size - 8)
    refuse(&file, "is cut short");
  struct Parser parser = {.file = &file,
                          .reader = {file.data + 8, file.data + 8 + length, 0}};
  parseHeader(&parser);
  checkNames(&parser);
  checkRanges(&parser, file.size - 8 - length);
  struct TensorFile result = {.file = file,
                              .tensorCount = parser.rangeCount,
                              .metadata = parser.metadata,
                              .metadataCount = parser.metadataCount};
  result.tensors = allocate(parser.rangeCount, sizeof *result.tensors);
  for (int64_t i = 0; i < parser.rangeCount; ++i) {
    result.tensors[i] = parser.ranges[i].tensor;
    result.tensors[i].array.data =
        file.data + 8 + length + parser.ranges[i].begin;
  }
  free(parser.ranges);
  return result;
}

void freeTensorFile(struct TensorFile *file) {
  for (int64_t i = 0; i < file->tensorCount; ++i)
    free(file->tensors[i].name);
  for (int64_t i = 0; i < file->metadataCount; ++i) {
    free(file->metadata[i].key);
    free(file->metadata[i].value);
  }
  free(file->tensors);
  free(file->metadata);
  freeFile(&file->file);
}

const struct Tensor *findTensor(const struct TensorFile *file,
                                const char *name) {
  for (int64_t i = 0; i < file->tensorCount; ++i)
    if (!strcmp(file->tensors[i].name, name))
      return &file->tensors[i];
  return 0;
}

const char *findMetadata(const struct TensorFile *file, const char *key) {
  for (int64_t i = 0; i < file->metadataCount; ++i)
    if (!strcmp(file->metadata[i].key, key))
      return file->metadata[i].value;
  return 0;
}

static const char *nameOfDtype(int32_t dtype) {
  for (unsigned i = 0; i < sizeof dtypes / sizeof *dtypes; ++i)
    if (dtypes[i].dtype == dtype)
      return dtypes[i].name;
  return "";
}

static void appendTensorHeader(struct Text *header, const struct Tensor *tensor,
                               int64_t *offset) {
  appendJsonString(header, tensor->name);
  appendFormat(header, ":{\"dtype\":\"%s\",\"shape\":[",
               nameOfDtype(tensor->array.dtype));
  for (int32_t i = 0; i < tensor->array.rank; ++i)
    appendFormat(header, "%s%lld", i ? "," : "",
                 (long long)tensor->array.extents[i]);
  int64_t end = *offset + tensor->array.count * dtypeBytes(tensor->array.dtype);
  appendFormat(header, "],\"data_offsets\":[%lld,%lld]}", (long long)*offset,
               (long long)end);
  *offset = end;
}

void writeSafetensors(struct OutputFile *output,
                      const struct MetadataPair *metadata,
                      int64_t metadataCount, const struct Tensor *tensors,
                      int64_t tensorCount) {
  struct Text header = {0};
  int64_t offset = 0;
  appendText(&header, "{\"__metadata__\":{");
  for (int64_t i = 0; i < metadataCount; ++i) {
    appendText(&header, i ? "," : "");
    appendJsonString(&header, metadata[i].key);
    appendText(&header, ":");
    appendJsonString(&header, metadata[i].value);
  }
  appendText(&header, "}");
  for (int32_t bytes = 8; bytes; bytes /= 2)
    for (int64_t i = 0; i < tensorCount; ++i)
      if (dtypeBytes(tensors[i].array.dtype) == bytes) {
        appendText(&header, ",");
        appendTensorHeader(&header, &tensors[i], &offset);
      }
  appendText(&header, "}");
  while ((8 + header.length) % 64)
    appendText(&header, " ");
  unsigned char length[8];
  for (int i = 0; i < 8; ++i)
    length[i] = (unsigned char)(header.length >> 8 * i);
  writeOutput(output, length, sizeof length);
  writeOutput(output, header.data, header.length);
  for (int32_t bytes = 8; bytes; bytes /= 2)
    for (int64_t i = 0; i < tensorCount; ++i)
      if (dtypeBytes(tensors[i].array.dtype) == bytes)
        writeOutput(output, tensors[i].array.data,
                    tensors[i].array.count * bytes);
  freeText(&header);
}
