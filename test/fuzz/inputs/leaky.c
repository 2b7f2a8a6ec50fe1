/* leaky.c: options that are not freed, linked with `-Wl,--wrap=freeOptions`. */
#include "runtime/app/Options.h"

void __wrap_freeOptions(struct Options *options);
void __wrap_freeOptions(struct Options *options) { (void)options; }
