/*
 * Small numbers as bit planes: of up to 64 numbers, plane b holds bit b of each, number i at bit i. A number takes as
 * many bits as the largest of its block, any number is found in as many steps, and so is the sum of any subset: a plane
 * adds its count of bits, shifted. That makes sums of steps (times, offsets, lines) as easy to reach as plain columns.
 *
 * Planes of one block lie `stride` words apart. All arithmetic is modulo 2^64, so steps may go either way.
 */
#ifndef STORE_PLANES_H
#define STORE_PLANES_H

#include <stddef.h>
#include <stdint.h>

#define PLANES_NUMBERS ((size_t)64)

/* How many planes hold numbers whose union of bits is `any`. */
static inline unsigned planes_bits(uint64_t any)
{
	return any ? 64U - (unsigned)__builtin_clzll(any) : 0;
}

static inline uint64_t planes_get(const uint64_t *planes, size_t stride, unsigned bits, size_t index)
{
	uint64_t number = 0, bit = UINT64_C(1) << index;

	for (uint64_t b = 0, weight = 1; b < bits; b++, weight *= 2)
		number += planes[b * stride] & bit ? weight : 0;
	return number;
}

void planes_pack(const uint64_t numbers[PLANES_NUMBERS], size_t stride, unsigned bits, uint64_t *planes);
void planes_unpack(const uint64_t *planes, size_t stride, unsigned bits, uint64_t numbers[PLANES_NUMBERS]);

/* The sum of those numbers whose bit is set in `mask`; the planes lie side by side. */
uint64_t planes_sum(const uint64_t *planes, unsigned bits, uint64_t mask);
uint64_t planes_sum_portable(const uint64_t *planes, unsigned bits, uint64_t mask); /* the same on any machine */

/* How many bits are set. */
unsigned planes_count(uint64_t word);

/* Numbers side by side in words, for what is few: `at` counts bits, `bits` is 0 to 64. What is put must be zero
   before. */
static inline uint64_t packed_get(const uint64_t *words, size_t at, unsigned bits)
{
	unsigned shift = (unsigned)(at % 64);
	uint64_t number;

	if (bits == 0)
		return 0;
	number = words[at / 64] >> shift;
	if (shift + bits > 64)
		number |= words[at / 64 + 1] << (64 - shift);
	return number & UINT64_MAX >> (64 - bits);
}

void packed_put(uint64_t *words, size_t at, unsigned bits, uint64_t number);

#endif
