// A descriptor that contradicts itself is refused with the part that does.
// RUN: %clang %program-flags %s %program-libraries -o %t && %t
#include "runtime/core/Check.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int32_t nothing(const struct modelc_call *call) { return call ? 0 : 1; }

static struct modelc_dimension dimensions[] = {{3, MODELC_CONSTANT, 0},
                                               {4, MODELC_CONSTANT, 0}};
static struct modelc_dimension leading[] = {{8, 0, 0}, {4, MODELC_CONSTANT, 0}};
static struct modelc_symbol symbols[] = {{"N", 8}};
static struct modelc_slot slots[] = {
    {"w.*", MODELC_SLOT_PARAMETER, 3, {MODELC_F32, 2, dimensions, 48}, 0, ""},
    {"s", MODELC_SLOT_STATE, 0, {MODELC_F64, 0, 0, 8}, 64, ""}};
static struct modelc_value inputs[] = {
    {"x", MODELC_INPUT_DATA, 0, {MODELC_F32, 2, leading, 128}}};
static struct modelc_value outputs[] = {
    {"loss", MODELC_OUTPUT_LOSS, 0, {MODELC_F32, 0, 0, 4}}};
static struct modelc_entry entries[] = {
    {"step", MODELC_ENTRY_STEP, 1, symbols, 1, 1, inputs, outputs, nothing, 0,
     256, "", 0, 0, 0},
    {"evaluate", MODELC_ENTRY_EVALUATE, 1, symbols, 1, 0, inputs, 0, nothing, 0,
     0, "", 0, 0, 0},
    {"finish", MODELC_ENTRY_FINISH, 0, 0, 0, 1, 0, outputs, nothing, 0, 0, "",
     0, 0, 0}};
static struct modelc_field fields[] = {{.name = "x",
                                        .selector = MODELC_COLUMNS_RANGE,
                                        .last = 4,
                                        .dtype = MODELC_F32,
                                        .rank = 2,
                                        .fit = -1,
                                        .preprocess = -1}};
static struct modelc_split splits[] = {{"train", 1, 0}};
static struct modelc_data data[] = {{.name = "d",
                                     .format = "csv",
                                     .field_count = 1,
                                     .split_count = 1,
                                     .fields = fields,
                                     .splits = splits}};
static struct modelc_metric metrics[] = {{"loss", 0, 0}};
static struct modelc_training training = {.step_partial = -1,
                                          .evaluate = 1,
                                          .finish = 2,
                                          .metric_count = 1,
                                          .metrics = metrics,
                                          .batch = 8};
static struct modelc_region regions[] = {{.entry = 0}};
static struct modelc_program sound = {.struct_size = sizeof sound,
                                      .abi_version = MODELC_ABI_VERSION,
                                      .float_dtype = MODELC_F32,
                                      .slot_count = 2,
                                      .slots = slots,
                                      .slot_bytes = 128,
                                      .entry_count = 3,
                                      .entries = entries,
                                      .data_count = 1,
                                      .data = data,
                                      .training = &training,
                                      .region_count = 1,
                                      .regions = regions};
const struct modelc_program modelc_program_descriptor;

static void expect(const char *part) {
  struct ModelcMessage message = {.length = 0};
  int isRefused = modelcCheckProgram(&sound, &message);
  if (isRefused != (part != 0) || (part && !strstr(message.text, part))) {
    printf("wanted `%s`, got `%s`\n", part ? part : "nothing", message.text);
    exit(1);
  }
}

// Changes one thing, wants it refused, and puts it back.
#define REFUSED(place, value, part)                                            \
  do {                                                                         \
    __typeof__(place) kept = place;                                            \
    place = value;                                                             \
    expect(part);                                                              \
    place = kept;                                                              \
    expect(0);                                                                 \
  } while (0)

int main(void) {
  expect(0);
  REFUSED(sound.abi_version, 2, "version of the boundary (2)");
  REFUSED(sound.struct_size, 8, "too short");
  REFUSED(sound.float_dtype, MODELC_F16, "neither f32 nor f64");
  REFUSED(sound.slot_bytes, 100, "not aligned (100)");
  REFUSED(sound.slot_bytes, 64, "slot `s`: offset is outside");
  REFUSED(slots[0].offset, 8, "slot `w.*`: offset");
  REFUSED(slots[0].offset, INT64_MAX - 63, "slot `w.*`: offset");
  REFUSED(slots[0].stack, 2, "slot `w.*`: stack");
  REFUSED(slots[0].stack, 0, "slot `w.*`: the name");
  REFUSED(slots[0].kind, 9, "slot `w.*`: unknown kind (9)");
  REFUSED(slots[0].array.bytes, 52, "slot `w.*`: bytes differ");
  REFUSED(slots[1].array.dtype, 77, "slot `s`: unknown element type (77)");
  REFUSED(slots[1].array.rank, -1, "slot `s`: bad rank");
  REFUSED(dimensions[0].symbol, 0,
          "slot `w.*`: a dimension names an unknown symbol");
  REFUSED(leading[0].symbol, 1,
          "entry `step`: a dimension names an unknown symbol");
  REFUSED(leading[0].symbol, MODELC_DERIVED,
          "entry `step`: a dimension is derived");
  REFUSED(inputs[0].role, 6, "unknown role (6)");
  REFUSED(inputs[0].role, MODELC_INPUT_STEPS, "a scalar has dimensions");
  REFUSED(inputs[0].role, MODELC_INPUT_SEED, "a scalar has dimensions");
  REFUSED(entries[0].function, 0, "entry `step`: no function");
  REFUSED(entries[0].kind, 10, "entry `step`: unknown kind");
  REFUSED(entries[0].workspace_bytes, -1, "negative workspace");
  REFUSED(symbols[0].bound, -1, "bound is negative");
  REFUSED(entries[0].row_symbol, 2,
          "entry `step`: rows are counted by an unknown symbol (2)");
  REFUSED(entries[2].row_symbol, 1, "entry `finish`: rows are counted");
  REFUSED(fields[0].last, 0, "field `x`: no columns");
  REFUSED(fields[0].rank, 1, "field `x`: rank");
  REFUSED(fields[0].fit, 0, "field `x`: an entry of the wrong kind");
  REFUSED(fields[0].preprocess, 5, "field `x`: no such entry (5)");
  REFUSED(training.step, 1, "training: an entry of the wrong kind");
  REFUSED(training.data, 1, "training: no such data");
  REFUSED(training.batch, 0, "training: batch");
  REFUSED(training.finish, -1, "training: no such entry");
  REFUSED(training.monitor, 1, "training: no such metric to monitor");
  REFUSED(training.monitor_split, 1, "training: no such split to monitor");
  REFUSED(metrics[0].output, 1, "training: a metric names no output");
  REFUSED(regions[0].entry, 3, "region: no such entry");
  return 0;
}
