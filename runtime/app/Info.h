/* Info.h: the `info` command, and what it counts. */
#ifndef MODELC_RUNTIME_APP_INFO_H
#define MODELC_RUNTIME_APP_INFO_H

#include "runtime/app/Options.h"
#include "runtime/app/Text.h"

int runInfo(const struct modelc_program *program,
            const struct Options *options);

/* Everything there is to tell, as one line of JSON. */
void appendProgramJson(struct Text *text, const struct modelc_program *program);

const char *nameOfSlotKind(int32_t kind);
const char *nameOfEntryKind(int32_t kind);
const char *nameOfMeaning(int32_t meaning);
int64_t elementsOfArray(const struct modelc_array *array);
int64_t countParameters(const struct modelc_program *program);
/* Of the largest workspace: all entries share one. */
int64_t workspacePeak(const struct modelc_program *program);

#endif
