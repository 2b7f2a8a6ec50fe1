/* linear.c: a program written by hand, as the compiler would make it: linear
 * regression with momentum on standardised inputs. Macros choose its data and
 * its faults. */
#include "runtime/core/abi.h"

#ifndef FLOAT
#define FLOAT float
#endif
#define FLOAT_DTYPE (sizeof(FLOAT) == 4 ? MODELC_F32 : MODELC_F64)
#ifndef FORMAT
#define FORMAT "csv"
#endif
#ifndef PATIENCE
#define PATIENCE 0
#endif
#ifndef SEED
#define SEED 0
#endif
#ifndef DATA_SEED
#define DATA_SEED 0
#endif
#ifndef SHUFFLE
#define SHUFFLE 1
#endif
#ifndef HEADER
#define HEADER (-1)
#endif
#ifndef SPLITS
#define SPLITS {"train", 0.5, 0}, {"valid", 0.25, 0}, {"test", 0.25, 0}
#endif
#ifndef FOLDS
#define FOLDS 0
#endif
#ifndef X_COLUMNS
#define X_COLUMNS .selector = MODELC_COLUMNS_RANGE, .first = 0, .last = 2
#endif
#ifndef SOURCE_HASH
#define SOURCE_HASH "0123abcd"
#endif
#ifndef VERSION
#define VERSION MODELC_ABI_VERSION
#endif
enum { Batch = 4, Features = 2, Bound = 8 };

/* The slots, in the order of their offsets. */
struct Slots {
  _Alignas(64) FLOAT weight[Features];
  _Alignas(64) FLOAT bias[2]; /* a stack of two */
  _Alignas(64) FLOAT velocity[Features + 2];
  _Alignas(
      64) FLOAT moments[1 + 2 * Features]; /* count, means, sums of squares */
  _Alignas(64) FLOAT error[2];             /* sum of squares, count */
};

static const struct modelc_dimension batchX[] = {{Batch, MODELC_CONSTANT, 0},
                                                 {Features, -1, 0}};
static const struct modelc_dimension batchY[] = {{Batch, MODELC_CONSTANT, 0},
                                                 {1, -1, 0}};
static const struct modelc_dimension partialX[] = {{Batch, 0, 0},
                                                   {Features, -1, 0}};
static const struct modelc_dimension partialY[] = {{Batch, 0, 0}, {1, -1, 0}};
static const struct modelc_dimension rowsX[] = {{Bound, 0, 0},
                                                {Features, -1, 0}};
static const struct modelc_dimension rowsY[] = {{Bound, 0, 0}, {1, -1, 0}};
static const struct modelc_dimension rows[] = {{Bound, 0, 0}};
static const struct modelc_dimension twice[] = {{2 * Bound, MODELC_DERIVED, 0}};
static const struct modelc_dimension two[] = {{2, -1, 0}};
static const struct modelc_dimension four[] = {{4, -1, 0}};
static const struct modelc_dimension five[] = {{5, -1, 0}};
static const struct modelc_dimension stack[] = {{2, -1, 0}, {1, -1, 0}};

#define ARRAY(rank, dimensions, count)                                         \
  {FLOAT_DTYPE, rank, dimensions, (count) * sizeof(FLOAT)}
#define SCALAR ARRAY(0, 0, 1)
#define INTEGER {MODELC_I64, 0, 0, 8}

static const struct modelc_slot slots[] = {
    {"head.w", MODELC_SLOT_PARAMETER, 0, ARRAY(1, two, 2), 0,
     "linear.model:3:3"},
    {"blocks.*.b", MODELC_SLOT_PARAMETER, 2, ARRAY(2, stack, 2), 64,
     "linear.model:4:3"},
    {"velocity", MODELC_SLOT_OPTIMIZER, 0, ARRAY(1, four, 4), 128,
     "linear.model:20:3"},
    {"x.moments", MODELC_SLOT_STATISTIC, 0, ARRAY(1, five, 5), 192,
     "linear.model:12:7"},
    {"error", MODELC_SLOT_METRIC, 0, ARRAY(1, two, 2), 256,
     "linear.model:30:3"},
};

static int32_t init(const struct modelc_call *call) {
  struct Slots *s = call->slots;
  int64_t seed = *(const int64_t *)call->inputs[0];
  *s = (struct Slots){0};
  for (int i = 0; i < Features; ++i)
    s->weight[i] = (FLOAT)(0.25 * (double)(seed + i));
  return MODELC_OK;
}

static FLOAT apply(const struct Slots *s, const FLOAT *x) {
  FLOAT y = s->bias[0] + s->bias[1];
  for (int i = 0; i < Features; ++i)
    y += x[i] * s->weight[i];
  return y;
}

