/* Options.c: the command line and its help, from one table. */
#include "runtime/app/Options.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/app/Manual.h"
#include "runtime/app/Number.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"

static const struct {
  const char *name;
  enum Command command;
  const char *arguments;
  const char *help;
  const char *examples[3]; /* what may follow the program's name */
} commands[] = {
    {"train",
     CommandTrain,
     "",
     "learn from the data and write the weights",
     {"train --epochs 20 --output best.safetensors", "train --resume",
      "train --json > events.jsonl"}},
    {"eval",
     CommandEvaluate,
     "",
     "report the metrics of a split with given weights",
     {"eval --split valid", "eval --weights best.safetensors --json"}},
    {"predict",
     CommandPredict,
     "",
     "apply `predict` to new data, preprocessed as in training",
     {"predict --input new.csv --output results.csv",
      "predict --input - --format jsonl < new.jsonl"}},
    {"call",
     CommandCall,
     " FUNCTION",
     "apply an exported function to arrays as they are",
     {"call predict --input x=x.npy --output y.npy"}},
    {"info",
     CommandInfo,
     "",
     "show parameters, functions, data, memory and operations",
     {"info", "info --memory"}},
    {"bench",
     CommandBench,
     " [ENTRY]",
     "time the training step and functions, or one of them",
     {"bench", "bench predict --batch 1 --json"}},
    {"man",
     CommandMan,
     "",
     "write a man page of this program",
     {"man | man -l -"}},
    {"completion",
     CommandCompletion,
     " SHELL",
     "write what completes this program's command line in bash, zsh or fish",
     {"completion bash > ~/.local/share/bash-completion/completions/NAME"}},
    {"help", CommandHelp, " [COMMAND]", "show this text", {0}},
};
enum { CommandCount = sizeof commands / sizeof *commands };

enum OptionKind { OptionFlag, OptionText, OptionInteger, OptionPairs };

#define AT(member) offsetof(struct Options, member)
enum {
  RunsModel = CommandTrain | CommandEvaluate | CommandPredict | CommandCall
};
static const struct Option {
  const char *name;
  const char *argument;
  enum OptionKind kind;
  int commands;
  size_t offset,
      second; /* of the value and, if any, of its `has...` or count */
  int64_t low;
  const char *help; /* null: not shown */
} options[] = {
    {"weights", "FILE", OptionText, RunsModel, AT(weights), 0, 0,
     "safetensors to start from (train) or to use (NAME.safetensors)"},
    {"output", "FILE", OptionText, CommandTrain | CommandPredict | CommandCall,
     AT(output), 0, 0,
     "where weights (NAME.safetensors) or results go; `-` is standard output"},
    {"input", "[NAME=]FILE", OptionPairs, CommandPredict | CommandCall,
     AT(inputs), AT(inputCount), 0,
     "csv, json lines, npy or safetensors; `-` is standard input; may be "
     "repeated"},
    {"format", "FORMAT", OptionText, CommandPredict | CommandCall, AT(format),
     0, 0,
     "of the output: csv, jsonl, npy or safetensors; by default what FILE ends "
     "with"},
    {"raw", 0, OptionFlag, CommandPredict, AT(raw), 0, 0,
     "give what the function gives: no names of classes, no units of columns"},
    {"data", "[NAME=]FILE", OptionPairs, CommandTrain | CommandEvaluate,
     AT(data), AT(dataCount), 0,
     "read this file for the data NAME or the split NAME.SPLIT"},
    {"split", "SPLIT", OptionText, CommandEvaluate, AT(split), 0, 0,
     "which split to evaluate: train, valid or test (the last that there is)"},
    {"seed", "N", OptionInteger, RunsModel, AT(seed), AT(hasSeed), INT64_MIN,
     "of initial weights, shuffling and random numbers (that of the weights, "
     "if "
     "there are any)"},
    {"fold", "N", OptionInteger, CommandTrain | CommandEvaluate, AT(fold),
     AT(hasFold), 1,
     "leave only this fold out, from 1 (each in turn, then none); of `eval`, "
     "that of the weights"},
    {"epochs", "N", OptionInteger, CommandTrain, AT(epochs), AT(hasEpochs), 0,
     "passes over the training split"},
    {"batch", "N", OptionInteger, CommandTrain | CommandBench, AT(batch),
     AT(hasBatch), 1, "examples of a step, up to the compiled number"},
    {"repeats", "N", OptionInteger, CommandBench, AT(repeats), AT(hasRepeats),
     1, "how many calls are timed (100)"},
    {"no-shuffle", 0, OptionFlag, CommandTrain | CommandEvaluate, AT(noShuffle),
     0, 0, "take rows in the order of the source, in splits and in epochs"},
    {"steps-log", "FILE", OptionText, CommandTrain, AT(stepsLog), 0, 0,
     "write step and loss of every step, with all digits, as csv"},
    {"log", "FILE", OptionText, CommandTrain, AT(log), 0, 0,
     "write loss and metrics of every epoch as csv"},
    {"tensorboard", "FOLDER", OptionText, CommandTrain, AT(tensorboard), 0, 0,
     "write loss and metrics of every epoch for TensorBoard"},
    {"plot", "FILE", OptionText, CommandTrain, AT(plot), 0, 0,
     "draw the curves of loss and metrics, as svg"},
    {"resume", 0, OptionFlag, CommandTrain, AT(resume), 0, 0,
     "go on from the checkpoint; begin anew where there is none"},
    {"checkpoint", "FILE", OptionText, CommandTrain, AT(checkpoint), 0, 0,
     "what an interrupted run goes on from, kept when it is done "
     "(NAME.checkpoint, removed when it is done)"},
    {"checkpoint-every", "N", OptionText, CommandTrain, AT(checkpointEvery), 0,
     0, "steps, or seconds with an `s`: `500`, `30s` (10s); `0` for never"},
    {"trap-nan", 0, OptionFlag, CommandTrain, AT(trapNan), 0, 0,
     "say which line of the model the first NaN comes from; slower"},
    {"json", 0, OptionFlag,
     CommandTrain | CommandEvaluate | CommandInfo | CommandBench, AT(json), 0,
     0, "print JSON, one object a line"},
    {"memory", 0, OptionFlag, CommandInfo, AT(memory), 0, 0,
     "show which lines of the program need the memory, and all slots"},
    {"kernels", 0, OptionFlag, CommandInfo, AT(kernels), 0, 0,
     "show what runs: each kernel with its operations, bytes and lines"},
    {"no-cache", 0, OptionFlag, CommandTrain | CommandEvaluate, AT(noCache), 0,
     0, "parse csv files anew and keep no cache of them"},
    {"cache-from", "BYTES", OptionInteger, CommandTrain | CommandEvaluate,
     AT(cacheFrom), AT(hasCacheFrom), 0, 0},
    {"poison", 0, OptionFlag, RunsModel, AT(poison), 0, 0, 0},
};
enum { OptionCount = sizeof options / sizeof *options };

