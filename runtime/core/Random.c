/* Random.c: Philox4x32-10 and what is made of it. */
#include "runtime/core/Random.h"

struct PhiloxBlock {
  uint32_t words[4];
};

/* One round: two 32x32-bit products, their halves crossed and mixed with the
 * key. */
static struct PhiloxBlock philoxRound(struct PhiloxBlock in, uint32_t key0,
                                      uint32_t key1) {
  uint64_t product0 = (uint64_t)0xD2511F53u * in.words[0];
  uint64_t product1 = (uint64_t)0xCD9E8D57u * in.words[2];
  return (struct PhiloxBlock){{
      (uint32_t)(product1 >> 32) ^ in.words[1] ^ key0,
      (uint32_t)product1,
      (uint32_t)(product0 >> 32) ^ in.words[3] ^ key1,
      (uint32_t)product0,
  }};
}

uint64_t modelcRandom(uint64_t seed, uint64_t stream, uint64_t index) {
  struct PhiloxBlock block = {{(uint32_t)index, (uint32_t)(index >> 32),
                               (uint32_t)stream, (uint32_t)(stream >> 32)}};
  uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    block = philoxRound(block, key0, key1);
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return block.words[0] | (uint64_t)block.words[1] << 32;
}

uint64_t modelcRandomBelow(uint64_t seed, uint64_t stream, uint64_t index,
                           uint64_t bound) {
  __extension__ typedef unsigned __int128 Wide;
  return (uint64_t)((Wide)modelcRandom(seed, stream, index) * bound >> 64);
}

double modelcRandomUniform(uint64_t seed, uint64_t stream, uint64_t index) {
  return (double)(modelcRandom(seed, stream, index) >> 40) * 0x1p-24;
}

void modelcShuffle(uint64_t seed, uint64_t stream, int64_t count,
                   int64_t *order) {
  /* Fisher and Yates, inside out: element i goes to a place among the first i
   * + 1. */
  for (int64_t i = 0; i < count; ++i) {
    int64_t place =
        (int64_t)modelcRandomBelow(seed, stream, (uint64_t)i, (uint64_t)i + 1);
    order[i] = order[place];
    order[place] = i;
  }
}
