/* Vocabulary.c: the texts of a column and the numbers that stand for them. */
#include "runtime/app/Vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/app/Array.h"
#include "runtime/app/Number.h"
#include "runtime/app/Text.h"

/* Word numbers must be exact as f32. */
static const int64_t mostWords = 1 << 24;

static uint64_t hashText(const char *text, int64_t length) {
  uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
  for (int64_t i = 0; i < length; ++i)
    hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
  return hash ^ hash >> 32;
}

/* The place in the table where the word is or would be. */
static int64_t findPlace(const struct Words *words, const char *text,
                         int64_t length) {
  int64_t mask = words->tableSize - 1;
  int64_t place = (int64_t)hashText(text, length) & mask;
  for (; words->table[place]; place = (place + 1) & mask) {
    const struct Word *word = &words->words[words->table[place] - 1];
    if (word->length == length && !memcmp(word->text, text, (size_t)length))
      break;
  }
  return place;
}

static void growTable(struct Words *words) {
  free(words->table);
  words->tableSize = words->tableSize ? words->tableSize * 2 : 64;
  words->table = allocate(words->tableSize, sizeof *words->table);
  for (int64_t i = 0; i < words->count; ++i) {
    const struct Word *word = &words->words[i];
    words->table[findPlace(words, word->text, word->length)] = (int32_t)i + 1;
  }
}

/* Whether the bytes are UTF-8, without overlong forms, surrogates and zeros. */
static int isUtf8(const unsigned char *text, int64_t length) {
  for (int64_t i = 0; i < length;) {
    unsigned char c = text[i];
    int more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    if (!c || (c >= 0x80 && c < 0xc2) || c > 0xf4 || i + more >= length)
      return 0;
    uint32_t point = more ? c & (0x3fu >> more) : c;
    for (int j = 1; j <= more; ++j) {
      if ((text[i + j] & 0xc0) != 0x80)
        return 0;
      point = point << 6 | (text[i + j] & 0x3f);
    }
    if ((more == 2 && (point < 0x800 || (point >= 0xd800 && point < 0xe000))) ||
        (more == 3 && (point < 0x10000 || point > 0x10ffff)))
      return 0;
    i += more + 1;
  }
  return 1;
}

int64_t internWord(struct Words *words, const char *text, int64_t length,
                   struct Place place) {
  if (words->count * 2 >= words->tableSize)
    growTable(words);
  int64_t at = findPlace(words, text, length);
  if (words->table[at])
    return words->table[at] - 1;
  if (!isUtf8((const unsigned char *)text, length))
    failAt(place, "a text in %s is not UTF-8", words->column);
  if (words->count == mostWords)
    failAt(place, "%s has more than %lld different values", words->column,
           (long long)mostWords);
  if (words->count == words->capacity) {
    words->capacity = words->capacity * 2 + 16;
    struct Word *grown =
        realloc(words->words, (size_t)words->capacity * sizeof *grown);
    if (!grown)
      failUser("not enough memory for the values of %s", words->column);
    words->words = grown;
  }
  struct Text copy = {0};
  appendBytes(&copy, text, length);
  words->words[words->count] = (struct Word){copy.data, length, place, -1};
  words->table[at] = (int32_t)++words->count;
  return words->count - 1;
}

void freeWords(struct Words *words) {
  for (int64_t i = 0; i < words->count; ++i)
    free(words->words[i].text);
  free(words->words);
  free(words->table);
  free(words->column);
  *words = (struct Words){0};
}

struct Vocabulary vocabularyOf(const struct modelc_program *program,
                               char *slots, const struct modelc_part *part,
                               int64_t index) {
  struct Vocabulary vocabulary = {0, part->classes, 0};
  if (part->vocabulary < 0)
    return vocabulary;
  const struct modelc_slot *slot = &program->slots[part->vocabulary];
  if (slot->array.rank != 3 || slot->array.dimensions[0].extent <= index ||
      slot->array.dimensions[1].extent != part->classes)
    failInternal("the slot `%s` is no vocabulary", slot->name);
  vocabulary.bytes = slot->array.dimensions[2].extent;
  vocabulary.texts =
      slots + slot->offset + index * part->classes * vocabulary.bytes;
  return vocabulary;
}

/* The class that an integer stands for; 0 if the text is none. */
static int isClass(const struct Word *word, int64_t *value) {
  double number;
  if (parseInteger(word->text, word->length, value))
    return 1;
  return parseNumber(word->text, word->length, &number) &&
         storeNumber(MODELC_I64, value, 0, number);
}

/* How many classes texts can take. */
static int64_t capacityOf(const struct modelc_part *part) {
  return part->classes - (part->unseen == MODELC_LAST);
}

/* Whether the words need no vocabulary: the integers are the codes. */
static int areClasses(const struct modelc_part *part, const struct Words *words,
                      const char *isUsed) {
  for (int64_t i = 0; i < words->count; ++i) {
    int64_t value;
    if (!isUsed[i])
      continue;
    if (!isClass(&words->words[i], &value))
      return 0;
    if (part->kind == MODELC_CATEGORIES &&
        (value < 0 || value >= capacityOf(part)))
      return 0;
  }
  return 1;
}