/* Where the training plan says what is meant without an option. */
static const struct {
  const char *option;
  size_t offset;
} standards[] = {{"epochs", offsetof(struct modelc_training, epochs)},
                 {"batch", offsetof(struct modelc_training, batch)},
                 {"seed", offsetof(struct modelc_training, seed)}};
enum { StandardCount = sizeof standards / sizeof *standards };

/* Flags are kebab-case; hypers may be called `weight_decay`. */
static int sameName(const char *flag, const char *name) {
  for (; *flag && *name; ++flag, ++name)
    if ((*flag == '_' ? '-' : *flag) != (*name == '_' ? '-' : *name))
      return 0;
  return !*flag && !*name;
}

static const char *kebabName(const char *name) {
  static char text[128];
  snprintf(text, sizeof text, "%s", name);
  for (char *c = text; *c; ++c)
    *c = *c == '_' ? '-' : *c;
  return text;
}

static enum Command findCommand(const char *word) {
  const char *names[CommandCount];
  for (int i = 0; i < CommandCount; ++i) {
    if (!strcmp(word, commands[i].name))
      return commands[i].command;
    names[i] = commands[i].name;
  }
  const char *hint = didYouMean(word, names, CommandCount);
  failUser("unknown command `%s`%s", word,
           *hint ? hint : "; `--help` lists them");
}

static _Noreturn void refuseOption(const struct modelc_program *program,
                                   const char *name, enum Command command) {
  const char **names =
      allocate(OptionCount + program->hyper_count + 2, sizeof *names);
  int64_t count = 0;
  for (int i = 0; i < OptionCount; ++i)
    if (options[i].help && (options[i].commands & (int)command))
      names[count++] = options[i].name;
  for (int32_t i = 0; i < program->hyper_count; ++i)
    names[count++] = program->hypers[i].name;
  names[count++] = "help";
  const char *closest = closestName(name, names, count);
  if (closest)
    failUser("unknown option `--%s`; did you mean `--%s`?", name,
             kebabName(closest));
  failUser("unknown option `--%s`; `--help` lists them", name);
}

static void addPair(struct Options *result, const struct Option *option,
                    const char *value) {
  struct NamedPath **list =
      (struct NamedPath **)((char *)result + option->offset);
  int32_t *count = (int32_t *)((char *)result + option->second);
  struct NamedPath *grown =
      realloc(*list, (size_t)(*count + 1) * sizeof **list);
  if (!grown)
    failUser("not enough memory for the command line");
  const char *equals = strchr(value, '=');
  struct Text name = {0};
  if (equals) {
    appendBytes(&name, value, equals - value);
    value = equals + 1;
  }
  if (!*value)
    failUser("`--%s` has an empty path, %s is wanted", option->name,
             option->argument);
  grown[(*count)++] = (struct NamedPath){name.data, value};
  *list = grown;
}

