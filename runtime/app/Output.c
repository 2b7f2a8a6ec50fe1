/* Output.c: results of functions as npy, safetensors, csv or JSON lines. */
#include "runtime/app/Output.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/File.h"
#include "runtime/app/Npy.h"
#include "runtime/app/Report.h"
#include "runtime/app/Safetensors.h"
#include "runtime/app/Text.h"

static const char *outputPath(const struct Options *options) {
  return options->output ? options->output : "-";
}

static enum OutputFormat findFormat(const char *name) {
  static const char *const names[] = {"npy", "safetensors", "csv", "jsonl",
                                      "json"};
  for (int i = 0; i < 5; ++i)
    if (!strcmp(name, names[i]))
      return i < 4 ? (enum OutputFormat)(FormatNpy + i) : FormatJson;
  failUser("`%s` is no format for the output; npy, safetensors, csv and jsonl "
           "are%s",
           name, didYouMean(name, names, 5));
}

enum OutputFormat chooseFormat(const struct Options *options,
                               const struct modelc_entry *entry) {
  const char *path = outputPath(options), *slash = strrchr(path, '/');
  const char *dot = strrchr(slash ? slash : path, '.');
  enum OutputFormat format = options->format ? findFormat(options->format)
                             : dot           ? findFormat(dot + 1)
                                             : FormatCsv;
  if (!entry->output_count)
    failUser("`%s` has no results", entry->name);
  if (format == FormatNpy && entry->output_count != 1)
    failUser("an npy file holds one array, `%s` has %d results; safetensors "
             "holds all",
             entry->name, entry->output_count);
  for (int32_t i = 0; format == FormatCsv && i < entry->output_count; ++i)
    if (entry->outputs[i].array.rank > 2)
      failUser("csv holds tables, `%s` has %d dimensions; npy and safetensors "
               "hold all",
               entry->outputs[i].name, entry->outputs[i].array.rank);
  checkOutputPath(path);
  return format;
}

static void writeNpy(struct OutputFile *output, const struct Array *array) {
  struct Text header = {0};
  appendNpyHeader(&header, array);
  writeOutput(output, header.data, header.length);
  writeOutput(output, array->data, array->count * dtypeBytes(array->dtype));
  freeText(&header);
}

static void writeTensors(struct OutputFile *output,
                         const struct modelc_entry *entry,
                         const struct Array *results) {
  struct Tensor *tensors = allocate(entry->output_count, sizeof *tensors);
  for (int32_t i = 0; i < entry->output_count; ++i)
    tensors[i] = (struct Tensor){(char *)entry->outputs[i].name, results[i]};
  writeSafetensors(output, 0, 0, tensors, entry->output_count);
  free(tensors);
}

static int64_t rowsOf(const struct Array *array) {
  return array->rank ? array->extents[0] : 1;
}
static int64_t columnsOf(const struct Array *array) {
  return array->rank == 2 ? array->extents[1] : 1;
}

static void appendElement(struct Text *text, const struct Array *array,
                          int64_t index) {
  double value = loadNumber(array->dtype, array->data, index);
  if (array->dtype == MODELC_I64)
    appendFormat(text, "%lld",
                 (long long)((const int64_t *)array->data)[index]);
  else if (!isFloatDtype(array->dtype))
    appendFormat(text, "%.0f", value);
  else
    appendFormat(text, "%.*g", array->dtype == MODELC_F64 ? 17 : 9, value);
}

/* A table has the rows of all results side by side. */
static void checkRows(const struct modelc_entry *entry,
                      const struct Array *results, const char *holds) {
  for (int32_t i = 0; i < entry->output_count; ++i)
    if (rowsOf(&results[i]) != rowsOf(&results[0]))
      failUser("results `%s` and `%s` have %lld and %lld rows, %s one table; "
               "safetensors holds all",
               entry->outputs[0].name, entry->outputs[i].name,
               (long long)rowsOf(&results[0]), (long long)rowsOf(&results[i]),
               holds);
}

/* Writes what is there once it is much. */
static void flushText(struct OutputFile *output, struct Text *text) {
  enum { Buffer = 1 << 16 };
  if (text->length < Buffer)
    return;
  writeOutput(output, text->data, text->length);
  text->length = 0;
}

static int hasClasses(const struct Classes *classes, int32_t output) {
  return classes && classes[output].count;
}

