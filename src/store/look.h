/*
 * Looking at the records of one segment: in bits, a word for each block, which of them match.
 */
#ifndef STORE_LOOK_H
#define STORE_LOOK_H

#include <stdatomic.h>

#include "store/filter_tree.h"
#include "store/store_inside.h"

struct looking {
	const struct store *store;
	const struct store_reader *reader;
	struct filter *filter;
	const atomic_bool *cancelled; /* may be NULL */
};

/* The records of `segment` at positions from <= position < to, to > from; other bits of `in` mean nothing.
   ERROR_MEMORY. */
int look_at_records(
	const struct looking *looking, uint64_t segment, size_t from, size_t to, uint64_t in[SEGMENT_MOST_BLOCKS]);

/* The bits of a block that lie in from <= position < to. */
static inline uint64_t look_mask(size_t block, size_t from, size_t to)
{
	size_t first = block * PLANES_NUMBERS;
	uint64_t mask = UINT64_MAX;

	if (from >= first + PLANES_NUMBERS || to <= first)
		return 0;
	if (from > first)
		mask <<= from - first;
	if (to < first + PLANES_NUMBERS)
		mask &= (UINT64_C(1) << (to - first)) - 1;
	return mask;
}

#endif
