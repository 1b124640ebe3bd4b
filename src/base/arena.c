/*
 * Memory given back all at once: a list of blocks, the first of which is being filled. Blocks grow with use, and what
 * is too large for one gets a block of its own behind the first.
 */
#include "tocsin/base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST_BLOCK ((size_t)4096)
#define LARGEST_BLOCK ((size_t)262144)

struct arena_block {
	struct arena_block *next;
	size_t capacity;
	size_t used;
	alignas(max_align_t) char data[];
};

void arena_init(struct arena *arena, size_t maximum)
{
	*arena = (struct arena){.maximum = maximum < SIZE_MAX / 4 ? maximum : SIZE_MAX / 4};
}

static void free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
}

void arena_release(struct arena *arena)
{
	free_blocks(arena->blocks);
	arena_init(arena, arena->maximum);
}

void arena_reset(struct arena *arena)
{
	arena->used = 0;
	if (!arena->blocks)
		return;
	free_blocks(arena->blocks->next);
	arena->blocks->next = NULL;
	arena->blocks->used = 0;
}

static struct arena_block *add_block(struct arena *arena, size_t size)
{
	struct arena_block *first = arena->blocks, *block;
	size_t capacity = first ? first->capacity * 2 : SMALLEST_BLOCK;

	if (capacity > LARGEST_BLOCK)
		capacity = LARGEST_BLOCK;
	/* A large piece must not waste what is left of the first block, nor set the size of later ones. */
	if (size > capacity / 4)
		capacity = size;
	block = malloc(sizeof(*block) + capacity);
	if (!block)
		return NULL;
	block->capacity = capacity;
	block->used = 0;
	if (first && capacity == size) {
		block->next = first->next;
		first->next = block;
	} else {
		block->next = first;
		arena->blocks = block;
	}
	return block;
}

static void *take(struct arena *arena, size_t size, size_t alignment)
{
	struct arena_block *block = arena->blocks;
	size_t start = block ? (block->used + alignment - 1) & ~(alignment - 1) : 0;

	if (size > arena->maximum - arena->used)
		return NULL;
	if (!block || start > block->capacity || size > block->capacity - start) {
		block = add_block(arena, size);
		if (!block)
			return NULL;
		start = 0;
	}
	block->used = start + size;
	arena->used += size;
	return block->data + start;
}

void *arena_allocate(struct arena *arena, size_t size)
{
	void *memory = take(arena, size, alignof(max_align_t));

	return memory ? memset(memory, 0, size) : NULL;
}

char *arena_string(struct arena *arena, struct slice slice)
{
	char *copy = slice.size < SIZE_MAX ? take(arena, slice.size + 1, 1) : NULL;

	if (!copy)
		return NULL;
	if (slice.size > 0)
		memcpy(copy, slice.data, slice.size);
	copy[slice.size] = '\0';
	return copy;
}

struct slice arena_copy(struct arena *arena, struct slice slice)
{
	char *copy = take(arena, slice.size, 1);

	if (!copy)
		return (struct slice){NULL, 0};
	if (slice.size > 0)
		memcpy(copy, slice.data, slice.size);
	return (struct slice){copy, slice.size};
}
