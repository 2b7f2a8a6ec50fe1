/* harness.c: compares derivatives that a program computes with finite differences.
 *
 * usage: harness INPUTS [--perturb]. INPUTS names cases and gives the numbers of their inputs, as
 * case.py writes them; the entries of a case are described there as well. With the step h, the
 * derivative of f at x is
 *
 *   (8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h))) / 12h + O(h^4),
 *
 * (Abramowitz and Stegun, 25.3.6, for five points), where f is the loss for the first order, and
 * the sum of directions times derivatives for the second. */
#include "test/judge/entry.h"
#include <math.h>
#include <stdarg.h>

enum { MAXIMAL_REPORTS = 40 };

/* A power of two, so that x + h is exact; h^4 is then 6e-14. */
static const double relative_step = 1.0 / 2048;
static const double bounds[2] = {1e-8, 1e-5};
/* What the perturbation adds: beyond the bounds. */
static const double perturbations[2] = {1e-6, 1e-3};
/* Errors are relative to the derivative, but not to one below this. */
static const double least_scale = 1e-3;

enum role { GIVEN, VARIED, FLAT };

struct numbers {
  enum role role;
  int64_t count;
  double *values;
};

/* An entry with memory for its inputs and outputs. */
struct call {
  const struct modelc_entry *entry;
  int64_t input_counts[MAXIMAL_COUNT], output_counts[MAXIMAL_COUNT];
  void *inputs[MAXIMAL_COUNT], *outputs[MAXIMAL_COUNT];
  const int64_t *symbols;
  unsigned char *workspace;
};

struct gradient_case {
  char name[128];
  int second; /* whether the second order is compared */
  /* Whether the first order, and the second, must not be zero throughout, so that something is
   * compared at all. */
  int nonzero, curved;
  int symbol_count, argument_count, frozen_count;
  int64_t symbols[MAXIMAL_COUNT];
  struct numbers arguments[MAXIMAL_COUNT], directions[MAXIMAL_COUNT];
  int frozen[MAXIMAL_COUNT];
};

static struct {
  int perturb;
  int64_t compared[2], failed[2];
  double worst[2];
  char worst_case[2][128];
  int reports;
} state;

static const struct modelc_entry *find_entry(const char *name, const char *suffix) {
  char full[160];
  snprintf(full, sizeof full, "%s_%s", name, suffix);
  for (int i = 0; i < modelc_program_descriptor.entry_count; ++i)
    if (strcmp(modelc_program_descriptor.entries[i].name, full) == 0)
      return &modelc_program_descriptor.entries[i];
  return NULL;
}

static void open_call(struct call *call, const char *name, const char *suffix,
                      const int64_t *symbols) {
  const struct modelc_entry *entry = find_entry(name, suffix);
  if (!entry)
    fail(name, "lacks an entry");
  if (entry->input_count > MAXIMAL_COUNT || entry->output_count > MAXIMAL_COUNT)
    fail(entry->name, "has too many inputs or outputs for the harness");
  int64_t extents[16 * MAXIMAL_COUNT];
  const int64_t *derived = extents;
  if (entry->resolve)
    entry->resolve(symbols, extents);
  call->entry = entry;
  call->symbols = symbols;
  for (int i = 0; i < entry->input_count; ++i) {
    call->input_counts[i] = count_elements(&entry->inputs[i].array, symbols, &derived);
    call->inputs[i] = allocate(entry->inputs[i].array.bytes);
  }
  for (int i = 0; i < entry->output_count; ++i) {
    call->output_counts[i] = count_elements(&entry->outputs[i].array, symbols, &derived);
    call->outputs[i] = allocate(entry->outputs[i].array.bytes);
  }
  call->workspace = allocate(entry->workspace_bytes);
}

static void close_call(struct call *call) {
  for (int i = 0; i < call->entry->input_count; ++i)
    free(call->inputs[i]);
  for (int i = 0; i < call->entry->output_count; ++i)
    free(call->outputs[i]);
  free(call->workspace);
}

static void set_input(struct call *call, int input, int64_t element, double number) {
  write_element(call->inputs[input], call->entry->inputs[input].array.dtype, element, number);
}

static void set_inputs(struct call *call, int first, const struct numbers *numbers) {
  if (first >= call->entry->input_count || call->input_counts[first] != numbers->count)
    fail(call->entry->name, "has other inputs than the case says");
  for (int64_t i = 0; i < numbers->count; ++i)
    set_input(call, first, i, numbers->values[i]);
}

