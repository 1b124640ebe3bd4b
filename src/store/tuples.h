/*
 * What a record says beside its time and its place, as one code: service, level, template, source and flags. Logs know
 * few such tuples, so that a question about any of these is decided once for each tuple and not for each record.
 *
 * One writer; tuples never move, so that a reader who has seen a published record may look up its tuple without a lock.
 */
#ifndef STORE_TUPLES_H
#define STORE_TUPLES_H

#include "tocsin/store/store.h"

#define TUPLES_FIRST_BITS 8 /* tuples in the first chunk: 256 */
#define TUPLES_CHUNKS (33 - TUPLES_FIRST_BITS)

struct tuple {
	uint32_t template;
	uint16_t service;
	uint16_t source;
	uint8_t level;
	uint8_t flags;
	uint8_t timeless; /* 1: the record has no time */
	uint8_t unused;   /* 0: tuples are compared byte by byte */
};

struct tuples {
	struct tuple *chunks[TUPLES_CHUNKS]; /* each twice as long as the one before */
	uint32_t count;                      /* the writer's */
	uint32_t *slots;                     /* the writer's: code + 1, or 0 */
	size_t slot_count;                   /* a power of two */
};

int tuples_init(struct tuples *tuples); /* ERROR_MEMORY */
void tuples_release(struct tuples *tuples);

/* The code of a tuple, new or known. ERROR_FULL, ERROR_MEMORY. */
int tuples_put(struct tuples *tuples, const struct tuple *tuple, uint32_t *code);

static inline const struct tuple *tuples_at(const struct tuples *tuples, uint32_t code)
{
	uint64_t shifted = (uint64_t)code + (1U << TUPLES_FIRST_BITS);
	unsigned bits = 63U - (unsigned)__builtin_clzll(shifted);

	return &tuples->chunks[bits - TUPLES_FIRST_BITS][shifted - (UINT64_C(1) << bits)];
}

#endif
