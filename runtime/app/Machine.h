/* Machine.h: the memory of a program and calls of its entries. */
#ifndef MODELC_RUNTIME_APP_MACHINE_H
#define MODELC_RUNTIME_APP_MACHINE_H

#include "runtime/app/Options.h"
#include "runtime/core/abi.h"

/* The slots and the one workspace that all entries share. */
struct Machine {
  const struct modelc_program *program;
  char *slots, *workspace;
  int64_t workspaceBytes;
  double *hypers;       /* the program's, those of the weights, those given */
  const char *hasHyper; /* those given, which no file changes */
  int64_t seed;
  int64_t steps;  /* of the run of training; 0: there is none */
  int isPoisoned; /* fill the workspace and the outputs with NaNs before each
                     call */
};

/* An entry with memory for its inputs and outputs at their bounds: calls
 * allocate nothing. */
struct Invocation {
  struct Machine *machine;
  const struct modelc_entry *entry;
  void **inputs, **outputs;
  int64_t *symbols;
};

void startMachine(struct Machine *machine, const struct modelc_program *program,
                  const struct Options *options);
void freeMachine(struct Machine *machine);

/* Fills the scalars that stay the same: the seed and the hypers. */
void prepareInvocation(struct Machine *machine, int32_t entry,
                       struct Invocation *invocation);
/* Calls the entry; `step` is the number of the training step, 0 outside of
 * training. */
void invoke(struct Invocation *invocation, int64_t step);
void freeInvocation(struct Invocation *invocation);

/* Fails, as the entry does not take these values of its symbols. */
_Noreturn void failSizes(const struct modelc_entry *entry,
                         const int64_t *symbols);

/* A scalar output as a double. */
double scalarOutput(const struct Invocation *invocation, int32_t output);

/* Runs the program's `init`, if there is one. */
void initializeSlots(struct Machine *machine);
/* Sets all slots of a kind to zero. */
void clearSlots(struct Machine *machine, int32_t kind);
/* The index of the first entry of a kind, or -1. */
int32_t findEntry(const struct modelc_program *program, int32_t kind);

#endif
