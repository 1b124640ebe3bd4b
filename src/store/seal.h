/*
 * Turning a full open segment into a sealed one. Belongs to the writer; what it needs to work with is kept from one
 * segment to the next.
 */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include "store/open.h"
#include "store/segment.h"

struct sealed_entry {
	uint32_t tuple;
	uint32_t records;
	uint32_t first;  /* position of its first record */
	uint32_t source; /* among the segment's */
};

struct sealer {
	size_t records;     /* of a segment: a multiple of 64 */
	uint32_t *entry_of; /* by tuple: its entry in the segment being sealed, plus 1; else 0 */
	size_t entry_of_count;
	struct sealed_entry *entries; /* of the segment sealed last */
	size_t entry_count;
	uint16_t *codes;
	uint64_t *columns[COLUMN_COUNT];           /* what goes into the planes */
	uint16_t source_of[STORE_MAXIMUM_SOURCES]; /* by source: its place among the segment's, plus 1; else 0 */
};

int sealer_init(struct sealer *sealer, size_t records); /* ERROR_MEMORY */
void sealer_release(struct sealer *sealer);

/* The segment, to be freed with free, or NULL when out of memory. */
struct segment *sealer_seal(struct sealer *sealer, const struct tuples *tuples, const struct open_segment *open);

#endif
