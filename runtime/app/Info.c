/* Info.c: the `info` command: what the program is, takes and needs; more where
 * it is asked for. */
#include "runtime/app/Info.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Array.h"
#include "runtime/app/Input.h"
#include "runtime/app/Report.h"

static const char *const slotKinds[] = {
    "", "parameter", "state", "optimizer", "statistic", "metric", "session"};
static const char *const entryKinds[] = {
    "",    "init",       "step",     "evaluate", "finish",
    "fit", "preprocess", "function", "restore",  "trap"};

static const char *const meanings[] = {
    "",      "values", "logits",     "log-probabilities", "probabilities",
    "class", "logit",  "probability"};

const char *nameOfMeaning(int32_t meaning) { return meanings[meaning]; }
const char *nameOfSlotKind(int32_t kind) { return slotKinds[kind]; }
const char *nameOfEntryKind(int32_t kind) { return entryKinds[kind]; }

static int64_t bytesOfKind(const struct modelc_program *program, int32_t kind) {
  int64_t bytes = 0;
  for (int32_t i = 0; i < program->slot_count; ++i)
    if (program->slots[i].kind == kind)
      bytes += program->slots[i].array.bytes;
  return bytes;
}

int64_t elementsOfArray(const struct modelc_array *array) {
  return array->bytes / dtypeBytes(array->dtype);
}

int64_t countParameters(const struct modelc_program *program) {
  int64_t count = 0;
  for (int32_t i = 0; i < program->slot_count; ++i)
    if (program->slots[i].kind == MODELC_SLOT_PARAMETER)
      count += elementsOfArray(&program->slots[i].array);
  return count;
}

int64_t workspacePeak(const struct modelc_program *program) {
  int64_t peak = 0;
  for (int32_t i = 0; i < program->entry_count; ++i)
    if (program->entries[i].workspace_bytes > peak &&
        program->entries[i].kind != MODELC_ENTRY_TRAP)
      peak = program->entries[i].workspace_bytes;
  return peak;
}

static void showProgram(struct Text *text,
                        const struct modelc_program *program) {
  appendFormat(text, "%s%s%s\n", program->name,
               *program->documentation ? ": " : "", program->documentation);
  appendFormat(text,
               "  source    %s (%s)\n  compiler  %s -O%u\n  target    %s\n  "
               "float     %s\n",
               program->source_file, program->source_hash, program->compiler,
               program->optimization, program->target,
               dtypeName(program->float_dtype));
}

/* Slots of one kind, in the order of the program. */
static void showSlots(struct Text *text, const struct modelc_program *program,
                      int32_t kind) {
  for (int32_t i = 0; i < program->slot_count; ++i) {
    const struct modelc_slot *slot = &program->slots[i];
    if (slot->kind == kind)
      appendFormat(text, "  %-24s %-24s %10lld  %s\n", slot->name,
                   typeText(0, &slot->array),
                   (long long)elementsOfArray(&slot->array), slot->source);
  }
}

static void showParameters(struct Text *text,
                           const struct modelc_program *program) {
  appendFormat(text, "\nparameters (%lld):\n",
               (long long)countParameters(program));
  showSlots(text, program, MODELC_SLOT_PARAMETER);
}

static void showValues(struct Text *text, const struct modelc_entry *entry,
                       const struct modelc_value *values, int32_t count) {
  appendText(text, "(");
  for (int32_t i = 0; i < count; ++i)
    appendFormat(text, "%s%s: %s", i ? ", " : "", values[i].name,
                 typeText(entry, &values[i].array));
  appendText(text, ")");
}

/* What results say of fields of the training data. */
static void showMeanings(struct Text *text,
                         const struct modelc_program *program,
                         const struct modelc_entry *entry) {
  for (int32_t i = 0; i < entry->output_count; ++i) {
    const struct modelc_value *value = &entry->outputs[i];
    if (!value->meaning || !program->training)
      continue;
    const struct modelc_field *field =
        &program->data[program->training->data].fields[value->field];
    appendFormat(
        text, "      %s: %s of `%s`%s\n", value->name,
        nameOfMeaning(value->meaning), field->name,
        value->meaning != MODELC_MEANING_NUMBER || field->preprocess < 0 ? ""
        : field->restore
            ? ", in `predict` in the units of its columns"
            : ", in the units of the model: a transform has no inverse");
  }
}

