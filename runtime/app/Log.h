/* Log.h: files that grow while training runs, and go on where a resumed run
 * goes on. */
#ifndef MODELC_RUNTIME_APP_LOG_H
#define MODELC_RUNTIME_APP_LOG_H

#include "runtime/app/Text.h"

struct Log {
  const char *path; /* null: there is no log */
  int descriptor;
  int64_t length;     /* bytes that are in the file */
  struct Text buffer; /* what is not yet */
};

/* Begins a file anew; `path` may be null. `-` is standard output. */
void startLog(struct Log *log, const char *path);
/* Goes on with a file that had `length` bytes when the checkpoint was made;
 * what was written after it goes. Fails if the file is shorter. */
void continueLog(struct Log *log, const char *path, int64_t length);
/* Writes what was appended to `buffer` if it is at least so much. */
void writeLog(struct Log *log, int64_t least);
/* The same for all, and makes it permanent. */
void synchronizeLog(struct Log *log);
void closeLog(struct Log *log);

#endif
