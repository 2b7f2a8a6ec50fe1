/* OptionTable.h: the commands and options that every program has: what the
 * command line is read by, and what help, man pages and completion tell. */
#ifndef MODELC_RUNTIME_APP_OPTIONTABLE_H
#define MODELC_RUNTIME_APP_OPTIONTABLE_H

#include <stddef.h>

#include "runtime/app/Options.h"

struct CommandRow {
  const char *name;
  enum Command command;
  const char *arguments;
  const char *help;
  const char *examples[3]; /* what may follow the program's name */
};

enum OptionKind { OptionFlag, OptionText, OptionInteger, OptionPairs };

enum {
  RunsModel = CommandTrain | CommandEvaluate | CommandPredict | CommandCall
};

struct OptionRow {
  const char *name;
  const char *argument;
  enum OptionKind kind;
  int commands;
  size_t offset,
      second; /* of the value and, if any, of its `has...` or count */
  int64_t low;
  const char *help; /* null: not shown */
};

extern const struct CommandRow commandTable[];
extern const struct OptionRow optionTable[];
extern const int commandCount, optionCount;

/* The name of a hyperparameter as an option: `weight-decay`; good until the
 * next call. */
const char *kebabName(const char *name);

#endif