static int compareWords(const void *left, const void *right) {
  const struct Word *a = *(const struct Word *const *)left;
  const struct Word *b = *(const struct Word *const *)right;
  int64_t shorter = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->text, b->text, (size_t)shorter);
  return order ? order : (a->length > b->length) - (a->length < b->length);
}

void learnVocabulary(const struct Vocabulary *vocabulary,
                     const struct modelc_field *field,
                     const struct modelc_part *part, const struct Words *words,
                     const char *isUsed) {
  if (!vocabulary->texts)
    return;
  memset(vocabulary->texts, 0,
         (size_t)(vocabulary->classes * vocabulary->bytes));
  if (areClasses(part, words, isUsed))
    return;
  const struct Word **sorted = allocate(words->count, sizeof *sorted);
  int64_t count = 0;
  for (int64_t i = 0; i < words->count; ++i) {
    const struct Word *word = &words->words[i];
    if (!isUsed[i])
      continue;
    if (count == capacityOf(part))
      failAt(word->place,
             "`%s` in %s is value number %lld, `%s` has %lld classes%s",
             excerpt(word->text, word->length), words->column,
             (long long)count + 1, field->name, (long long)vocabulary->classes,
             part->unseen == MODELC_LAST ? ", the last for unseen ones" : "");
    if (word->length > vocabulary->bytes || !word->length)
      failAt(word->place,
             "`%s` in %s has %lld bytes, `%s` holds %lld; `length = %lld` "
             "makes room",
             excerpt(word->text, word->length), words->column,
             (long long)word->length, field->name, (long long)vocabulary->bytes,
             (long long)word->length);
    sorted[count++] = word;
  }
  qsort(sorted, (size_t)count, sizeof *sorted, compareWords);
  for (int64_t i = 0; i < count; ++i)
    memcpy(vocabulary->texts + i * vocabulary->bytes, sorted[i]->text,
           (size_t)sorted[i]->length);
  free(sorted);
}

/* The words of a vocabulary in their order: their number, and whether it has
 * any at all. */
static int64_t countTexts(const struct Vocabulary *vocabulary) {
  int64_t count = 0;
  while (vocabulary->texts && count < vocabulary->classes &&
         vocabulary->texts[count * vocabulary->bytes])
    ++count;
  return count;
}

static int64_t findText(const struct Vocabulary *vocabulary, int64_t count,
                        const struct Word *word) {
  int64_t low = 0, high = count;
  if (word->length > vocabulary->bytes)
    return -1;
  while (low < high) {
    int64_t middle = (low + high) / 2;
    const char *text = vocabulary->texts + middle * vocabulary->bytes;
    int order = memcmp(word->text, text, (size_t)word->length);
    if (!order && word->length < vocabulary->bytes && text[word->length])
      order = -1;
    if (!order)
      return middle;
    low = order > 0 ? middle + 1 : low;
    high = order > 0 ? high : middle;
  }
  return -1;
}

static _Noreturn void refuseWord(const struct Vocabulary *vocabulary,
                                 const struct modelc_field *field,
                                 const struct modelc_part *part,
                                 const struct Words *words,
                                 const struct Word *word, int64_t count) {
  int64_t value;
  if (!count && isClass(word, &value))
    failAt(word->place,
           part->kind == MODELC_LABELS
               ? "label %s in %s is out of range, `%s` has %d classes: 0 to %d"
               : "%s in %s is out of range, `%s` has %d classes: 0 to %d",
           excerpt(word->text, word->length), words->column, field->name,
           part->classes, part->classes - 1);
  if (!count)
    failAt(word->place, "`%s` in %s, an integer from 0 to %d is wanted",
           excerpt(word->text, word->length), words->column, part->classes - 1);
  struct Text known = {0};
  const char **names = allocate(count, sizeof *names);
  for (int64_t i = 0; i < count; ++i) {
    struct Text name = {0};
    appendFormat(&name, "%.*s", (int)vocabulary->bytes,
                 vocabulary->texts + i * vocabulary->bytes);
    names[i] = name.data;
    if (i < 12)
      appendFormat(&known, "%s`%s`", i ? ", " : "", name.data);
  }
  appendText(&known, count > 12 ? ", ..." : "");
  failAt(word->place,
         "`%s` in %s is no value that the training split has%s; they are %s",
         excerpt(word->text, word->length), words->column,
         didYouMean(word->text, names, count), known.data);
}

void encodeWords(const struct Vocabulary *vocabulary,
                 const struct modelc_field *field,
                 const struct modelc_part *part, struct Words *words) {
  int64_t count = countTexts(vocabulary);
  for (int64_t i = 0; i < words->count; ++i) {
    struct Word *word = &words->words[i];
    int64_t value = -1;
    if (count)
      value = findText(vocabulary, count, word);
    else if (!isClass(word, &value) || value >= capacityOf(part))
      value = -1;
    if (value < 0 && part->unseen == MODELC_REFUSE)
      refuseWord(vocabulary, field, part, words, word, count);
    if (value < 0 && part->unseen == MODELC_LAST)
      value = part->classes - 1;
    word->code = value < 0 ? -1 : (double)value;
  }
}
