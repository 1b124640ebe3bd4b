/*
 * Repeatable random numbers (splitmix64): the same seed, the same model.
 */
#ifndef LEARN_RANDOM_H
#define LEARN_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
	uint64_t value = random->state += UINT64_C(0x9E3779B97F4A7C15);

	value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
	return value ^ value >> 31;
}

static inline uint32_t random_below(struct random *random, uint32_t limit)
{
	return (uint32_t)((random_next(random) >> 32) * limit >> 32);
}

/* 0 <= x < 1 */
static inline float random_unit(struct random *random)
{
	return (float)(random_next(random) >> 40) * 0x1p-24F;
}

#endif
