/* abi.h: the only thing that compiler and runtime share.
 *
 * A compiled program is an object file that defines
 * `modelc_program_descriptor`, a constant `struct modelc_program`, and the
 * functions that its entries name. Everything else about the program (names,
 * shapes, offsets, the training plan, the data schema) is data in that
 * structure. The compiler writes it in codegen/program/; a change here is a
 * change there.
 *
 * Rules: structures only grow at the end; `struct_size` says how much of one is
 * present; enumerators keep their numbers. All sizes are in bytes unless a
 * comment says elements. All arrays are dense and row-major. Strings are
 * NUL-terminated UTF-8 and never null unless said.
 */
#ifndef MODELC_RUNTIME_CORE_ABI_H
#define MODELC_RUNTIME_CORE_ABI_H

#include <stdint.h>

/* What members mean stands beside them. */
/* clang-format off */

#define MODELC_ABI_VERSION 1
/* Every address that crosses the boundary has at least this alignment, in
 * bytes. */
#define MODELC_ALIGNMENT 64

/* Element types; `bool` is one byte holding 0 or 1. */
enum modelc_dtype {
  MODELC_F32 = 1,
  MODELC_F64 = 2,
  MODELC_I64 = 3,
  MODELC_I32 = 4,
  MODELC_I8 = 5,
  MODELC_U8 = 6,
  MODELC_BOOL = 7,
  MODELC_F16 = 8,
  MODELC_BF16 = 9
};

/* What an entry returns. Negative values are the program's fault, positive ones the caller's. */
enum modelc_status {
  MODELC_OK = 0,
  MODELC_ERROR_SIZE = 1,     /* a symbol is below 0 or above its bound, or such that a size is
                                below 0 or a subscript outside of its array */
  MODELC_ERROR_NULL = 2,     /* a needed pointer is null */
  MODELC_ERROR_ALIGNMENT = 3, /* a pointer is not aligned to MODELC_ALIGNMENT */
  MODELC_ERROR_ASSERTION = 4, /* an `assert` of the program does not hold; the messages say which */
  MODELC_ERROR_STRUCT = 5,    /* modelc_call.struct_size is too small for this program */
  MODELC_ERROR_WEIGHTS = 6    /* a weights file is damaged or not of this program */
};

/* A symbolic size of an entry, such as `N` of `float[N, 10]`. */
struct modelc_symbol {
  const char *name;
  int64_t bound; /* the largest value the entry accepts; memory is planned for it */
};

/* One dimension of an array. */
struct modelc_dimension {
  int64_t extent; /* elements; of a symbolic dimension its value at the symbols' bounds */
  int32_t symbol; /* index into the entry's symbols when the dimension is exactly that symbol,
                     MODELC_CONSTANT, or MODELC_DERIVED: a polynomial over the symbols, which
                     the entry's `resolve` evaluates */
  int32_t reserved;
};
#define MODELC_CONSTANT (-1)
#define MODELC_DERIVED (-2)

/* A dense array: its element type and dimensions. */
struct modelc_array {
  int32_t dtype; /* enum modelc_dtype */
  int32_t rank;
  const struct modelc_dimension *dimensions; /* rank of them; null if rank is 0 */
  int64_t bytes;                             /* at the symbols' bounds */
};

/* What a slot is for; the app decides by it what is saved, loaded and reset. */
enum modelc_slot_kind {
  MODELC_SLOT_PARAMETER = 1, /* learnt; saved with the weights */
  MODELC_SLOT_STATE = 2,     /* running statistics and the like; saved with the weights */
  MODELC_SLOT_OPTIMIZER = 3, /* an optimizer's memory; saved in checkpoints only */
  MODELC_SLOT_STATISTIC = 4, /* fitted by preprocessing; saved with the weights */
  MODELC_SLOT_METRIC = 5,    /* a metric's accumulator; zeroed before each pass over a split */
  MODELC_SLOT_SESSION = 6    /* belongs to one session, such as a decoding cache; never saved */
};

