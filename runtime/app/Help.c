/* Help.c: what a program takes, as help, as a man page and as completion. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/app/Manual.h"
#include "runtime/app/OptionTable.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"

/* Where the training plan says what is meant without an option. */
static const struct {
  const char *option;
  size_t offset;
} standards[] = {{"epochs", offsetof(struct modelc_training, epochs)},
                 {"batch", offsetof(struct modelc_training, batch)},
                 {"seed", offsetof(struct modelc_training, seed)}};
enum { StandardCount = sizeof standards / sizeof *standards };

static void appendEntry(struct Text *text, const char *left, const char *help) {
  int width = (int)strlen(left);
  appendFormat(text, "  %s%*s", left, width < 24 ? 24 - width : 1, "");
  appendFormat(text, "%s\n", help);
}

static void appendCommands(struct Text *text, int shown) {
  for (int i = 0; i < commandCount; ++i)
    if (commandTable[i].command & shown) {
      char left[64];
      snprintf(left, sizeof left, "%s%s", commandTable[i].name,
               commandTable[i].arguments);
      appendEntry(text, left, commandTable[i].help);
    }
}

/* Of one command; the help of all is long enough. */
static void appendExamples(struct Text *text, const char *program, int shown) {
  for (int i = 0; i < commandCount; ++i) {
    if ((int)commandTable[i].command != shown)
      continue;
    appendText(text, "\nexamples:\n");
    for (int j = 0; j < 3 && commandTable[i].examples[j]; ++j)
      appendFormat(text, "  %s %s\n", program, commandTable[i].examples[j]);
  }
}

/* With what is meant where the option is not given. */
static const char *helpOf(const struct modelc_program *program,
                          const struct OptionRow *option) {
  static char help[320];
  for (int i = 0; i < StandardCount && program->training; ++i) {
    int64_t standard;
    if (strcmp(option->name, standards[i].option))
      continue;
    memcpy(&standard, (const char *)program->training + standards[i].offset,
           sizeof standard);
    snprintf(help, sizeof help, "%s (%lld)", option->help, (long long)standard);
    return help;
  }
  return option->help;
}

static const char helpOfHelp[] =
    "show this text, after a command what that command takes";
static const char helpOfVersion[] = "show what the program was compiled by";

/* What a hyperparameter is, and what it may be. */
static void appendHyper(struct Text *text, const struct modelc_hyper *hyper) {
  appendFormat(text, "%s (%g",
               *hyper->documentation ? hyper->documentation
                                     : "a hyperparameter",
               hyper->value);
  if (hyper->low < hyper->high)
    appendFormat(text, ", from %g to %g", hyper->low, hyper->high);
  appendText(text, ")");
}

static void appendOptions(struct Text *text,
                          const struct modelc_program *program, int shown) {
  for (int i = 0; i < optionCount; ++i)
    if (optionTable[i].help && (optionTable[i].commands & shown)) {
      char left[64];
      snprintf(left, sizeof left, "--%s%s%s", optionTable[i].name,
               optionTable[i].argument ? " " : "",
               optionTable[i].argument ? optionTable[i].argument : "");
      appendEntry(text, left, helpOf(program, &optionTable[i]));
    }
  for (int32_t i = 0; i < program->hyper_count && (shown & RunsModel); ++i) {
    struct Text left = {0}, help = {0};
    appendFormat(&left, "--%s X", kebabName(program->hypers[i].name));
    appendHyper(&help, &program->hypers[i]);
    appendEntry(text, left.data, help.data);
    freeText(&left);
    freeText(&help);
  }
  appendEntry(text, "--help", helpOfHelp);
  appendEntry(text, "--version", helpOfVersion);
}

void printHelp(const struct modelc_program *program, int argumentCount,
               char **arguments) {
  struct Text text = {0};
  int shown = ~0;
  for (int i = 1; i < argumentCount; ++i)
    for (int j = 0; j < commandCount && shown == ~0; ++j)
      if (!strcmp(arguments[i], commandTable[j].name) &&
          commandTable[j].command != CommandHelp)
        shown = (int)commandTable[j].command;
  appendFormat(&text, "%s%s%s\n\nusage: %s COMMAND [options]\n\ncommands:\n",
               program->name, *program->documentation ? ": " : "",
               program->documentation,
               argumentCount ? arguments[0] : program->name);
  appendCommands(&text, shown);
  appendText(&text, "\noptions:\n");
  appendOptions(&text, program, shown);
  appendExamples(&text, argumentCount ? arguments[0] : program->name, shown);
  appendFormat(
      &text,
      "\nNAME.safetensors is `%s.safetensors`.\n"
      "exit codes: 0 success, 1 a mistake on the command line or in the data,\n"
      "2 a fault of the compiler or its runtime, 130 or 143 stopped by a "
      "signal\n",
      program->name);
  printText(&text);
  freeText(&text);
}

