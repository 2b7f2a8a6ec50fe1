/* descriptor.c: reads every field of a program's descriptor back through abi.h.
 *
 * RUN: %model-opt %S/inputs/described.mlir --lower-to-llvm | mlir-translate --allow-unregistered-dialect --mlir-to-llvmir | llc -filetype=obj -relocation-model=static -o %t.o
 * RUN: %clang %program-flags %s %t.o %program-libraries -o %t
 * RUN: %t | FileCheck %s --strict-whitespace
 * RUN: %model-opt %S/inputs/described.mlir --lower-to-llvm | FileCheck %s --check-prefix=TYPE
 *
 * A field that abi.h grows by is not set in the compiler: an assertion there. What is present is in the structure's size.
 * TYPE: @modelc_program_descriptor()
 */
#include "runtime/core/Check.h"
#include "runtime/core/abi.h"
#include <stdio.h>

static void array(const struct modelc_array *a) {
  printf(" dtype %d rank %d bytes %lld", a->dtype, a->rank, (long long)a->bytes);
  for (int i = 0; i < a->rank; ++i)
    printf(" [%lld %d %d]", (long long)a->dimensions[i].extent, a->dimensions[i].symbol, a->dimensions[i].reserved);
  if (!a->rank)
    printf(" %s", a->dimensions ? "dimensions" : "none");
  printf("\n");
}

static void values(const char *what, const struct modelc_value *all, int32_t count) {
  for (int i = 0; i < count; ++i) {
    printf("  %s %s role %d %d", what, all[i].name, all[i].role, all[i].meaning);
    array(&all[i].array);
  }
}

static const char *text(const char *text) { return text ? text : "null"; }

static void data(const struct modelc_data *d) {
  printf("data %s %s %s header %d shuffle %d rows %lld seed %lld\n", d->name, d->format, text(d->path), d->header,
         d->shuffle, (long long)d->rows, (long long)d->seed);
  for (int i = 0; i < d->field_count; ++i) {
    const struct modelc_field *f = &d->fields[i];
    printf("  field %s selector %d %d..%d dtype %d rank %d classes %d fit %d preprocess %d %s", f->name, f->selector,
           f->first, f->last, f->dtype, f->rank, f->classes, f->fit, f->preprocess, f->source);
    for (int j = 0; j < f->name_count; ++j)
      printf(" `%s`", f->names[j]);
    printf(f->names ? "\n" : " null\n");
  }
  for (int i = 0; i < d->split_count; ++i)
    printf("  split %s %g %s\n", d->splits[i].name, d->splits[i].share, text(d->splits[i].path));
}