/* A named array that outlives an entry's call, at a fixed offset of the slots' memory. */
struct modelc_slot {
  const char *name; /* as in weight files, such as "hidden.w"; where stack > 0 it has one `*`,
                       which stands for the index: "blocks.*.w" */
  int32_t kind;     /* enum modelc_slot_kind */
  int32_t stack;    /* 0, or the leading dimension: element i is stored in files as an array of
                       its own, of rank - 1, named with i in place of `*` */
  struct modelc_array array;
  int64_t offset;   /* bytes from modelc_call.slots */
  const char *source; /* "file.model:12:3", where it is declared */
};

/* What an entry's input means to the app. */
enum modelc_input_role {
  MODELC_INPUT_DATA = 1,  /* an array of the caller's, by name */
  MODELC_INPUT_STEP = 2,  /* i64: number of this training step, from 1 */
  MODELC_INPUT_SEED = 3,  /* i64: the seed of counter-based random numbers */
  MODELC_INPUT_HYPER = 4, /* a run-time scalar, by name; an element of the program's hypers */
  MODELC_INPUT_STEPS = 5  /* float: how many steps the run of training has in all its epochs */
};

/* What an entry's output means to the app. */
enum modelc_output_role {
  MODELC_OUTPUT_RESULT = 1, /* an array for the caller, by name */
  MODELC_OUTPUT_LOSS = 2,   /* float scalar: mean loss over the batch, before the update */
  MODELC_OUTPUT_METRIC = 3, /* float scalar, by name */
  MODELC_OUTPUT_TRAP = 4    /* i64[2], which the caller sets to -1: the launches that were the first to
                               write an infinity (before any NaN), and to write a NaN */
};

/* What a result of an exported function says of a field of the training data, by what the losses
 * do with it. The classes are those of the field's one column of texts or labels. */
enum modelc_meaning {
  MODELC_MEANING_NONE = 0,
  MODELC_MEANING_NUMBER = 1,            /* the field as the model sees it */
  MODELC_MEANING_LOGITS = 2,            /* of each class: before softmax over the last dimension */
  MODELC_MEANING_LOG_PROBABILITIES = 3, /* of each class */
  MODELC_MEANING_PROBABILITIES = 4,     /* of each class */
  MODELC_MEANING_CLASS = 5,             /* the number of a class */
  MODELC_MEANING_LOGIT = 6,             /* that the field is 1: before sigmoid */
  MODELC_MEANING_PROBABILITY = 7        /* that the field is 1 */
};

/* An input or output that is not a slot: the caller supplies its memory. */
struct modelc_value {
  const char *name;
  int32_t role;    /* enum modelc_input_role or modelc_output_role */
  int32_t meaning; /* enum modelc_meaning */
  struct modelc_array array;
  int32_t field; /* index in the training data of what `meaning` speaks of */
  int32_t reserved;
};

/* The arguments of one call of an entry. The caller fills it; the entry only reads it.
 *
 * Outputs overlap neither each other nor an input, the slots or the workspace, and the workspace
 * overlaps none of the others: the code is compiled on that assumption. Inputs may overlap each
 * other and are never written. Calls that share no memory but inputs may run at the same time. */
struct modelc_call {
  uint64_t struct_size;       /* sizeof(struct modelc_call) */
  void *slots;                /* modelc_program.slot_bytes */
  void *workspace;            /* modelc_entry.workspace_bytes; undefined before the call and after
                                 it, but for the values of messages */
  const void *const *inputs;  /* modelc_entry.input_count of them */
  void *const *outputs;       /* modelc_entry.output_count of them; none overlaps an input */
  const int64_t *symbols;     /* modelc_entry.symbol_count values, each within its bound */
  void *threads;              /* reserved for a thread context; null */
  void *session;              /* memory of MODELC_SLOT_SESSION slots; null if there are none */
};

typedef int32_t (*modelc_function)(const struct modelc_call *);
/* Writes the extents of all MODELC_DERIVED dimensions, inputs first, in order of appearance, and
 * returns MODELC_OK; or MODELC_ERROR_SIZE where the entry would refuse the symbols' values, bounds
 * aside: then nothing is written. */
typedef int32_t (*modelc_resolve)(const int64_t *symbols, int64_t *extents);

/* Data inputs of `step` and `evaluate` are fields of the training data, by name; their leading
 * dimension is the number of rows, a symbol or (in `step`) the compiled batch. `fit` and
 * `preprocess` have one data input, rows of the raw field, whose leading dimension is their one
 * symbol; `preprocess` has one result with the same leading dimension, and `restore` goes back from
 * there to the raw field. `fit` is called once for
 * each chunk of the training split, in order, on statistics as `init` left them. */
