/*
 * Strings to dense codes and back.
 *
 * What readers touch never moves: texts lie in an arena, and the entries that point to them in chunks of doubling size,
 * found from the code alone. The writer fills an entry before it publishes the count with release order, so whoever
 * read the count with acquire order sees the entry whole. The hash table on top is the writer's own and may be rebuilt
 * freely.
 */
#include "tocsin/base/intern.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "tocsin/base/arena.h"
#include "tocsin/base/error.h"

#define FIRST_CHUNK_BITS 6 /* entries in the first chunk: 64 */
#define CHUNK_COUNT (33 - FIRST_CHUNK_BITS)
#define SMALLEST_SLOTS ((size_t)128)

struct entry {
	const char *text;
	size_t size;
};

/* A place of the hash table; code_plus_one 0 is free. Part of the hash is kept so that few texts need comparing. */
struct slot {
	uint32_t hash;
	uint32_t code_plus_one;
};

struct intern {
	struct entry *chunks[CHUNK_COUNT];
	_Atomic uint32_t count;
	uint32_t maximum;
	size_t text_bytes;
	size_t maximum_bytes;
	struct arena texts;
	struct slot *slots;
	size_t slot_count; /* a power of two, at least 4/3 of count */
};

struct intern *intern_create(uint32_t maximum, size_t maximum_bytes)
{
	struct intern *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->slots = calloc(SMALLEST_SLOTS, sizeof(*table->slots));
	if (!table->slots) {
		free(table);
		return NULL;
	}
	table->slot_count = SMALLEST_SLOTS;
	table->maximum = maximum < UINT32_MAX ? maximum : UINT32_MAX - 1;
	table->maximum_bytes = maximum_bytes;
	arena_init(&table->texts, SIZE_MAX);
	atomic_init(&table->count, 0);
	return table;
}

void intern_destroy(struct intern *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < CHUNK_COUNT; i++)
		free(table->chunks[i]);
	arena_release(&table->texts);
	free(table->slots);
	free(table);
}

/* Chunk k holds the codes from 64 * (2^k - 1) on, so code + 64 has its highest bit at k + 6. */
static size_t chunk_of(uint32_t code, size_t *position)
{
	uint64_t shifted = (uint64_t)code + (1U << FIRST_CHUNK_BITS);
	size_t bits = 63U - (size_t)__builtin_clzll(shifted);

	*position = (size_t)(shifted - (UINT64_C(1) << bits));
	return bits - FIRST_CHUNK_BITS;
}

/* The slot that holds `text`, or the free one where it belongs. */
static struct slot *find_slot(const struct intern *table, struct slice text, uint32_t hash)
{
	size_t mask = table->slot_count - 1;

	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct slot *slot = &table->slots[i];

		if (slot->code_plus_one == 0)
			return slot;
		if (slot->hash == hash && slice_equal(intern_text(table, slot->code_plus_one - 1), text))
			return slot;
	}
}

static int grow_slots(struct intern *table)
{
	size_t count = table->slot_count * 2, mask = count - 1;
	struct slot *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return ERROR_MEMORY;
	for (size_t i = 0; i < table->slot_count; i++) {
		size_t at = table->slots[i].hash & mask;

		if (table->slots[i].code_plus_one == 0)
			continue;
		while (slots[at].code_plus_one != 0)
			at = (at + 1) & mask;
		slots[at] = table->slots[i];
	}
	free(table->slots);
	table->slots = slots;
	table->slot_count = count;
	return 0;
}

/* Stores the text as `code`, not yet published. */
static int add_entry(struct intern *table, struct slice text, uint32_t code)
{
	size_t position, chunk = chunk_of(code, &position);
	const char *copy;

	if (!table->chunks[chunk]) {
		size_t entries = (size_t)1 << (chunk + FIRST_CHUNK_BITS);

		table->chunks[chunk] = calloc(entries, sizeof(struct entry));
		if (!table->chunks[chunk])
			return ERROR_MEMORY;
	}
	copy = arena_string(&table->texts, text);
	if (!copy)
		return ERROR_MEMORY;
	table->chunks[chunk][position] = (struct entry){copy, text.size};
	return 0;
}

int intern_put(struct intern *table, struct slice text, uint32_t *code)
{
	uint32_t hash = (uint32_t)slice_hash(text, 0);
	uint32_t count = atomic_load_explicit(&table->count, memory_order_relaxed);
	struct slot *slot = find_slot(table, text, hash);
	int result;

	if (slot->code_plus_one != 0) {
		*code = slot->code_plus_one - 1;
		return 0;
	}
	if (count >= table->maximum || text.size > table->maximum_bytes - table->text_bytes)
		return ERROR_FULL;
	if ((size_t)count + 1 > table->slot_count / 4 * 3) {
		result = grow_slots(table);
		if (result != 0)
			return result;
		slot = find_slot(table, text, hash);
	}
	result = add_entry(table, text, count);
	if (result != 0)
		return result;
	*slot = (struct slot){hash, count + 1};
	table->text_bytes += text.size;
	atomic_store_explicit(&table->count, count + 1, memory_order_release);
	*code = count;
	return 0;
}

int intern_find(const struct intern *table, struct slice text, uint32_t *code)
{
	const struct slot *slot = find_slot(table, text, (uint32_t)slice_hash(text, 0));

	if (slot->code_plus_one == 0)
		return ERROR_ABSENT;
	*code = slot->code_plus_one - 1;
	return 0;
}

uint32_t intern_count(const struct intern *table)
{
	return atomic_load_explicit(&table->count, memory_order_acquire);
}

struct slice intern_text(const struct intern *table, uint32_t code)
{
	size_t position, chunk = chunk_of(code, &position);
	const struct entry *entry = &table->chunks[chunk][position];

	return (struct slice){entry->text, entry->size};
}
