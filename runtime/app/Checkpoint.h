/* Checkpoint.h: files from which a run of training goes on, bit for bit. */
#ifndef MODELC_RUNTIME_APP_CHECKPOINT_H
#define MODELC_RUNTIME_APP_CHECKPOINT_H

#include "runtime/app/Trainer.h"

/* Decides the path and how often, from the options. */
void planCheckpoints(struct Trainer *trainer);

/* Opens the checkpoint if one is wanted and there, and goes to its round. Fails
 * if it is of another program or if the command line says otherwise. */
void openCheckpoint(struct Trainer *trainer);
/* Reads origin, hypers, batch, epochs and slots of what was opened. */
void readCheckpoint(struct Trainer *trainer);
/* The rest, once data and steps are ready: the position, the kept weights, the
 * history. Fails if the data is not what it was. */
void applyCheckpoint(struct Trainer *trainer);

/* Writes one if it is time to. A failure is a warning: training goes on. */
void offerCheckpoint(struct Trainer *trainer, int isEpochEnd);
/* Writes one; fails if it cannot. */
void writeCheckpoint(struct Trainer *trainer);
/* What is there when a run begins without it, or when one is completed. */
int hasOldCheckpoint(const struct Trainer *trainer);
void removeCheckpoint(const struct Trainer *trainer);

#endif
