/* Load.h: the sources of a data declaration, and how their rows become a
 * dataset. */
#ifndef MODELC_RUNTIME_APP_LOAD_H
#define MODELC_RUNTIME_APP_LOAD_H

#include "runtime/app/Data.h"

/* Refuses `--data` for names that the program does not have. */
void checkDataNames(const struct modelc_data *description,
                    const struct Options *options);

/* Whether every file that would be read is there. */
int areSourcesThere(const struct modelc_data *description,
                    const struct Options *options);

/* Reads the source of all shares, or of one split, and appends its rows to the
 * dataset. Returns their number. */
int64_t loadSource(struct Dataset *dataset, const struct Options *options,
                   const struct modelc_split *split);

/* Divides the rows of the main source, all that there are, among the splits
 * that are shares, or into folds, and brings each split's together. */
void divideShares(struct Dataset *dataset, const struct Cut *cut);

#endif
