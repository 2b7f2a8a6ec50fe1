/* Bench.h: the `bench` command: how long the program's entries take. */
#ifndef MODELC_RUNTIME_APP_BENCH_H
#define MODELC_RUNTIME_APP_BENCH_H

#include "runtime/app/Options.h"

int runBench(const struct modelc_program *program,
             const struct Options *options);

#endif
