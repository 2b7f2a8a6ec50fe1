/* Manual.c: writes man pages. */
#include "runtime/app/Manual.h"

#include <ctype.h>
#include <string.h>

/* Text of a page: what troff would read as something else is escaped, and what
 * stands in back quotes is bold. */
static void appendWords(struct Text *text, const char *words) {
  int isTyped = 0, isStart = 1;
  for (const char *c = words; *c; isStart = *c == '\n', ++c) {
    if (*c == '`') {
      isTyped = !isTyped;
      appendText(text, isTyped ? "\\fB" : "\\fR");
    } else if (*c == '\\') {
      appendText(text, "\\e");
    } else if (*c == '-') {
      appendText(text, "\\-");
    } else {
      if (isStart && (*c == '.' || *c == '\''))
        appendText(text, "\\&");
      appendBytes(text, c, 1);
    }
  }
}

static void appendLine(struct Text *text, const char *words) {
  appendWords(text, words);
  appendText(text, "\n");
}

static void appendFont(struct Text *text, char font, const char *words) {
  appendFormat(text, "\\f%c", font);
  appendWords(text, words);
  appendText(text, "\\fR");
}

static void appendCall(struct Text *text, const struct Manual *manual,
                       const struct ManualCommand *command) {
  appendFont(text, 'B', manual->program);
  if (*command->name) {
    appendText(text, " ");
    appendFont(text, 'B', command->name);
  }
  appendText(text, " ");
  appendLine(text, command->usage);
}

static void appendOptions(struct Text *text,
                          const struct ManualCommand *command) {
  for (int32_t i = 0; i < command->optionCount; ++i) {
    const struct ManualOption *option = &command->options[i];
    appendText(text, ".TP\n");
    appendFont(text, 'B', option->name);
    if (option->value) {
      appendText(text, " ");
      appendFont(text, 'I', option->value);
    }
    appendText(text, "\n");
    appendWords(text, option->help);
    for (int32_t j = 0; option->choices && option->choices[j]; ++j) {
      appendText(text, j ? ", " : ": ");
      appendFont(text, 'B', option->choices[j]);
    }
    appendText(text, "\n");
  }
}

void appendManPage(struct Text *text, const struct Manual *manual) {
  appendText(text, ".TH ");
  for (const char *c = manual->page; *c; ++c) {
    char upper = (char)toupper((unsigned char)*c);
    appendBytes(text, &upper, 1);
  }
  appendFormat(text, " 1 \"\" \"%s\"\n.nh\n.SH NAME\n", manual->version);
  appendWords(text, manual->page);
  appendText(text, " \\- ");
  appendLine(text, manual->summary);
  appendText(text, ".SH SYNOPSIS\n.nf\n");
  for (int32_t i = 0; i < manual->commandCount; ++i)
    appendCall(text, manual, &manual->commands[i]);
  appendText(text, ".fi\n.SH DESCRIPTION\n");
  for (int32_t i = 0; manual->paragraphs[i]; ++i) {
    appendText(text, i ? ".PP\n" : "");
    appendLine(text, manual->paragraphs[i]);
  }
  appendText(text, ".SH COMMANDS\n");
  for (int32_t i = 0; i < manual->commandCount; ++i) {
    const struct ManualCommand *command = &manual->commands[i];
    appendText(text, ".SS ");
    appendCall(text, manual, command);
    appendLine(text, command->help);
    appendOptions(text, command);
  }
  appendText(text, ".SH EXIT STATUS\n");
  appendLine(text, manual->exitStatus);
}
