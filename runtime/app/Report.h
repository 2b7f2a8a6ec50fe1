/* Report.h: how the program ends with an error: one clear message, nothing half
 * written. */
#ifndef MODELC_RUNTIME_APP_REPORT_H
#define MODELC_RUNTIME_APP_REPORT_H

#include <stdint.h>

/* Exit codes: 1 is the user's mistake, 2 is ours. */
enum ExitCode { ExitSuccess = 0, ExitUser = 1, ExitInternal = 2 };

/* A place in a text file, counted from 1; a line of 0 means the file as a
 * whole. */
struct Place {
  const char *file;
  int64_t line, column;
};

/* Print `error: ...` on standard error, remove temporary files and exit. */
__attribute__((format(printf, 1, 2))) _Noreturn void
failUser(const char *format, ...);
__attribute__((format(printf, 1, 2))) _Noreturn void
failInternal(const char *format, ...);
/* The same with a place before it: `a.csv:3:5: error: ...`. */
__attribute__((format(printf, 2, 3))) _Noreturn void
failAt(struct Place place, const char *format, ...);
/* Prints a note on standard error and goes on. */
__attribute__((format(printf, 1, 2))) void warn(const char *format, ...);
/* Prints what the program says at a place on standard error. */
__attribute__((format(printf, 2, 3))) void sayAt(struct Place place,
                                                 const char *format, ...);

/* Ends as a program does whose reader has gone: by SIGPIPE, without a word.
 * Temporary files are removed. */
_Noreturn void leaveByPipe(void);

/* A file that an exit by failure removes, until it is released. */
void addTemporaryFile(const char *path);
void releaseTemporaryFile(const char *path);
/* Whether the terminal's line is unfinished, so that a message begins on a new
 * one. */
void setLineOpen(int isOpen);

/* The one of `names` that `name` is most likely a slip of, or null if none is
 * close. */
const char *closestName(const char *name, const char *const *names,
                        int64_t count);

/* `; did you mean `x`?` for the closest name, or an empty text. Valid until the
 * next call. */
const char *didYouMean(const char *name, const char *const *names,
                       int64_t count);

/* Zeroed memory of `count` times `size` bytes, aligned for arrays of the
 * boundary; fails if there is none. */
void *allocate(int64_t count, int64_t size);

#endif
