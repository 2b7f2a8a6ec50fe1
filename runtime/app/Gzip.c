/* Gzip.c: compressed files, whole in memory, by zlib. */
#include "runtime/app/Gzip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "runtime/app/Report.h"

/* More than any compressed bytes can stand for would be a damaged length. */
static const int64_t piece = 1 << 20;

int isGzip(const char *data, int64_t size) {
  return size >= 2 && (unsigned char)data[0] == 0x1f &&
         (unsigned char)data[1] == 0x8b;
}

/* Room for `piece` bytes more and a NUL. */
static char *growContent(char *data, int64_t size, int64_t *capacity,
                         const char *path) {
  if (size + piece + 1 <= *capacity)
    return data;
  *capacity = *capacity * 2 + piece + 1;
  char *grown = realloc(data, (size_t)*capacity);
  if (!grown)
    failUser("not enough memory to read `%s`", path);
  return grown;
}

void decompressFile(struct FileContent *file) {
  z_stream stream = {0};
  char *data = 0;
  int64_t size = 0, capacity = 0, consumed = 0;
  int state = Z_OK;
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
    failUser("not enough memory to read `%s`", file->path);
  /* A file may consist of several members, one behind the other. */
  while (consumed < file->size || state == Z_OK) {
    data = growContent(data, size, &capacity, file->path);
    int64_t left = file->size - consumed;
    stream.next_in = (unsigned char *)file->data + consumed;
    stream.avail_in = (unsigned)(left < 1 << 30 ? left : 1 << 30);
    stream.next_out = (unsigned char *)data + size;
    stream.avail_out = (unsigned)piece;
    unsigned before = stream.avail_in;
    state = inflate(&stream, Z_NO_FLUSH);
    consumed += before - stream.avail_in;
    size += piece - stream.avail_out;
    if (state == Z_BUF_ERROR || (state == Z_OK && consumed == file->size &&
                                 stream.avail_out == (unsigned)piece))
      failAt((struct Place){file->path, 0, 0},
             "the compressed file is cut short");
    if (state == Z_MEM_ERROR)
      failUser("not enough memory to read `%s`", file->path);
    if (state != Z_OK && state != Z_STREAM_END)
      failAt((struct Place){file->path, 0, 0},
             "the compressed file is damaged at byte %lld%s%s",
             (long long)consumed, stream.msg ? ": " : "",
             stream.msg ? stream.msg : "");
    if (state == Z_STREAM_END && consumed < file->size &&
        inflateReset(&stream) == Z_OK)
      state = Z_OK;
  }
  inflateEnd(&stream);
  data[size] = 0;
  struct FileContent content = {file->path, data, size, 0};
  freeFile(file);
  *file = content;
}
