/*
 * Arithmetic on bit masks: a sum carries from the begin of a run of ones to its end.
 */
#ifndef MINE_SHAPE_RUNS_H
#define MINE_SHAPE_RUNS_H

#include "mine/shape.h"

__extension__ typedef unsigned __int128 shape_wide;

/* The runs of ones in `word` that hold a bit of `digit`. */
static inline uint64_t shape_fill_runs(uint64_t word, uint64_t digit)
{
	uint64_t other = word & ~digit;
	uint64_t begins = word & ~(word << 1);
	uint64_t before = other & ~(other + (begins & other)); /* of each run what stands before its first digit */
	uint64_t behind = word & ~before;
	uint64_t filled = before & (behind & ~(behind << 1)) >> 1;

	/* From the first digit down to the begin of its run, in doubling steps. */
	for (unsigned step = 1; step < 64; step *= 2) {
		filled |= before & filled >> step;
		before &= before >> step;
	}
	return behind | filled;
}

#ifdef __x86_64__
#include <immintrin.h>

/* The same: of each run the last bit says whether it holds a digit, which is moved to its first bit, from where a sum
   carries over the whole run. */
__attribute__((target("bmi,bmi2"))) static inline uint64_t shape_fill_runs_bmi2(uint64_t word, uint64_t digit)
{
	uint64_t other = word & ~digit;
	uint64_t begins = word & ~(word << 1), ends = word & ~(word >> 1);
	uint64_t before = other & ~(other + (begins & other));
	uint64_t chosen = _pdep_u64(_pext_u64(word & ~before, ends), begins);

	return word & ~(word + chosen);
}
#endif

static inline uint64_t shape_mix(uint64_t a, uint64_t b)
{
	shape_wide product = (shape_wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Makes the key once the variables are marked. */
static inline void shape_make_key(struct shape *shape, const struct shape_block *blocks, size_t size)
{
	uint64_t key = size * UINT64_C(0x9E3779B97F4A7C15);

	for (size_t i = 0; i < SHAPE_BLOCKS_OF(size); i++) {
		uint64_t kept = ~shape->variable[i];
		uint64_t third = blocks[i].letter[2] & kept;
		uint64_t places = shape_mix(shape->variable[i] ^ UINT64_C(0x9E3779B97F4A7C15),
			blocks[i].word ^ UINT64_C(0xC2B2AE3D27D4EB4F));
		uint64_t letters = shape_mix((blocks[i].letter[0] & kept) ^ (third << 23 | third >> 41),
			(blocks[i].letter[1] & kept) ^ UINT64_C(0xD6E8FEB86659FD93));

		key = shape_mix(key ^ places, letters ^ UINT64_C(0xA0761D6478BD642F));
	}
	shape->key = key;
}

#endif
