/* Curves.h: loss and metrics of the epochs, written where the user wants them.
 */
#ifndef MODELC_RUNTIME_APP_CURVES_H
#define MODELC_RUNTIME_APP_CURVES_H

#include "runtime/app/Trainer.h"

/* Begins the files, with the epochs of the history so far. */
void startCurves(struct Trainer *trainer);
/* Adds the last epoch of the history. */
void showCurves(struct Trainer *trainer);
void finishCurves(struct Trainer *trainer);

#endif
