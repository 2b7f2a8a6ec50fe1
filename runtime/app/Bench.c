/* Bench.c: the `bench` command: times of a training step and of functions, on
 * inputs made at random and weights as training begins with them. */
#include "runtime/app/Bench.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/app/Array.h"
#include "runtime/app/Call.h"
#include "runtime/app/Machine.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"
#include "runtime/core/Random.h"

enum { DefaultRepeats = 100, WarmUps = 3 };

/* The stream of random numbers that inputs are made of. */
static const uint64_t inputStream = 3ull << 59;

struct Measurement {
  const struct modelc_entry *entry;
  int64_t rows; /* -1 where no symbol counts them */
  int64_t repeats;
  double median, least, most95; /* seconds */
  double operations;            /* of a call; 0 if not known */
};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int compareTimes(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return left < right ? -1 : left > right;
}

/* Floats in [0, 1), other numbers 0, which is a class and an index of
 * everything. */
static void fillInputs(struct Invocation *invocation) {
  const struct modelc_entry *entry = invocation->entry;
  for (int32_t i = 0; i < entry->input_count; ++i) {
    const struct modelc_array *array = &entry->inputs[i].array;
    if (entry->inputs[i].role != MODELC_INPUT_DATA ||
        !isFloatDtype(array->dtype))
      continue;
    int64_t count = array->bytes / dtypeBytes(array->dtype);
    for (int64_t j = 0; j < count; ++j)
      storeNumber(array->dtype, invocation->inputs[i], j,
                  modelcRandomUniform((uint64_t)i, inputStream, (uint64_t)j));
  }
}

/* The symbol that is the leading size of the first array that has one. */
static int32_t findRows(const struct modelc_entry *entry) {
  for (int32_t i = 0; i < entry->input_count; ++i)
    if (entry->inputs[i].role == MODELC_INPUT_DATA &&
        entry->inputs[i].array.rank > 0 &&
        entry->inputs[i].array.dimensions[0].symbol >= 0)
      return entry->inputs[i].array.dimensions[0].symbol;
  return -1;
}

/* Rows of the first array, where they are a constant. */
static int64_t constantRows(const struct modelc_entry *entry) {
  for (int32_t i = 0; i < entry->input_count; ++i)
    if (entry->inputs[i].role == MODELC_INPUT_DATA &&
        entry->inputs[i].array.rank > 0)
      return entry->inputs[i].array.dimensions[0].extent;
  return -1;
}

static struct Measurement measure(struct Machine *machine, int32_t index,
                                  int64_t rows, int64_t repeats) {
  struct Invocation invocation;
  prepareInvocation(machine, index, &invocation);
  const struct modelc_entry *entry = invocation.entry;
  struct Measurement result = {.entry = entry, .repeats = repeats};
  int32_t symbol = findRows(entry);
  result.operations = (double)entry->operations;
  result.rows =
      symbol >= 0 ? entry->symbols[symbol].bound : constantRows(entry);
  if (rows >= 0 && rows != result.rows) {
    if (symbol < 0)
      failUser("`%s` is compiled for %lld rows, `--batch %lld` cannot change "
               "that",
               entry->name, (long long)result.rows, (long long)rows);
    if (rows > result.rows)
      failUser("`--batch %lld`, at most %lld rows of `%s` are compiled",
               (long long)rows, (long long)result.rows, entry->name);
    /* Only rows that do not depend on each other cost the same each. */
    result.operations =
        symbol == entry->row_symbol - 1
            ? result.operations * (double)rows / (double)result.rows
            : 0;
    result.rows = rows;
    invocation.symbols[symbol] = rows;
  }
  fillInputs(&invocation);
  for (int i = 0; i < WarmUps; ++i)
    invoke(&invocation, 1 + i);
  double *times = allocate(repeats, sizeof *times);
  for (int64_t i = 0; i < repeats; ++i) {
    double begin = now();
    invoke(&invocation, 1 + WarmUps + i);
    times[i] = now() - begin;
  }
  qsort(times, (size_t)repeats, sizeof *times, compareTimes);
  result.least = times[0];
  result.median = (times[(repeats - 1) / 2] + times[repeats / 2]) / 2;
  result.most95 = times[(repeats - 1) * 95 / 100];
  free(times);
  freeInvocation(&invocation);
  return result;
}

