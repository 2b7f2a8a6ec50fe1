/* Call.c: functions applied to arrays: sizes, parts, results; and the `call`
 * command. */
#include "runtime/app/Call.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Input.h"
#include "runtime/app/Output.h"
#include "runtime/app/Report.h"
#include "runtime/app/Weights.h"

static int isData(const struct modelc_value *value) {
  return value->role == MODELC_INPUT_DATA;
}

/* Finds the value of every symbol in the inputs' extents. */
static void solveSymbols(const struct modelc_entry *entry,
                         const struct Array *arguments, int64_t *symbols) {
  for (int32_t i = 0; i < entry->symbol_count; ++i)
    symbols[i] = -1;
  for (int32_t i = 0; i < entry->input_count; ++i) {
    const struct modelc_value *input = &entry->inputs[i];
    for (int32_t d = 0; isData(input) && d < input->array.rank; ++d) {
      int32_t symbol = input->array.dimensions[d].symbol;
      if (symbol < 0)
        continue;
      int64_t extent = arguments[i].extents[d];
      if (symbols[symbol] >= 0 && symbols[symbol] != extent)
        failUser("dimension %d of `%s` is %lld, `%s` is %lld in the inputs "
                 "before it",
                 d, input->name, (long long)extent, entry->symbols[symbol].name,
                 (long long)symbols[symbol]);
      symbols[symbol] = extent;
    }
  }
  for (int32_t i = 0; i < entry->symbol_count; ++i)
    if (symbols[i] < 0)
      failUser("no input of `%s` says what the size `%s` is", entry->name,
               entry->symbols[i].name);
}

/* Whether the symbol counts the rows of a value. */
static int hasRows(const struct modelc_array *array, int32_t symbol) {
  return symbol >= 0 && array->rank > 0 &&
         array->dimensions[0].symbol == symbol;
}

/* The symbol whose rows may be computed in parts, or -1. */
static int32_t findRowSymbol(const struct modelc_entry *entry) {
  int32_t symbol = entry->row_symbol - 1;
  return symbol >= 0 && entry->symbols[symbol].bound > 0 ? symbol : -1;
}

/* Refuses sizes above their bounds, before anything is made of them. */
static void checkBounds(const struct modelc_entry *entry,
                        const int64_t *symbols, int32_t rowSymbol) {
  for (int32_t i = 0; i < entry->symbol_count; ++i) {
    const struct modelc_symbol *symbol = &entry->symbols[i];
    int isCut = entry->output_count > 0 && hasRows(&entry->outputs[0].array, i);
    if (i != rowSymbol && symbols[i] > symbol->bound)
      failUser("`%s` of `%s` is %lld, at most %lld is compiled%s; `%s <= %lld` "
               "where the function declares its inputs raises the bound",
               symbol->name, entry->name, (long long)symbols[i],
               (long long)symbol->bound,
               isCut ? ", and rows that may depend on each other are not "
                       "computed in parts"
                     : "",
               symbol->name, (long long)symbols[i]);
  }
}

/* The extents of all values at the symbols' values: constants, symbols and what
 * `resolve` says. */
static void resolveExtents(const struct modelc_entry *entry,
                           const int64_t *symbols,
                           const struct Array *arguments,
                           struct Array *results) {
  int64_t derivedCount = 0, next = 0;
  for (int32_t i = 0; i < entry->input_count + entry->output_count; ++i) {
    const struct modelc_array *array =
        i < entry->input_count ? &entry->inputs[i].array
                               : &entry->outputs[i - entry->input_count].array;
    for (int32_t d = 0; d < array->rank; ++d)
      derivedCount += array->dimensions[d].symbol == MODELC_DERIVED;
  }
  int64_t *derived = allocate(derivedCount, sizeof *derived);
  if (entry->resolve && entry->resolve(symbols, derived) != MODELC_OK)
    failSizes(entry, symbols);
  for (int32_t i = 0; i < entry->input_count; ++i)
    for (int32_t d = 0; d < entry->inputs[i].array.rank; ++d)
      if (entry->inputs[i].array.dimensions[d].symbol == MODELC_DERIVED) {
        int64_t wanted = derived[next++];
        if (isData(&entry->inputs[i]) && arguments[i].extents[d] != wanted)
          failUser("dimension %d of `%s` is %lld, %lld is wanted", d,
                   entry->inputs[i].name, (long long)arguments[i].extents[d],
                   (long long)wanted);
      }
  for (int32_t i = 0; i < entry->output_count; ++i) {
    const struct modelc_array *array = &entry->outputs[i].array;
    if (array->rank > MaximumRank)
      failInternal("`%s` has too many dimensions", entry->outputs[i].name);
    results[i] = (struct Array){.dtype = array->dtype, .rank = array->rank};
    for (int32_t d = 0; d < array->rank; ++d) {
      int32_t symbol = array->dimensions[d].symbol;
      results[i].extents[d] = symbol >= 0 ? symbols[symbol]
                              : symbol == MODELC_DERIVED
                                  ? derived[next++]
                                  : array->dimensions[d].extent;
    }
    if (!computeCount(&results[i]))
      failUser("`%s` does not fit memory", entry->outputs[i].name);
    results[i].data = allocate(results[i].count, dtypeBytes(array->dtype));
  }
  free(derived);
}

