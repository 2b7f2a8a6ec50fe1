/* Division.c: which rows belong to which split: in order, by strata, by groups.
 */
#include "runtime/app/Division.h"

#include <stdlib.h>

#include "runtime/app/Report.h"
#include "runtime/core/abi.h"

/* A row and the key of its stratum or group, by the first appearance of the
 * key. */
struct KeyedRow {
  int64_t key, place, row;
};

static int compareKeys(const void *left, const void *right) {
  const struct KeyedRow *a = left, *b = right;
  if (a->key != b->key)
    return a->key < b->key ? -1 : 1;
  return (a->place > b->place) - (a->place < b->place);
}

/* Rows in their order, those of one key together, keys by first appearance. */
static struct KeyedRow *sortByKey(const struct Division *division) {
  struct KeyedRow *rows = allocate(division->rows, sizeof *rows);
  for (int64_t i = 0; i < division->rows; ++i) {
    int64_t row = division->order ? division->order[i] : i;
    rows[i] = (struct KeyedRow){division->keys[row], i, row};
  }
  qsort(rows, (size_t)division->rows, sizeof *rows, compareKeys);
  for (int64_t i = 0, first = 0; i < division->rows; ++i) {
    first = i && division->keys[rows[i].row] == division->keys[rows[i - 1].row]
                ? first
                : rows[i].place;
    rows[i].key = first;
  }
  qsort(rows, (size_t)division->rows, sizeof *rows, compareKeys);
  return rows;
}

static int64_t boundOf(const struct Division *division, int32_t part,
                       int64_t rows) {
  double bound = division->bounds[part];
  return (int64_t)((bound < 1 ? bound : 1) * (double)rows + 0.5);
}

/* The part of the row at `place` of the `rows` ones that are cut; -1 behind the
 * last bound. */
static int32_t partAt(const struct Division *division, int64_t place,
                      int64_t rows) {
  for (int32_t i = 0; i < division->partCount; ++i)
    if (place < boundOf(division, i, rows))
      return i;
  return -1;
}

static void divideInOrder(const struct Division *division, int32_t *parts) {
  for (int64_t i = 0; i < division->rows; ++i)
    parts[division->order ? division->order[i] : i] =
        partAt(division, i, division->rows);
}

/* Every stratum is cut by the shares, where those before it have left off, so
 * that small ones do not all round the same way. */
static void divideStrata(const struct Division *division, int32_t *parts) {
  struct KeyedRow *rows = sortByKey(division);
  for (int64_t begin = 0, end; begin < division->rows; begin = end) {
    for (end = begin; end < division->rows && rows[end].key == rows[begin].key;)
      ++end;
    int64_t cut = begin;
    for (int32_t i = 0; i < division->partCount; ++i) {
      int64_t bound =
          begin + boundOf(division, i, end) - boundOf(division, i, begin);
      for (; cut < bound && cut < end; ++cut)
        parts[rows[cut].row] = i;
    }
    for (; cut < end; ++cut)
      parts[rows[cut].row] = -1;
  }
  free(rows);
}

/* A group goes where its middle lies. */
static void divideGroups(const struct Division *division, int32_t *parts) {
  struct KeyedRow *rows = sortByKey(division);
  for (int64_t begin = 0, end; begin < division->rows; begin = end) {
    for (end = begin; end < division->rows && rows[end].key == rows[begin].key;)
      ++end;
    int32_t part = partAt(division, (begin + end) / 2, division->rows);
    for (int64_t i = begin; i < end; ++i)
      parts[rows[i].row] = part;
  }
  free(rows);
}

void divideRows(const struct Division *division, int32_t *parts) {
  switch (division->rule) {
  case MODELC_SPLIT_STRATIFIED:
    divideStrata(division, parts);
    return;
  case MODELC_SPLIT_GROUPED:
    divideGroups(division, parts);
    return;
  }
  divideInOrder(division, parts);
}