enum modelc_entry_kind {
  MODELC_ENTRY_INIT = 1,       /* seed -> every slot its initial value */
  MODELC_ENTRY_STEP = 2,       /* one training step on a batch: slots updated, loss out */
  MODELC_ENTRY_EVALUATE = 3,   /* one batch in prediction mode: metric slots updated */
  MODELC_ENTRY_FINISH = 4,     /* metric slots -> the metrics' values */
  MODELC_ENTRY_FIT = 5,        /* a chunk of raw rows of a field: statistic slots updated */
  MODELC_ENTRY_PREPROCESS = 6, /* raw rows of a field -> what the model sees */
  MODELC_ENTRY_FUNCTION = 7,   /* an exported function of the model, such as predict */
  MODELC_ENTRY_RESTORE = 8,    /* what the model sees of a field -> raw rows */
  MODELC_ENTRY_TRAP = 9        /* a training step that tells where NaNs come from, and is slower */
};

/* A function of the program. Inputs and outputs that are slots are not listed: they are read
 * and written in place, in the slots' memory. */
struct modelc_entry {
  const char *name;
  int32_t kind; /* enum modelc_entry_kind */
  int32_t symbol_count;
  const struct modelc_symbol *symbols;
  int32_t input_count;
  int32_t output_count;
  const struct modelc_value *inputs;
  const struct modelc_value *outputs;
  modelc_function function;
  modelc_resolve resolve; /* null if no dimension is derived and every value within the bounds does */
  int64_t workspace_bytes;
  const char *documentation; /* may be empty */
  int32_t row_symbol; /* 1 + the index of the symbol that counts the rows of every result and of the
                         inputs that it sizes, where row i of a result is made of row i of those
                         inputs alone, so that rows may be computed in parts; 0 if none is known to */
  int32_t reserved;
  int64_t operations; /* floating-point operations of a call at the bounds; 0 if not counted (-O0) */
};

/* A float that a flag of the program sets: `hyper lr: float = 1e-3` is `--lr`. */
struct modelc_hyper {
  const char *name;
  double value; /* the default */
  double low, high; /* allowed range, inclusive; equal if unbounded */
  const char *documentation;
};

/* Which columns of the source make a field. */
enum modelc_selector {
  MODELC_COLUMNS_RANGE = 1, /* columns first to last - 1, counted from 0 */
  MODELC_COLUMNS_NAMED = 2, /* the columns called names[0..name_count) */
  MODELC_ARRAY_NAMED = 3    /* the array called names[0]: last - first elements a row */
};

/* What the cells of a column are. */
enum modelc_column_kind {
  MODELC_NUMBERS = 0,
  MODELC_CATEGORIES = 1, /* texts; the raw value is the text's place in the vocabulary. Integers
                            from 0 to classes - 1, and nothing else, stand for themselves */
  MODELC_LABELS = 2      /* the same, but integers always stand for themselves */
};

/* What is done with a cell without a value, and with a text that is in no vocabulary. */
enum modelc_missing {
  MODELC_REFUSE = 0, /* an error at its place */
  MODELC_KEEP = 1,   /* the raw value is NaN; of categories -1 */
  MODELC_DROP = 2,   /* the row is left out; of a cell without a value only */
  MODELC_LAST = 3    /* the raw value is classes - 1, which no text has; of categories only */
};

/* Columns that stand together in a row of a field and are read in one way. */
struct modelc_part {
  int32_t selector; /* enum modelc_selector */
  int32_t first, last;
  int32_t name_count;
  const char *const *names;
  int32_t kind;    /* enum modelc_column_kind */
  int32_t missing; /* enum modelc_missing */
  int32_t classes; /* categories: how many there can be; 0 of numbers */
  int32_t unseen;  /* enum modelc_missing: of texts that the training split does not have */
  int32_t vocabulary; /* the slot that holds the texts, i8 [columns, classes, bytes], sorted, each
                         padded with zeros; all zeros where integers stand for themselves. -1:
                         only integers are read */
  int32_t dimension_count; /* of an array: of one row */
  const struct modelc_dimension *dimensions;
  const char *strip; /* characters that do not count at the end of a text; may be empty */
};