static void showFunctions(struct Text *text,
                          const struct modelc_program *program) {
  int count = 0;
  for (int32_t i = 0; i < program->entry_count; ++i) {
    const struct modelc_entry *entry = &program->entries[i];
    if (entry->kind != MODELC_ENTRY_FUNCTION)
      continue;
    appendText(text, count++ ? "" : "\nfunctions:\n");
    appendFormat(text, "  %s", entry->name);
    showValues(text, entry, entry->inputs, entry->input_count);
    appendText(text, " -> ");
    showValues(text, entry, entry->outputs, entry->output_count);
    for (int32_t j = 0; j < entry->symbol_count; ++j)
      appendFormat(text, "%s%s <= %lld%s", j ? ", " : " where ",
                   entry->symbols[j].name, (long long)entry->symbols[j].bound,
                   j + 1 == entry->row_symbol ? " (more in parts)" : "");
    appendText(text, "\n");
    if (*entry->documentation)
      appendFormat(text, "      %s\n", entry->documentation);
    showMeanings(text, program, entry);
  }
}

static void showField(struct Text *text, const struct modelc_field *field) {
  appendFormat(text, "  %-12s %s, ", field->name, dtypeName(field->dtype));
  if (field->selector == MODELC_COLUMNS_NAMED)
    for (int32_t i = 0; i < field->name_count; ++i)
      appendFormat(text, "%s%s", i ? ", " : "", field->names[i]);
  else
    appendFormat(text, "columns %d to %d", field->first, field->last - 1);
  if (field->classes)
    appendFormat(text, ", %d classes", field->classes);
  appendFormat(text, "%s%s\n", field->preprocess >= 0 ? ", preprocessed" : "",
               field->fit >= 0 || field->pass_count ? ", fitted" : "");
}

static void showData(struct Text *text, const struct modelc_program *program) {
  for (int32_t i = 0; i < program->data_count; ++i) {
    const struct modelc_data *data = &program->data[i];
    appendFormat(text, "\ndata %s from %s", data->name, data->format);
    if (data->path)
      appendFormat(text, " \"%s\"", data->path);
    appendText(text, ":\n");
    for (int32_t j = 0; j < data->field_count; ++j)
      showField(text, &data->fields[j]);
    appendText(text, data->split_count ? "  splits       " : "");
    for (int32_t j = 0; j < data->split_count; ++j) {
      const struct modelc_split *split = &data->splits[j];
      appendFormat(text, "%s%s ", j ? ", " : "", split->name);
      if (split->path)
        appendFormat(text, "\"%s\"", split->path);
      else
        appendFormat(text, "%g%%", split->share * 100);
    }
    appendText(text, data->split_count ? "\n" : "");
  }
}

static void showTraining(struct Text *text,
                         const struct modelc_program *program) {
  const struct modelc_training *training = program->training;
  if (training)
    appendFormat(text, "\ntraining on %s: batch %lld, %lld epochs, seed %lld\n",
                 program->data[training->data].name, (long long)training->batch,
                 (long long)training->epochs, (long long)training->seed);
  appendText(text, program->hyper_count ? "\nhyperparameters:\n" : "");
  for (int32_t i = 0; i < program->hyper_count; ++i) {
    const struct modelc_hyper *hyper = &program->hypers[i];
    appendFormat(text, "  %-12s %g  %s\n", hyper->name, hyper->value,
                 hyper->documentation);
  }
}

/* Bytes by what they are for, and operations by entry. */
static void showNeeds(struct Text *text, const struct modelc_program *program) {
  appendText(text, "\nmemory, bytes:\n");
  for (int32_t kind = MODELC_SLOT_PARAMETER; kind <= MODELC_SLOT_SESSION;
       ++kind)
    if (bytesOfKind(program, kind))
      appendFormat(text, "  %-23s %12lld\n", slotKinds[kind],
                   (long long)bytesOfKind(program, kind));
  appendFormat(text, "  workspace               %12lld\n",
               (long long)workspacePeak(program));
  appendFormat(text, "  all, with alignment     %12lld\n",
               (long long)(program->slot_bytes + workspacePeak(program)));
  int count = 0;
  for (int32_t i = 0; i < program->entry_count; ++i) {
    if (!program->entries[i].operations)
      continue;
    appendText(text, count++ ? "" : "\noperations of a call at the bounds:\n");
    appendFormat(text, "  %-23s %12lld\n", program->entries[i].name,
                 (long long)program->entries[i].operations);
  }
}

