/* weights.c: weights from memory, and everything that is no weights.
 *
 * RUN: %clang %program-flags %s %program-libraries -o %t && %t
 */
#undef NDEBUG
#include "runtime/core/Weights.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct modelc_dimension pair[] = {{2, MODELC_CONSTANT, 0}},
                                     stacked[] = {{2, MODELC_CONSTANT, 0},
                                                  {3, MODELC_CONSTANT, 0}};
static const struct modelc_slot descriptions[] = {
    {"w", MODELC_SLOT_PARAMETER, 0, {MODELC_F32, 1, pair, 8}, 0, ""},
    {"blocks.*.b", MODELC_SLOT_STATE, 2, {MODELC_I32, 2, stacked, 24}, 64, ""},
    {"m", MODELC_SLOT_OPTIMIZER, 0, {MODELC_F32, 1, pair, 8}, 128, ""},
    {"on", MODELC_SLOT_STATISTIC, 0, {MODELC_BOOL, 0, 0, 1}, 192, ""}};
static const struct modelc_program program = {
    .slot_count = 4, .slots = descriptions, .slot_bytes = 256};
static _Alignas(64) unsigned char slots[256];

#define W "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}"
#define B0                                                                     \
  "\"blocks.0.b\":{\"dtype\":\"I32\",\"shape\":[3],\"data_offsets\":[8,20]}"
#define B1                                                                     \
  "\"blocks.1.b\":{\"dtype\":\"I32\",\"shape\":[3],\"data_offsets\":[20,32]}"
#define ON "\"on\":{\"dtype\":\"BOOL\",\"shape\":[],\"data_offsets\":[32,33]}"
#define ALL "{" W "," B0 "," B1 "," ON "}"

/* Loads a file of this header and 33 bytes of data, of which `cut` are missing,
 * from memory of exactly that size. */
static int32_t load(const char *header, int cut, char *message) {
  size_t length = strlen(header), size = 8 + length + 33 - cut;
  char *all = malloc(8 + length + 33), *file = malloc(size);
  uint64_t number = length;
  float w[] = {1.5f, -2};
  int32_t b[] = {1, 2, 3, 4, 5, 6};
  memcpy(all, &number, 8);
  memcpy(all + 8, header, length);
  memcpy(all + 8 + length, w, 8);
  memcpy(all + 16 + length, b, 24);
  all[8 + length + 32] = 1;
  memcpy(file, all, size);
  memset(slots, 0x55, sizeof slots);
  int32_t status = modelcLoadWeights(&program, slots, file, size, message, 100);
  free(all);
  free(file);
  if (status)
    for (size_t i = 0; i < sizeof slots; ++i)
      assert(slots[i] == 0x55);
  return status;
}

static void refuse(const char *header, int cut, const char *wanted) {
  char message[100];
  assert(load(header, cut, message) == MODELC_ERROR_WEIGHTS);
  if (strcmp(message, wanted)) {
    printf("`%s` instead of `%s`\n", message, wanted);
    abort();
  }
}

int main(void) {
  /* Every kind that is saved arrives; the others are cleared. */
  assert(load(ALL, 0, 0) == MODELC_OK);
  assert(((float *)slots)[1] == -2 && ((int32_t *)(slots + 64))[5] == 6);
  assert(((float *)(slots + 128))[0] == 0 && slots[192] == 1);
  /* In any order, with metadata, blanks and arrays of somebody else. */
  assert(
      load("{ \"__metadata__\" : {\"a\\\"\":\"}\"}," ON "," B1 "," B0
           " ,\n\"z\":{\"shape\":[2],\"dtype\":\"F32\",\"data_offsets\":[0,8]}"
           "," W "}  ",
           0, 0) == MODELC_OK);
  assert(load("{\"__metadata__\":{}," W "," B0 "," B1 "," ON "}", 0, 0) ==
         MODELC_OK);

  refuse("{" W "," B0 "," ON "}", 0, "`blocks.1.b`: not in the file");
  refuse("{\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}",
         0, "`w`: another type or shape in the file than in the program");
  refuse("{\"w\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 0,
         "`w`: another type or shape in the file than in the program");
  refuse("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 0,
         "`w`: the file is damaged");
  refuse("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[90,98]}}",
         0, "`w`: the file is damaged");
  refuse(ALL, 1, "`on`: the file is damaged");
  refuse("{" W "," W "," B0 "," B1 "," ON "}", 0, "`w`: the file is damaged");
  refuse("[]", 0, "the file is no safetensors file");
  refuse("{\"w\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999]}}", 0,
         "the file is damaged");

  /* No beginning of a file is one, nor is one with a character changed that
   * makes no other number or name; nothing is read outside of it. */
  char header[sizeof ALL], message[100];
  for (size_t i = 0; i + 1 < sizeof ALL; ++i) {
    snprintf(header, sizeof header, "%.*s", (int)i, ALL);
    assert(load(header, 0, message) == MODELC_ERROR_WEIGHTS);
    memcpy(header, ALL, sizeof ALL);
    header[i] = '\\';
    assert(load(header, 0, message) == MODELC_ERROR_WEIGHTS);
  }
  assert(modelcLoadWeights(&program, slots, "1234567", 7, message, 6) ==
         MODELC_ERROR_WEIGHTS);
  assert(!strcmp(message, "the f"));
  assert(modelcLoadWeights(&program, 0, "", 0, 0, 0) == MODELC_ERROR_NULL);
  assert(modelcLoadWeights(&program, slots, 0, 0, 0, 0) == MODELC_ERROR_NULL);
  assert(modelcLoadWeights(&program, slots + 8, "", 0, 0, 0) ==
         MODELC_ERROR_ALIGNMENT);
  return 0;
}