/* `12.3 us`, in the unit that suits. */
static void appendSeconds(struct Text *text, double seconds) {
  static const char *const units[] = {"s", "ms", "us", "ns"};
  int unit = 0;
  for (; unit < 3 && seconds < 1; ++unit)
    seconds *= 1000;
  appendFormat(text, "%7.3g %s", seconds, units[unit]);
}

static double perSecond(double count, double seconds) {
  return seconds > 0 ? count / seconds : 0;
}

static void show(const struct Measurement *m) {
  struct Text text = {0};
  appendFormat(&text, "%-16s", m->entry->name);
  if (m->rows >= 0)
    appendFormat(&text, " %6lld rows", (long long)m->rows);
  appendText(&text, "  median ");
  appendSeconds(&text, m->median);
  appendText(&text, "  min ");
  appendSeconds(&text, m->least);
  appendText(&text, "  p95 ");
  appendSeconds(&text, m->most95);
  if (m->rows > 0)
    appendFormat(&text, "  %.4g rows/s", perSecond((double)m->rows, m->median));
  if (m->operations > 0)
    appendFormat(&text, "  %.4g GFLOP/s",
                 perSecond(m->operations * 1e-9, m->median));
  appendText(&text, "\n");
  printText(&text);
  freeText(&text);
}

static void showJson(const struct Measurement *m) {
  struct Text text = {0};
  appendText(&text, "{\"entry\":");
  appendJsonString(&text, m->entry->name);
  if (m->rows >= 0)
    appendFormat(&text, ",\"rows\":%lld", (long long)m->rows);
  appendFormat(&text,
               ",\"repeats\":%lld,\"median_seconds\":%.9g,\"min_seconds\":%.9g,"
               "\"p95_seconds\":%.9g",
               (long long)m->repeats, m->median, m->least, m->most95);
  if (m->rows > 0)
    appendFormat(&text, ",\"rows_per_second\":%.9g",
                 perSecond((double)m->rows, m->median));
  if (m->operations > 0)
    appendFormat(&text, ",\"gflop_per_second\":%.9g",
                 perSecond(m->operations * 1e-9, m->median));
  appendText(&text, "}\n");
  printText(&text);
  freeText(&text);
}

/* The entry of this name, whatever its kind. */
static int32_t findNamed(const struct modelc_program *program,
                         const char *name) {
  const char **names = allocate(program->entry_count, sizeof *names);
  for (int32_t i = 0; i < program->entry_count; ++i) {
    names[i] = program->entries[i].name;
    if (!strcmp(names[i], name)) {
      free(names);
      return i;
    }
  }
  const char *hint = didYouMean(name, names, program->entry_count);
  failUser("the program has no entry `%s`%s", name,
           *hint ? hint : "; `info --json` lists them");
}

int runBench(const struct modelc_program *program,
             const struct Options *options) {
  int64_t repeats = options->hasRepeats ? options->repeats : DefaultRepeats;
  int64_t rows = options->hasBatch ? options->batch : -1;
  struct Machine machine;
  startMachine(&machine, program, options);
  initializeSlots(&machine);
  int isShown = 0;
  for (int32_t i = 0; i < program->entry_count; ++i) {
    const struct modelc_entry *entry = &program->entries[i];
    int isStep = program->training && i == program->training->step;
    int isWanted = options->function
                       ? i == findNamed(program, options->function)
                       : isStep || entry->kind == MODELC_ENTRY_FUNCTION;
    if (!isWanted)
      continue;
    int64_t all[] = {1, rows};
    /* Without a wish: one row, where that means something, and the bound. */
    int isOne = rows < 0 && !isStep && findRows(entry) >= 0;
    for (int j = isOne ? 0 : 1; j < 2; ++j) {
      struct Measurement result = measure(&machine, i, all[j], repeats);
      if (options->json)
        showJson(&result);
      else
        show(&result);
    }
    isShown = 1;
  }
  if (!isShown)
    failUser("the program has neither a training step nor functions");
  freeMachine(&machine);
  return ExitSuccess;
}