static void setOption(struct Options *result, const struct Option *option,
                      const char *value) {
  char *place = (char *)result + option->offset;
  switch (option->kind) {
  case OptionFlag:
    *(int *)place = 1;
    return;
  case OptionText:
    *(const char **)place = value;
    return;
  case OptionPairs:
    addPair(result, option, value);
    return;
  case OptionInteger:
    if (!parseInteger(value, (int64_t)strlen(value), (int64_t *)place))
      failUser("`%s` for `--%s`, an integer is wanted", value, option->name);
    if (*(int64_t *)place < option->low)
      failUser("`%s` for `--%s`, at least %lld is wanted", value, option->name,
               (long long)option->low);
    *(int *)((char *)result + option->second) = 1;
    return;
  }
}

static void setHyper(struct Options *result,
                     const struct modelc_program *program, int32_t index,
                     const char *value) {
  const struct modelc_hyper *hyper = &program->hypers[index];
  double number;
  if (!parseNumber(value, (int64_t)strlen(value), &number))
    failUser("`%s` for `--%s`, a number is wanted", value,
             kebabName(hyper->name));
  if (hyper->low < hyper->high && (number < hyper->low || number > hyper->high))
    failUser("%s for `--%s` is out of range, %g to %g is wanted", value,
             kebabName(hyper->name), hyper->low, hyper->high);
  result->hypers[index] = number;
  result->hasHyper[index] = 1;
}

/* The words of the command line that are left. */
struct Words {
  char **next, **end;
};

/* The value of an option: after `=`, or the next word. */
static const char *valueOf(struct Words *words, const char *name,
                           const char *attached) {
  if (attached)
    return attached;
  if (words->next == words->end)
    failUser("`--%s` wants a value", name);
  return *words->next++;
}

static void parseOption(struct Options *result,
                        const struct modelc_program *program,
                        struct Words *words, const char *word) {
  char name[128];
  const char *equals = strchr(word, '=');
  const char *attached = equals ? equals + 1 : 0;
  int length = equals ? (int)(equals - word) : (int)strlen(word);
  snprintf(name, sizeof name, "%.*s", length, word);
  for (int i = 0; i < OptionCount; ++i) {
    const struct Option *option = &options[i];
    if (strcmp(name, option->name))
      continue;
    if (!(option->commands & (int)result->command))
      failUser("`--%s` means nothing to this command; `--help` lists what does",
               name);
    if (option->kind == OptionFlag && attached)
      failUser("`--%s` takes no value", name);
    setOption(result, option,
              option->kind == OptionFlag ? 0 : valueOf(words, name, attached));
    return;
  }
  for (int32_t i = 0; i < program->hyper_count; ++i)
    if (sameName(name, program->hypers[i].name)) {
      setHyper(result, program, i, valueOf(words, name, attached));
      return;
    }
  refuseOption(program, name, result->command);
}

/* `--help` and `--version` work anywhere on the line. */
static int hasWord(char **next, char **end, const char *word,
                   const char *brief) {
  for (; next < end && strcmp(*next, "--"); ++next)
    if (!strcmp(*next, word) || !strcmp(*next, brief))
      return 1;
  return 0;
}

struct Options parseOptions(const struct modelc_program *program,
                            int argumentCount, char **arguments) {
  struct Options result = {0};
  struct Words words = {arguments + 1, arguments + argumentCount};
  result.seed = program->training ? program->training->seed : 0;
  result.name = program->name;
  result.hypers = allocate(program->hyper_count, sizeof *result.hypers);
  result.hasHyper = allocate(program->hyper_count, 1);
  for (int32_t i = 0; i < program->hyper_count; ++i)
    result.hypers[i] = program->hypers[i].value;
  if (hasWord(words.next, words.end, "--help", "-h"))
    result.command = CommandHelp;
  else if (hasWord(words.next, words.end, "--version", "--version"))
    result.command = CommandVersion;
  if (result.command)
    return result;
  if (words.next == words.end)
    failUser("no command; `--help` lists them");
  if (**words.next == '-')
    failUser(
        "`%s` before a command, a command is wanted first; `--help` lists them",
        *words.next);
  result.command = findCommand(*words.next++);
  if (result.command == CommandHelp)
    return result;
  while (words.next < words.end) {
    const char *word = *words.next++;
    if (!strncmp(word, "--", 2) && word[2])
      parseOption(&result, program, &words, word + 2);
    else if ((result.command &
              (CommandCall | CommandBench | CommandCompletion)) &&
             !result.function && *word != '-')
      result.function = word;
    else
      failUser(
          "`%s` is not expected here, an option is wanted; `--help` lists them",
          word);
  }
  return result;
}

