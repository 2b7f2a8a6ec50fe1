/* Npy.h: NumPy's format for one array. */
#ifndef MODELC_RUNTIME_APP_NPY_H
#define MODELC_RUNTIME_APP_NPY_H

#include "runtime/app/Array.h"
#include "runtime/app/File.h"
#include "runtime/app/Text.h"

int isNpy(const struct FileContent *file);

/* The array of an npy file (versions 1 to 3, little-endian). Its data is memory
 * of its own, in row-major order. Fails if the file is not one or is cut short.
 */
struct Array readNpy(const struct FileContent *file);
/* The same; where the file's order is row-major, which `isView` says, its data
 * lies in the file and need not be aligned. */
struct Array viewNpy(const struct FileContent *file, int *isView);

/* What stands before the elements in an npy file. */
void appendNpyHeader(struct Text *text, const struct Array *array);

#endif
