/* Messages.h: what the `print`s and `assert`s of the program say. */
#ifndef MODELC_RUNTIME_APP_MESSAGES_H
#define MODELC_RUNTIME_APP_MESSAGES_H

#include "runtime/core/abi.h"

/* Shows on standard error what an entry that has run in `workspace` says, in
 * the order of the program. The first assertion that does not hold ends the
 * program, and nothing behind it is shown. */
void showMessages(const struct modelc_program *program,
                  const struct modelc_entry *entry, const char *workspace);

#endif
