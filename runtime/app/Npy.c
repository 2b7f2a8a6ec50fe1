/* Npy.c: NumPy's format for one array
 * (numpy.org/doc/stable/reference/generated/numpy.lib.format). */
#include "runtime/app/Npy.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Report.h"
#include "runtime/core/Dtype.h"

static const char magic[] = "\x93NUMPY";

int isNpy(const struct FileContent *file) {
  return file->size >= 6 && !memcmp(file->data, magic, 6);
}

static _Noreturn void refuse(const struct FileContent *file,
                             const char *problem) {
  failAt((struct Place){file->path, 0, 0}, "the npy file %s", problem);
}

/* A cursor over the header, a Python dictionary such as
 * {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. */
struct Header {
  const struct FileContent *file;
  const char *next, *end;
};

static char peek(struct Header *header) {
  while (header->next < header->end &&
         (*header->next == ' ' || *header->next == '\n'))
    ++header->next;
  return header->next < header->end ? *header->next : 0;
}

static int accept(struct Header *header, char wanted) {
  if (peek(header) != wanted)
    return 0;
  ++header->next;
  return 1;
}

static void expect(struct Header *header, char wanted) {
  if (!accept(header, wanted))
    refuse(header->file, "has a malformed header");
}

/* A quoted text without escapes, into `text`. */
static void readQuoted(struct Header *header, char *text, int64_t capacity) {
  char quote = peek(header);
  if (quote == '[')
    refuse(header->file, "holds records, an array of numbers is wanted");
  if (quote != '\'' && quote != '"')
    refuse(header->file, "has a malformed header");
  const char *start = ++header->next;
  while (header->next < header->end && *header->next != quote)
    ++header->next;
  int64_t length = header->next - start;
  if (header->next == header->end || length >= capacity)
    refuse(header->file, "has a malformed header");
  ++header->next;
  memcpy(text, start, (size_t)length);
  text[length] = 0;
}

static int32_t parseDescription(const struct FileContent *file,
                                const char *text) {
  static const struct {
    const char *text;
    int32_t dtype;
  } known[] = {{"<f4", MODELC_F32}, {"<f8", MODELC_F64}, {"<f2", MODELC_F16},
               {"<i8", MODELC_I64}, {"<i4", MODELC_I32}, {"<i2", FileI16},
               {"|i1", MODELC_I8},  {"|u1", MODELC_U8},  {"|b1", MODELC_BOOL},
               {"<u2", FileU16},    {"<u4", FileU32},    {"<u8", FileU64}};
  for (unsigned i = 0; i < sizeof known / sizeof *known; ++i)
    if (!strcmp(text, known[i].text))
      return known[i].dtype;
  failAt((struct Place){file->path, 0, 0},
         "the npy file holds elements of type `%s`, a little-endian number is "
         "wanted",
         text);
}

static void parseShape(struct Header *header, struct Array *array) {
  expect(header, '(');
  while (!accept(header, ')')) {
    int64_t extent = 0;
    char c = peek(header);
    if (c < '0' || c > '9')
      refuse(header->file, "has a malformed shape");
    for (; header->next < header->end && *header->next >= '0' &&
           *header->next <= '9';
         ++header->next) {
      extent = modelcMultiply(extent, 10);
      if (extent < 0 ||
          __builtin_add_overflow(extent, *header->next - '0', &extent))
        refuse(header->file, "has a shape that is too large");
    }
    if (array->rank == MaximumRank)
      refuse(header->file, "has too many dimensions");
    array->extents[array->rank++] = extent;
    if (!accept(header, ',')) {
      expect(header, ')');
      break;
    }
  }
}

/* Returns whether the elements are in column-major order. */
static int parseHeader(struct Header *header, struct Array *array) {
  int isFortran = 0, seen = 0;
  expect(header, '{');
  while (!accept(header, '}')) {
    char key[32], description[64];
    readQuoted(header, key, sizeof key);
    expect(header, ':');
    if (!strcmp(key, "descr")) {
      readQuoted(header, description, sizeof description);
      array->dtype = parseDescription(header->file, description);
      seen |= 1;
    } else if (!strcmp(key, "fortran_order")) {
      isFortran = peek(header) == 'T';
      const char *word = isFortran ? "True" : "False";
      for (; *word; ++word)
        if (header->next == header->end || *header->next++ != *word)
          refuse(header->file, "has a malformed header");
      seen |= 2;
    } else if (!strcmp(key, "shape")) {
      array->rank = 0;
      parseShape(header, array);
      seen |= 4;
    } else {
      refuse(header->file, "has an unknown key in its header");
    }
    accept(header, ',');
  }
  if (seen != 7)
    refuse(header->file, "has a header without type, order or shape");
  return isFortran;
}

