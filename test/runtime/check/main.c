// A program written by hand, with a gradient that is wrong in one place, one at a kink and one that is not checked.
// RUN: rm -rf %t && mkdir -p %t && cd %t
// RUN: %clang %program-flags %s %lib/libmodelc_check.a %program-libraries -lm -o wrong
// RUN: not ./wrong > out && FileCheck %s --input-file out --match-full-lines --strict-whitespace
//      CHECK:loss(x) = {{[0-9.]+}} on 4 rows of `points`
// CHECK-NEXT:  layers.*.w  [2, 3]      6 of 6         worst 5.0e-01  WRONG
// CHECK-NEXT:    1 of 6 differ; at [1, 0] the gradient is 3, the difference 6
// CHECK-NEXT:  kink        []          1 of 1                        kink
// CHECK-NEXT:  single      [2]         0 of 2         not checked: it is f32 whatever `float` is
//  CHECK-NOT:{{.}}

// The same where the program says itself what the gradient is, and where it is right.
// RUN: %clang -DOWN='"`stop_gradient` at a.model:3"' %program-flags %s %lib/libmodelc_check.a %program-libraries -lm -o own
// RUN: not ./own | FileCheck %s --check-prefix=OWN
// OWN: layers.*.w {{.*}} differs
// OWN: this may be meant: the loss has `stop_gradient` at a.model:3
// RUN: %clang -DFACTOR=2 %program-flags %s %lib/libmodelc_check.a %program-libraries -lm -o right
// RUN: ./right | FileCheck %s --check-prefix=RIGHT
// RIGHT: layers.*.w {{.*}} ok{{$}}

// A sample has the same elements for a seed; the wrong one may not be among them.
// RUN: not ./wrong --elements 5 --seed 3 > one || true
// RUN: not ./wrong --elements 5 --seed 3 > two || true
// RUN: diff one two
// RUN: FileCheck %s --check-prefix=SAMPLE --input-file one
// SAMPLE: layers.*.w [2, 3] 5 of 6

// A loss that differs beside its gradient is a fault of ours; one that is not finite has no gradient.
// RUN: %clang -DBESIDE=1 %program-flags %s %lib/libmodelc_check.a %program-libraries -lm -o beside
// RUN: not ./beside 2>&1 | FileCheck %s --check-prefix=BESIDE
// BESIDE: internal error: the loss is {{.*}}, and {{.*}} beside its gradient
// RUN: %clang -DINITIAL=1e200 %program-flags %s %lib/libmodelc_check.a %program-libraries -lm -o infinite
// RUN: not ./infinite 2>&1 | FileCheck %s --check-prefix=INFINITE
// INFINITE: error: the loss is inf at the initial weights

// Data of a file that is not there are made at random; a file that is named is wanted.
// RUN: %clang -DFORMAT='"csv"' -DFACTOR=2 %program-flags %s %lib/libmodelc_check.a %program-libraries -lm -o file
// RUN: ./file 2>&1 | FileCheck %s --check-prefix=RANDOM
// RANDOM: warning: the data `points` is not there, its rows are made at random
// RUN: not ./file --data absent.csv 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: {{.*}}absent.csv
// RUN: printf 'x\n1\n2\n' > points.csv && ./file | FileCheck %s --check-prefix=FILE
// RUN: ./file --data points=points.csv | FileCheck %s --check-prefix=FILE
// FILE: loss(x) = {{[0-9.]+}} on 2 rows of `points`
#include <math.h>

#include "runtime/core/abi.h"

#ifndef FACTOR
#define FACTOR 1
#endif
#ifndef OWN
#define OWN ""
#endif
#ifndef BESIDE
#define BESIDE 0
#endif
#ifndef INITIAL
#define INITIAL 1
#endif
#ifndef FORMAT
#define FORMAT "random"
#endif
enum { Batch = 4, Weights = 6 };

struct Slots {
  _Alignas(64) double weights[Weights];
  _Alignas(64) double kink;
  _Alignas(64) float single[2];
};

static const struct modelc_dimension rows[] = {{Batch, 0, 0}, {1, -1, 0}};
static const struct modelc_dimension shape[] = {{2, -1, 0}, {3, -1, 0}};
static const struct modelc_dimension pair[] = {{2, -1, 0}};
#define SCALAR {MODELC_F64, 0, 0, 8}
#define WEIGHTS {MODELC_F64, 2, shape, 8 * Weights}
#define SINGLE {MODELC_F32, 1, pair, 8}
static const struct modelc_slot slots[] = {
    {"layers.*.w", MODELC_SLOT_PARAMETER, 2, WEIGHTS, 0, "a.model:1:1"},
    {"kink", MODELC_SLOT_PARAMETER, 0, SCALAR, 64, "a.model:2:1"},
    {"single", MODELC_SLOT_PARAMETER, 0, SINGLE, 128, "a.model:3:1"}};

