/* labels.c: a program whose data has integer labels; each step counts how often
 * each occurs. */
#include "runtime/core/abi.h"

enum { Batch = 2, Classes = 3 };
static const struct modelc_dimension x[] = {{Batch, 0, 0}, {1, -1, 0}},
                                     y[] = {{Batch, 0, 0}};
static const struct modelc_dimension classes[] = {{Classes, -1, 0}};
static const struct modelc_slot slots[] = {
    {"counts",
     MODELC_SLOT_STATE,
     0,
     {MODELC_I64, 1, classes, 8 * Classes},
     0,
     "labels.model:2:3"}};

static int32_t step(const struct modelc_call *call) {
  const int32_t *labels = call->inputs[1];
  for (int64_t n = 0; n < call->symbols[0]; ++n)
    ++((int64_t *)call->slots)[labels[n]];
  *(float *)call->outputs[0] = 0;
  return MODELC_OK;
}

static const struct modelc_symbol symbols[] = {{"N", Batch}};
static const struct modelc_value inputs[] = {
    {"x", MODELC_INPUT_DATA, 0, {MODELC_F32, 2, x, 4 * Batch}},
    {"y", MODELC_INPUT_DATA, 0, {MODELC_I32, 1, y, 4 * Batch}}};
static const struct modelc_value outputs[] = {
    {"loss", MODELC_OUTPUT_LOSS, 0, {MODELC_F32, 0, 0, 4}}};
static const struct modelc_entry entries[] = {{"step", MODELC_ENTRY_STEP, 1,
                                               symbols, 2, 1, inputs, outputs,
                                               step, 0, 0, "", 0, 0, 0}};
static const struct modelc_field fields[] = {{.name = "x",
                                              .selector = MODELC_COLUMNS_RANGE,
                                              .first = 0,
                                              .last = 1,
                                              .dtype = MODELC_F32,
                                              .rank = 2,
                                              .fit = -1,
                                              .preprocess = -1,
                                              .source = "labels.model:5:3"},
                                             {.name = "y",
                                              .selector = MODELC_COLUMNS_RANGE,
                                              .first = 1,
                                              .last = 2,
                                              .dtype = MODELC_I32,
                                              .rank = 1,
                                              .classes = Classes,
                                              .fit = -1,
                                              .preprocess = -1,
                                              .source = "labels.model:6:3"}};
#ifndef SPLITS
#define SPLITS {"train", 1, 0}
#endif
static const struct modelc_split splits[] = {SPLITS};
#ifndef FORMAT
#define FORMAT "csv"
#endif
static const struct modelc_data data[] = {
    {.name = "marks",
     .format = FORMAT,
     .field_count = 2,
     .fields = fields,
     .splits = splits,
     .split_count = sizeof splits / sizeof *splits,
     .header = -1,
     .rows = 300}};
static const struct modelc_training training = {.step_partial = -1,
                                                .evaluate = -1,
                                                .finish = -1,
                                                .batch = Batch,
                                                .epochs = 1,
                                                .monitor = -1};

const struct modelc_program modelc_program_descriptor = {
    .struct_size = sizeof(struct modelc_program),
    .abi_version = MODELC_ABI_VERSION,
    .name = "Labels",
    .documentation = "",
    .source_file = "labels.model",
    .source_hash = "",
    .target = "",
    .compiler = "by hand",
    .float_dtype = MODELC_F32,
    .slot_count = 1,
    .slots = slots,
    .slot_bytes = 64,
    .entry_count = 1,
    .entries = entries,
    .data_count = 1,
    .data = data,
    .training = &training};
