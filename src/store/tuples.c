/*
 * Tuples to codes by open addressing.
 */
#include "store/tuples.h"

#include <stdlib.h>
#include <string.h>

#define SMALLEST_SLOTS ((size_t)1024)

_Static_assert(sizeof(struct tuple) == 12, "a tuple has no padding, so that its bytes can be compared");

int tuples_init(struct tuples *tuples)
{
	tuples->slots = calloc(SMALLEST_SLOTS, sizeof(*tuples->slots));
	tuples->slot_count = SMALLEST_SLOTS;
	return tuples->slots ? 0 : ERROR_MEMORY;
}

void tuples_release(struct tuples *tuples)
{
	for (size_t i = 0; i < TUPLES_CHUNKS; i++)
		free(tuples->chunks[i]);
	free(tuples->slots);
}

static size_t hash(const struct tuple *tuple)
{
	uint64_t low, high = 0;

	memcpy(&low, tuple, sizeof(low));
	memcpy(&high, (const char *)tuple + sizeof(low), sizeof(*tuple) - sizeof(low));
	low = (low ^ high << 32 ^ high) * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)((low ^ low >> 29) * UINT64_C(0xbf58476d1ce4e5b9) >> 20);
}

/* The slot that holds the tuple, or the free one where it belongs. */
static uint32_t *find(const struct tuples *tuples, const struct tuple *tuple)
{
	size_t mask = tuples->slot_count - 1;

	for (size_t i = hash(tuple) & mask;; i = (i + 1) & mask) {
		uint32_t *slot = &tuples->slots[i];

		if (*slot == 0 || memcmp(tuples_at(tuples, *slot - 1), tuple, sizeof(*tuple)) == 0)
			return slot;
	}
}

static int grow(struct tuples *tuples)
{
	uint32_t *slots = calloc(tuples->slot_count * 2, sizeof(*slots)), *old = tuples->slots;

	if (!slots)
		return ERROR_MEMORY;
	tuples->slots = slots;
	tuples->slot_count *= 2;
	for (uint32_t code = 0; code < tuples->count; code++)
		*find(tuples, tuples_at(tuples, code)) = code + 1;
	free(old);
	return 0;
}

/* Makes sure of the place of the next code: only the first code of a chunk finds none. */
static int make_place(struct tuples *tuples)
{
	uint64_t shifted = (uint64_t)tuples->count + (1U << TUPLES_FIRST_BITS);
	unsigned chunk = 63U - (unsigned)__builtin_clzll(shifted) - TUPLES_FIRST_BITS;

	if (!tuples->chunks[chunk])
		tuples->chunks[chunk] = calloc((size_t)1 << (chunk + TUPLES_FIRST_BITS), sizeof(struct tuple));
	return tuples->chunks[chunk] ? 0 : ERROR_MEMORY;
}

int tuples_put(struct tuples *tuples, const struct tuple *tuple, uint32_t *code)
{
	uint32_t *slot = find(tuples, tuple);

	if (*slot != 0) {
		*code = *slot - 1;
		return 0;
	}
	if (tuples->count == UINT32_MAX - 1)
		return ERROR_FULL;
	if (make_place(tuples) != 0 || (tuples->count >= tuples->slot_count / 2 && grow(tuples) != 0))
		return ERROR_MEMORY;
	slot = find(tuples, tuple);
	memcpy((void *)(uintptr_t)tuples_at(tuples, tuples->count), tuple, sizeof(*tuple));
	*code = tuples->count++;
	*slot = tuples->count;
	return 0;
}
