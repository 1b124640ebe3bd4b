/*
 * Bit planes. Eight numbers at a time are turned from bytes into planes and back by transposing 8 x 8 bits.
 */
#include "store/planes.h"

#include <string.h>

#define TWOS UINT64_C(0x5555555555555555)
#define FOURS UINT64_C(0x3333333333333333)
#define BYTES UINT64_C(0x0f0f0f0f0f0f0f0f)
#define LANES UINT64_C(0x00ff00ff00ff00ff)
#define LANE_PLANES 12 /* sums of so many planes fit in lanes of 16 bits: 16 * (2^12 - 1) */

/* Exchanges the masked bits of `high` with those `shift` places higher of `low`. */
static void exchange(uint64_t *low, uint64_t *high, unsigned shift, uint64_t mask)
{
	uint64_t swap = (*low >> shift ^ *high) & mask;

	*high ^= swap;
	*low ^= swap << shift;
}

/* Bit c of byte g of word r becomes bit r of byte g of word c: so eight planes become words that hold number 8 * g + r
   in byte g of word r, and the other way round. */
static void transpose(uint64_t words[8])
{
	for (unsigned r = 0; r < 4; r++)
		exchange(&words[r], &words[r + 4], 4, BYTES);
	for (unsigned r = 0; r < 8; r += r % 4 == 1 ? 3 : 1)
		exchange(&words[r], &words[r + 2], 2, FOURS);
	for (unsigned r = 0; r < 8; r += 2)
		exchange(&words[r], &words[r + 1], 1, TWOS);
}

void planes_pack(const uint64_t numbers[PLANES_NUMBERS], size_t stride, unsigned bits, uint64_t *planes)
{
	for (unsigned low = 0; low < bits; low += 8) {
		unsigned here = bits - low < 8 ? bits - low : 8;
		uint64_t words[8] = { 0 };

		for (unsigned group = 0; group < 8; group++)
			for (unsigned r = 0; r < 8; r++)
				words[r] |= (numbers[group * 8 + r] >> low & 0xff) << 8 * group;
		transpose(words);
		for (unsigned b = 0; b < here; b++)
			planes[(low + b) * stride] = words[b];
	}
}

void planes_unpack(const uint64_t *planes, size_t stride, unsigned bits, uint64_t numbers[PLANES_NUMBERS])
{
	memset(numbers, 0, PLANES_NUMBERS * sizeof(*numbers));
	for (unsigned low = 0; low < bits; low += 8) {
		unsigned here = bits - low < 8 ? bits - low : 8;
		uint64_t words[8] = { 0 };

		for (unsigned b = 0; b < here; b++)
			words[b] = planes[(low + b) * stride];
		transpose(words);
		for (unsigned group = 0; group < 8; group++)
			for (unsigned r = 0; r < 8; r++)
				numbers[group * 8 + r] |= (words[r] >> 8 * group & 0xff) << low;
	}
}

/* Counts the bits of each 16-bit lane. */
static uint64_t count_lanes(uint64_t x)
{
	x -= x >> 1 & TWOS;
	x = (x & FOURS) + (x >> 2 & FOURS);
	x = (x + (x >> 4)) & BYTES;
	return (x & LANES) + (x >> 8 & LANES);
}

static uint64_t add_lanes(uint64_t lanes)
{
	uint64_t halves = (lanes & UINT64_C(0x0000ffff0000ffff)) + (lanes >> 16 & UINT64_C(0x0000ffff0000ffff));

	return (halves >> 32) + (halves & UINT32_MAX);
}

/* The lanes are added up only once for many planes: doubling them for each plane is all that it takes before. */
uint64_t planes_sum_portable(const uint64_t *planes, unsigned bits, uint64_t mask)
{
	uint64_t sum = 0;

	while (bits > 0) {
		unsigned low = bits > LANE_PLANES ? bits - LANE_PLANES : 0;
		uint64_t lanes = 0;

		for (unsigned b = bits; b-- > low;)
			lanes = 2 * lanes + count_lanes(planes[b] & mask);
		sum = (sum << (bits - low)) + add_lanes(lanes);
		bits = low;
	}
	return sum;
}

#ifdef __x86_64__

__attribute__((target("popcnt"))) static uint64_t sum_popcnt(const uint64_t *planes, unsigned bits, uint64_t mask)
{
	uint64_t sum = 0;

	while (bits-- > 0)
		sum = 2 * sum + (uint64_t)__builtin_popcountll(planes[bits] & mask);
	return sum;
}

uint64_t planes_sum(const uint64_t *planes, unsigned bits, uint64_t mask)
{
	return __builtin_cpu_supports("popcnt") ? sum_popcnt(planes, bits, mask)
						: planes_sum_portable(planes, bits, mask);
}

#else

uint64_t planes_sum(const uint64_t *planes, unsigned bits, uint64_t mask)
{
	return planes_sum_portable(planes, bits, mask);
}

#endif

unsigned planes_count(uint64_t word)
{
	return (unsigned)add_lanes(count_lanes(word));
}

void packed_put(uint64_t *words, size_t at, unsigned bits, uint64_t number)
{
	unsigned shift = (unsigned)(at % 64);

	if (bits == 0)
		return;
	words[at / 64] |= number << shift;
	if (shift + bits > 64)
		words[at / 64 + 1] |= number >> (64 - shift);
}
