/* faulty.c: two readers as they must not be, linked in place of the real ones:
 * one reads behind the content of its file, one ends the program without a
 * word. */
#include <stdlib.h>

#include "runtime/app/Idx.h"
#include "runtime/app/Npy.h"

struct Array __real_readNpy(const struct FileContent *file);
struct Array __wrap_readNpy(const struct FileContent *file);
struct Array __wrap_readIdx(const struct FileContent *file, int *isView);

struct Array __wrap_readNpy(const struct FileContent *file) {
  /* There is a NUL behind the content, and room for one byte more. */
  volatile char behind = file->data[file->size + 2];
  (void)behind;
  return __real_readNpy(file);
}

struct Array __wrap_readIdx(const struct FileContent *file, int *isView) {
  (void)file;
  (void)isView;
  exit(1);
}
