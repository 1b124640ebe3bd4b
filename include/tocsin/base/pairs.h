/*
 * Pairs of codes (service, template) to dense indexes 0, 1, 2, ...: the key of a table of values that the caller keeps
 * beside it.
 */
#ifndef TOCSIN_BASE_PAIRS_H
#define TOCSIN_BASE_PAIRS_H

#include <stdint.h>

struct pairs {
	uint64_t *keys;  /* by index */
	uint32_t *slots; /* open addressing, index + 1, 0 is free */
	uint32_t count;
	uint32_t capacity; /* of slots, a power of two; keys hold half as many */
	uint32_t maximum;
};

#define PAIRS_NONE UINT32_MAX

void pairs_init(struct pairs *pairs, uint32_t maximum); /* allocates nothing */
void pairs_release(struct pairs *pairs);

/* The index of a pair, new or known; PAIRS_NONE when the pair is new and the table full or out of memory. */
uint32_t pairs_put(struct pairs *pairs, uint32_t first, uint32_t second);
uint32_t pairs_find(const struct pairs *pairs, uint32_t first, uint32_t second); /* PAIRS_NONE when unknown */

uint32_t pairs_first(const struct pairs *pairs, uint32_t index);
uint32_t pairs_second(const struct pairs *pairs, uint32_t index);

#endif
