// readers.c: libFuzzer's way into the readers of data: the first byte of an input says the format, the others are a file.
// By hand, for longer, with the preset `fuzz`:
//   python3 test/fuzz/seeds.py /tmp/seeds && mkdir /tmp/files
//   build-fuzz/bin/modelc-fuzz-readers -timeout=10 -rss_limit_mb=1024 -max_total_time=600 /tmp/files /tmp/seeds
// REQUIRES: sanitized-runtime
// RUN: rm -rf %t && mkdir %t && cd %t && %python %S/seeds.py seeds
// RUN: %clang %sanitized-flags -fsanitize=fuzzer %s %sanitized-libraries -Wl,--wrap=exit,--wrap=writeAll,--wrap=excerpt,--wrap=appendFormat -lm -o readers
// RUN: ./readers -runs=30000 -seed=1 -timeout=10 seeds > log 2>&1
//
// It sees a reader that reads behind the content of its file, and one that ends without a word.
// RUN: %clang %sanitized-flags -fsanitize=fuzzer %s %S/inputs/faulty.c %sanitized-libraries -Wl,--wrap=exit,--wrap=writeAll,--wrap=excerpt,--wrap=appendFormat -Wl,--wrap=readNpy,--wrap=readIdx -lm -o faulty
// RUN: not ./faulty seeds/npy.0 2>&1 | FileCheck %s --check-prefix=BEHIND
// BEHIND: heap-buffer-overflow
// RUN: not ./faulty seeds/idx.0 2>&1 | FileCheck %s --check-prefix=SILENT
// SILENT: a reader ends with exit code 1 after 0 messages
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/app/Gzip.h"
#include "runtime/app/Idx.h"
#include "runtime/app/JsonRows.h"
#include "runtime/app/Npy.h"
#include "runtime/app/Report.h"
#include "runtime/app/Safetensors.h"
#include "runtime/app/Source.h"
#include "runtime/app/Text.h"

const struct modelc_program modelc_program_descriptor;

//===----------------------------------------------------------------------===//
// The way back: failing ends a program, and here only the reader
//===----------------------------------------------------------------------===//

static const char path[] = "fuzzed.file";
static jmp_buf way;
/* Compilers know that no allocation looks at variables; ours do. */
static volatile int isReading;
static int messages;
/* What a reader has allocated and not freed. */
static const void **blocks;
static size_t blockCount, blockCapacity;

int __sanitizer_install_malloc_and_free_hooks(
    void (*allocated)(const volatile void *, size_t),
    void (*freed)(const volatile void *));

static void keepBlock(const volatile void *block, size_t size) {
  (void)size;
  if (!isReading)
    return;
  if (blockCount == blockCapacity) {
    isReading = 0;
    blockCapacity = 2 * blockCapacity + 64;
    blocks = realloc(blocks, blockCapacity * sizeof *blocks);
    isReading = 1;
    if (!blocks)
      abort();
  }
  blocks[blockCount++] = (const void *)block;
}

static void dropBlock(const volatile void *block) {
  for (size_t i = blockCount; isReading && i--;)
    if (blocks[i] == block) {
      blocks[i] = blocks[--blockCount];
      return;
    }
}

static void freeBlocks(void) {
  isReading = 0;
  while (blockCount)
    free((void *)blocks[--blockCount]);
}

/* Parts of messages live on in static texts, which are not freed. */
const char *__real_excerpt(const char *text, int64_t length);
const char *__wrap_excerpt(const char *text, int64_t length);
void __wrap_appendFormat(struct Text *text, const char *format, ...);

const char *__wrap_excerpt(const char *text, int64_t length) {
  int wasReading = isReading;
  isReading = 0;
  const char *shown = __real_excerpt(text, length);
  isReading = wasReading;
  return shown;
}

void __wrap_appendFormat(struct Text *text, const char *format, ...) {
  extern char __data_start[], _end[];
  int wasReading = isReading;
  va_list arguments;
  va_start(arguments, format);
  if ((char *)text >= __data_start && (char *)text < _end)
    isReading = 0;
  appendFormatList(text, format, arguments);
  isReading = wasReading;
  va_end(arguments);
}

_Noreturn void __real_exit(int code);
_Noreturn void __wrap_exit(int code);
int __wrap_writeAll(int descriptor, const void *data, int64_t size);

void __wrap_exit(int code) {
  if (!isReading)
    __real_exit(code);
  isReading = 0;
  if (code != ExitUser || messages != 1) {
    fprintf(stderr, "a reader ends with exit code %d after %d messages\n", code,
            messages);
    abort();
  }
  longjmp(way, 1);
}

/* Messages are counted and not shown. */
int __wrap_writeAll(int descriptor, const void *data, int64_t size) {
  static const char warning[] = "warning: ";
  (void)descriptor;
  if (size >= (int64_t)sizeof warning &&
      !memcmp(data, warning, sizeof warning - 1))
    return 0;
  if (!memmem(data, (size_t)size, path, sizeof path - 1))
    abort(); /* it does not name the file */
  ++messages;
  return 0;
}