int main(void) {
  const struct modelc_program *p = &modelc_program_descriptor;
  struct ModelcMessage message = {.length = 0};
  printf("consistent %d%s\n", !modelcCheckProgram(p, &message), message.length ? message.text : "");
  printf("size %d version %u optimization %u float %d reserved %d\n", p->struct_size == sizeof *p, p->abi_version,
         p->optimization, p->float_dtype, p->reserved);
  printf("`%s` `%s` `%s` `%s` `%s` `%s`\n", p->name, p->documentation, p->source_file, p->source_hash, p->target,
         p->compiler);
  printf("slots %d of %lld bytes\n", p->slot_count, (long long)p->slot_bytes);
  for (int i = 0; i < p->slot_count; ++i) {
    const struct modelc_slot *s = &p->slots[i];
    printf("  slot %s kind %d stack %d at %lld `%s`", s->name, s->kind, s->stack, (long long)s->offset, s->source);
    array(&s->array);
  }
  for (int i = 0; i < p->entry_count; ++i) {
    const struct modelc_entry *e = &p->entries[i];
    printf("entry %d %s kind %d workspace %lld function %d resolve %d rows %d operations %lld `%s`\n", i, e->name,
           e->kind, (long long)e->workspace_bytes, !!e->function, !!e->resolve, e->row_symbol,
           (long long)e->operations, e->documentation);
    for (int j = 0; j < e->symbol_count; ++j)
      printf("  symbol %s %lld\n", e->symbols[j].name, (long long)e->symbols[j].bound);
    values("input", e->inputs, e->input_count);
    values("output", e->outputs, e->output_count);
  }
  for (int i = 0; i < p->hyper_count; ++i)
    printf("hyper %s %g %g %g `%s`\n", p->hypers[i].name, p->hypers[i].value, p->hypers[i].low, p->hypers[i].high,
           p->hypers[i].documentation);
  for (int i = 0; i < p->data_count; ++i)
    data(&p->data[i]);
  const struct modelc_training *t = p->training;
  printf("training data %d step %d partial %d trap %d evaluate %d finish %d batch %lld epochs %lld\n", t->data, t->step,
         t->step_partial, t->trap, t->evaluate, t->finish, (long long)t->batch, (long long)t->epochs);
  printf("shuffle %d patience %d monitor %d of %d seed %lld\n", t->shuffle, t->patience, t->monitor, t->monitor_split,
         (long long)t->seed);
  for (int i = 0; i < t->metric_count; ++i)
    printf("  metric %s %d %d\n", t->metrics[i].name, t->metrics[i].output, t->metrics[i].larger_is_better);
  for (int i = 0; i < p->launch_count; ++i)
    printf("launch %s of %d `%s` %s %lld %lld\n", p->launches[i].kernel, p->launches[i].entry, p->launches[i].source,
           p->launches[i].role, (long long)p->launches[i].operations, (long long)p->launches[i].bytes);
  for (int i = 0; i < p->region_count; ++i) {
    const struct modelc_region *r = &p->regions[i];
    printf("region of %d at %lld %lld %d..%d %d `%s`\n", r->entry, (long long)r->offset, (long long)r->bytes, r->begin,
           r->end, r->reserved, r->source);
  }
  return 0;
}