/* Copies elements in column-major order to row-major order. */
static void transposeCopy(const struct Array *array, const char *source) {
  int32_t bytes = dtypeBytes(array->dtype);
  int64_t index[MaximumRank] = {0}, strides[MaximumRank], stride = 1;
  for (int32_t i = 0; i < array->rank; ++i) {
    strides[i] = stride;
    stride *= array->extents[i];
  }
  for (int64_t element = 0; element < array->count; ++element) {
    int64_t offset = 0;
    for (int32_t i = 0; i < array->rank; ++i)
      offset += index[i] * strides[i];
    memcpy((char *)array->data + element * bytes, source + offset * bytes,
           (size_t)bytes);
    for (int32_t i = array->rank - 1; i >= 0 && ++index[i] == array->extents[i];
         --i)
      index[i] = 0;
  }
}

struct Array viewNpy(const struct FileContent *file, int *isView) {
  if (!isNpy(file))
    refuse(file, "does not begin with NumPy's mark");
  if (file->size < 12)
    refuse(file, "is cut short");
  const unsigned char *bytes = (const unsigned char *)file->data;
  if (bytes[6] < 1 || bytes[6] > 3)
    refuse(file, "has an unknown version");
  int64_t start = bytes[6] == 1 ? 10 : 12;
  int64_t length = bytes[8] | bytes[9] << 8;
  if (bytes[6] > 1)
    length |= (int64_t)bytes[10] << 16 | (int64_t)bytes[11] << 24;
  if (length > file->size - start)
    refuse(file, "is cut short");
  struct Array array = {0};
  struct Header header = {file, file->data + start,
                          file->data + start + length};
  int isFortran = parseHeader(&header, &array);
  int64_t available = file->size - start - length;
  if (!computeCount(&array))
    refuse(file, "has a shape that is too large");
  if (array.count * dtypeBytes(array.dtype) != available)
    failAt((struct Place){file->path, 0, 0},
           "the npy file has %lld bytes of elements, its shape %s wants %lld",
           (long long)available, shapeText(array.extents, array.rank),
           (long long)array.count * dtypeBytes(array.dtype));
  *isView = !isFortran;
  array.data = file->data + start + length;
  if (isFortran) {
    array.data = allocate(array.count, dtypeBytes(array.dtype));
    transposeCopy(&array, file->data + start + length);
  }
  return array;
}

struct Array readNpy(const struct FileContent *file) {
  int isView;
  struct Array array = viewNpy(file, &isView);
  if (!isView)
    return array;
  struct Array copy = array;
  copy.data = allocate(array.count, dtypeBytes(array.dtype));
  if (array.count)
    memcpy(copy.data, array.data,
           (size_t)(array.count * dtypeBytes(array.dtype)));
  return copy;
}

void appendNpyHeader(struct Text *text, const struct Array *array) {
  static const char *const descriptions[] = {
      [MODELC_F32] = "<f4",  [MODELC_F64] = "<f8", [MODELC_I64] = "<i8",
      [MODELC_I32] = "<i4",  [MODELC_I8] = "|i1",  [MODELC_U8] = "|u1",
      [MODELC_BOOL] = "|b1", [MODELC_F16] = "<f2", [MODELC_BF16] = "<u2"};
  struct Text header = {0};
  appendFormat(&header, "{'descr': '%s', 'fortran_order': False, 'shape': (",
               descriptions[array->dtype]);
  for (int32_t i = 0; i < array->rank; ++i)
    appendFormat(&header, "%lld,%s", (long long)array->extents[i],
                 i + 1 < array->rank ? " " : "");
  appendText(&header, "), }");
  /* The elements begin at a multiple of 64; the header ends with a newline. */
  while ((10 + header.length + 1) % 64)
    appendText(&header, " ");
  appendText(&header, "\n");
  unsigned char start[10] = {0x93,
                             'N',
                             'U',
                             'M',
                             'P',
                             'Y',
                             1,
                             0,
                             (unsigned char)(header.length & 0xff),
                             (unsigned char)(header.length >> 8)};
  appendBytes(text, start, sizeof start);
  appendBytes(text, header.data, header.length);
  freeText(&header);
}
