/* Plot.h: a drawing of loss and metrics over the epochs. */
#ifndef MODELC_RUNTIME_APP_PLOT_H
#define MODELC_RUNTIME_APP_PLOT_H

#include "runtime/app/History.h"

/* Appends an svg: a panel for each metric, in it a curve for each split; the
 * loss of training steps is that of `train`. */
void drawHistory(struct Text *svg, const struct History *history,
                 const char *title);

#endif
