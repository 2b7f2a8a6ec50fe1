/* Info.c: the `info` command: slots, functions, the memory plan and launches,
 * as text or JSON. */
#include "runtime/app/Info.h"

#include <string.h>

#include "runtime/app/Array.h"
#include "runtime/app/Input.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"

static const char *const slotKinds[] = {
    "", "parameter", "state", "optimizer", "statistic", "metric", "session"};
static const char *const entryKinds[] = {
    "", "init", "step", "evaluate", "finish", "fit", "preprocess", "function"};

static int64_t bytesOfKind(const struct modelc_program *program, int32_t kind) {
  int64_t bytes = 0;
  for (int32_t i = 0; i < program->slot_count; ++i)
    if (program->slots[i].kind == kind)
      bytes += program->slots[i].array.bytes;
  return bytes;
}

static int64_t elementsOf(const struct modelc_array *array) {
  return array->bytes / dtypeBytes(array->dtype);
}

static int64_t parameterCount(const struct modelc_program *program) {
  int64_t count = 0;
  for (int32_t i = 0; i < program->slot_count; ++i)
    if (program->slots[i].kind == MODELC_SLOT_PARAMETER)
      count += elementsOf(&program->slots[i].array);
  return count;
}

static int64_t workspacePeak(const struct modelc_program *program) {
  int64_t peak = 0;
  for (int32_t i = 0; i < program->entry_count; ++i)
    if (program->entries[i].workspace_bytes > peak)
      peak = program->entries[i].workspace_bytes;
  return peak;
}

static void showSlots(struct Text *text, const struct modelc_program *program) {
  appendFormat(text, "\nslots (%lld parameters):\n",
               (long long)parameterCount(program));
  for (int32_t i = 0; i < program->slot_count; ++i) {
    const struct modelc_slot *slot = &program->slots[i];
    appendFormat(text, "  %-24s %-10s %-24s %10lld  %s\n", slot->name,
                 slotKinds[slot->kind], typeText(0, &slot->array),
                 (long long)elementsOf(&slot->array), slot->source);
  }
}

static void showValues(struct Text *text, const struct modelc_entry *entry,
                       const struct modelc_value *values, int32_t count) {
  appendText(text, "(");
  for (int32_t i = 0; i < count; ++i)
    appendFormat(text, "%s%s: %s", i ? ", " : "", values[i].name,
                 typeText(entry, &values[i].array));
  appendText(text, ")");
}

static void showEntries(struct Text *text,
                        const struct modelc_program *program) {
  appendText(text, "\nentries:\n");
  for (int32_t i = 0; i < program->entry_count; ++i) {
    const struct modelc_entry *entry = &program->entries[i];
    appendFormat(text, "  %s %s", entryKinds[entry->kind], entry->name);
    showValues(text, entry, entry->inputs, entry->input_count);
    appendText(text, " -> ");
    showValues(text, entry, entry->outputs, entry->output_count);
    for (int32_t j = 0; j < entry->symbol_count; ++j)
      appendFormat(text, "%s%s <= %lld", j ? ", " : " where ",
                   entry->symbols[j].name, (long long)entry->symbols[j].bound);
    appendText(text, "\n");
    if (*entry->documentation)
      appendFormat(text, "      %s\n", entry->documentation);
  }
}

static void showMemory(struct Text *text,
                       const struct modelc_program *program) {
  appendText(text, "\nmemory, bytes:\n");
  for (int32_t kind = MODELC_SLOT_PARAMETER; kind <= MODELC_SLOT_SESSION;
       ++kind)
    if (bytesOfKind(program, kind))
      appendFormat(text, "  slots, %-17s %12lld\n", slotKinds[kind],
                   (long long)bytesOfKind(program, kind));
  appendFormat(text, "  slots, all               %12lld\n",
               (long long)program->slot_bytes);
  for (int32_t i = 0; i < program->entry_count; ++i)
    appendFormat(text, "  workspace, %-13s %12lld\n", program->entries[i].name,
                 (long long)program->entries[i].workspace_bytes);
  appendFormat(text, "  peak                     %12lld\n",
               (long long)(program->slot_bytes + workspacePeak(program)));
}

static void showPlan(struct Text *text, const struct modelc_program *program) {
  if (program->region_count)
    appendText(
        text,
        "\nregions of the workspaces (entry, offset, bytes, steps, source):\n");
  for (int32_t i = 0; i < program->region_count; ++i) {
    const struct modelc_region *region = &program->regions[i];
    appendFormat(text, "  %-12s %10lld %10lld  %d..%d  %s\n",
                 program->entries[region->entry].name,
                 (long long)region->offset, (long long)region->bytes,
                 region->begin, region->end, region->source);
  }
  if (program->launch_count)
    appendText(text,
               "\nlaunches (id, kernel, role, operations, bytes, source):\n");
  for (int32_t i = 0; i < program->launch_count; ++i) {
    const struct modelc_launch *launch = &program->launches[i];
    appendFormat(text, "  %4d  %-24s %-8s %12lld %12lld  %s\n", i,
                 launch->kernel, launch->role, (long long)launch->operations,
                 (long long)launch->bytes, launch->source);
  }
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
  showSlots(text, program);
  showEntries(text, program);
  showMemory(text, program);
  showPlan(text, program);
}

/* `"key":"value"`, after a comma unless it is the first of its object. */
static void appendPair(struct Text *text, const char *key, const char *value) {
  if (text->data[text->length - 1] != '{')
    appendText(text, ",");
  appendJsonString(text, key);
  appendText(text, ":");
  appendJsonString(text, value);
}

