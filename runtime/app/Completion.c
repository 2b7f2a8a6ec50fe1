/* Completion.c: writes scripts by which shells complete commands, options and
 * their values. */
#include <ctype.h>
#include <string.h>

#include "runtime/app/Manual.h"

/* The text between single quotes of a shell, with a backslash before each
 * character of `special`. */
static void appendQuoted(struct Text *text, const char *words,
                         const char *special) {
  for (const char *c = words; *c; ++c) {
    if (*c == '\'') {
      appendText(text, "'\\''");
      continue;
    }
    if (strchr(special, *c))
      appendText(text, "\\");
    appendBytes(text, *c == '\n' ? " " : c, 1);
  }
}

/* A name that a shell takes for a function. */
static void appendFunction(struct Text *text, const struct Manual *manual) {
  appendText(text, "_");
  for (const char *c = manual->program; *c; ++c)
    appendBytes(text, isalnum((unsigned char)*c) ? c : "_", 1);
}

static void appendList(struct Text *text, const char *const *words) {
  for (int32_t i = 0; words[i]; ++i)
    appendFormat(text, "%s%s", i ? " " : "", words[i]);
}

/* The names of all commands that have one. */
static void appendNames(struct Text *text, const struct Manual *manual,
                        const char *between) {
  int isFirst = 1;
  for (int32_t i = 0; i < manual->commandCount; ++i)
    if (*manual->commands[i].name) {
      appendFormat(text, "%s%s", isFirst ? "" : between,
                   manual->commands[i].name);
      isFirst = 0;
    }
}

/* Whether a value is the path of a file or folder. */
static int isPath(const char *value) {
  static const char *const words[] = {"file", "FILE", "folder", "FOLDER"};
  for (size_t i = 0; i < sizeof words / sizeof *words; ++i)
    if (strstr(value, words[i]))
      return 1;
  return 0;
}

//===----------------------------------------------------------------------===//
// bash
//===----------------------------------------------------------------------===//

static void appendBashValues(struct Text *text,
                             const struct ManualCommand *command) {
  for (int32_t i = 0; i < command->optionCount; ++i) {
    const struct ManualOption *option = &command->options[i];
    if (!option->value)
      continue;
    appendFormat(text, "    '%s %s') ", command->name, option->name);
    if (option->choices) {
      appendText(text, "COMPREPLY=($(compgen -W '");
      appendList(text, option->choices);
      appendText(text, "' -- \"$word\")) ;;\n");
    } else {
      appendText(text,
                 isPath(option->value)
                     ? "mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n"
                     : "COMPREPLY=() ;;\n");
    }
  }
}

/* What may stand where no option wants a value. */
static void appendBashCommand(struct Text *text,
                              const struct ManualCommand *command) {
  if (*command->name) {
    appendFormat(text, "    '%s operand') ", command->name);
    if (command->operands) {
      appendText(text, "words='");
      appendList(text, command->operands);
      appendText(text, "' ;;\n");
    } else {
      appendText(text, "files=yes ;;\n");
    }
  }
  appendFormat(text, "    '%s option') words='", command->name);
  for (int32_t i = 0; i < command->optionCount; ++i)
    appendFormat(text, "%s%s", i ? " " : "", command->options[i].name);
  appendText(text, "' ;;\n");
}

/* Whether the program does something without a command, with a file. */
static int takesFile(const struct Manual *manual) {
  for (int32_t i = 0; i < manual->commandCount; ++i)
    if (!*manual->commands[i].name)
      return 1;
  return 0;
}

/* `--emit=grad` comes in three words: `--emit`, `=`, `grad`. */
static const char bashStart[] =
    "() {\n"
    "  local word=${COMP_WORDS[COMP_CWORD]} command= words= files=\n"
    "  local before=${COMP_WORDS[COMP_CWORD-1]} kind=operand\n"
    "  if [[ $word == '=' ]]; then\n"
    "    word=\n"
    "  elif [[ $before == '=' ]]; then\n"
    "    before=${COMP_WORDS[COMP_CWORD-2]}\n"
    "  fi\n"
    "  [[ $word == -* ]] && kind=option\n"
    "  ((COMP_CWORD > 1)) && case ${COMP_WORDS[1]} in\n"
    "    ";

static void appendBash(struct Text *text, const struct Manual *manual) {
  appendFunction(text, manual);
  appendText(text, bashStart);
  appendNames(text, manual, "|");
  appendText(text, ") command=${COMP_WORDS[1]} ;;\n"
                   "  esac\n"
                   "  case \"$command $before\" in\n");
  for (int32_t i = 0; i < manual->commandCount; ++i)
    appendBashValues(text, &manual->commands[i]);
  appendText(text, "    *) case \"$command $kind\" in\n"
                   "    ' operand') ((COMP_CWORD == 1)) && words='");
  appendNames(text, manual, " ");
  appendFormat(text, "'%s ;;\n", takesFile(manual) ? "; files=yes" : "");
  for (int32_t i = 0; i < manual->commandCount; ++i)
    appendBashCommand(text, &manual->commands[i]);
  appendText(text,
             "    esac\n"
             "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
             "    [[ $files ]] && mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < "
             "<(compgen -f -- \"$word\") ;;\n"
             "  esac\n"
             "}\n"
             "complete -o filenames -F ");
  appendFunction(text, manual);
  appendFormat(text, " %s\n", manual->program);
}

//===----------------------------------------------------------------------===//
// zsh
//===----------------------------------------------------------------------===//

/* One specification of _arguments: `'--emit[the stage]:stage:(ast model)'`. An
 * option of one dash may have its value in the same word. */
