/* Idx.h: the format of the MNIST files: one array. */
#ifndef MODELC_RUNTIME_APP_IDX_H
#define MODELC_RUNTIME_APP_IDX_H

#include "runtime/app/Array.h"
#include "runtime/app/File.h"

/* The array of an idx file. Its data is memory of its own, in this machine's
 * byte order, or, of single bytes, lies in the file, which `isView` says. Fails
 * if the file is none or its size is not what its header says. */
struct Array readIdx(const struct FileContent *file, int *isView);

#endif