static void appendCsvHeader(struct Text *text, const struct modelc_entry *entry,
                            const struct Array *results,
                            const struct Classes *classes) {
  for (int32_t i = 0; i < entry->output_count; ++i) {
    const struct modelc_value *value = &entry->outputs[i];
    appendText(text, i ? "," : "");
    if (hasClasses(classes, i)) {
      appendClassHeader(text, value, &classes[i], entry->output_count == 1);
      continue;
    }
    for (int64_t j = 0; j < columnsOf(&results[i]); ++j) {
      appendFormat(text, "%s%s", j ? "," : "", value->name);
      if (columnsOf(&results[i]) > 1)
        appendFormat(text, ".%lld", (long long)j);
    }
  }
  appendText(text, "\n");
}

static void writeCsv(struct OutputFile *output,
                     const struct modelc_entry *entry,
                     const struct Array *results,
                     const struct Classes *classes) {
  struct Text text = {0};
  checkRows(entry, results, "csv holds");
  appendCsvHeader(&text, entry, results, classes);
  for (int64_t row = 0; row < rowsOf(&results[0]); ++row) {
    for (int32_t i = 0; i < entry->output_count; ++i) {
      appendText(&text, i ? "," : "");
      if (hasClasses(classes, i)) {
        appendClassCells(&text, &entry->outputs[i], &classes[i],
                         results[i].data, row);
        continue;
      }
      for (int64_t j = 0, columns = columnsOf(&results[i]); j < columns; ++j) {
        appendText(&text, j ? "," : "");
        appendElement(&text, &results[i], row * columns + j);
      }
    }
    appendText(&text, "\n");
    flushText(output, &text);
  }
  writeOutput(output, text.data, text.length);
  freeText(&text);
}

/* Appends the part of an array that begins at element `*next` of `dimension`,
 * and goes past it. */
static void appendJson(struct Text *text, const struct Array *array,
                       int32_t dimension, int64_t *next) {
  if (dimension >= array->rank) {
    double value = loadNumber(array->dtype, array->data, *next);
    if (array->dtype == MODELC_BOOL)
      appendText(text, value != 0 ? "true" : "false");
    else if (isFloatDtype(array->dtype))
      appendJsonNumber(text, value, array->dtype == MODELC_F64 ? 17 : 9);
    else
      appendElement(text, array, *next);
    ++*next;
    return;
  }
  appendText(text, "[");
  for (int64_t i = 0; i < array->extents[dimension]; ++i) {
    appendText(text, i ? "," : "");
    appendJson(text, array, dimension + 1, next);
  }
  appendText(text, "]");
}

/* One object a line, with each result's row by its name; a single one that has
 * classes is the object. */
static void writeJson(struct OutputFile *output,
                      const struct modelc_entry *entry,
                      const struct Array *results,
                      const struct Classes *classes) {
  int isOnly = entry->output_count == 1;
  struct Text text = {0};
  checkRows(entry, results, "JSON lines hold");
  int64_t *next = allocate(entry->output_count, sizeof *next);
  for (int64_t row = 0; row < rowsOf(&results[0]); ++row) {
    for (int32_t i = 0; i < entry->output_count; ++i) {
      const struct modelc_value *value = &entry->outputs[i];
      appendText(&text, i ? "," : "{");
      if (!hasClasses(classes, i) || !isOnly) {
        appendJsonString(&text, value->name);
        appendText(&text, ":");
      }
      if (!hasClasses(classes, i)) {
        appendJson(&text, &results[i], 1, &next[i]);
        continue;
      }
      appendText(&text, isOnly ? "" : "{");
      appendClassJson(&text, value, &classes[i], results[i].data, row);
      appendText(&text, isOnly ? "" : "}");
    }
    appendText(&text, "}\n");
    flushText(output, &text);
  }
  writeOutput(output, text.data, text.length);
  freeText(&text);
  free(next);
}

void writeResults(const struct Options *options, enum OutputFormat format,
                  const struct modelc_entry *entry, const struct Array *results,
                  const struct Classes *classes) {
  struct OutputFile output;
  openOutput(&output, outputPath(options));
  if (format == FormatNpy)
    writeNpy(&output, &results[0]);
  else if (format == FormatSafetensors)
    writeTensors(&output, entry, results);
  else if (format == FormatJson)
    writeJson(&output, entry, results, classes);
  else
    writeCsv(&output, entry, results, classes);
  commitOutput(&output);
}