/*
 * CHECK:consistent 1
 * CHECK-NEXT:size 1 version 1 optimization 2 float 1 reserved 0
 * CHECK-NEXT:`Net` `What it is.` `net.model` `0123abcd` `x86_64 zen` `modelc 7`
 * CHECK-NEXT:slots 5 of 384 bytes
 * CHECK-NEXT:  slot blocks.*.w kind 1 stack 3 at 0 `net.model:3:5` dtype 1 rank 2 bytes 24 [3 -1 0] [2 -1 0]
 * CHECK-NEXT:  slot s kind 2 stack 0 at 64 `net.model:4:7` dtype 1 rank 0 bytes 4 none
 * CHECK-NEXT:  slot m.w kind 3 stack 0 at 128 `described.mlir:{{[0-9]+:[0-9]+}}` dtype 1 rank 1 bytes 68 [17 -1 0]
 * CHECK-NEXT:  slot points.x.c kind 4 stack 0 at 256 `described.mlir:{{[0-9]+:[0-9]+}}` dtype 3 rank 1 bytes 16 [2 -1 0]
 * CHECK-NEXT:  slot metric.t kind 5 stack 0 at 320 `described.mlir:{{[0-9]+:[0-9]+}}` dtype 7 rank 0 bytes 1 none
 * CHECK-NEXT:entry 0 init kind 1 workspace 0 function 1 resolve 0 rows 0 operations 0 ``
 * CHECK-NEXT:  input seed role 3 0 dtype 3 rank 0 bytes 8 none
 * CHECK-NEXT:entry 1 step kind 2 workspace 256 function 1 resolve 0 rows 0 operations 0 ``
 * CHECK-NEXT:  symbol N 4
 * CHECK-NEXT:  input x role 1 0 dtype 1 rank 2 bytes 32 [4 0 0] [2 -1 0]
 * CHECK-NEXT:  input step role 2 0 dtype 3 rank 0 bytes 8 none
 * CHECK-NEXT:  input rate role 4 0 dtype 1 rank 0 bytes 4 none
 * CHECK-NEXT:  output loss role 2 0 dtype 1 rank 0 bytes 4 none
 * CHECK-NEXT:entry 2 step.full kind 2 workspace 0 function 1 resolve 0 rows 0 operations 0 ``
 * CHECK-NEXT:  output loss role 2 0 dtype 1 rank 0 bytes 4 none
 * CHECK-NEXT:entry 3 step.trap kind 9 workspace 0 function 1 resolve 0 rows 0 operations 0 ``
 * CHECK-NEXT:  output not_finite role 4 0 dtype 3 rank 1 bytes 16 [2 -1 0]
 * CHECK-NEXT:entry 4 evaluate kind 3 workspace 0 function 1 resolve 0 rows 0 operations 0 ``
 * CHECK-NEXT:entry 5 finish kind 4 workspace 0 function 1 resolve 0 rows 0 operations 0 ``
 * CHECK-NEXT:  output loss role 3 0 dtype 1 rank 0 bytes 4 none
 * CHECK-NEXT:  output accuracy role 3 0 dtype 1 rank 0 bytes 4 none
 * CHECK-NEXT:entry 6 fit.x kind 5 workspace 0 function 1 resolve 0 rows 0 operations 0 ``
 * CHECK-NEXT:entry 7 preprocess.x kind 6 workspace 0 function 1 resolve 0 rows 0 operations 0 ``
 * CHECK-NEXT:entry 8 apply kind 7 workspace 64 function 1 resolve 1 rows 2 operations 70 `What it does.`
 * CHECK-NEXT:  symbol N 8
 * CHECK-NEXT:  symbol T 5
 * CHECK-NEXT:  input x role 1 0 dtype 2 rank 2 bytes 320 [5 1 0] [8 0 0]
 * CHECK-NEXT:  input b role 1 0 dtype 7 rank 1 bytes 4 [4 -2 0]
 * CHECK-NEXT:  output y role 1 0 dtype 2 rank 2 bytes 384 [16 -2 0] [3 -1 0]
 * CHECK-NEXT:  output k role 1 0 dtype 4 rank 2 bytes 48 [6 -2 0] [2 -2 0]
 * CHECK-NEXT:hyper rate 0.01 0.0001 1 `Its speed.`
 * CHECK-NEXT:data points csv points.csv header -1 shuffle 1 rows 0 seed 0
 * CHECK-NEXT:  field x selector 1 0..2 dtype 1 rank 2 classes 0 fit 6 preprocess 7 net.model:11:3 null
 * CHECK-NEXT:  field y selector 2 0..0 dtype 4 rank 2 classes 5 fit -1 preprocess -1 net.model:12:3 `kind` `other`
 * CHECK-NEXT:  split train 0.75 null
 * CHECK-NEXT:  split test 0 test.csv
 * CHECK-NEXT:data noise random null header 0 shuffle 0 rows 100 seed 7
 * CHECK-NEXT:  split train 1 null
 * CHECK-NEXT:training data 1 step 2 partial 1 trap 4 evaluate 4 finish 5 batch 4 epochs 9
 * CHECK-NEXT:shuffle 1 patience 3 monitor 1 of 0 seed 11
 * CHECK-NEXT:  metric loss 0 0
 * CHECK-NEXT:  metric accuracy 1 1
 * CHECK-NEXT:launch map_0 of 1 `net.model:5` forward 10 20
 * CHECK-NEXT:launch row_1 of 3 `net.model:5, net.model:6` gradient 30 5000000000
 * CHECK-NEXT:region of 1 at 0 64 0..3 0 `net.model:5`
 * CHECK-NEXT:region of 1 at 64 190 2..5 0 `net.model:6`
 * CHECK-NEXT:region of 2 at 0 8 1..1 0 `net.model:7`
 */
