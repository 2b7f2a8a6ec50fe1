/* Manual.h: what a program takes, as a man page and as completion for shells.
 * The compiler describes itself with it too. */
#ifndef MODELC_RUNTIME_APP_MANUAL_H
#define MODELC_RUNTIME_APP_MANUAL_H

#include <stdint.h>

#include "runtime/app/Text.h"

struct ManualOption {
  const char *name;  /* with its dashes: "--seed", "-o" */
  const char *value; /* what follows it: "N", "file"; null: nothing does */
  const char *help;  /* what stands in back quotes is typed */
  const char *const *choices; /* the values that there are, then null; null: any
                                 other, or a file if `value` says so */
};

struct ManualCommand {
  const char *name;  /* empty: the program without a command */
  const char *usage; /* what follows the name: "[options] FILE" */
  const char *help;
  const struct ManualOption *options;
  int32_t optionCount;
  const char *const *operands; /* like `choices`; null: files */
};

struct Manual {
  const char *program; /* as it is typed */
  const char *page;    /* the name of the man page */
  const char *version;
  const char *summary;
  const char *const *paragraphs; /* of the description, then null */
  const struct ManualCommand *commands;
  int32_t commandCount;
  const char *exitStatus;
};

/* A page of section 1, in the macros man(7). */
void appendManPage(struct Text *text, const struct Manual *manual);

/* A script that teaches completion to bash, zsh or fish; 0 for another shell.
 */
int appendCompletion(struct Text *text, const struct Manual *manual,
                     const char *shell);

#endif