/* One pass over the training split that learns statistics of a field. */
struct modelc_pass {
  int32_t entry; /* a MODELC_ENTRY_FIT entry */
  int32_t times; /* passes in all, one after the other */
};

/* One field of a data declaration: `x = standardize(columns(0..11))`. */
struct modelc_field {
  const char *name;
  int32_t selector; /* enum modelc_selector */
  int32_t first, last;
  int32_t name_count;
  const char *const *names;
  int32_t dtype;    /* element type of the raw array */
  int32_t rank;     /* 2: [rows, columns]; 1: [rows], of a single column (labels) */
  int32_t classes;  /* labels: values are integers from 0 to classes - 1; 0 if not labels */
  int32_t fit;        /* index of the MODELC_ENTRY_FIT entry, or -1 */
  int32_t preprocess; /* index of the MODELC_ENTRY_PREPROCESS entry, or -1: used as read */
  const char *source; /* "file.model:12:3" */
  /* What a raw row consists of, in order. Without parts, the members above say so; with them,
   * only `name`, `dtype`, `rank`, `classes`, `preprocess` and `source` count. */
  int32_t part_count;
  int32_t pass_count;
  const struct modelc_part *parts;
  const struct modelc_pass *passes; /* in order, in place of `fit` */
  int32_t window; /* rows of a series that make one example, the last one its own; 0: one */
  int32_t ahead;  /* how many rows behind the end of the window the example's row is */
  int32_t restore; /* 1 + the index of the MODELC_ENTRY_RESTORE entry; 0: there is none */
  int32_t reserved;
};

/* A file of a source that consists of several. */
struct modelc_file {
  const char *name; /* of the array that is in it */
  const char *path;
};

/* One split: a share of the rows of the main source, or a source of its own. */
struct modelc_split {
  const char *name; /* "train", "valid" or "test" */
  double share;     /* 0 to 1; 0 if `path` or `files` is given */
  const char *path; /* null for a share of the main source */
  int32_t file_count;
  int32_t reserved;
  const struct modelc_file *files; /* of its own source */
};

/* How rows are divided among the splits that are shares. */
enum modelc_split_rule {
  MODELC_SPLIT_IN_ORDER = 0,
  MODELC_SPLIT_STRATIFIED = 1, /* each value of the key by the same shares */
  MODELC_SPLIT_GROUPED = 2     /* all rows with one value of the key in one split */
};

struct modelc_data {
  const char *name;
  const char *format; /* "csv", "tsv", "npy", "idx", "safetensors", or "random": no file, every
                         column uniform in [0, 1) in multiples of 2^-24, labels uniform over their
                         classes, by `seed` */
  const char *path;   /* as written in the program, relative to the working directory; --data
                         NAME=PATH overrides it. Null if every split has its own or nothing is read */
  int32_t field_count;
  int32_t split_count;
  const struct modelc_field *fields;
  const struct modelc_split *splits;
  int32_t header;   /* csv: 1 the first line names columns, 0 it does not, -1 look and decide */
  int32_t shuffle;  /* 1: rows are shuffled before they are split (counter-based, by the seed) */
  int64_t rows;     /* "random": how many rows are made; 0 for other formats */
  int64_t seed;     /* "random": which rows are made, whatever the seed of training is */
  int32_t separator;     /* csv: the byte between cells; 0: look and decide */
  int32_t missing_count;
  const char *const *missing; /* texts of cells without a value, besides the empty one */
  int32_t file_count;
  int32_t rule;                    /* enum modelc_split_rule */
  const struct modelc_file *files; /* of the main source: one for each array */
  const struct modelc_part *key;   /* the column that a rule looks at; null if it is a field */
  int32_t key_field;               /* index of that field, or -1 */
  int32_t folds; /* 0, or how many parts the rows are cut into, each of which is `valid` once while
                    the others are `train`; then there are these two splits */
};

/* What a metric of a preprocessed field is measured in. */
enum modelc_units {
  MODELC_UNITS_NONE = 0,   /* nothing to tell apart */
  MODELC_UNITS_COLUMN = 1, /* the units of the field's column, restored */
  MODELC_UNITS_MODEL = 2   /* those that the model sees */
};