/* inputs: x, y, lr, step; output: the loss. The workspace holds the
 * differences. */
static int32_t stepRows(const struct modelc_call *call, int64_t count) {
  struct Slots *s = call->slots;
  const FLOAT *x = call->inputs[0], *y = call->inputs[1], *lr = call->inputs[2];
  FLOAT *difference = call->workspace, gradient[Features + 2] = {0}, loss = 0;
  if (*(const int64_t *)call->inputs[3] < 1)
    return -1;
  for (int64_t n = 0; n < count; ++n) {
    difference[n] = apply(s, x + n * Features) - y[n];
    loss += difference[n] * difference[n] / (FLOAT)count;
    for (int i = 0; i < Features + 2; ++i)
      gradient[i] += 2 * difference[n] *
                     (i < Features ? x[n * Features + i] : 1) / (FLOAT)count;
  }
#ifdef READS_DEAD
  loss += 0 * difference[Batch];
#endif
  *(FLOAT *)call->outputs[0] = loss;
  for (int i = 0; i < Features + 2; ++i) {
    s->velocity[i] = (FLOAT)0.5 * s->velocity[i] - *lr * gradient[i];
    *(i < Features ? &s->weight[i] : &s->bias[i - Features]) += s->velocity[i];
  }
#ifdef BREAKS_AT
  if (*(const int64_t *)call->inputs[3] == BREAKS_AT)
    s->weight[0] = 1e30f * (FLOAT)1e30f;
#endif
  return MODELC_OK;
}

static int32_t step(const struct modelc_call *call) {
  return stepRows(call, Batch);
}
static int32_t stepPartial(const struct modelc_call *call) {
  return call->symbols[0] > Batch ? MODELC_ERROR_SIZE
                                  : stepRows(call, call->symbols[0]);
}

static int32_t evaluate(const struct modelc_call *call) {
  struct Slots *s = call->slots;
  const FLOAT *x = call->inputs[0], *y = call->inputs[1];
  for (int64_t n = 0; n < call->symbols[0]; ++n) {
    FLOAT difference = apply(s, x + n * Features) - y[n];
    s->error[0] += difference * difference;
    s->error[1] += 1;
  }
  return MODELC_OK;
}

static int32_t finish(const struct modelc_call *call) {
  const struct Slots *s = call->slots;
  *(FLOAT *)call->outputs[0] = s->error[0] / s->error[1];
  *(FLOAT *)call->outputs[1] = -s->error[0];
  return MODELC_OK;
}

/* Welford's moments, so that chunks give what one pass gives. */
static int32_t fit(const struct modelc_call *call) {
  struct Slots *s = call->slots;
  const FLOAT *x = call->inputs[0];
  for (int64_t n = 0; n < call->symbols[0]; ++n) {
    s->moments[0] += 1;
    for (int i = 0; i < Features; ++i) {
      FLOAT difference = x[n * Features + i] - s->moments[1 + i];
      s->moments[1 + i] += difference / s->moments[0];
      s->moments[3 + i] +=
          difference * (x[n * Features + i] - s->moments[1 + i]);
    }
  }
  return MODELC_OK;
}

/* Centred and divided by the variance, which needs no root. */
static int32_t preprocess(const struct modelc_call *call) {
  const struct Slots *s = call->slots;
  const FLOAT *x = call->inputs[0];
  FLOAT *out = call->outputs[0];
  for (int64_t n = 0; n < call->symbols[0] * Features; ++n) {
    int i = (int)(n % Features);
    out[n] = (x[n] - s->moments[1 + i]) / (s->moments[3 + i] / s->moments[0]);
  }
  return MODELC_OK;
}

static int32_t predict(const struct modelc_call *call) {
  const FLOAT *x = call->inputs[0];
  if (call->symbols[0] > Bound)
    return MODELC_ERROR_SIZE;
  for (int64_t n = 0; n < call->symbols[0]; ++n)
    ((FLOAT *)call->outputs[0])[n] = apply(call->slots, x + n * Features);
  return MODELC_OK;
}

/* t: i32[N] -> both: float[2 * N], t and then lr times t. */
static int32_t twiceFunction(const struct modelc_call *call) {
  const int32_t *t = call->inputs[0];
  const FLOAT *lr = call->inputs[1];
  FLOAT *out = call->outputs[0];
  for (int64_t n = 0; n < call->symbols[0]; ++n) {
    out[n] = (FLOAT)t[n];
    out[call->symbols[0] + n] = *lr * (FLOAT)t[n];
  }
  return MODELC_OK;
}
/* As if the function had subscripts that want a row. */
static int32_t resolveTwice(const int64_t *symbols, int64_t *extents) {
  if (symbols[0] < 1)
    return MODELC_ERROR_SIZE;
  extents[0] = 2 * symbols[0];
  return MODELC_OK;
}

