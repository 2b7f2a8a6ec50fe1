/* Output.h: results of functions as npy, safetensors, csv or JSON lines. */
#ifndef MODELC_RUNTIME_APP_OUTPUT_H
#define MODELC_RUNTIME_APP_OUTPUT_H

#include "runtime/app/Array.h"
#include "runtime/app/Classes.h"
#include "runtime/app/Options.h"

enum OutputFormat { FormatNpy = 1, FormatSafetensors, FormatCsv, FormatJson };

/* The format that `--format` or the ending of `--output` says, csv where there
 * is no ending. Fails if the entry's results do not fit it or the file cannot
 * be written, before anything is computed. */
enum OutputFormat chooseFormat(const struct Options *options,
                               const struct modelc_entry *entry);

/* Writes an array for each of the entry's outputs. What has classes (an element
 * for each output, or null) is told by them in csv and JSON lines. */
void writeResults(const struct Options *options, enum OutputFormat format,
                  const struct modelc_entry *entry, const struct Array *results,
                  const struct Classes *classes);

#endif