static void appendCount(struct Text *text, const char *key, int64_t value) {
  if (text->data[text->length - 1] != '{')
    appendText(text, ",");
  appendJsonString(text, key);
  appendFormat(text, ":%lld", (long long)value);
}

static void appendArrayJson(struct Text *text, const struct modelc_entry *entry,
                            const struct modelc_array *array) {
  appendPair(text, "dtype", dtypeName(array->dtype));
  appendText(text, ",\"shape\":[");
  for (int32_t i = 0; i < array->rank; ++i) {
    const struct modelc_dimension *dimension = &array->dimensions[i];
    appendText(text, i ? "," : "");
    if (dimension->symbol >= 0)
      appendJsonString(text, entry->symbols[dimension->symbol].name);
    else if (dimension->symbol == MODELC_DERIVED)
      appendText(text, "null");
    else
      appendFormat(text, "%lld", (long long)dimension->extent);
  }
  appendText(text, "]");
}

static void appendValuesJson(struct Text *text, const char *key,
                             const struct modelc_entry *entry,
                             const struct modelc_value *values, int32_t count) {
  appendFormat(text, ",\"%s\":[", key);
  for (int32_t i = 0; i < count; ++i) {
    appendText(text, i ? ",{" : "{");
    appendPair(text, "name", values[i].name);
    appendArrayJson(text, entry, &values[i].array);
    appendText(text, "}");
  }
  appendText(text, "]");
}

static void appendSlotsJson(struct Text *text,
                            const struct modelc_program *program) {
  appendText(text, ",\"slots\":[");
  for (int32_t i = 0; i < program->slot_count; ++i) {
    const struct modelc_slot *slot = &program->slots[i];
    appendText(text, i ? ",{" : "{");
    appendPair(text, "name", slot->name);
    appendPair(text, "kind", slotKinds[slot->kind]);
    appendArrayJson(text, 0, &slot->array);
    appendCount(text, "stack", slot->stack);
    appendCount(text, "elements", elementsOf(&slot->array));
    appendCount(text, "offset", slot->offset);
    appendCount(text, "bytes", slot->array.bytes);
    appendPair(text, "source", slot->source);
    appendText(text, "}");
  }
  appendText(text, "]");
}

static void appendEntriesJson(struct Text *text,
                              const struct modelc_program *program) {
  appendText(text, ",\"entries\":[");
  for (int32_t i = 0; i < program->entry_count; ++i) {
    const struct modelc_entry *entry = &program->entries[i];
    appendText(text, i ? ",{" : "{");
    appendPair(text, "name", entry->name);
    appendPair(text, "kind", entryKinds[entry->kind]);
    appendText(text, ",\"symbols\":{");
    for (int32_t j = 0; j < entry->symbol_count; ++j)
      appendCount(text, entry->symbols[j].name, entry->symbols[j].bound);
    appendText(text, "}");
    appendValuesJson(text, "inputs", entry, entry->inputs, entry->input_count);
    appendValuesJson(text, "outputs", entry, entry->outputs,
                     entry->output_count);
    appendCount(text, "workspace_bytes", entry->workspace_bytes);
    appendText(text, "}");
  }
  appendText(text, "]");
}

static void appendPlanJson(struct Text *text,
                           const struct modelc_program *program) {
  appendText(text, ",\"regions\":[");
  for (int32_t i = 0; i < program->region_count; ++i) {
    const struct modelc_region *region = &program->regions[i];
    appendText(text, i ? ",{" : "{");
    appendPair(text, "entry", program->entries[region->entry].name);
    appendCount(text, "offset", region->offset);
    appendCount(text, "bytes", region->bytes);
    appendCount(text, "begin", region->begin);
    appendCount(text, "end", region->end);
    appendPair(text, "source", region->source);
    appendText(text, "}");
  }
  appendText(text, "],\"launches\":[");
  for (int32_t i = 0; i < program->launch_count; ++i) {
    const struct modelc_launch *launch = &program->launches[i];
    appendText(text, i ? ",{" : "{");
    appendCount(text, "id", i);
    appendPair(text, "kernel", launch->kernel);
    appendPair(text, "role", launch->role);
    appendCount(text, "operations", launch->operations);
    appendCount(text, "bytes", launch->bytes);
    appendPair(text, "source", launch->source);
    appendText(text, "}");
  }
  appendText(text, "]");
}

static void appendProgramJson(struct Text *text,
                              const struct modelc_program *program) {
  appendText(text, "{");
  appendPair(text, "name", program->name);
  appendPair(text, "source_file", program->source_file);
  appendPair(text, "source_hash", program->source_hash);
  appendPair(text, "compiler", program->compiler);
  appendCount(text, "optimization", program->optimization);
  appendPair(text, "target", program->target);
  appendPair(text, "float", dtypeName(program->float_dtype));
  appendCount(text, "parameters", parameterCount(program));
  appendCount(text, "slot_bytes", program->slot_bytes);
  appendCount(text, "workspace_peak", workspacePeak(program));
  appendCount(text, "peak_bytes", program->slot_bytes + workspacePeak(program));
  appendSlotsJson(text, program);
  appendEntriesJson(text, program);
  appendPlanJson(text, program);
  appendText(text, "}\n");
}

int runInfo(const struct modelc_program *program,
            const struct Options *options) {
  struct Text text = {0};
  if (options->json)
    appendProgramJson(&text, program);
  else
    showProgram(&text, program);
  printText(&text);
  freeText(&text);
  return ExitSuccess;
}
