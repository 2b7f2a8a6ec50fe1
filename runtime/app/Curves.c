/* Curves.c: loss and metrics of the epochs, written where the user wants them.
 * All of it is made of the history, which checkpoints keep: a resumed run
 * writes what an undisturbed one does, whatever became of the files. */
#include "runtime/app/Curves.h"

#include <stdlib.h>

#include "runtime/app/Plot.h"
#include "runtime/app/TensorBoard.h"

/* Seconds between drawings while training runs. */
static const double plotInterval = 5;

static void addEpoch(struct Trainer *trainer, int64_t row) {
  if (trainer->epochsLog.path)
    appendRow(&trainer->epochsLog.buffer, &trainer->history, row,
              digitsOfProgram(trainer->program));
  if (trainer->events.path)
    appendScalarEvent(&trainer->events.buffer, &trainer->history, row);
}

static void writeEpochs(struct Trainer *trainer) {
  writeLog(&trainer->epochsLog, 1);
  writeLog(&trainer->events, 1);
}

void startCurves(struct Trainer *trainer) {
  const struct Options *options = trainer->options;
  if (options->tensorboard)
    trainer->eventPath =
        eventPath(options->tensorboard, trainer->program->name);
  startLog(&trainer->epochsLog, options->log);
  startLog(&trainer->events, trainer->eventPath);
  if (trainer->epochsLog.path)
    appendHeader(&trainer->epochsLog.buffer, &trainer->history);
  if (trainer->events.path)
    appendVersionEvent(&trainer->events.buffer,
                       trainer->history.rows ? trainer->history.times[0] : 0);
  for (int64_t row = 0; row < trainer->history.rows; ++row)
    addEpoch(trainer, row);
  writeEpochs(trainer);
  trainer->plotTime = now();
}

/* While training runs a plot that cannot be written is left as it was. */
static void writePlot(struct Trainer *trainer, int isLast) {
  struct Text svg = {0};
  struct OutputFile output;
  drawHistory(&svg, &trainer->history, trainer->program->name);
  if (isLast)
    openOutput(&output, trainer->options->plot);
  else
    openTolerantOutput(&output, trainer->options->plot);
  writeOutput(&output, svg.data, svg.length);
  commitOutput(&output);
  freeText(&svg);
  trainer->plotTime = now();
}

void showCurves(struct Trainer *trainer) {
  addEpoch(trainer, trainer->history.rows - 1);
  writeEpochs(trainer);
  if (trainer->options->plot && isFilePath(trainer->options->plot) &&
      now() - trainer->plotTime >= plotInterval)
    writePlot(trainer, 0);
}

void finishCurves(struct Trainer *trainer) {
  closeLog(&trainer->epochsLog);
  closeLog(&trainer->events);
  free(trainer->eventPath);
  trainer->eventPath = 0;
  if (trainer->options->plot)
    writePlot(trainer, 1);
}
