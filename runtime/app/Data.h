/* Data.h: the rows of a data declaration, their splits, and calls of entries on
 * rows. */
#ifndef MODELC_RUNTIME_APP_DATA_H
#define MODELC_RUNTIME_APP_DATA_H

#include "runtime/app/ArraySource.h"
#include "runtime/app/Machine.h"
#include "runtime/app/Options.h"
#include "runtime/app/Source.h"

/* A range of the dataset's rows. */
struct Split {
  const char *name;
  int64_t first, count; /* of examples */
  int64_t rows;         /* of windows, more than there are examples */
};

/* All rows in memory; those of a split lie together. */
struct Dataset {
  const struct modelc_data *description;
  struct Rows
      *fields; /* raw until preprocessed, in the order of the description */
  struct Split *splits;
  int64_t rows;
  struct Words *words; /* of all columns of texts; null once they are encoded */
  int64_t *keys;       /* of each row, while the rows are divided */
  struct ArraySource *sources; /* that fields may lie in */
  int32_t sourceCount;
};

/* What decides which rows go where. */
struct Cut {
  int64_t seed;
  int isShuffled;
  int32_t fold; /* that is `valid`, from 1; 0: all folds are `train` */
};

/* Reads or makes the rows, orders them by the seed if the program says so and
 * `isShuffled`, and cuts the splits. Fails where a split is empty. */
struct Dataset loadDataset(const struct modelc_data *description,
                           const struct Options *options,
                           const struct Cut *cut);
void freeDataset(struct Dataset *dataset);

/* The split's index, or -1. */
int32_t findSplit(const struct Dataset *dataset, const char *name);

/* Learns from one split: vocabularies, then what the fit entries learn. */
void fitFields(struct Machine *machine, struct Dataset *dataset, int32_t split);
/* Gives the texts of raw rows the codes that the vocabularies in the slots give
 * them. */
void encodeFields(struct Machine *machine, const struct modelc_data *data,
                  struct Words *words, struct Rows *fields, int64_t rows);
/* Replaces texts by their codes and runs the preprocess entries over all rows,
 * once. */
void preprocessFields(struct Machine *machine, struct Dataset *dataset);

/* An entry whose data inputs take rows of fields, some at a time. */
struct RowCall {
  struct Invocation invocation;
  int32_t *fields;   /* for each input its field, or -1 */
  int32_t rowSymbol; /* the symbol that is the number of rows, or -1: it is
                        constant */
  int64_t
      rowLimit; /* most rows of a call; the only number if there is no symbol */
};

/* Binds data inputs to the dataset's fields by name, or all of them to `field`
 * if it is not -1. Element types and sizes of rows must agree. */
void prepareRowCall(struct Machine *machine, int32_t entry,
                    const struct Dataset *dataset, int32_t field,
                    struct RowCall *call);
void freeRowCall(struct RowCall *call);

/* Copies `count` rows, from number `first` on or as `order` says, into the
 * inputs. */
void gatherRows(struct RowCall *call, const struct Dataset *dataset,
                const int64_t *order, int64_t first, int64_t count);

/* Preprocesses raw rows of a field; null if the field has none. To be freed. */
char *preprocessRows(struct Machine *machine, const struct modelc_field *field,
                     const struct Rows *raw, int64_t count,
                     struct Rows *result);
/* From rows as the model sees them to raw ones; null if the field has no way
 * back for such rows. To be freed. */
char *restoreRows(struct Machine *machine, const struct modelc_field *field,
                  const struct Rows *seen, int64_t count, struct Rows *result);

#endif
