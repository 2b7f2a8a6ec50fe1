/* Input.h: the arrays that `--input` names, in the form that an entry takes. */
#ifndef MODELC_RUNTIME_APP_INPUT_H
#define MODELC_RUNTIME_APP_INPUT_H

#include "runtime/app/Array.h"
#include "runtime/app/Machine.h"
#include "runtime/app/Options.h"

/* What is wanted of one input: the entry and value whose type and dimensions it
 * must have, and the field whose columns of a csv it is, or null: all columns.
 */
struct WantedInput {
  const char *name;
  const struct modelc_entry *entry;
  const struct modelc_value *value;
  struct modelc_value *row; /* `value`, if it was made for this; else null */
  const struct modelc_field *field;
  const struct modelc_data *data; /* that has the field */
  struct Machine *machine;        /* whose slots hold the vocabularies */
};

/* Reads and converts all of them, from npy, safetensors, csv or JSON lines,
 * told apart by content. Fails if one is missing, unknown, or has another
 * shape; sizes of symbols are not compared. */
void readInputs(const struct Options *options, const struct WantedInput *wanted,
                int32_t count, struct Array *arrays);

/* "f32 [N, 10]". Valid until the next call. */
const char *typeText(const struct modelc_entry *entry,
                     const struct modelc_array *array);

#endif