/* Bytes of `count` leading elements of an array, or of all of it if rows do not
 * count it. */
static int64_t partBytes(const struct Array *array, int isRows, int64_t count) {
  int64_t bytes = array->count * dtypeBytes(array->dtype);
  if (!isRows)
    return bytes;
  return array->extents[0] ? bytes / array->extents[0] * count : 0;
}

static void runPart(struct Invocation *invocation, int32_t rowSymbol,
                    int64_t first, int64_t count, const struct Array *arguments,
                    struct Array *results) {
  const struct modelc_entry *entry = invocation->entry;
  for (int32_t i = 0; i < entry->input_count; ++i) {
    if (!isData(&entry->inputs[i]))
      continue;
    int isRows = hasRows(&entry->inputs[i].array, rowSymbol);
    const char *source = arguments[i].data;
    source += isRows ? partBytes(&arguments[i], 1, first) : 0;
    memcpy(invocation->inputs[i], source,
           (size_t)partBytes(&arguments[i], isRows, count));
  }
  invoke(invocation, 0);
  for (int32_t i = 0; i < entry->output_count; ++i) {
    int isRows = hasRows(&entry->outputs[i].array, rowSymbol);
    char *target = results[i].data;
    target += isRows ? partBytes(&results[i], 1, first) : 0;
    memcpy(target, invocation->outputs[i],
           (size_t)partBytes(&results[i], isRows, count));
  }
}

void applyFunction(struct Machine *machine, int32_t index,
                   const struct Array *arguments, struct Array *results) {
  const struct modelc_entry *entry = &machine->program->entries[index];
  int64_t *symbols = allocate(entry->symbol_count, sizeof *symbols);
  solveSymbols(entry, arguments, symbols);
  int32_t rowSymbol = findRowSymbol(entry);
  checkBounds(entry, symbols, rowSymbol);
  resolveExtents(entry, symbols, arguments, results);
  struct Invocation invocation;
  prepareInvocation(machine, index, &invocation);
  memcpy(invocation.symbols, symbols,
         (size_t)entry->symbol_count * sizeof *symbols);
  if (rowSymbol < 0) {
    runPart(&invocation, -1, 0, 0, arguments, results);
  } else {
    int64_t rows = symbols[rowSymbol], bound = entry->symbols[rowSymbol].bound;
    for (int64_t done = 0, count; done < rows; done += count) {
      count = rows - done < bound ? rows - done : bound;
      invocation.symbols[rowSymbol] = count;
      runPart(&invocation, rowSymbol, done, count, arguments, results);
    }
  }
  freeInvocation(&invocation);
  free(symbols);
}

int32_t findFunction(const struct modelc_program *program, const char *name) {
  const char **names = allocate(program->entry_count, sizeof *names);
  int64_t count = 0;
  for (int32_t i = 0; i < program->entry_count; ++i) {
    if (program->entries[i].kind != MODELC_ENTRY_FUNCTION)
      continue;
    if (!strcmp(program->entries[i].name, name)) {
      free(names);
      return i;
    }
    names[count++] = program->entries[i].name;
  }
  const char *hint = didYouMean(name, names, count);
  if (*hint || !count)
    failUser("the program exports no function `%s`%s", name, hint);
  failUser(
      "the program exports no function `%s`; `info` lists those that it does",
      name);
}

int runCall(const struct modelc_program *program,
            const struct Options *options) {
  if (!options->function)
    failUser("`call` wants the name of a function; `info` lists them");
  int32_t index = findFunction(program, options->function);
  const struct modelc_entry *entry = &program->entries[index];
  enum OutputFormat format = chooseFormat(options, entry);
  struct WantedInput *wanted = allocate(entry->input_count, sizeof *wanted);
  struct Array *read = allocate(entry->input_count, sizeof *read);
  struct Array *arguments = allocate(entry->input_count, sizeof *arguments);
  struct Array *results = allocate(entry->output_count, sizeof *results);
  int32_t count = 0;
  for (int32_t i = 0; i < entry->input_count; ++i)
    if (isData(&entry->inputs[i]))
      wanted[count++] = (struct WantedInput){.name = entry->inputs[i].name,
                                             .entry = entry,
                                             .value = &entry->inputs[i]};
  readInputs(options, wanted, count, read);
  for (int32_t i = 0, next = 0; i < entry->input_count; ++i)
    if (isData(&entry->inputs[i]))
      arguments[i] = read[next++];
  struct Machine machine;
  struct WeightsOrigin origin = {options->seed, 1, 0};
  startMachine(&machine, program, options);
  loadWeights(&machine, weightsPath(program, options->weights), &origin);
  applyFunction(&machine, index, arguments, results);
  writeResults(options, format, entry, results, 0);
  freeMachine(&machine);
  freeArrays(results, entry->output_count);
  freeArrays(read, count);
  free(arguments);
  free(wanted);
  return ExitSuccess;
}
