/* File.h: reading whole files and writing them so that they are never half
 * written. */
#ifndef MODELC_RUNTIME_APP_FILE_H
#define MODELC_RUNTIME_APP_FILE_H

#include <stdint.h>

/* A file in memory. `data` has a NUL after its last byte. */
struct FileContent {
  const char *path; /* as messages show it */
  char *data;
  int64_t size;
};

/* Reads a file, or standard input for `-`; fails if it cannot. */
struct FileContent readFile(const char *path);
void freeFile(struct FileContent *file);

/* A file that appears at `path` only when it is complete. `-` is standard
 * output. */
struct OutputFile {
  const char *path;
  char *target;    /* what is replaced: `path` with links resolved */
  char *temporary; /* in the target's folder; null where the target is written
                      directly */
  int descriptor;
};

/* Fails at once if a file could not be made at `path`, so that long work is not
 * in vain. */
void checkOutputPath(const char *path);
void openOutput(struct OutputFile *output, const char *path);
void writeOutput(struct OutputFile *output, const void *data, int64_t size);
/* Makes what was written permanent and visible. */
void commitOutput(struct OutputFile *output);

#endif
