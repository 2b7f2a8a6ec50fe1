/* Curves.c: loss and metrics of the epochs, written where the user wants them.
 * All of it is made of the history, which checkpoints keep: a resumed run
 * writes what an undisturbed one does, whatever became of the files. */
#include "runtime/app/Curves.h"

static void appendEpoch(struct Trainer *trainer, int64_t row) {
  appendRow(&trainer->epochsLog.buffer, &trainer->history, row,
            digitsOfProgram(trainer->program));
}

void startCurves(struct Trainer *trainer) {
  startLog(&trainer->epochsLog, trainer->options->log);
  if (!trainer->epochsLog.path)
    return;
  appendHeader(&trainer->epochsLog.buffer, &trainer->history);
  for (int64_t row = 0; row < trainer->history.rows; ++row)
    appendEpoch(trainer, row);
  writeLog(&trainer->epochsLog, 1);
}

void showCurves(struct Trainer *trainer) {
  if (!trainer->epochsLog.path)
    return;
  appendEpoch(trainer, trainer->history.rows - 1);
  writeLog(&trainer->epochsLog, 1);
}

void finishCurves(struct Trainer *trainer) { closeLog(&trainer->epochsLog); }
