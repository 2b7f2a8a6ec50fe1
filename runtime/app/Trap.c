/* Trap.c: where NaNs and infinities of training come from: the record of the
 * step with checks, and rows of the batch. */
#include "runtime/app/Trap.h"

#include <math.h>
#include <string.h>

#include "runtime/app/Report.h"
#include "runtime/core/Dtype.h"

/* The record of the step with checks: launches, or -1. */
enum { FirstInfinity, FirstNan, RecordLength };

static int64_t *recordOf(const struct Trainer *trainer) {
  const struct Invocation *invocation = &trainer->trap.invocation;
  for (int32_t i = 0; i < invocation->entry->output_count; ++i)
    if (invocation->entry->outputs[i].role == MODELC_OUTPUT_TRAP)
      return invocation->outputs[i];
  failInternal("`%s` has no record of NaNs", invocation->entry->name);
}

void prepareTrap(struct Trainer *trainer) {
  if (!trainer->training->trap)
    failUser("this program was compiled with `-O0` and cannot trap NaNs; "
             "compile it without");
  if (!areParametersFinite(&trainer->machine))
    failUser("a weight is not finite before the first step");
  prepareRowCall(&trainer->machine, trainer->training->trap - 1,
                 &trainer->dataset, -1, &trainer->trap);
}

void setTrap(struct Trainer *trainer) {
  for (int i = 0; i < RecordLength; ++i)
    recordOf(trainer)[i] = -1;
}

/* The first value of the last batch that is not finite, if there is one. */
static void appendInput(struct Text *text, const struct Trainer *trainer) {
  const struct Invocation *invocation = &trainer->trap.invocation;
  int64_t rows = trainer->trap.rowSymbol < 0
                     ? trainer->trap.rowLimit
                     : invocation->symbols[trainer->trap.rowSymbol];
  for (int32_t i = 0; i < invocation->entry->input_count; ++i) {
    const struct modelc_value *input = &invocation->entry->inputs[i];
    int32_t dtype = input->array.dtype;
    if (input->role != MODELC_INPUT_DATA ||
        (dtype != MODELC_F32 && dtype != MODELC_F64))
      continue;
    int64_t elements = rows;
    for (int32_t d = 1; d < input->array.rank; ++d)
      elements *= input->array.dimensions[d].extent;
    for (int64_t j = 0; j < elements; ++j)
      if (!isfinite(loadNumber(dtype, invocation->inputs[i], j))) {
        appendFormat(
            text, "; example %lld of the batch is not finite in `%s` already",
            (long long)(j / (elements / rows) + 1), input->name);
        return;
      }
  }
}

static void appendLaunch(struct Text *text, const struct Trainer *trainer,
                         int64_t number) {
  const struct modelc_program *program = trainer->program;
  if (number >= program->launch_count)
    failInternal("there is no launch %lld", (long long)number);
  const struct modelc_launch *launch = &program->launches[number];
  appendFormat(text, "%s%s", launch->source,
               !strcmp(launch->role, "gradient") ? ", in its gradient"
               : !strcmp(launch->role, "update") ? ", in its update"
                                                 : "");
}

void appendTrap(struct Text *text, const struct Trainer *trainer) {
  if (!trainer->options->trapNan) {
    if (trainer->training->trap)
      appendText(text, "; `--trap-nan` finds the line that it comes from");
    return;
  }
  const int64_t *record = recordOf(trainer);
  appendText(text, ": ");
  if (record[FirstNan] >= 0) {
    appendText(text, "the first NaN comes from ");
    appendLaunch(text, trainer, record[FirstNan]);
  }
  /* One after the first NaN is not noted. */
  if (record[FirstInfinity] >= 0) {
    appendText(text, record[FirstNan] >= 0 ? ", after an infinity from "
                                           : "the first infinity comes from ");
    appendLaunch(text, trainer, record[FirstInfinity]);
  }
  appendInput(text, trainer);
}