/* a: float[N], b: float[N] -> sum: float[N], dot: float. */
static int32_t pairFunction(const struct modelc_call *call) {
  const FLOAT *a = call->inputs[0], *b = call->inputs[1];
  FLOAT *sum = call->outputs[0], *dot = call->outputs[1];
  *dot = 0;
  for (int64_t n = 0; n < call->symbols[0]; ++n) {
    sum[n] = a[n] + b[n];
    *dot += a[n] * b[n];
  }
  return MODELC_OK;
}

static const struct modelc_symbol batchSymbol[] = {{"N", Batch}};
static const struct modelc_symbol boundSymbol[] = {{"N", Bound}};
#define ROWS_X ARRAY(2, rowsX, Bound *Features)
#define ROWS_Y ARRAY(2, rowsY, Bound)
static const struct modelc_value seedInput[] = {
    {"seed", MODELC_INPUT_SEED, 0, INTEGER}};
static const struct modelc_value stepInputs[] = {
    {"x", MODELC_INPUT_DATA, 0, ARRAY(2, batchX, Batch *Features)},
    {"y", MODELC_INPUT_DATA, 0, ARRAY(2, batchY, Batch)},
    {"learning_rate", MODELC_INPUT_HYPER, 0, SCALAR},
    {"step", MODELC_INPUT_STEP, 0, INTEGER}};
static const struct modelc_value partialInputs[] = {
    {"x", MODELC_INPUT_DATA, 0, ARRAY(2, partialX, Batch *Features)},
    {"y", MODELC_INPUT_DATA, 0, ARRAY(2, partialY, Batch)},
    {"learning_rate", MODELC_INPUT_HYPER, 0, SCALAR},
    {"step", MODELC_INPUT_STEP, 0, INTEGER}};
static const struct modelc_value loss[] = {
    {"loss", MODELC_OUTPUT_LOSS, 0, SCALAR}};
static const struct modelc_value rowInputs[] = {
    {"x", MODELC_INPUT_DATA, 0, ROWS_X}, {"y", MODELC_INPUT_DATA, 0, ROWS_Y}};
static const struct modelc_value xOutput[] = {
    {"x", MODELC_OUTPUT_RESULT, 0, ROWS_X}};
static const struct modelc_value yOutput[] = {
    {"y", MODELC_OUTPUT_RESULT, 0, ROWS_Y}};
static const struct modelc_value metricOutputs[] = {
    {"loss", MODELC_OUTPUT_METRIC, 0, SCALAR},
    {"score", MODELC_OUTPUT_METRIC, 0, SCALAR}};
static const struct modelc_value twiceInputs[] = {
    {"t", MODELC_INPUT_DATA, 0, {MODELC_I32, 1, rows, 4 * Bound}},
    {"learning_rate", MODELC_INPUT_HYPER, 0, SCALAR}};
static const struct modelc_value twiceOutputs[] = {
    {"both", MODELC_OUTPUT_RESULT, 0, ARRAY(1, twice, 2 * Bound)}};
static const struct modelc_value pairInputs[] = {
    {"a", MODELC_INPUT_DATA, 0, ARRAY(1, rows, Bound)},
    {"b", MODELC_INPUT_DATA, 0, ARRAY(1, rows, Bound)}};
static const struct modelc_value pairOutputs[] = {
    {"sum", MODELC_OUTPUT_RESULT, 0, ARRAY(1, rows, Bound)},
    {"dot", MODELC_OUTPUT_RESULT, 0, SCALAR}};

enum {
  Init,
  Step,
  StepPartial,
  Evaluate,
  Finish,
  Fit,
  Preprocess,
  Predict,
  Twice,
  Pair
};
#define ENTRY(name, kind, symbols, symbolCount, inputs, outputs, function,     \
              resolve, bytes, text)                                            \
  {name,                                                                       \
   MODELC_ENTRY_##kind,                                                        \
   symbolCount,                                                                \
   symbols,                                                                    \
   sizeof inputs / sizeof(struct modelc_value),                                \
   sizeof outputs / sizeof(struct modelc_value),                               \
   inputs,                                                                     \
   outputs,                                                                    \
   function,                                                                   \
   resolve,                                                                    \
   bytes,                                                                      \
   text,                                                                       \
   0,                                                                          \
   0,                                                                          \
   28}
