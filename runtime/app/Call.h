/* Call.h: functions applied to arrays, and the `call` command. */
#ifndef MODELC_RUNTIME_APP_CALL_H
#define MODELC_RUNTIME_APP_CALL_H

#include "runtime/app/Array.h"
#include "runtime/app/Machine.h"

/* Applies an entry to an array for each of its inputs (only those with
 * MODELC_INPUT_DATA count) and makes an array for each of its outputs. Sizes
 * are taken from the inputs and must agree. Rows above the bound are computed
 * in parts where the entry says that they do not depend on each other;
 * otherwise they are refused. */
void applyFunction(struct Machine *machine, int32_t entry,
                   const struct Array *arguments, struct Array *results);

/* The index of the exported function of this name; fails with a suggestion. */
int32_t findFunction(const struct modelc_program *program, const char *name);

int runCall(const struct modelc_program *program,
            const struct Options *options);

#endif
