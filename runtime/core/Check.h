/* Check.h: whether a program descriptor is one that this runtime can run. */
#ifndef MODELC_RUNTIME_CORE_CHECK_H
#define MODELC_RUNTIME_CORE_CHECK_H

#include "runtime/core/Message.h"
#include "runtime/core/abi.h"

/* 0 if every count, index, offset and size in the descriptor is consistent.
 * Otherwise what is wrong is appended to `message`: a fault of whoever made the
 * descriptor, not of the user. */
int modelcCheckProgram(const struct modelc_program *program,
                       struct ModelcMessage *message);

#endif
