/* InfoJson.c: all that a program says of itself, as one line of JSON. */
#include "runtime/app/Info.h"

#include "runtime/app/Array.h"
#include "runtime/app/Text.h"

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
                             const struct modelc_program *program,
                             const struct modelc_entry *entry,
                             const struct modelc_value *values, int32_t count) {
  appendFormat(text, ",\"%s\":[", key);
  for (int32_t i = 0; i < count; ++i) {
    appendText(text, i ? ",{" : "{");
    appendPair(text, "name", values[i].name);
    appendArrayJson(text, entry, &values[i].array);
    if (values[i].meaning && program->training) {
      const struct modelc_data *data = &program->data[program->training->data];
      appendPair(text, "meaning", nameOfMeaning(values[i].meaning));
      appendPair(text, "field", data->fields[values[i].field].name);
    }
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
    appendPair(text, "kind", nameOfSlotKind(slot->kind));
    appendArrayJson(text, 0, &slot->array);
    appendCount(text, "stack", slot->stack);
    appendCount(text, "elements", elementsOfArray(&slot->array));
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
    appendPair(text, "kind", nameOfEntryKind(entry->kind));
    appendText(text, ",\"symbols\":{");
    for (int32_t j = 0; j < entry->symbol_count; ++j)
      appendCount(text, entry->symbols[j].name, entry->symbols[j].bound);
    appendText(text, "}");
    appendValuesJson(text, "inputs", program, entry, entry->inputs,
                     entry->input_count);
    appendValuesJson(text, "outputs", program, entry, entry->outputs,
                     entry->output_count);
    appendCount(text, "workspace_bytes", entry->workspace_bytes);
    appendCount(text, "operations", entry->operations);
    appendText(text, ",\"rows_in_parts\":");
    appendText(text, entry->row_symbol ? "true" : "false");
    appendPair(text, "documentation", entry->documentation);
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
    appendPair(text, "entry", program->entries[launch->entry].name);
    appendPair(text, "kernel", launch->kernel);
    appendPair(text, "role", launch->role);
    appendCount(text, "operations", launch->operations);
    appendCount(text, "bytes", launch->bytes);
    appendPair(text, "source", launch->source);
    appendText(text, "}");
  }
  appendText(text, "]");
}

static void appendFieldJson(struct Text *text,
                            const struct modelc_field *field) {
  appendPair(text, "name", field->name);
  appendPair(text, "dtype", dtypeName(field->dtype));
  appendCount(text, "rank", field->rank);
  if (field->selector == MODELC_COLUMNS_NAMED) {
    appendText(text, ",\"columns\":[");
    for (int32_t i = 0; i < field->name_count; ++i) {
      appendText(text, i ? "," : "");
      appendJsonString(text, field->names[i]);
    }
    appendText(text, "]");
  } else {
    appendFormat(text, ",\"columns\":[%d,%d]", field->first, field->last);
  }
  appendCount(text, "classes", field->classes);
  appendPair(text, "source", field->source);
}

static void appendDataJson(struct Text *text,
                           const struct modelc_program *program) {
  appendText(text, ",\"data\":[");
  for (int32_t i = 0; i < program->data_count; ++i) {
    const struct modelc_data *data = &program->data[i];
    appendText(text, i ? ",{" : "{");
    appendPair(text, "name", data->name);
    appendPair(text, "format", data->format);
    if (data->path)
      appendPair(text, "path", data->path);
    appendText(text, ",\"fields\":[");
    for (int32_t j = 0; j < data->field_count; ++j) {
      appendText(text, j ? ",{" : "{");
      appendFieldJson(text, &data->fields[j]);
      appendText(text, "}");
    }
    appendText(text, "],\"splits\":[");
    for (int32_t j = 0; j < data->split_count; ++j) {
      appendText(text, j ? ",{" : "{");
      appendPair(text, "name", data->splits[j].name);
      if (data->splits[j].path)
        appendPair(text, "path", data->splits[j].path);
      else
        appendFormat(text, ",\"share\":%g", data->splits[j].share);
      appendText(text, "}");
    }
    appendText(text, "]}");
  }
  appendText(text, "]");
}

static void appendHypersJson(struct Text *text,
                             const struct modelc_program *program) {
  appendText(text, ",\"hypers\":[");
  for (int32_t i = 0; i < program->hyper_count; ++i) {
    appendText(text, i ? ",{" : "{");
    appendPair(text, "name", program->hypers[i].name);
    appendText(text, ",\"value\":");
    appendJsonNumber(text, program->hypers[i].value, 17);
    appendPair(text, "documentation", program->hypers[i].documentation);
    appendText(text, "}");
  }
  appendText(text, "]");
}

void appendProgramJson(struct Text *text,
                       const struct modelc_program *program) {
  appendText(text, "{");
  appendPair(text, "name", program->name);
  appendPair(text, "source_file", program->source_file);
  appendPair(text, "source_hash", program->source_hash);
  appendPair(text, "compiler", program->compiler);
  appendCount(text, "optimization", program->optimization);
  appendPair(text, "target", program->target);
  appendPair(text, "float", dtypeName(program->float_dtype));
  appendCount(text, "parameters", countParameters(program));
  appendCount(text, "slot_bytes", program->slot_bytes);
  appendCount(text, "workspace_peak", workspacePeak(program));
  appendCount(text, "peak_bytes", program->slot_bytes + workspacePeak(program));
  appendPair(text, "documentation", program->documentation);
  appendSlotsJson(text, program);
  appendEntriesJson(text, program);
  appendDataJson(text, program);
  appendHypersJson(text, program);
  appendPlanJson(text, program);
  appendText(text, "}\n");
}
