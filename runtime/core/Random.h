/* Random.h: counter-based random numbers, pure functions of (seed, stream,
 * index). */
#ifndef MODELC_RUNTIME_CORE_RANDOM_H
#define MODELC_RUNTIME_CORE_RANDOM_H

#include <stdint.h>

/* 64 random bits by Philox4x32-10 (Salmon et al., "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011): key `seed`, counter (`index`, `stream`), the
 * first two words of the result. */
uint64_t modelcRandom(uint64_t seed, uint64_t stream, uint64_t index);

/* Uniform on 0 to bound - 1 (bound > 0), with a bias below bound / 2^64. */
uint64_t modelcRandomBelow(uint64_t seed, uint64_t stream, uint64_t index,
                           uint64_t bound);

/* Uniform in [0, 1), a multiple of 2^-24, so that f32 and f64 hold the same
 * number. */
double modelcRandomUniform(uint64_t seed, uint64_t stream, uint64_t index);

/* Puts 0 to count - 1 into `order` in an order that depends on (seed, stream)
 * only. */
void modelcShuffle(uint64_t seed, uint64_t stream, int64_t count,
                   int64_t *order);

#endif
