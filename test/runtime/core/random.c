// Philox gives the known answers of its authors; shuffles permute.
// RUN: %clang %program-flags %s %program-libraries -o %t && %t
#include "runtime/core/Random.h"

#include <assert.h>

int main(void) {
  // Random123's kat_vectors, philox4x32 10: the first two words.
  assert(modelcRandom(0, 0, 0) == 0xe169c58d6627e8d5u);
  assert(modelcRandom(~0ull, ~0ull, ~0ull) == 0x41c83b0e408f276du);
  assert(modelcRandom(0x299f31d0a4093822u, 0x0370734413198a2eu,
                      0x85a308d3243f6a88u) == 0x94fdccebd16cfe09u);

  // A shuffle is a permutation, differs by stream, and every place is
  // reachable.
  enum { Count = 100 };
  int64_t first[Count], second[Count];
  int counts[Count] = {0}, same = 0;
  modelcShuffle(7, 1, Count, first);
  modelcShuffle(7, 2, Count, second);
  for (int i = 0; i < Count; ++i) {
    assert(first[i] >= 0 && first[i] < Count);
    ++counts[first[i]];
    same += first[i] == second[i];
  }
  for (int i = 0; i < Count; ++i)
    assert(counts[i] == 1);
  assert(same < Count / 4);

  // Uniform numbers are in [0, 1), multiples of 2^-24, with a mean near a half.
  double sum = 0;
  int below[3] = {0};
  for (uint64_t i = 0; i < 10000; ++i) {
    double value = modelcRandomUniform(1, 2, i);
    assert(value >= 0 && value < 1 && value == (double)(float)value);
    sum += value;
    ++below[modelcRandomBelow(1, 3, i, 3)];
  }
  assert(sum > 4900 && sum < 5100);
  for (int i = 0; i < 3; ++i)
    assert(below[i] > 3100 && below[i] < 3600);
  return 0;
}
