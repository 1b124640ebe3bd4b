/*
 * A hash table by open addressing that doubles when it is half full. Nothing is ever taken out, so a free slot ends
 * every search.
 */
#include "tocsin/base/pairs.h"

#include <stdlib.h>

#define PAIRS_SMALLEST 64

void pairs_init(struct pairs *pairs, uint32_t maximum)
{
	*pairs = (struct pairs){.maximum = maximum};
}

void pairs_release(struct pairs *pairs)
{
	free(pairs->keys);
	free(pairs->slots);
	pairs_init(pairs, pairs->maximum);
}

static uint64_t pair_key(uint32_t first, uint32_t second)
{
	return (uint64_t)first << 32 | second;
}

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t pair_slot(const struct pairs *pairs, uint64_t key)
{
	uint64_t mixed = (key ^ key >> 29) * UINT64_C(0x9e3779b97f4a7c15);
	uint32_t mask = pairs->capacity - 1;
	uint32_t slot = (uint32_t)(mixed >> 32) & mask;

	while (pairs->slots[slot] != 0 && pairs->keys[pairs->slots[slot] - 1] != key)
		slot = (slot + 1) & mask;
	return slot;
}

static int pairs_grow(struct pairs *pairs)
{
	uint32_t capacity = pairs->capacity > 0 ? pairs->capacity * 2 : PAIRS_SMALLEST;
	uint32_t *slots = calloc(capacity, sizeof(*slots));
	uint64_t *keys = realloc(pairs->keys, capacity / 2 * sizeof(*keys));

	if (keys != NULL)
		pairs->keys = keys;
	if (slots == NULL || keys == NULL) {
		free(slots);
		return -1;
	}
	free(pairs->slots);
	pairs->slots = slots;
	pairs->capacity = capacity;
	for (uint32_t i = 0; i < pairs->count; i++)
		pairs->slots[pair_slot(pairs, pairs->keys[i])] = i + 1;
	return 0;
}

uint32_t pairs_find(const struct pairs *pairs, uint32_t first, uint32_t second)
{
	if (pairs->capacity == 0)
		return PAIRS_NONE;
	/* A free slot holds 0, and 0 - 1 is PAIRS_NONE. */
	return pairs->slots[pair_slot(pairs, pair_key(first, second))] - 1;
}

uint32_t pairs_put(struct pairs *pairs, uint32_t first, uint32_t second)
{
	uint32_t index = pairs_find(pairs, first, second);

	if (index != PAIRS_NONE)
		return index;
	if (pairs->count >= pairs->maximum)
		return PAIRS_NONE;
	if (pairs->count >= pairs->capacity / 2 && pairs_grow(pairs) != 0)
		return PAIRS_NONE;
	pairs->keys[pairs->count] = pair_key(first, second);
	pairs->slots[pair_slot(pairs, pair_key(first, second))] = pairs->count + 1;
	return pairs->count++;
}

uint32_t pairs_first(const struct pairs *pairs, uint32_t index)
{
	return (uint32_t)(pairs->keys[index] >> 32);
}

uint32_t pairs_second(const struct pairs *pairs, uint32_t index)
{
	return (uint32_t)pairs->keys[index];
}