struct modelc_metric {
  const char *name; /* as shown: "loss", "rmse" */
  int32_t output;   /* index of the output of the finish entry */
  int32_t larger_is_better;
  int32_t units; /* enum modelc_units */
  int32_t reserved;
};

/* The training plan. Absent (null) in a program without `train`. */
struct modelc_training {
  int32_t data;         /* index into the program's data */
  int32_t step;         /* entry for full batches */
  int32_t step_partial; /* entry for the last, partial batch of an epoch */
  int32_t evaluate;     /* entry, or -1 */
  int32_t finish;       /* entry, or -1 */
  int32_t metric_count;
  const struct modelc_metric *metrics;
  int64_t batch;
  int64_t epochs;
  int32_t shuffle;      /* 1: the order of training examples changes with every epoch */
  int32_t patience;     /* epochs without improvement before it stops; 0: never stop early */
  int32_t monitor;      /* index of the metric that early stopping compares, or -1 */
  int32_t monitor_split; /* index of its split */
  int64_t seed;          /* of initial weights, orders and random numbers; --seed overrides it */
  int32_t trap;          /* 1 + the index of the MODELC_ENTRY_TRAP entry; 0: there is none */
  int32_t reserved;
};

/* One kernel launch, by its id: what profiles, traps and memory reports are made of. */
struct modelc_launch {
  const char *kernel;
  const char *source; /* lines of the user's program, such as "wine.model:12, wine.model:14" */
  const char *role;   /* "forward", "gradient" or "update" */
  int64_t operations; /* floating-point operations at the bounds */
  int64_t bytes;      /* read and written at the bounds */
  int32_t entry;      /* index of the entry that launches it */
  int32_t reserved;
};

/* A line of the memory plan: who occupies what. */
struct modelc_region {
  int32_t entry;  /* index of the entry */
  int32_t reserved;
  int64_t offset; /* in the entry's workspace */
  int64_t bytes;
  int32_t begin, end; /* first and last position of the schedule that needs it */
  const char *source; /* line that made the value */
};

enum modelc_message_kind {
  MODELC_MESSAGE_PRINT = 1,
  MODELC_MESSAGE_ASSERTION = 2
};

/* An array that a message shows, in the workspace after the call. */
struct modelc_message_value {
  struct modelc_array array; /* its leading dimensions are those of the loops around the message */
  int64_t offset;            /* bytes from modelc_call.workspace */
  int64_t extents;           /* likewise: an int64_t for each dimension, its value in this call */
};

/* What a `print` or an `assert` of the program says. The messages of an entry are in the order
 * of the program; those that share a loop are said in turn, for each of its iterations. */
struct modelc_message {
  int32_t entry;       /* index of the entry */
  int32_t kind;        /* enum modelc_message_kind */
  const char *source;  /* "file.model:12:3" */
  const char *text;    /* each character 1 stands for the next value */
  const char *loops;   /* numbers of the loops around it, outermost first, such as "2 7" */
  int32_t value_count; /* at least 1; of an assertion one bool for each iteration: does it hold? */
  int32_t reserved;
  const struct modelc_message_value *values;
};

struct modelc_program {
  uint64_t struct_size;
  uint32_t abi_version;
  uint32_t optimization;   /* 0: reference path, 2: optimised */
  const char *name;        /* of the model */
  const char *documentation;
  const char *source_file;
  const char *source_hash; /* hexadecimal digest of the source text */
  const char *target;      /* triple and processor */
  const char *compiler;    /* "modelc 0.1.0" */
  int32_t float_dtype;     /* what `float` was compiled to */
  int32_t slot_count;
  const struct modelc_slot *slots;
  int64_t slot_bytes;      /* of all slots together, MODELC_ALIGNMENT-aligned */
  int32_t entry_count;
  int32_t hyper_count;
  const struct modelc_entry *entries;
  const struct modelc_hyper *hypers;
  int32_t data_count;
  int32_t launch_count;
  const struct modelc_data *data;
  const struct modelc_launch *launches;
  const struct modelc_training *training; /* null if there is none */
  int32_t region_count;
  int32_t reserved;
  const struct modelc_region *regions;
  int32_t message_count;
  int32_t reserved_messages;
  const struct modelc_message *messages; /* sorted by entry */
};

/* Defined by the compiled program. */
extern const struct modelc_program modelc_program_descriptor;

#endif
