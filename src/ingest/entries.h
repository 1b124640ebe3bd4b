/*
 * Records on their way: parsed, not yet in the store. Their texts stay where they are; what they say is a code of a
 * coder.
 *
 * The same thing serves twice: as the queue of a source, from which the merge takes the earliest, and as a batch.
 */
#ifndef TOCSIN_SRC_INGEST_ENTRIES_H
#define TOCSIN_SRC_INGEST_ENTRIES_H

#include "tocsin/store/store.h"

#define ENTRIES_MAXIMUM ((size_t)1 << 21)

struct entries {
	struct store_entry *items;
	size_t count;
	size_t capacity;
	size_t next; /* of the items, those below were taken */
};

void entries_release(struct entries *entries);
bool entries_reserve(struct entries *entries, size_t count); /* room for that many more */

static inline void entries_clear(struct entries *entries)
{
	entries->count = entries->next = 0;
}

/* A place at the end, to be filled; NULL when full or out of memory. */
static inline struct store_entry *entries_push(struct entries *entries)
{
	if (entries->count == entries->capacity && !entries_reserve(entries, 1))
		return NULL;
	return &entries->items[entries->count++];
}

/* The first that was not taken, or NULL. */
static inline const struct store_entry *entries_head(const struct entries *entries)
{
	return entries->next < entries->count ? &entries->items[entries->next] : NULL;
}

#endif
