/* Messages.c: what the `print`s and `assert`s of the program say. */
#include "runtime/app/Messages.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Array.h"
#include "runtime/app/Report.h"
#include "runtime/app/Text.h"

/* Of more elements than this, only the first and last of each dimension are
 * shown. */
enum { MostShown = 100, EdgeShown = 3, MostLoops = 32 };

/* The numbers of the loops around a message. */
static int readLoops(const struct modelc_message *message, int64_t *loops) {
  const char *text = message->loops;
  int count = 0;
  while (*text && count < MostLoops) {
    char *end;
    loops[count++] = strtoll(text, &end, 10);
    text = *end ? end + 1 : end;
  }
  return count;
}

/* Arrays */

/* An array that is being written: in rows, as numpy does it. */
struct ShownArray {
  int32_t dtype, rank;
  const int64_t *extents;
  const char *data;
  int isShortened;
  int width; /* of the widest element */
  struct Text *text;
};

static void appendNumber(struct Text *text, int32_t dtype, const char *data,
                         int64_t index) {
  if (dtype == MODELC_BOOL)
    appendText(text, data[index] ? "true" : "false");
  else if (dtype == MODELC_I64)
    appendFormat(text, "%lld", (long long)((const int64_t *)data)[index]);
  else
    appendFormat(text, isFloatDtype(dtype) ? "%.6g" : "%.0f",
                 loadNumber(dtype, data, index));
}

/* Writes the part of an array that begins at an element of one dimension, and
 * without `isWritten` only measures its elements. Returns the next element. */
static int64_t appendPart(struct ShownArray *array, int32_t dimension,
                          int64_t element, int isWritten) {
  struct Text *text = array->text;
  if (dimension == array->rank) {
    size_t begin = text->length;
    appendNumber(text, array->dtype, array->data, element);
    int width = (int)(text->length - begin);
    if (!isWritten) {
      array->width = width > array->width ? width : array->width;
    } else if (width < array->width) {
      text->length = begin;
      appendFormat(text, "%*s", array->width - width, "");
      appendNumber(text, array->dtype, array->data, element);
    }
    if (!isWritten)
      text->length = begin;
    return element + 1;
  }
  int64_t extent = array->extents[dimension], below = 1;
  for (int32_t d = dimension + 1; d < array->rank; ++d)
    below *= array->extents[d];
  if (isWritten)
    appendText(text, "[");
  for (int64_t i = 0; i < extent; ++i) {
    int isLast = dimension + 1 == array->rank;
    if (i && isWritten) {
      appendText(text, isLast ? " " : "\n");
      for (int32_t d = 0; !isLast && d <= dimension; ++d)
        appendText(text, " ");
    }
    if (array->isShortened && i == EdgeShown && extent > 2 * EdgeShown) {
      if (isWritten)
        appendText(text, "...");
      element += (extent - 2 * EdgeShown) * below;
      i = extent - EdgeShown - 1;
      continue;
    }
    element = appendPart(array, dimension + 1, element, isWritten);
  }
  if (isWritten)
    appendText(text, "]");
  return element;
}

/* The value as it is in one iteration of the loops around it. */
static void appendValue(struct Text *text,
                        const struct modelc_message_value *value, int loops,
                        int64_t iteration, const char *workspace) {
  struct ShownArray array = {.dtype = value->array.dtype,
                             .rank = value->array.rank - loops,
                             .text = text};
  array.extents = (const int64_t *)(workspace + value->extents) + loops;
  int64_t count = 1;
  for (int32_t d = 0; d < array.rank; ++d)
    count *= array.extents[d];
  array.isShortened = count > MostShown;
  array.data =
      workspace + value->offset + iteration * count * dtypeBytes(array.dtype);
  appendPart(&array, 0, 0, 0);
  appendPart(&array, 0, 0, 1);
}

/* Messages */

/* Shows one message in one iteration, which counts those of all loops. */
static void showOne(const struct modelc_message *message, int loops,
                    int64_t iteration, const char *workspace) {
  struct Place place = {.file = message->source};
  if (message->kind == MODELC_MESSAGE_ASSERTION) {
    if (!(workspace + message->values[0].offset)[iteration])
      failAt(place, "assertion failed: %s", message->text);
    return;
  }
  struct Text text = {0};
  int32_t next = 0;
  for (const char *c = message->text; *c; ++c) {
    if (*c == 1)
      appendValue(&text, &message->values[next++], loops, iteration, workspace);
    else
      appendBytes(&text, c, 1);
  }
  appendText(&text, "");
  sayAt(place, "%s", text.data);
  freeText(&text);
}

/* Shows messages that share the loops below `level`; `iteration` counts those
 * of these loops. */
static void showRange(const struct modelc_message *messages, int32_t count,
                      int level, int64_t iteration, const char *workspace) {
  for (int32_t i = 0, next; i < count; i = next) {
    int64_t loops[MostLoops], others[MostLoops];
    int depth = readLoops(&messages[i], loops);
    next = i + 1;
    if (depth <= level) {
      showOne(&messages[i], depth, iteration, workspace);
      continue;
    }
    while (next < count && readLoops(&messages[next], others) > level &&
           others[level] == loops[level])
      ++next;
    const int64_t *extents =
        (const int64_t *)(workspace + messages[i].values[0].extents);
    for (int64_t t = 0; t < extents[level]; ++t)
      showRange(&messages[i], next - i, level + 1,
                iteration * extents[level] + t, workspace);
  }
}

void showMessages(const struct modelc_program *program,
                  const struct modelc_entry *entry, const char *workspace) {
  int32_t index = (int32_t)(entry - program->entries), first = 0, last = 0;
  while (first < program->message_count &&
         program->messages[first].entry != index)
    ++first;
  last = first;
  while (last < program->message_count &&
         program->messages[last].entry == index)
    ++last;
  if (first < last) /* without messages the table is null */
    showRange(program->messages + first, last - first, 0, 0, workspace);
}
