/* Number.h: numbers from text. */
#ifndef MODELC_RUNTIME_APP_NUMBER_H
#define MODELC_RUNTIME_APP_NUMBER_H

#include <stdint.h>

/* Reads `length` bytes at `text` as one decimal number, such as `-1.5e3`,
 * correctly rounded. Returns 0 for anything else: other text around it,
 * hexadecimal digits, NaN, infinities. The byte after the last must be readable
 * and no part of a number. */
int parseNumber(const char *text, int64_t length, double *value);

/* The same for a decimal integer that fits 64 bits. */
int parseInteger(const char *text, int64_t length, int64_t *value);

#endif
