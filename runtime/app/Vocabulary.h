/* Vocabulary.h: the texts of a column and the numbers that stand for them. */
#ifndef MODELC_RUNTIME_APP_VOCABULARY_H
#define MODELC_RUNTIME_APP_VOCABULARY_H

#include "runtime/app/Report.h"
#include "runtime/core/abi.h"

/* A text as it was first seen. */
struct Word {
  char *text;
  int64_t length;
  struct Place place;
  double code; /* what stands for it once the vocabulary is known */
};

/* All texts of one column in the order of their first appearance; rows hold the
 * numbers of words until they are encoded. */
struct Words {
  char *column; /* as messages call it */
  struct Word *words;
  int64_t count, capacity;
  int32_t *table; /* word numbers + 1 by hash */
  int64_t tableSize;
};

/* The number of the word, which is added if it is new. */
int64_t internWord(struct Words *words, const char *text, int64_t length,
                   struct Place place);
void freeWords(struct Words *words);

/* The texts of a column as slots hold them: `classes` times `bytes`. */
struct Vocabulary {
  char *texts;
  int64_t classes, bytes;
};

/* The vocabulary of column `index` of a part in the slots' memory. */
struct Vocabulary vocabularyOf(const struct modelc_program *program,
                               char *slots, const struct modelc_part *part,
                               int64_t index);

/* Makes the vocabulary of the words that `isUsed` marks. Fails where there are
 * more than there can be. */
void learnVocabulary(const struct Vocabulary *vocabulary,
                     const struct modelc_field *field,
                     const struct modelc_part *part, const struct Words *words,
                     const char *isUsed);

/* Gives every word its code. Fails at the first word that has none. */
void encodeWords(const struct Vocabulary *vocabulary,
                 const struct modelc_field *field,
                 const struct modelc_part *part, struct Words *words);

#endif