/* Regions of one entry that are needed at once, added up by line. */
struct LineUse {
  const char *source;
  int64_t bytes;
};

static int compareUses(const void *a, const void *b) {
  const struct LineUse *left = a, *right = b;
  if (left->bytes != right->bytes)
    return left->bytes < right->bytes ? 1 : -1;
  return strcmp(left->source, right->source);
}

static int isLive(const struct modelc_region *region, int32_t entry,
                  int32_t position) {
  return region->entry == entry && region->begin <= position &&
         region->end >= position;
}

/* The position of the schedule at which most bytes are needed; -1 if none are.
 * Use only grows where a region begins. */
static int32_t findPeak(const struct modelc_program *program, int32_t entry,
                        int64_t *most) {
  int32_t peak = -1;
  *most = 0;
  for (int32_t i = 0; i < program->region_count; ++i) {
    int64_t bytes = 0;
    if (program->regions[i].entry != entry)
      continue;
    int32_t position = program->regions[i].begin;
    for (int32_t j = 0; j < program->region_count; ++j)
      if (isLive(&program->regions[j], entry, position))
        bytes += program->regions[j].bytes;
    if (bytes > *most) {
      *most = bytes;
      peak = position;
    }
  }
  return peak;
}

static void showPeak(struct Text *text, const struct modelc_program *program,
                     int32_t entry) {
  int64_t most;
  int32_t peak = findPeak(program, entry, &most);
  if (peak < 0)
    return;
  struct LineUse *uses = allocate(program->region_count, sizeof *uses);
  int64_t count = 0;
  for (int32_t i = 0; i < program->region_count; ++i) {
    const struct modelc_region *region = &program->regions[i];
    if (!isLive(region, entry, peak))
      continue;
    int64_t line = 0;
    while (line < count && strcmp(uses[line].source, region->source))
      ++line;
    if (line == count)
      uses[count++].source = region->source;
    uses[line].bytes += region->bytes;
  }
  qsort(uses, (size_t)count, sizeof *uses, compareUses);
  appendFormat(
      text, "\nworkspace of %s, %lld bytes, by line at its peak of %lld:\n",
      program->entries[entry].name,
      (long long)program->entries[entry].workspace_bytes, (long long)most);
  for (int64_t i = 0; i < count; ++i)
    appendFormat(text, "  %12lld %3.0f%%  %s\n", (long long)uses[i].bytes,
                 100 * (double)uses[i].bytes / (double)most, uses[i].source);
  free(uses);
}

static void showMemory(struct Text *text,
                       const struct modelc_program *program) {
  for (int32_t kind = MODELC_SLOT_STATE; kind <= MODELC_SLOT_SESSION; ++kind)
    if (bytesOfKind(program, kind)) {
      appendFormat(text, "\n%s:\n", slotKinds[kind]);
      showSlots(text, program, kind);
    }
  for (int32_t i = 0; i < program->entry_count; ++i)
    showPeak(text, program, i);
}

static void showKernels(struct Text *text,
                        const struct modelc_program *program) {
  appendText(
      text,
      "\nkernels (id, entry, kernel, role, operations, bytes, source):\n");
  for (int32_t i = 0; i < program->launch_count; ++i) {
    const struct modelc_launch *launch = &program->launches[i];
    const struct modelc_entry *entry = &program->entries[launch->entry];
    if (entry->kind == MODELC_ENTRY_TRAP)
      continue;
    appendFormat(text, "  %4d  %-12s %-16s %-8s %12lld %12lld  %s\n", i,
                 entry->name, launch->kernel, launch->role,
                 (long long)launch->operations, (long long)launch->bytes,
                 launch->source);
  }
}

static void showSummary(struct Text *text, const struct modelc_program *program,
                        const struct Options *options) {
  showProgram(text, program);
  showParameters(text, program);
  showFunctions(text, program);
  showData(text, program);
  showTraining(text, program);
  showNeeds(text, program);
  if (options->memory)
    showMemory(text, program);
  if (options->kernels)
    showKernels(text, program);
  if (!options->memory && !options->kernels)
    appendText(text, "\n`--memory` shows which lines need the memory, "
                     "`--kernels` what runs, `--json` everything\n");
}

int runInfo(const struct modelc_program *program,
            const struct Options *options) {
  struct Text text = {0};
  if (options->json)
    appendProgramJson(&text, program);
  else
    showSummary(&text, program, options);
  printText(&text);
  freeText(&text);
  return ExitSuccess;
}
