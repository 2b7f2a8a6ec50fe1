/* Info.h: the `info` command. */
#ifndef MODELC_RUNTIME_APP_INFO_H
#define MODELC_RUNTIME_APP_INFO_H

#include "runtime/app/Options.h"

int runInfo(const struct modelc_program *program,
            const struct Options *options);

#endif