static void freePaths(struct NamedPath *paths, int32_t count) {
  for (int32_t i = 0; i < count; ++i)
    free((char *)paths[i].name);
  free(paths);
}

void freeOptions(struct Options *result) {
  freePaths(result->inputs, result->inputCount);
  freePaths(result->data, result->dataCount);
  free(result->hypers);
  free(result->hasHyper);
}

const char *dataPath(const struct Options *result, const char *name,
                     const char *fallback) {
  for (int32_t i = result->dataCount - 1; i >= 0; --i)
    if (result->data[i].name && !strcmp(result->data[i].name, name))
      return result->data[i].path;
  return fallback;
}

static void appendEntry(struct Text *text, const char *left, const char *help) {
  int width = (int)strlen(left);
  appendFormat(text, "  %s%*s", left, width < 24 ? 24 - width : 1, "");
  appendFormat(text, "%s\n", help);
}

static void appendCommands(struct Text *text, int shown) {
  for (int i = 0; i < CommandCount; ++i)
    if (commands[i].command & shown) {
      char left[64];
      snprintf(left, sizeof left, "%s%s", commands[i].name,
               commands[i].arguments);
      appendEntry(text, left, commands[i].help);
    }
}

/* Of one command; the help of all is long enough. */
static void appendExamples(struct Text *text, const char *program, int shown) {
  for (int i = 0; i < CommandCount; ++i) {
    if ((int)commands[i].command != shown)
      continue;
    appendText(text, "\nexamples:\n");
    for (int j = 0; j < 3 && commands[i].examples[j]; ++j)
      appendFormat(text, "  %s %s\n", program, commands[i].examples[j]);
  }
}

/* With what is meant where the option is not given. */
static const char *helpOf(const struct modelc_program *program,
                          const struct Option *option) {
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
  for (int i = 0; i < OptionCount; ++i)
    if (options[i].help && (options[i].commands & shown)) {
      char left[64];
      snprintf(left, sizeof left, "--%s%s%s", options[i].name,
               options[i].argument ? " " : "",
               options[i].argument ? options[i].argument : "");
      appendEntry(text, left, helpOf(program, &options[i]));
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
    for (int j = 0; j < CommandCount && shown == ~0; ++j)
      if (!strcmp(arguments[i], commands[j].name) &&
          commands[j].command != CommandHelp)
        shown = (int)commands[j].command;
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
  static const char *const formats[] = {"csv", "jsonl", "npy", "safetensors", 0};
  static const char *const splits[] = {"train", "valid", "test", 0};
  return !strcmp(option, "format")  ? formats
         : !strcmp(option, "split") ? splits
                                    : 0;
}

static int32_t describeOptions(const struct modelc_program *program,
                               int command, struct ManualOption *described) {
  int32_t count = 0;
  for (int i = 0; i < OptionCount; ++i) {
    struct Text name = {0};
    if (!options[i].help || !(options[i].commands & command))
      continue;
    appendFormat(&name, "--%s", options[i].name);
    described[count++] =
        (struct ManualOption){name.data, options[i].argument, options[i].help,
                              choicesOf(options[i].name)};
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
      allocate((int64_t)program->entry_count + CommandCount + 1, sizeof *names);
  int32_t count = 0;
  for (int32_t i = 0; i < program->entry_count; ++i)
    if ((program->entries[i].kind == MODELC_ENTRY_FUNCTION &&
         (command & (CommandCall | CommandBench))) ||
        (program->training && i == program->training->step &&
         command == CommandBench))
      names[count++] = program->entries[i].name;
  for (int i = 0; i < CommandCount && command == CommandHelp; ++i)
    names[count++] = commands[i].name;
  return names;
}

/* The table of this file as a manual; it is made once, and kept. */
static struct Manual describeProgram(const struct modelc_program *program,
                                     const char *path) {
  static const char *paragraphs[4];
  static struct ManualCommand described[CommandCount];
  int32_t most = OptionCount + program->hyper_count + 1;
  for (int i = 0; i < CommandCount; ++i) {
    struct ManualOption *itsOptions = allocate(most, sizeof *itsOptions);
    struct Text usage = {0};
    appendFormat(&usage, "%s [options]", commands[i].arguments);
    described[i] = (struct ManualCommand){
        commands[i].name,
        usage.data + 1, /* after a blank */
        commands[i].help,
        itsOptions,
        describeOptions(program, (int)commands[i].command, itsOptions),
        describeOperands(program, (int)commands[i].command)};
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
                         CommandCount,
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
