/* Summary.h: what a run of training says before its first epoch and after its
 * last, and what it leaves. */
#ifndef MODELC_RUNTIME_APP_SUMMARY_H
#define MODELC_RUNTIME_APP_SUMMARY_H

#include "runtime/app/Trainer.h"

void showStart(struct Trainer *trainer);
/* Measures the fold that was left out. */
void finishFold(struct Trainer *trainer);
/* Writes weights, checkpoint and logs, and the metrics of the test split. Fails
 * where training has diverged. */
void finishTraining(struct Trainer *trainer, enum Outcome outcome);

#endif
