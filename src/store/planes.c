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

/* Bit c of byte r becomes bit r of byte c. */
static uint64_t transpose(uint64_t x)
{
	uint64_t swap = (x ^ x >> 7) & UINT64_C(0x00aa00aa00aa00aa);

	x ^= swap ^ swap << 7;
	swap = (x ^ x >> 14) & UINT64_C(0x0000cccc0000cccc);
	x ^= swap ^ swap << 14;
	swap = (x ^ x >> 28) & UINT64_C(0x00000000f0f0f0f0);
	return x ^ swap ^ swap << 28;
}

void planes_pack(const uint64_t numbers[PLANES_NUMBERS], size_t stride, unsigned bits, uint64_t *planes)
{
	for (unsigned b = 0; b < bits; b++)
		planes[b * stride] = 0;
	for (unsigned low = 0; low < bits; low += 8) {
		unsigned here = bits - low < 8 ? bits - low : 8;

		for (unsigned group = 0; group < 8; group++) {
			uint64_t bytes = 0;

			for (unsigned k = 0; k < 8; k++)
				bytes |= (numbers[group * 8 + k] >> low & 0xff) << 8 * k;
			bytes = transpose(bytes);
			for (unsigned b = 0; b < here; b++)
				planes[(low + b) * stride] |= (bytes >> 8 * b & 0xff) << 8 * group;
		}
	}
}

void planes_unpack(const uint64_t *planes, size_t stride, unsigned bits, uint64_t numbers[PLANES_NUMBERS])
{
	if (bits == 0)
		memset(numbers, 0, PLANES_NUMBERS * sizeof(*numbers));
	for (unsigned low = 0; low < bits; low += 8) {
		unsigned here = bits - low < 8 ? bits - low : 8;

		for (unsigned group = 0; group < 8; group++) {
			uint64_t *out = &numbers[group * 8], bytes = 0;

			for (unsigned b = 0; b < here; b++)
				bytes |= (planes[(low + b) * stride] >> 8 * group & 0xff) << 8 * b;
			bytes = transpose(bytes);
			for (unsigned k = 0; k < 8; k++) {
				uint64_t byte = (bytes >> 8 * k & 0xff) << low;

				out[k] = low == 0 ? byte : out[k] | byte;
			}
		}
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
uint64_t planes_sum(const uint64_t *planes, unsigned bits, uint64_t mask)
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

unsigned planes_count(uint64_t word)
{
	return (unsigned)add_lanes(count_lanes(word));
}

uint64_t packed_get(const uint64_t *words, size_t at, unsigned bits)
{
	unsigned shift = (unsigned)(at % 64);
	uint64_t number;

	if (bits == 0)
		return 0;
	number = words[at / 64] >> shift;
	if (shift + bits > 64)
		number |= words[at / 64 + 1] << (64 - shift);
	return bits < 64 ? number & ((UINT64_C(1) << bits) - 1) : number;
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
