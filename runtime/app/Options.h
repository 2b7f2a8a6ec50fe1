/* Options.h: the command line, described by one table from which help is made
 * too. */
#ifndef MODELC_RUNTIME_APP_OPTIONS_H
#define MODELC_RUNTIME_APP_OPTIONS_H

#include <stdint.h>

#include "runtime/core/abi.h"

enum Command {
  CommandTrain = 1,
  CommandEvaluate = 2,
  CommandPredict = 4,
  CommandCall = 8,
  CommandInfo = 16,
  CommandHelp = 32,
  CommandVersion = 64,
  CommandBench = 128,
  CommandMan = 256,
  CommandCompletion = 512
};

/* `NAME=PATH`, or a path alone, then `name` is null. */
struct NamedPath {
  const char *name; /* freed with the options */
  const char *path;
};

struct Options {
  enum Command command;
  const char *function; /* of `call` and `bench`; of `completion` the shell */
  const char *weights, *output, *split, *format, *stepsLog;
  const char *checkpoint, *checkpointEvery, *log, *tensorboard, *plot;
  struct NamedPath *inputs, *data; /* as often as given */
  int32_t inputCount, dataCount;
  int64_t seed;                   /* the program's where it is not given */
  int64_t fold;                   /* from 1; 0: not given */
  int64_t epochs, batch, repeats; /* where has... is set */
  int hasSeed, hasEpochs, hasBatch, hasRepeats, hasFold;
  int noShuffle, json, poison, memory, kernels;
  int trapNan, resume, raw, noCache, hasCacheFrom;
  int64_t cacheFrom; /* bytes */
  const char *name;  /* of the program */
  double *hypers;    /* a value for each of the program's */
  char *hasHyper;    /* whether it was given */
};

/* Reads the command line; fails with a suggestion where it is wrong. */
struct Options parseOptions(const struct modelc_program *program,
                            int argumentCount, char **arguments);
void freeOptions(struct Options *options);

/* Prints the help, of the command named on the line or of all. */
void printHelp(const struct modelc_program *program, int argumentCount,
               char **arguments);

/* Prints a man page, and completion for a shell, of a program that is started
 * as `path` says. The page is called `page`, or like the program if it is null.
 */
void printManPage(const struct modelc_program *program, const char *path,
                  const char *page);
void printCompletion(const struct modelc_program *program, const char *path,
                     const char *shell);

/* The path that `--data` gives for this name, or `fallback`. */
const char *dataPath(const struct Options *options, const char *name,
                     const char *fallback);

#endif
