/* Trap.h: where NaNs and infinities of training come from. */
#ifndef MODELC_RUNTIME_APP_TRAP_H
#define MODELC_RUNTIME_APP_TRAP_H

#include "runtime/app/Text.h"
#include "runtime/app/Trainer.h"

/* Prepares the program's step with checks, for `--trap-nan`; fails if there is
 * none, or if weights are not finite before the first step. */
void prepareTrap(struct Trainer *trainer);

/* To be called before each step with checks. */
void setTrap(struct Trainer *trainer);
/* Says where the NaN or infinity of the last step comes from; without
 * `--trap-nan`, how to find out. */
void appendTrap(struct Text *text, const struct Trainer *trainer);

#endif
