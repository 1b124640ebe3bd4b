#include "ingest/entries.h"

#include <stdlib.h>

#define SMALLEST_CAPACITY ((size_t)64)

void entries_release(struct entries *entries)
{
	free(entries->items);
	*entries = (struct entries){ 0 };
}

bool entries_reserve(struct entries *entries, size_t count)
{
	size_t capacity = entries->capacity > 0 ? entries->capacity : SMALLEST_CAPACITY;
	struct store_entry *items;

	if (count <= entries->capacity - entries->count)
		return true;
	if (count > ENTRIES_MAXIMUM - entries->count)
		return false;
	while (capacity - entries->count < count)
		capacity *= 2;
	items = reallocarray(entries->items, capacity, sizeof(*items));
	if (items == NULL)
		return false;
	entries->items = items;
	entries->capacity = capacity;
	return true;
}
