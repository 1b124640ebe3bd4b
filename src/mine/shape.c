/*
 * Arithmetic on bit masks: a sum carries from the begin of a run of ones to its end.
 */
#include "mine/shape.h"

__extension__ typedef unsigned __int128 wide;

/* The runs of ones in `word` that hold a bit of `digit`. */
static uint64_t fill_runs(uint64_t word, uint64_t digit)
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

static void mark_variables(uint64_t *variable, const struct shape_block *blocks, size_t count)
{
	uint64_t carried = 0;

	for (size_t i = 0; i < count; i++) {
		variable[i] = fill_runs(blocks[i].word, blocks[i].digit | (carried & blocks[i].word));
		carried = variable[i] >> 63;
	}
	for (size_t i = count - 1; i > 0; i--)
		if (variable[i] & 1)
			variable[i - 1] |= fill_runs(blocks[i - 1].word, blocks[i - 1].word & UINT64_C(1) << 63);
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

void shape_finish(struct shape *shape, const struct shape_block *blocks, size_t size)
{
	size_t count = (size + 63) / 64;
	uint64_t key = size;

	*shape = (struct shape){0};
	mark_variables(shape->variable, blocks, count);
	for (size_t i = 0; i < count; i++) {
		uint64_t kept = ~shape->variable[i];
		uint64_t third = blocks[i].letter[2] & kept;

		key = mix(key ^ shape->variable[i] ^ UINT64_C(0x9E3779B97F4A7C15), blocks[i].word ^ UINT64_C(0xC2B2AE3D27D4EB4F));
		key = mix(key ^ (blocks[i].letter[0] & kept) ^ (third << 23 | third >> 41),
			(blocks[i].letter[1] & kept) ^ UINT64_C(0xD6E8FEB86659FD93));
	}
	shape->key = key;
}