static void appendZshOption(struct Text *text,
                            const struct ManualOption *option) {
  static const char special[] = "[]:\\";
  int isLong = !strncmp(option->name, "--", 2);
  appendFormat(text, " \\\n        '*%s%s[", option->name,
               !option->value ? ""
               : isLong       ? "="
                              : "+");
  appendQuoted(text, option->help, special);
  appendText(text, "]");
  if (option->value) {
    appendText(text, ":");
    appendQuoted(text, option->value, special);
    appendText(text, ":");
    if (option->choices) {
      appendText(text, "(");
      appendList(text, option->choices);
      appendText(text, ")");
    } else if (isPath(option->value)) {
      appendText(text, "_files");
    } else {
      appendText(text, " ");
    }
  }
  appendText(text, "'");
}

static void appendZshCommand(struct Text *text, const struct Manual *manual,
                             const struct ManualCommand *command) {
  appendFormat(text, "    %s)\n      _arguments -S",
               *command->name ? command->name : "''");
  for (int32_t i = 0; i < command->optionCount; ++i)
    appendZshOption(text, &command->options[i]);
  if (!*command->name) {
    appendText(text, " \\\n        '1: :");
    appendFunction(text, manual);
    appendFormat(text, "_commands'%s",
                 takesFile(manual) ? " '*:file:_files'" : "");
  } else if (!command->operands)
    appendText(text, " \\\n        '*:file:_files'");
  else if (command->operands[0]) {
    appendText(text, " \\\n        '1:word:(");
    appendList(text, command->operands);
    appendText(text, ")'");
  }
  appendText(text, "\n      ;;\n");
}

static void appendZsh(struct Text *text, const struct Manual *manual) {
  appendFormat(text, "#compdef %s\n", manual->program);
  appendFunction(text, manual);
  appendText(text, "_commands() {\n  local -a commands=(");
  for (int32_t i = 0; i < manual->commandCount; ++i)
    if (*manual->commands[i].name) {
      appendFormat(text, "\n    '%s:", manual->commands[i].name);
      appendQuoted(text, manual->commands[i].help, ":\\");
      appendText(text, "'");
    }
  appendFormat(text, ")\n  _describe command commands%s\n}\n",
               takesFile(manual) ? "\n  _files" : "");
  appendFunction(text, manual);
  appendText(text, "() {\n  local command=\n"
                   "  ((CURRENT > 2)) && case $words[2] in\n    ");
  appendNames(text, manual, "|");
  appendText(text, ") command=$words[2]; shift words; ((--CURRENT)) ;;\n"
                   "  esac\n  case $command in\n");
  for (int32_t i = 0; i < manual->commandCount; ++i)
    appendZshCommand(text, manual, &manual->commands[i]);
  static const struct ManualCommand none = {.name = ""};
  if (!takesFile(manual))
    appendZshCommand(text, manual, &none);
  appendText(text, "  esac\n}\n");
  /* As a file of $fpath it is the function's body; `source` defines it. */
  appendText(text, "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n  ");
  appendFunction(text, manual);
  appendText(text, " \"$@\"\nelse\n  compdef ");
  appendFunction(text, manual);
  appendFormat(text, " %s\nfi\n", manual->program);
}

//===----------------------------------------------------------------------===//
// fish
//===----------------------------------------------------------------------===//

static void appendFishOption(struct Text *text, const struct Manual *manual,
                             const struct ManualCommand *command,
                             const struct ManualOption *option) {
  appendFormat(text, "complete -c %s -n '", manual->program);
  if (*command->name) {
    appendFormat(text, "__fish_seen_subcommand_from %s", command->name);
  } else {
    appendText(text, "not __fish_seen_subcommand_from ");
    appendNames(text, manual, " ");
  }
  if (!strncmp(option->name, "--", 2))
    appendFormat(text, "' -l %s", option->name + 2);
  else
    appendFormat(text, "' -s %s", option->name + 1);
  if (option->choices) {
    appendText(text, " -x -a '");
    appendList(text, option->choices);
    appendText(text, "'");
  } else if (option->value) {
    appendText(text, isPath(option->value) ? " -r -F" : " -x");
  }
  appendText(text, " -d '");
  for (const char *c = option->help; *c; ++c)
    appendFormat(text, *c == '\'' || *c == '\\' ? "\\%c" : "%c",
                 *c == '\n' ? ' ' : *c);
  appendText(text, "'\n");
}

static void appendFish(struct Text *text, const struct Manual *manual) {
  for (int32_t i = 0; i < manual->commandCount; ++i) {
    const struct ManualCommand *command = &manual->commands[i];
    if (*command->name) {
      appendFormat(text, "complete -c %s -n __fish_use_subcommand -a %s -d '",
                   manual->program, command->name);
      for (const char *c = command->help; *c; ++c)
        appendFormat(text, *c == '\'' || *c == '\\' ? "\\%c" : "%c", *c);
      appendText(text, "'\n");
      if (command->operands)
        appendFormat(text,
                     "complete -c %s -f -n '__fish_seen_subcommand_from %s'",
                     manual->program, command->name);
      if (command->operands && command->operands[0]) {
        appendText(text, " -a '");
        appendList(text, command->operands);
        appendText(text, "'");
      }
      appendText(text, command->operands ? "\n" : "");
    }
    for (int32_t j = 0; j < command->optionCount; ++j)
      appendFishOption(text, manual, command, &command->options[j]);
  }
}

int appendCompletion(struct Text *text, const struct Manual *manual,
                     const char *shell) {
  if (!strcmp(shell, "bash"))
    appendBash(text, manual);
  else if (!strcmp(shell, "zsh"))
    appendZsh(text, manual);
  else if (!strcmp(shell, "fish"))
    appendFish(text, manual);
  else
    return 0;
  return 1;
}