//===----------------------------------------------------------------------===//
// Man page and completion
//===----------------------------------------------------------------------===//

/* The values of an option that has few; null: it has many. */
static const char *const *choicesOf(const char *option) {
  static const char *const formats[] = {"csv", "jsonl", "npy", "safetensors",
                                        0};
  static const char *const splits[] = {"train", "valid", "test", 0};
  return !strcmp(option, "format")  ? formats
         : !strcmp(option, "split") ? splits
                                    : 0;
}

static int32_t describeOptions(const struct modelc_program *program,
                               int command, struct ManualOption *described) {
  int32_t count = 0;
  for (int i = 0; i < optionCount; ++i) {
    struct Text name = {0};
    if (!optionTable[i].help || !(optionTable[i].commands & command))
      continue;
    appendFormat(&name, "--%s", optionTable[i].name);
    described[count++] = (struct ManualOption){
        name.data, optionTable[i].argument, optionTable[i].help,
        choicesOf(optionTable[i].name)};
  }
  for (int32_t i = 0; i < program->hyper_count && (command & RunsModel); ++i) {
    struct Text name = {0}, help = {0};
    appendFormat(&name, "--%s", kebabName(program->hypers[i].name));
    appendHyper(&help, &program->hypers[i]);
    described[count++] = (struct ManualOption){name.data, "X", help.data, 0};
  }
  described[count++] = (struct ManualOption){"--help", 0, helpOfHelp, 0};
  return count;
}

/* What may follow the name of a command. */
static const char *const *describeOperands(const struct modelc_program *program,
                                           int command) {
  static const char *const shells[] = {"bash", "zsh", "fish", 0};
  if (command == CommandCompletion)
    return shells;
  const char **names =
      allocate((int64_t)program->entry_count + commandCount + 1, sizeof *names);
  int32_t count = 0;
  for (int32_t i = 0; i < program->entry_count; ++i)
    if ((program->entries[i].kind == MODELC_ENTRY_FUNCTION &&
         (command & (CommandCall | CommandBench))) ||
        (program->training && i == program->training->step &&
         command == CommandBench))
      names[count++] = program->entries[i].name;
  for (int i = 0; i < commandCount && command == CommandHelp; ++i)
    names[count++] = commandTable[i].name;
  return names;
}

/* The table of this file as a manual; it is made once, and kept. */
static struct Manual describeProgram(const struct modelc_program *program,
                                     const char *path) {
  static const char *paragraphs[4];
  static struct ManualCommand *described;
  described = allocate(commandCount, sizeof *described);
  int32_t most = optionCount + program->hyper_count + 1;
  for (int i = 0; i < commandCount; ++i) {
    struct ManualOption *itsOptions = allocate(most, sizeof *itsOptions);
    struct Text usage = {0};
    appendFormat(&usage, "%s [options]", commandTable[i].arguments);
    described[i] = (struct ManualCommand){
        commandTable[i].name,
        usage.data + 1, /* after a blank */
        commandTable[i].help,
        itsOptions,
        describeOptions(program, (int)commandTable[i].command, itsOptions),
        describeOperands(program, (int)commandTable[i].command)};
  }
  struct Text weights = {0};
  appendFormat(&weights, "NAME.safetensors is `%s.safetensors`.",
               program->name);
  int next = 0;
  if (*program->documentation)
    paragraphs[next++] = program->documentation;
  paragraphs[next++] =
      "A program that modelc has compiled: it learns from data, evaluates what "
      "it has learnt, and predicts. It needs no other file to start. Every "
      "`hyper` of the model is an option.";
  paragraphs[next++] = weights.data;
  const char *slash = strrchr(path, '/');
  const char *called = slash ? slash + 1 : path;
  return (struct Manual){called,
                         called,
                         program->compiler,
                         "a model that learns and predicts",
                         paragraphs,
                         described,
                         commandCount,
                         "0 success, 1 a mistake on the command line or in the "
                         "data, 2 a fault of the compiler or its runtime, 130 "
                         "or 143 stopped by a signal."};
}

void printManPage(const struct modelc_program *program, const char *path,
                  const char *page) {
  struct Manual manual = describeProgram(program, path);
  if (page)
    manual.page = page;
  struct Text text = {0};
  appendManPage(&text, &manual);
  printText(&text);
  freeText(&text);
}

void printCompletion(const struct modelc_program *program, const char *path,
                     const char *shell) {
  struct Manual manual = describeProgram(program, path);
  struct Text text = {0};
  if (!shell || !appendCompletion(&text, &manual, shell))
    failUser("%s%s%s for `completion`, bash, zsh or fish is wanted",
             shell ? "`" : "", shell ? shell : "nothing", shell ? "`" : "");
  printText(&text);
  freeText(&text);
}
