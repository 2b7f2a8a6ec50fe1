/* File.c: reading whole files and writing them so that they are never half
 * written. */
#include "runtime/app/File.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/app/Gzip.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"

static int isStandardStream(const char *path) { return !strcmp(path, "-"); }

struct FileContent readFile(const char *path) {
  struct FileContent file = {.path = path};
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
  if (isGzip(file.data, file.size))
    decompressFile(&file);
  return file;
}

struct FileContent mapFile(const char *path) {
  struct stat status;
  struct FileContent file = {.path = path, .isMapped = 1};
  int descriptor =
      isStandardStream(path) ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  void *data = MAP_FAILED;
  if (descriptor >= 0) {
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size > 0)
      data = mmap(0, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor,
                  0);
    close(descriptor);
  }
  if (data == MAP_FAILED)
    return readFile(path);
  file.data = data;
  file.size = status.st_size;
  if (!isGzip(file.data, file.size))
    return file;
  freeFile(&file);
  return readFile(path);
}

void freeFile(struct FileContent *file) {
  if (file->isMapped)
    munmap(file->data, (size_t)file->size);
  else
    free(file->data);
  *file = (struct FileContent){0};
}

/* The folder that holds `path`, to be freed. */
static char *folderOf(const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash)
    return copyText(".");
  struct Text folder = {0};
  appendBytes(&folder, path, slash == path ? 1 : slash - path);
  return folder.data;
}

/* What a path leads to: links are followed, so that a rename replaces the file,
 * not the link. */
static char *resolvePath(const char *path) {
  char *resolved = realpath(path, 0);
  if (!resolved && errno == ENOMEM)
    failUser("not enough memory for the path `%s`", path);
  return resolved ? resolved : copyText(path);
}

int isFilePath(const char *path) {
  struct stat status;
  return !isStandardStream(path) &&
         (stat(path, &status) != 0 || S_ISREG(status.st_mode));
}

int isSameFile(const char *one, const char *other) {
  struct stat a, b;
  char *first = resolvePath(one), *second = resolvePath(other);
  int isSame = !strcmp(first, second);
  free(first);
  free(second);
  return isSame || (stat(one, &a) == 0 && stat(other, &b) == 0 &&
                    a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

static _Noreturn void failOutput(const char *path, int problem) {
  failUser("cannot write `%s`: %s", path, strerror(problem));
}

/* Beside `target`, with the number of this process, to be freed. */
static char *temporaryPath(const char *target) {
  struct Text path = {0};
  appendFormat(&path, "%s.%ld.tmp", target, (long)getpid());
  return path.data;
}

/* Writing nothing to a full device fails, as writing something would. */
static void checkDevice(const char *path, const char *target,
                        const struct stat *status) {
  if (access(target, W_OK) != 0)
    failOutput(path, errno);
  if (!S_ISCHR(status->st_mode))
    return;
  int descriptor = open(target, O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0 || write(descriptor, "", 0) < 0)
    failOutput(path, errno);
  close(descriptor);
}

/* Rights alone do not tell: the superuser has all of them, also on a file
 * system that cannot be written. */
static void checkFolder(const char *path, const char *target) {
  char *temporary = temporaryPath(target);
  unlink(temporary);
  int descriptor =
      open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0)
    failOutput(path, errno);
  close(descriptor);
  unlink(temporary);
  free(temporary);
}

void checkOutputPath(const char *path) {
  if (isStandardStream(path))
    return;
  char *target = resolvePath(path);
  struct stat status;
  int exists = stat(target, &status) == 0;
  if (exists && S_ISDIR(status.st_mode))
    failUser("cannot write `%s`: it is a folder", path);
  /* A device or a pipe is written directly; a file needs a new one beside it.
   */
  if (exists && !S_ISREG(status.st_mode))
    checkDevice(path, target, &status);
  else
    checkFolder(path, target);
  free(target);
}

/* Ends the program, or remembers the first error. */
static void noteProblem(struct OutputFile *output, int problem) {
  if (!output->isTolerant)
    failOutput(output->path, problem);
  if (!output->problem)
    output->problem = problem;
}

static void openFile(struct OutputFile *output) {
  struct stat status;
  int exists = stat(output->target, &status) == 0;
  if (exists && !S_ISREG(status.st_mode)) {
    output->descriptor = open(output->target, O_WRONLY | O_CLOEXEC);
  } else {
    output->temporary = temporaryPath(output->target);
    unlink(
        output->temporary); /* left by a process that had this number before */
    output->descriptor =
        open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
             exists ? status.st_mode & 0777 : 0666);
  }
  if (output->descriptor < 0)
    noteProblem(output, errno);
  else if (output->temporary)
    addTemporaryFile(output->temporary);
}

void openOutput(struct OutputFile *output, const char *path) {
  *output = (struct OutputFile){.path = path, .descriptor = STDOUT_FILENO};
  if (isStandardStream(path)) {
    output->path = "<standard output>";
    return;
  }
  checkOutputPath(path);
  output->target = resolvePath(path);
  openFile(output);
}

void openTolerantOutput(struct OutputFile *output, const char *path) {
  *output = (struct OutputFile){.path = path, .isTolerant = 1};
  output->target = resolvePath(path);
  openFile(output);
}

void writeOutput(struct OutputFile *output, const void *data, int64_t size) {
  if (output->problem)
    return;
  int problem = writeAll(output->descriptor, data, size);
  if (problem)
    noteProblem(output, problem);
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

int commitOutput(struct OutputFile *output) {
  /* Some file systems cannot synchronise, and say so. */
  if (output->temporary && !output->problem && fsync(output->descriptor) != 0 &&
      errno != EINVAL)
    noteProblem(output, errno);
  if (output->descriptor >= 0 && output->descriptor != STDOUT_FILENO &&
      close(output->descriptor) != 0)
    noteProblem(output, errno);
  if (output->temporary) {
    if (!output->problem && rename(output->temporary, output->target) != 0)
      noteProblem(output, errno);
    if (output->problem)
      unlink(output->temporary);
    else
      synchronizeFolder(output->target);
    releaseTemporaryFile(output->temporary);
  }
  int problem = output->problem;
  free(output->target);
  free(output->temporary);
  *output = (struct OutputFile){0};
  return problem;
}

/* Whether `name` is `base`, a number of no living process, and `.tmp`. */
static int isStale(const char *name, const char *base) {
  size_t length = strlen(base);
  char *end;
  if (strncmp(name, base, length) || name[length] != '.' ||
      name[length + 1] < '1' || name[length + 1] > '9')
    return 0;
  long process = strtol(name + length + 1, &end, 10);
  return !strcmp(end, ".tmp") && kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

void removeStaleOutput(const char *path) {
  char *target = resolvePath(path), *folder = folderOf(target);
  const char *slash = strrchr(target, '/');
  const char *base = slash ? slash + 1 : target;
  DIR *entries = opendir(folder);
  for (struct dirent *entry; entries && (entry = readdir(entries));)
    if (isStale(entry->d_name, base))
      unlinkat(dirfd(entries), entry->d_name, 0);
  if (entries)
    closedir(entries);
  free(folder);
  free(target);
}
