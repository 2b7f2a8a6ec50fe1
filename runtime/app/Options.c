/* Options.c: reads the command line. */
#include "runtime/app/Options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/app/Number.h"
#include "runtime/app/OptionTable.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"

/* Flags are kebab-case; hypers may be called `weight_decay`. */
static int sameName(const char *flag, const char *name) {
  for (; *flag && *name; ++flag, ++name)
    if ((*flag == '_' ? '-' : *flag) != (*name == '_' ? '-' : *name))
      return 0;
  return !*flag && !*name;
}

static enum Command findCommand(const char *word) {
  for (int i = 0; i < commandCount; ++i)
    if (!strcmp(word, commandTable[i].name))
      return commandTable[i].command;
  const char **names = allocate(commandCount, sizeof *names);
  for (int i = 0; i < commandCount; ++i)
    names[i] = commandTable[i].name;
  const char *hint = didYouMean(word, names, commandCount);
  failUser("unknown command `%s`%s", word,
           *hint ? hint : "; `--help` lists them");
}

static _Noreturn void refuseOption(const struct modelc_program *program,
                                   const char *name, enum Command command) {
  const char **names =
      allocate(optionCount + program->hyper_count + 2, sizeof *names);
  int64_t count = 0;
  for (int i = 0; i < optionCount; ++i)
    if (optionTable[i].help && (optionTable[i].commands & (int)command))
      names[count++] = optionTable[i].name;
  for (int32_t i = 0; i < program->hyper_count; ++i)
    names[count++] = program->hypers[i].name;
  names[count++] = "help";
  const char *closest = closestName(name, names, count);
  if (closest)
    failUser("unknown option `--%s`; did you mean `--%s`?", name,
             kebabName(closest));
  failUser("unknown option `--%s`; `--help` lists them", name);
}

static void addPair(struct Options *result, const struct OptionRow *option,
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

static void setOption(struct Options *result, const struct OptionRow *option,
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
  for (int i = 0; i < optionCount; ++i) {
    const struct OptionRow *option = &optionTable[i];
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