//===----------------------------------------------------------------------===//
// The readers
//===----------------------------------------------------------------------===//

/* Where a size is too large, reading what it counts is found. */
static void readBytes(const void *data, int64_t size) {
  static volatile unsigned char sum;
  for (int64_t i = 0; i < size; ++i)
    sum ^= ((const unsigned char *)data)[i];
}

static void readRows(struct Rows *rows, int64_t count) {
  readBytes(rows->data, count * rows->bytes);
  freeRows(rows);
}

static void readArray(const struct Array *array) {
  readBytes(array->data, array->count * dtypeBytes(array->dtype));
}

static void readTable(struct FileContent *file) {
  struct Rows rows;
  int64_t count = readCsvTable(file, &rows);
  readRows(&rows, count);
  freeFile(file);
}

/* Numbers, texts, labels, values that may be missing or drop their rows. */
static void readFields(struct FileContent *file) {
  static const char *const names[] = {"age", "job", "pay", "?"};
  static const struct modelc_part parts[] = {
      {MODELC_COLUMNS_NAMED, .name_count = 1, .names = &names[0],
       .missing = MODELC_KEEP, .strip = ""},
      {MODELC_COLUMNS_NAMED, .name_count = 1, .names = &names[1],
       .kind = MODELC_CATEGORIES, .missing = MODELC_LAST, .classes = 4,
       .strip = "."},
      {MODELC_COLUMNS_NAMED, .name_count = 1, .names = &names[2],
       .missing = MODELC_DROP, .strip = ""}};
  static const struct modelc_part label = {MODELC_COLUMNS_RANGE,
                                           .first = 2,
                                           .last = 3,
                                           .kind = MODELC_LABELS,
                                           .classes = 3,
                                           .vocabulary = -1,
                                           .strip = ""};
  static const struct modelc_field fields[] = {{.name = "x",
                                                .dtype = MODELC_F32,
                                                .rank = 2,
                                                .part_count = 3,
                                                .parts = parts},
                                               {.name = "y",
                                                .dtype = MODELC_I32,
                                                .rank = 1,
                                                .part_count = 1,
                                                .parts = &label}};
  struct Rows rows[2];
  struct Words words[1] = {{0}}; /* of `job` */
  struct CsvFormat format = formatOfData(0);
  format.missing = &names[3];
  format.missingCount = 1;
  int64_t count = readCsvFields(file, &format, fields, 2, rows, words);
  for (int i = 0; i < 2; ++i)
    readRows(&rows[i], count);
  freeWords(words);
  freeFile(file);
}

static void readJson(struct FileContent *file) {
  struct Rows rows;
  int64_t count = readJsonRows(file, "x", &rows);
  readRows(&rows, count);
  freeFile(file);
}

/* As inputs are read, and as data are. */
static void readNumbers(struct FileContent *file) {
  int isView;
  struct Array array = readNpy(file);
  readArray(&array);
  free(array.data);
  array = viewNpy(file, &isView);
  readArray(&array);
  if (!isView)
    free(array.data);
  freeFile(file);
}

static void readImages(struct FileContent *file) {
  int isView;
  struct Array array = readIdx(file, &isView);
  readArray(&array);
  if (!isView)
    free(array.data);
  freeFile(file);
}

static void readTensors(struct FileContent *file) {
  struct TensorFile tensors = readSafetensors(*file);
  for (int64_t i = 0; i < tensors.tensorCount; ++i)
    readArray(&tensors.tensors[i].array);
  findTensor(&tensors, "x");
  findMetadata(&tensors, "modelc.seed");
  freeTensorFile(&tensors);
}

static void readCompressed(struct FileContent *file) {
  if (isGzip(file->data, file->size))
    decompressFile(file);
  readBytes(file->data, file->size);
  freeFile(file);
}

/* By first bytes from `0`, see seeds.py. What is text has a NUL behind it. */
static const struct {
  void (*read)(struct FileContent *file);
  int isText;
} readers[] = {{readTable, 1},   {readFields, 1}, {readJson, 1},
               {readNumbers, 0}, {readImages, 0}, {readTensors, 0},
               {readCompressed, 0}};
enum { ReaderCount = sizeof readers / sizeof *readers };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static int isPrepared;
  if (!isPrepared)
    __sanitizer_install_malloc_and_free_hooks(keepBlock, dropBlock);
  isPrepared = 1;
  if (!size || *data < '0' || *data >= '0' + ReaderCount)
    return -1;
  int reader = *data - '0', isText = readers[reader].isText;
  struct FileContent file = {.path = path, .size = (int64_t)size - 1};
  messages = 0;
  isReading = 1;
  if (!setjmp(way)) {
    file.data = malloc(size - !isText);
    memcpy(file.data, data + 1, size - 1);
    if (isText)
      file.data[size - 1] = 0;
    readers[reader].read(&file);
    isReading = 0;
    if (blockCount)
      abort(); /* a reader that succeeds frees everything */
  }
  freeBlocks();
  return 0;
}