static int32_t init(const struct modelc_call *call) {
  struct Slots *s = call->slots;
  *s = (struct Slots){0};
  for (int i = 0; i < Weights; ++i)
    s->weights[i] = INITIAL * i;
  return MODELC_OK;
}

/* The sum of squares, plus |kink| and what does not matter. */
static int32_t loss(const struct modelc_call *call) {
  const struct Slots *s = call->slots;
  double sum = fabs(s->kink) + 1e-30 * s->single[0];
  for (int i = 0; i < Weights; ++i)
    sum += s->weights[i] * s->weights[i];
  *(double *)call->outputs[0] = sum;
  return MODELC_OK;
}

static int32_t gradient(const struct modelc_call *call) {
  const struct Slots *s = call->slots;
  loss(call);
  *(double *)call->outputs[0] += BESIDE;
  for (int i = 0; i < Weights; ++i)
    ((double *)call->outputs[1])[i] = (i == 3 ? FACTOR : 2) * s->weights[i];
  *(double *)call->outputs[2] = 0.25;
  ((float *)call->outputs[3])[0] = ((float *)call->outputs[3])[1] = 0;
  return MODELC_OK;
}

static int32_t step(const struct modelc_call *call) { return loss(call); }

static const struct modelc_symbol symbols[] = {{"N", Batch}};
static const struct modelc_value inputs[] = {
    {"x", MODELC_INPUT_DATA, 0, {MODELC_F64, 2, rows, 8 * Batch}}};
static const struct modelc_value outputs[] = {
    {"loss", MODELC_OUTPUT_LOSS, 0, SCALAR},
    {"layers.*.w", MODELC_OUTPUT_RESULT, 0, WEIGHTS},
    {"kink", MODELC_OUTPUT_RESULT, 0, SCALAR},
    {"single", MODELC_OUTPUT_RESULT, 0, SINGLE}};
static const struct modelc_entry entries[] = {
    {.name = "init", .kind = MODELC_ENTRY_INIT, .function = init},
    {.name = "step",
     .kind = MODELC_ENTRY_STEP,
     .symbol_count = 1,
     .symbols = symbols,
     .input_count = 1,
     .output_count = 1,
     .inputs = inputs,
     .outputs = outputs,
     .function = step},
    {.name = "check.loss.0",
     .kind = MODELC_ENTRY_FUNCTION,
     .symbol_count = 1,
     .symbols = symbols,
     .input_count = 1,
     .output_count = 1,
     .inputs = inputs,
     .outputs = outputs,
     .function = loss,
     .documentation = "loss(x)"},
    {.name = "check.gradient.0",
     .kind = MODELC_ENTRY_FUNCTION,
     .symbol_count = 1,
     .symbols = symbols,
     .input_count = 1,
     .output_count = 4,
     .inputs = inputs,
     .outputs = outputs,
     .function = gradient,
     .documentation = OWN}};
static const struct modelc_field fields[] = {
    {.name = "x",
     .selector = MODELC_COLUMNS_RANGE,
     .first = 0,
     .last = 1,
     .dtype = MODELC_F64,
     .rank = 2,
     .fit = -1,
     .preprocess = -1,
     .source = "a.model:12:3"}};
static const struct modelc_split splits[] = {{"train", 1, 0}};
static const struct modelc_data data[] = {{.name = "points",
                                           .format = FORMAT,
                                           .path = "points.csv",
                                           .field_count = 1,
                                           .split_count = 1,
                                           .fields = fields,
                                           .splits = splits,
                                           .header = -1,
                                           .rows = 9}};
static const struct modelc_training training = {.data = 0,
                                                .step = 1,
                                                .step_partial = -1,
                                                .evaluate = -1,
                                                .finish = -1,
                                                .batch = Batch,
                                                .epochs = 1,
                                                .monitor = -1};

const struct modelc_program modelc_program_descriptor = {
    .struct_size = sizeof(struct modelc_program),
    .abi_version = MODELC_ABI_VERSION,
    .name = "Squares",
    .documentation = "",
    .source_file = "a.model",
    .source_hash = "0123abcd",
    .target = "x86_64-linux-gnu",
    .compiler = "by hand",
    .float_dtype = MODELC_F64,
    .slot_count = 3,
    .slots = slots,
    .slot_bytes = sizeof(struct Slots),
    .entry_count = 4,
    .entries = entries,
    .data_count = 1,
    .data = data,
    .training = &training};