static const struct modelc_value none[1];
static const struct modelc_entry entries[] = {
    {"init", MODELC_ENTRY_INIT, 0, 0, 1, 0, seedInput, 0, init, 0, 0, "", 0, 0,
     0},
    ENTRY("step", STEP, 0, 0, stepInputs, loss, step, 0, 128, ""),
    ENTRY("step_partial", STEP, batchSymbol, 1, partialInputs, loss,
          stepPartial, 0, 64, ""),
    {"evaluate", MODELC_ENTRY_EVALUATE, 1, boundSymbol, 2, 0, rowInputs, none,
     evaluate, 0, 0, "", 0, 0, 0},
    {"finish", MODELC_ENTRY_FINISH, 0, 0, 0, 2, none, metricOutputs, finish, 0,
     0, "", 0, 0, 0},
    {"fit_x", MODELC_ENTRY_FIT, 1, boundSymbol, 1, 0, rowInputs, none, fit, 0,
     0, "", 0, 0, 0},
    {"preprocess_x", MODELC_ENTRY_PREPROCESS, 1, boundSymbol, 1, 1, rowInputs,
     xOutput, preprocess, 0, 0, "", 1, 0, 0},
    {"predict", MODELC_ENTRY_FUNCTION, 1, boundSymbol, 1, 1, rowInputs, yOutput,
     predict, 0, 0, "What the line says of x.", 1, 0, 32},
    ENTRY("twice", FUNCTION, boundSymbol, 1, twiceInputs, twiceOutputs,
          twiceFunction, resolveTwice, 0, ""),
    ENTRY("pair", FUNCTION, boundSymbol, 1, pairInputs, pairOutputs,
          pairFunction, 0, 0, ""),
};

static const struct modelc_hyper hypers[] = {
    {"learning_rate", 0.05, 1e-6, 100, "how far a step goes"}};
static const char *const yColumn[] = {"quality"};
static const struct modelc_field fields[] = {
    {.name = "x",
     X_COLUMNS,
     .dtype = FLOAT_DTYPE,
     .rank = 2,
     .fit = Fit,
     .preprocess = Preprocess,
     .source = "linear.model:12:3"},
    {.name = "y",
     .selector = MODELC_COLUMNS_NAMED,
     .name_count = 1,
     .names = yColumn,
     .dtype = FLOAT_DTYPE,
     .rank = 2,
     .fit = -1,
     .preprocess = -1,
     .source = "linear.model:13:3"},
};
static const struct modelc_split splits[] = {SPLITS};
static const struct modelc_data data[] = {
    {.name = "points",
     .format = FORMAT,
     .path = "points.csv",
     .field_count = 2,
     .split_count = sizeof splits / sizeof *splits,
     .fields = fields,
     .splits = splits,
     .header = HEADER,
     .shuffle = SHUFFLE,
     .rows = 40,
     .seed = DATA_SEED,
     .folds = FOLDS}};
static const struct modelc_metric metrics[] = {{"loss", 0, 0}, {"score", 1, 1}};
static const struct modelc_training training = {.data = 0,
                                                .step = Step,
                                                .step_partial = StepPartial,
                                                .evaluate = Evaluate,
                                                .finish = Finish,
                                                .metric_count = 2,
                                                .metrics = metrics,
                                                .batch = Batch,
                                                .epochs = 3,
                                                .shuffle = SHUFFLE,
                                                .patience = PATIENCE,
                                                .monitor = 0,
                                                .monitor_split =
                                                    PATIENCE ? 1 : 0,
                                                .seed = SEED};
static const struct modelc_launch launches[] = {
    {"contraction_0", "linear.model:6", "forward", 16, 96, Step},
    {"map_1", "linear.model:6, linear.model:20", "update", 12, 64, Step}};
static const struct modelc_region regions[] = {
    {Step, 0, 0, 16, 1, 3, "linear.model:7"}};

const struct modelc_program modelc_program_descriptor = {
    .struct_size = sizeof(struct modelc_program),
    .abi_version = VERSION,
    .optimization = 2,
    .name = "Linear",
    .documentation = "A line through points.",
    .source_file = "linear.model",
    .source_hash = SOURCE_HASH,
    .target = "x86_64-linux-gnu",
    .compiler = "by hand",
    .float_dtype = FLOAT_DTYPE,
    .slot_count = sizeof slots / sizeof *slots,
    .slots = slots,
    .slot_bytes = sizeof(struct Slots),
    .entry_count = sizeof entries / sizeof *entries,
    .hyper_count = 1,
    .entries = entries,
    .hypers = hypers,
    .data_count = 1,
    .launch_count = 2,
    .data = data,
    .launches = launches,
    .training = &training,
    .region_count = 1,
    .regions = regions};
