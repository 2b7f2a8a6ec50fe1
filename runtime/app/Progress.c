/* Progress.c: a line that is redrawn on a terminal, a line an epoch elsewhere,
 * or JSON. */
#include "runtime/app/Progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "runtime/app/Evaluate.h"
#include "runtime/app/Report.h"

double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void startProgress(struct Progress *progress,
                   const struct modelc_program *program, int json) {
  *progress =
      (struct Progress){.program = program, .json = json, .begin = now()};
  progress->isTerminal = !json && isatty(STDOUT_FILENO);
}

void startEpoch(struct Progress *progress, int64_t epoch, int64_t step) {
  progress->epoch = epoch;
  progress->step = progress->firstStep = step;
  progress->epochBegin = now();
}

/* Cuts the line where the terminal would wrap it, which redrawing could not
 * undo. */
static void cutToTerminal(struct Text *line) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
    return;
  if (line->length >= size.ws_col)
    line->length = size.ws_col - 1;
}

static void appendTimeLeft(struct Text *line, double seconds) {
  long long left = (long long)(seconds + 0.5);
  if (left >= 3600)
    appendFormat(line, "  %lld:%02lld:%02lld left", left / 3600, left / 60 % 60,
                 left % 60);
  else
    appendFormat(line, "  %lld:%02lld left", left / 60, left % 60);
}

/* Of the epoch, as far as this process did it. */
static double examplesPerSecond(const struct Progress *progress) {
  double share = (double)(progress->step - progress->firstStep) /
                 (double)progress->stepsPerEpoch;
  double seconds = now() - progress->epochBegin;
  return (double)progress->examplesPerEpoch * share /
         (seconds > 0 ? seconds : 1e-9);
}

static void drawLine(struct Progress *progress) {
  static const char clear[] = "\r\033[K";
  cutToTerminal(&progress->line);
  writeAll(STDOUT_FILENO, clear, sizeof clear - 1);
  writeAll(STDOUT_FILENO, progress->line.data, progress->line.length);
}

void showStep(struct Progress *progress, int64_t step, double meanLoss) {
  progress->step = step;
  if (!progress->isTerminal)
    return;
  double time = now();
  if (time - progress->drawn < 0.1)
    return;
  progress->drawn = time;
  double done =
      (double)((progress->epoch - 1) * progress->stepsPerEpoch + step);
  double total = (double)(progress->epochs * progress->stepsPerEpoch);
  double elapsed = time - progress->begin;
  struct Text *line = &progress->line;
  line->length = 0;
  appendFormat(line, "epoch %lld/%lld  step %lld/%lld  loss %.6g",
               (long long)progress->epoch, (long long)progress->epochs,
               (long long)step, (long long)progress->stepsPerEpoch, meanLoss);
  if (progress->metrics.length)
    appendBytes(line, progress->metrics.data, progress->metrics.length);
  appendFormat(line, "  %.0f examples/s", examplesPerSecond(progress));
  appendTimeLeft(line, elapsed / done * (total - done));
  drawLine(progress);
  setLineOpen(1);
}

void showEpoch(struct Progress *progress, double meanLoss,
               const struct Text *metrics) {
  struct Text *line = &progress->line;
  double seconds = now() - progress->epochBegin;
  double rate = examplesPerSecond(progress);
  line->length = progress->metrics.length = 0;
  appendBytes(&progress->metrics, metrics->data, metrics->length);
  if (progress->json) {
    appendFormat(
        line,
        "{\"event\":\"epoch\",\"epoch\":%lld,\"epochs\":%lld,\"steps\":%lld,",
        (long long)progress->epoch, (long long)progress->epochs,
        (long long)progress->stepsPerEpoch);
    if (progress->fold)
      appendFormat(line, "\"fold\":%d,", progress->fold);
    appendText(line, "\"loss\":");
    appendJsonNumber(line, meanLoss, digitsOfProgram(progress->program));
    if (metrics->length) {
      appendText(line, ",");
      appendBytes(line, metrics->data, metrics->length);
    }
    appendFormat(line, ",\"seconds\":%.6f,\"examples_per_second\":%.0f}\n",
                 seconds, rate);
  } else {
    if (progress->isTerminal)
      appendText(line, "\r\033[K");
    appendFormat(line, "epoch %lld/%lld  loss %.6g", (long long)progress->epoch,
                 (long long)progress->epochs, meanLoss);
    if (metrics->length)
      appendBytes(line, metrics->data, metrics->length);
    appendFormat(line, "  %.0f examples/s\n", rate);
  }
  setLineOpen(0);
  printText(line);
}
