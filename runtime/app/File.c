/* File.c: reading whole files and writing them so that they are never half
 * written. */
#include "runtime/app/File.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/app/Report.h"
#include "runtime/app/Text.h"

static int isStandardStream(const char *path) { return !strcmp(path, "-"); }

struct FileContent readFile(const char *path) {
  struct FileContent file = {path, 0, 0};
  int descriptor = STDIN_FILENO;
  int64_t capacity = 1 << 16;
  if (isStandardStream(path)) {
    file.path = "<standard input>";
  } else {
    struct stat status;
    descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
      failUser("cannot read `%s`: %s", path, strerror(errno));
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
      capacity = status.st_size + 2;
  }
  for (;;) {
    /* Room for the NUL and for one byte more, which tells the end from a full
     * buffer. */
    if (!file.data || file.size + 2 > capacity) {
      if (file.data)
        capacity *= 2;
      char *grown = realloc(file.data, (size_t)capacity);
      if (!grown)
        failUser("not enough memory to read `%s`", file.path);
      file.data = grown;
    }
    ssize_t count = read(descriptor, file.data + file.size,
                         (size_t)(capacity - file.size - 1));
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      failUser("cannot read `%s`: %s", file.path, strerror(errno));
    if (count == 0)
      break;
    file.size += count;
  }
  file.data[file.size] = 0;
  if (descriptor != STDIN_FILENO)
    close(descriptor);
  return file;
}

void freeFile(struct FileContent *file) {
  free(file->data);
  *file = (struct FileContent){0};
}

static char *copyText(const char *text, const char *suffix) {
  struct Text copy = {0};
  appendText(&copy, text);
  appendText(&copy, suffix);
  return copy.data;
}

/* The folder that holds `path`, to be freed. */
static char *folderOf(const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash)
    return copyText(".", "");
  struct Text folder = {0};
  appendBytes(&folder, path, slash == path ? 1 : slash - path);
  return folder.data;
}

/* What a path leads to: links are followed, so that a rename replaces the file,
 * not the link. */
static char *resolvePath(const char *path) {
  char *resolved = realpath(path, 0);
  return resolved ? resolved : copyText(path, "");
}

void checkOutputPath(const char *path) {
  if (isStandardStream(path))
    return;
  char *target = resolvePath(path);
  struct stat status;
  int exists = stat(target, &status) == 0;
  if (exists && S_ISDIR(status.st_mode))
    failUser("cannot write `%s`: it is a folder", path);
  char *folder = folderOf(target);
  /* A device or a pipe is written directly; a file needs a new one beside it.
   */
  const char *needed = exists && !S_ISREG(status.st_mode) ? target : folder;
  if (access(needed, W_OK) != 0)
    failUser("cannot write `%s`: %s", path, strerror(errno));
  free(folder);
  free(target);
}

void openOutput(struct OutputFile *output, const char *path) {
  *output = (struct OutputFile){path, 0, 0, STDOUT_FILENO};
  if (isStandardStream(path)) {
    output->path = "<standard output>";
    return;
  }
  checkOutputPath(path);
  output->target = resolvePath(path);
  struct stat status;
  int exists = stat(output->target, &status) == 0;
  if (exists && !S_ISREG(status.st_mode)) {
    output->descriptor = open(output->target, O_WRONLY | O_CLOEXEC);
  } else {
    char suffix[32];
    snprintf(suffix, sizeof suffix, ".%ld.tmp", (long)getpid());
    output->temporary = copyText(output->target, suffix);
    unlink(
        output->temporary); /* left by a process that had this number before */
    output->descriptor =
        open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
             exists ? status.st_mode & 0777 : 0666);
  }
  if (output->descriptor < 0)
    failUser("cannot write `%s`: %s", path, strerror(errno));
  if (output->temporary)
    addTemporaryFile(output->temporary);
}

void writeOutput(struct OutputFile *output, const void *data, int64_t size) {
  int problem = writeAll(output->descriptor, data, size);
  if (problem)
    failUser("cannot write `%s`: %s", output->path, strerror(problem));
}

/* A rename survives a crash once its folder is on disk; some file systems
 * cannot do that. */
static void synchronizeFolder(const char *path) {
  char *folder = folderOf(path);
  int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0) {
    fsync(descriptor);
    close(descriptor);
  }
  free(folder);
}

void commitOutput(struct OutputFile *output) {
  if (output->temporary) {
    if (fsync(output->descriptor) != 0 && errno != EINVAL)
      failUser("cannot write `%s`: %s", output->path, strerror(errno));
    if (rename(output->temporary, output->target) != 0)
      failUser("cannot write `%s`: %s", output->path, strerror(errno));
    releaseTemporaryFile(output->temporary);
    synchronizeFolder(output->target);
  }
  if (output->descriptor != STDOUT_FILENO && close(output->descriptor) != 0)
    failUser("cannot write `%s`: %s", output->path, strerror(errno));
  free(output->target);
  free(output->temporary);
  *output = (struct OutputFile){0};
}
