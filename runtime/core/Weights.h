/* Weights.h: the weights that training wrote, from memory. */
#ifndef MODELC_RUNTIME_CORE_WEIGHTS_H
#define MODELC_RUNTIME_CORE_WEIGHTS_H

#include "runtime/core/abi.h"

/* Fills the program's parameters, state and statistics from the content of a
 * safetensors file, which need not be aligned, and clears its other slots.
 * Returns MODELC_OK, or an error and leaves the slots as they are: NULL,
 * ALIGNMENT, or WEIGHTS where the file is none or lacks an array of the
 * program's name, type and shape; arrays that the program does not have are
 * passed over. `message`, if it is not null, then gets the reason, at most
 * `messageBytes` with the NUL. Allocates nothing. */
int32_t modelcLoadWeights(const struct modelc_program *program, void *slots,
                          const void *file, uint64_t fileBytes, char *message,
                          uint64_t messageBytes);

#endif
