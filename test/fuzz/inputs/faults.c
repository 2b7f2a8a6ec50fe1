/* faults.c: makes calls of the C library fail, to be linked with
 * `-Wl,--wrap=NAME` for each name below.
 *
 * FAULT="NAME N ERROR MANY": the call number N of NAME, and MANY - 1 after it,
 * fail with the number of the error; 0 cuts a write short, -1 kills the program
 * before the call. COUNTS=FILE gets the number of calls of each name. What goes
 * to standard error is spared, so that messages can be seen. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum Call {
  Open,
  Close,
  Read,
  Write,
  Fsync,
  Ftruncate,
  Rename,
  Unlink,
  Mmap,
  Malloc,
  Realloc,
  AlignedAlloc,
  CallCount
};
static const char *const names[CallCount] = {
    "open",   "close",  "read", "write",  "fsync",   "ftruncate",
    "rename", "unlink", "mmap", "malloc", "realloc", "aligned_alloc"};
static long counts[CallCount];
static enum Call faulty = CallCount;
static long first, many;
static int problem, isRunning;

static void readFault(void) {
  const char *text = getenv("FAULT");
  char name[32];
  if (!text ||
      sscanf(text, "%31s %ld %d %ld", name, &first, &problem, &many) != 4)
    return;
  for (int i = 0; i < CallCount; ++i)
    if (!strcmp(name, names[i]))
      faulty = (enum Call)i;
}

/* What the C library does before the program is not counted. */
int __real_main(int argumentCount, char **arguments);
int __wrap_main(int argumentCount, char **arguments);
int __wrap_main(int argumentCount, char **arguments) {
  readFault();
  isRunning = 1;
  return __real_main(argumentCount, arguments);
}

/* Whether this call fails; errno says with what. */
static int fails(enum Call call) {
  long number = counts[call] += isRunning;
  if (call != faulty || number < first || number >= first + many)
    return 0;
  if (problem < 0)
    kill(getpid(), SIGKILL);
  errno = problem;
  return 1;
}

int __real_open(const char *path, int flags, ...);
ssize_t __real_write(int descriptor, const void *data, size_t size);

int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  int mode = flags & O_CREAT ? va_arg(arguments, int) : 0;
  va_end(arguments);
  return fails(Open) ? -1 : __real_open(path, flags, mode);
}

/* A close that fails has closed: the descriptor is gone. */
int __real_close(int descriptor);
int __wrap_close(int descriptor);
int __wrap_close(int descriptor) {
  int isFault = fails(Close), saved = errno, result = __real_close(descriptor);
  if (!isFault)
    return result;
  errno = saved;
  return -1;
}

ssize_t __wrap_write(int descriptor, const void *data, size_t size);
ssize_t __wrap_write(int descriptor, const void *data, size_t size) {
  if (descriptor == STDERR_FILENO || !fails(Write))
    return __real_write(descriptor, data, size);
  return problem ? -1 : __real_write(descriptor, data, (size + 1) / 2);
}

#define WRAP(type, call, name, parameters, arguments, failure)                 \
  type __real_##name parameters;                                               \
  type __wrap_##name parameters;                                               \
  type __wrap_##name parameters {                                              \
    return fails(call) ? failure : __real_##name arguments;                    \
  }
WRAP(ssize_t, Read, read, (int descriptor, void *data, size_t size),
     (descriptor, data, size), -1)
WRAP(int, Fsync, fsync, (int descriptor), (descriptor), -1)
WRAP(int, Ftruncate, ftruncate, (int descriptor, off_t size),
     (descriptor, size), -1)
WRAP(int, Rename, rename, (const char *from, const char *to), (from, to), -1)
WRAP(int, Unlink, unlink, (const char *path), (path), -1)
WRAP(void *, Mmap, mmap,
     (void *at, size_t size, int rights, int flags, int file, off_t from),
     (at, size, rights, flags, file, from), (void *)-1)
WRAP(void *, Malloc, malloc, (size_t size), (size), 0)
WRAP(void *, Realloc, realloc, (void *memory, size_t size), (memory, size), 0)
WRAP(void *, AlignedAlloc, aligned_alloc, (size_t alignment, size_t size),
     (alignment, size), 0)

__attribute__((destructor)) static void writeCounts(void) {
  const char *path = getenv("COUNTS");
  isRunning = 0;
  int descriptor = path ? __real_open(path, O_WRONLY | O_CREAT, 0666) : -1;
  char line[64];
  for (int i = 0; descriptor >= 0 && i < CallCount; ++i) {
    int length = snprintf(line, sizeof line, "%s %ld\n", names[i], counts[i]);
    if (__real_write(descriptor, line, (size_t)length) != length)
      abort();
  }
}
