/* Idx.c: the format of the MNIST files (yann.lecun.com/exdb/mnist): two zero
 * bytes, the element type, the number of dimensions, these as big-endian 32-bit
 * integers, then the elements, big-endian too. */
#include "runtime/app/Idx.h"

#include <stdlib.h>

#include "runtime/app/Report.h"
#include "runtime/core/Dtype.h"

static int32_t dtypeOfCode(int code) {
  switch (code) {
  case 0x08:
    return MODELC_U8;
  case 0x09:
    return MODELC_I8;
  case 0x0b:
    return FileI16;
  case 0x0c:
    return MODELC_I32;
  case 0x0d:
    return MODELC_F32;
  case 0x0e:
    return MODELC_F64;
  }
  return 0;
}

static void swapBytes(char *to, const char *from, int64_t count, int bytes) {
  for (int64_t i = 0; i < count; ++i)
    for (int j = 0; j < bytes; ++j)
      to[i * bytes + j] = from[i * bytes + bytes - 1 - j];
}

struct Array readIdx(const struct FileContent *file, int *isView) {
  const unsigned char *bytes = (const unsigned char *)file->data;
  struct Place place = {file->path, 0, 0};
  struct Array array = {0};
  if (file->size < 4)
    failAt(place, "the idx file is cut short");
  array.dtype = dtypeOfCode(bytes[2]);
  array.rank = bytes[3];
  if (bytes[0] || bytes[1] || !array.dtype || !array.rank ||
      array.rank > MaximumRank)
    failAt(place,
           "the file begins with %02x%02x%02x%02x, the mark of an idx file, "
           "such as 00000803, is wanted",
           bytes[0], bytes[1], bytes[2], bytes[3]);
  int64_t start = 4 + 4 * array.rank;
  if (file->size < start)
    failAt(place, "the idx file is cut short");
  for (int32_t i = 0; i < array.rank; ++i) {
    const unsigned char *extent = bytes + 4 + 4 * i;
    array.extents[i] =
        (int64_t)extent[0] << 24 | extent[1] << 16 | extent[2] << 8 | extent[3];
  }
  if (!computeCount(&array))
    failAt(place, "the idx file has a shape that is too large");
  int32_t elementBytes = dtypeBytes(array.dtype);
  if (array.count * elementBytes != file->size - start)
    failAt(place,
           "the idx file has %lld bytes of elements, its shape %s wants %lld",
           (long long)(file->size - start),
           shapeText(array.extents, array.rank),
           (long long)array.count * elementBytes);
  *isView = elementBytes == 1;
  if (*isView) {
    array.data = file->data + start;
    return array;
  }
  array.data = allocate(array.count, elementBytes);
  swapBytes(array.data, file->data + start, array.count, elementBytes);
  return array;
}