static void evaluate(struct call *call) {
  const struct modelc_entry *entry = call->entry;
  for (int i = 0; i < entry->output_count; ++i)
    memset(call->outputs[i], 0xff, (size_t)entry->outputs[i].array.bytes);
  memset(call->workspace, 0xff, (size_t)entry->workspace_bytes);
  struct modelc_call arguments = {.struct_size = sizeof arguments,
                                  .slots = call->workspace, /* no slots: not read */
                                  .workspace = call->workspace,
                                  .inputs = (const void *const *)call->inputs,
                                  .outputs = call->outputs,
                                  .symbols = call->symbols};
  if (entry->function(&arguments) != MODELC_OK)
    fail(entry->name, "returned an error");
  check_guard(entry->name, call->workspace, entry->workspace_bytes);
  for (int i = 0; i < entry->output_count; ++i)
    check_guard(entry->name, call->outputs[i], entry->outputs[i].array.bytes);
}

static double output(const struct call *call, int number, int64_t element) {
  return read_element(call->outputs[number], call->entry->outputs[number].array.dtype, element);
}

/* The loss, or, given directions, the sum of these times the derivatives. */
static double scalar(struct call *call, const struct gradient_case *test, int second) {
  evaluate(call);
  if (!second)
    return output(call, 0, 0);
  double sum = 0;
  int next = 1;
  for (int k = 0; k < test->argument_count; ++k) {
    if (test->arguments[k].role == GIVEN)
      continue;
    for (int64_t i = 0; i < test->directions[k].count; ++i)
      sum += test->directions[k].values[i] * output(call, next, i);
    ++next;
  }
  return sum;
}

static double difference(struct call *call, const struct gradient_case *test, int second, int k,
                         int64_t i) {
  double x = test->arguments[k].values[i];
  double h = relative_step * (fabs(x) > 2 ? 2 : 1);
  static const double steps[4] = {1, -1, 2, -2}, factors[4] = {8, -8, -1, 1};
  double sum = 0;
  for (int s = 0; s < 4; ++s) {
    set_input(call, k, i, x + steps[s] * h);
    sum += factors[s] * scalar(call, test, second);
  }
  set_input(call, k, i, x);
  return sum / (12 * h);
}

