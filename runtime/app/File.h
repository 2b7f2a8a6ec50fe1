/* File.h: reading whole files and writing them so that they are never half
 * written. */
#ifndef MODELC_RUNTIME_APP_FILE_H
#define MODELC_RUNTIME_APP_FILE_H

#include <stdint.h>

/* A file in memory. `data` has a NUL after its last byte if it was read. */
struct FileContent {
  const char *path; /* as messages show it */
  char *data;
  int64_t size;
  int isMapped;
};

/* Reads a file, or standard input for `-`; fails if it cannot. What is
 * compressed by gzip is decompressed. */
struct FileContent readFile(const char *path);
/* The same, but the file's pages are read only as they are used, where that is
 * possible. */
struct FileContent mapFile(const char *path);
void freeFile(struct FileContent *file);

/* A file that appears at `path` only when it is complete. `-` is standard
 * output. */
struct OutputFile {
  const char *path;
  char *target;    /* what is replaced: `path` with links resolved */
  char *temporary; /* in the target's folder; null where the target is written
                      directly */
  int descriptor;
  int isTolerant; /* an error is remembered instead of ending the program */
  int problem;    /* 0, or the number of the first error */
};

/* Whether a file is or would be at `path`: no stream, device, pipe or folder.
 */
int isFilePath(const char *path);
/* Whether two paths lead to the same file, which need not be there yet. */
int isSameFile(const char *one, const char *other);

/* Fails at once if a file could not be made at `path`, so that long work is not
 * in vain. */
void checkOutputPath(const char *path);
void openOutput(struct OutputFile *output, const char *path);
/* The same for a file that is only useful: errors go to `problem`, and then
 * commitOutput leaves nothing behind. */
void openTolerantOutput(struct OutputFile *output, const char *path);
void writeOutput(struct OutputFile *output, const void *data, int64_t size);
/* Makes what was written permanent and visible. The number of the error of a
 * tolerant output, else 0. */
int commitOutput(struct OutputFile *output);
/* Removes what a process that was killed left of writing `path`. */
void removeStaleOutput(const char *path);

#endif
