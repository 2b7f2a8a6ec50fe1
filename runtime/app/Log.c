/* Log.c: files that grow while training runs, and go on where a resumed run
 * goes on. */
#include "runtime/app/Log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/app/Report.h"

static _Noreturn void failLog(const struct Log *log, int problem) {
  failUser("cannot write `%s`: %s", log->path, strerror(problem));
}

static void openLog(struct Log *log, const char *path, int flags) {
  *log = (struct Log){.path = path, .descriptor = STDOUT_FILENO};
  if (!path || !strcmp(path, "-"))
    return;
  log->descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0666);
  if (log->descriptor < 0)
    failLog(log, errno);
}

void startLog(struct Log *log, const char *path) {
  openLog(log, path, O_TRUNC);
}

void continueLog(struct Log *log, const char *path, int64_t length) {
  struct stat status;
  openLog(log, path, 0);
  if (!path || fstat(log->descriptor, &status) != 0 ||
      !S_ISREG(status.st_mode) || log->descriptor == STDOUT_FILENO)
    return;
  if (status.st_size < length)
    failUser("`%s` has %lld bytes, it had %lld when the checkpoint was made",
             path, (long long)status.st_size, (long long)length);
  if (ftruncate(log->descriptor, length) != 0 ||
      lseek(log->descriptor, length, SEEK_SET) < 0)
    failLog(log, errno);
  log->length = length;
}

void writeLog(struct Log *log, int64_t least) {
  if (!log->path || log->buffer.length < least)
    return;
  int problem = writeAll(log->descriptor, log->buffer.data, log->buffer.length);
  if (problem)
    failLog(log, problem);
  log->length += log->buffer.length;
  log->buffer.length = 0;
}

void synchronizeLog(struct Log *log) {
  writeLog(log, 1);
  /* Pipes and devices cannot be made permanent, and say so. */
  if (log->path && fsync(log->descriptor) != 0 && errno != EINVAL &&
      errno != EROFS)
    failLog(log, errno);
}

void closeLog(struct Log *log) {
  if (!log->path)
    return;
  writeLog(log, 1);
  if (log->descriptor != STDOUT_FILENO && close(log->descriptor) != 0)
    failLog(log, errno);
  freeText(&log->buffer);
  *log = (struct Log){0};
}