static void report(const struct gradient_case *test, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void report(const struct gradient_case *test, const char *format, ...) {
  if (state.reports++ >= MAXIMAL_REPORTS)
    return;
  printf("%s", test->name);
  for (int s = 0; s < test->symbol_count; ++s)
    printf("%s%lld", s ? ", " : " at ", (long long)test->symbols[s]);
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
}

static void compare(const struct gradient_case *test, int second, int k, int64_t i,
                    double derivative, double expected) {
  if (state.perturb)
    derivative += perturbations[second] * fmax(1, fabs(derivative));
  double scale = fmax(fmax(fabs(derivative), fabs(expected)), least_scale);
  double error = fabs(derivative - expected) / scale;
  int wrong = !(error <= bounds[second]);
  if (!second && test->arguments[k].role == FLAT && derivative != 0)
    wrong = 1;
  ++state.compared[second];
  if (!(error <= state.worst[second])) {
    state.worst[second] = error;
    strcpy(state.worst_case[second], test->name);
  }
  if (!wrong)
    return;
  ++state.failed[second];
  report(test, ": %s derivative by element %lld of argument %d is %.17g; differences give %.17g\n",
         second ? "second" : "first", (long long)i, k, derivative, expected);
}

/* Compares the gradients that `computed` has evaluated with differences of `function`. */
static void compare_order(const struct gradient_case *test, int second, struct call *function,
                          const struct call *computed) {
  int next = 1;
  double largest = 0;
  for (int k = 0; k < test->argument_count; ++k) {
    const struct numbers *argument = &test->arguments[k];
    if (argument->role == GIVEN)
      continue;
    for (int64_t i = 0; i < argument->count; ++i) {
      double derivative = output(computed, next, i);
      if (argument->role == VARIED)
        largest = fmax(largest, fabs(derivative));
      compare(test, second, k, i, derivative, difference(function, test, second, k, i));
    }
    ++next;
  }
  if ((second ? test->curved : test->nonzero) && largest < 1e-3) {
    ++state.failed[second];
    report(test, ": the %s order is nothing but zeros\n", second ? "second" : "first");
  }
}

static int close_enough(double a, double b) {
  return a == b || (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-12 * fmax(1, fabs(b));
}

/* Compares the loss with what the entry without a gradient gives, where there is one. */
static void compare_value(const struct gradient_case *test, double loss) {
  if (!find_entry(test->name, "value"))
    return;
  static struct call value;
  open_call(&value, test->name, "value", test->symbols);
  for (int k = 0; k < test->argument_count; ++k)
    set_inputs(&value, k, &test->arguments[k]);
  evaluate(&value);
  if (!close_enough(output(&value, 0, 0), loss)) {
    ++state.failed[0];
    report(test, ": with its gradient, the value is %.17g; without, %.17g\n", loss,
           output(&value, 0, 0));
  }
  close_call(&value);
}

static void run(const struct gradient_case *test) {
  static struct call gradient, slope, second;
  open_call(&gradient, test->name, "gradient", test->symbols);
  /* What differences are taken of: another call, since they overwrite its outputs. */
  open_call(&slope, test->name, test->frozen_count ? "slope" : "gradient", test->symbols);
  for (int k = 0; k < test->argument_count; ++k) {
    set_inputs(&gradient, k, &test->arguments[k]);
    set_inputs(&slope, k, &test->arguments[k]);
  }
  for (int f = 0; f < test->frozen_count; ++f)
    set_inputs(&slope, test->argument_count + f, &test->arguments[test->frozen[f]]);
  evaluate(&gradient);
  compare_value(test, output(&gradient, 0, 0));
  compare_order(test, 0, &slope, &gradient);
  if (test->second) {
    open_call(&second, test->name, "second", test->symbols);
    int next = test->argument_count;
    for (int k = 0; k < test->argument_count; ++k)
      set_inputs(&second, k, &test->arguments[k]);
    for (int k = 0; k < test->argument_count; ++k)
      if (test->arguments[k].role != GIVEN)
        set_inputs(&second, next++, &test->directions[k]);
    evaluate(&second);
    compare_order(test, 1, &slope, &second);
    close_call(&second);
  }
  close_call(&gradient);
  close_call(&slope);
}

/* Reading the cases */

static void expect(FILE *file, const char *word) {
  char found[128];
  if (fscanf(file, "%127s", found) != 1 || strcmp(found, word) != 0)
    fail(word, "is not what stands in the inputs");
}

static int read_count(FILE *file) {
  int count;
  if (fscanf(file, "%d", &count) != 1 || count < 0 || count > MAXIMAL_COUNT)
    fail("inputs", "have a count that is none");
  return count;
}

static void read_values(FILE *file, struct numbers *numbers) {
  long long count;
  if (fscanf(file, "%lld", &count) != 1)
    fail("inputs", "lack the number of elements");
  numbers->count = count;
  numbers->values = realloc(numbers->values, (size_t)(count + 1) * sizeof(double));
  for (int64_t i = 0; i < count; ++i)
    if (fscanf(file, "%lf", &numbers->values[i]) != 1)
      fail("inputs", "lack a number");
}

/* Returns 0 at the end of the file. */
static int read_case(FILE *file, struct gradient_case *test) {
  char word[128], order[16], kind[16];
  if (fscanf(file, " case %127s %15s %15s", test->name, order, kind) != 3)
    return 0;
  test->second = strcmp(order, "second") == 0;
  test->nonzero = strcmp(kind, "any") != 0;
  test->curved = strcmp(kind, "curved") == 0;
  expect(file, "symbols");
  test->symbol_count = read_count(file);
  for (int s = 0; s < test->symbol_count; ++s)
    test->symbols[s] = read_count(file);
  expect(file, "arguments");
  test->argument_count = read_count(file);
  for (int k = 0; k < test->argument_count; ++k) {
    if (fscanf(file, "%127s", word) != 1)
      fail("inputs", "lack a role");
    test->arguments[k].role = strcmp(word, "varied") == 0 ? VARIED
                              : strcmp(word, "flat") == 0 ? FLAT
                                                          : GIVEN;
    read_values(file, &test->arguments[k]);
  }
  expect(file, "frozen");
  test->frozen_count = read_count(file);
  for (int f = 0; f < test->frozen_count; ++f)
    test->frozen[f] = read_count(file);
  for (int k = 0; k < test->argument_count; ++k)
    if (test->arguments[k].role != GIVEN) {
      expect(file, "direction");
      read_values(file, &test->directions[k]);
    }
  return 1;
}

int main(int argc, char **argv) {
  static struct gradient_case test;
  FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
  if (!file)
    fail("harness", "cannot read the inputs");
  state.perturb = argc > 2 && strcmp(argv[2], "--perturb") == 0;
  int runs = 0;
  for (; read_case(file, &test); ++runs)
    run(&test);
  fclose(file);
  static const char *const orders[2] = {"first", "second"};
  for (int order = 0; order < 2; ++order)
    printf("%s order: %lld derivatives, %lld disagree; largest error %.1e, of %s\n",
           orders[order], (long long)state.compared[order], (long long)state.failed[order],
           state.worst[order], state.worst_case[order]);
  printf("%d runs\n", runs);
  return state.failed[0] || state.failed[1] || !state.compared[0];
}
