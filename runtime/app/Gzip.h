/* Gzip.h: compressed files (RFC 1952). */
#ifndef MODELC_RUNTIME_APP_GZIP_H
#define MODELC_RUNTIME_APP_GZIP_H

#include "runtime/app/File.h"

int isGzip(const char *data, int64_t size);

/* Replaces the content by what it is the compression of; fails if it is cut
 * short or damaged. */
void decompressFile(struct FileContent *file);

#endif
