/* Report.c: error messages, exit codes and suggestions. */
#include "runtime/app/Report.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/app/Text.h"
#include "runtime/core/Dtype.h"
#include "runtime/core/Memory.h"

/* The weights and a log of steps may be open at a time. */
enum { TemporaryCount = 4 };
static const char *temporaryFiles[TemporaryCount];
static int lineIsOpen;

static void replaceTemporaryFile(const char *old, const char *new) {
  for (int i = 0; i < TemporaryCount; ++i)
    if (temporaryFiles[i] == old) {
      temporaryFiles[i] = new;
      return;
    }
}

void addTemporaryFile(const char *path) { replaceTemporaryFile(0, path); }
void releaseTemporaryFile(const char *path) { replaceTemporaryFile(path, 0); }
void setLineOpen(int isOpen) { lineIsOpen = isOpen; }

static void printMessage(struct Place place, const char *kind,
                         const char *format, va_list arguments) {
  static const char noMemory[] = "error: not enough memory\n";
  static int isPrinting;
  struct Text text = {0};
  if (isPrinting) { /* there is none for the message either */
    writeAll(STDERR_FILENO, noMemory, sizeof noMemory - 1);
    return;
  }
  isPrinting = 1;
  if (lineIsOpen)
    appendText(&text, "\n");
  if (place.file) {
    appendFormat(&text, "%s:", place.file);
    if (place.line)
      appendFormat(&text, "%lld:%lld:", (long long)place.line,
                   (long long)place.column);
    appendText(&text, " ");
  }
  appendText(&text, kind);
  appendFormatList(&text, format, arguments);
  appendText(&text, "\n");
  writeAll(STDERR_FILENO, text.data, text.length);
  freeText(&text);
  isPrinting = 0;
  lineIsOpen = 0;
}

static void removeTemporaryFiles(void) {
  for (int i = 0; i < TemporaryCount; ++i)
    if (temporaryFiles[i])
      unlink(temporaryFiles[i]);
}

static _Noreturn void leave(enum ExitCode code) {
  removeTemporaryFiles();
  exit(code);
}

void leaveByPipe(void) {
  removeTemporaryFiles();
  signal(SIGPIPE, SIG_DFL);
  raise(SIGPIPE);
  _exit(128 + SIGPIPE); /* where the signal is blocked */
}

void failUser(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printMessage((struct Place){0}, "error: ", format, arguments);
  va_end(arguments);
  leave(ExitUser);
}

void failInternal(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printMessage((struct Place){0}, "internal error: ", format, arguments);
  va_end(arguments);
  static const char hint[] =
      "note: this is a fault of the compiler or of its runtime; please "
      "report it with the `.model` file and this command\n";
  writeAll(STDERR_FILENO, hint, sizeof hint - 1);
  leave(ExitInternal);
}

void failAt(struct Place place, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printMessage(place, "error: ", format, arguments);
  va_end(arguments);
  leave(ExitUser);
}

void warn(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printMessage((struct Place){0}, "warning: ", format, arguments);
  va_end(arguments);
}

void sayAt(struct Place place, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printMessage(place, "", format, arguments);
  va_end(arguments);
}

/* Edits (insert, delete, replace, swap of neighbours) between two short names.
 */
static int editDistance(const char *a, const char *b) {
  enum { Longest = 64 };
  int rows = (int)strlen(a), columns = (int)strlen(b);
  if (rows >= Longest || columns >= Longest)
    return Longest;
  int table[Longest + 1][Longest + 1];
  for (int i = 0; i <= rows; ++i)
    for (int j = 0; j <= columns; ++j) {
      if (!i || !j) {
        table[i][j] = i + j;
        continue;
      }
      int best = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
      if (table[i - 1][j] + 1 < best)
        best = table[i - 1][j] + 1;
      if (table[i][j - 1] + 1 < best)
        best = table[i][j - 1] + 1;
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
          table[i - 2][j - 2] + 1 < best)
        best = table[i - 2][j - 2] + 1;
      table[i][j] = best;
    }
  return table[rows][columns];
}

/* The only one that goes on where `name` ends, for as long at most: `predict`
 * for `pred`. */
static const char *completedName(const char *name, const char *const *names,
                                 int64_t count) {
  size_t length = strlen(name);
  const char *only = 0;
  if (length < 3)
    return 0;
  for (int64_t i = 0; i < count; ++i)
    if (!strncmp(name, names[i], length) && strlen(names[i]) <= 2 * length) {
      if (only)
        return 0;
      only = names[i];
    }
  return only;
}

const char *closestName(const char *name, const char *const *names,
                        int64_t count) {
  /* A third of the letters may be wrong, one always. */
  int length = (int)strlen(name), best = length / 3 + 1;
  /* But one letter for another is not the same name. */
  if (best >= length)
    best = length - 1;
  const char *closest = 0;
  for (int64_t i = 0; i < count; ++i) {
    int distance = editDistance(name, names[i]);
    if (distance < best || (distance == best && !closest)) {
      best = distance;
      closest = names[i];
    }
  }
  return closest ? closest : completedName(name, names, count);
}

const char *didYouMean(const char *name, const char *const *names,
                       int64_t count) {
  static char text[160];
  const char *closest = closestName(name, names, count);
  text[0] = 0;
  if (closest)
    snprintf(text, sizeof text, "; did you mean `%s`?", closest);
  return text;
}

void *allocate(int64_t count, int64_t size) {
  int64_t bytes = modelcMultiply(count, size);
  void *memory = bytes < 0 ? 0 : modelcAllocate(bytes);
  if (!memory)
    failUser("not enough memory for %lld times %lld bytes", (long long)count,
             (long long)size);
  return memory;
}
