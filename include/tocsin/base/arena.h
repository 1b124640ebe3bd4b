/*
 * Memory that is given back all at once. Blocks never move, so pointers stay good until reset or release.
 */
#ifndef TOCSIN_BASE_ARENA_H
#define TOCSIN_BASE_ARENA_H

#include "tocsin/base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t used;    /* bytes handed out since the last reset */
	size_t maximum; /* most bytes that may be handed out */
};

void arena_init(struct arena *arena, size_t maximum); /* allocates nothing */
void arena_release(struct arena *arena);
void arena_reset(struct arena *arena); /* everything handed out is void; one block is kept for reuse */

void *arena_allocate(
	struct arena *arena, size_t size); /* zeroed, aligned for any type; NULL when full or out of memory */
struct slice arena_copy(
	struct arena *arena, struct slice slice); /* a copy that lives in the arena; data is NULL on failure */
char *arena_string(struct arena *arena, struct slice slice); /* the same, terminated; NULL on failure */

#endif
