/*
 * A growing array of equal items. Memory doubles up to the maximum.
 */
#include "tocsin/base/vector.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST_CAPACITY ((size_t)8)

void vector_init(struct vector *vector, size_t item_size, size_t maximum)
{
	*vector = (struct vector){.item_size = item_size, .maximum = maximum};
}

void vector_release(struct vector *vector)
{
	free(vector->items);
	vector_init(vector, vector->item_size, vector->maximum);
}

void vector_clear(struct vector *vector)
{
	vector->count = 0;
}

static void *item_at(const struct vector *vector, size_t index)
{
	return (char *)vector->items + index * vector->item_size;
}

static int grow(struct vector *vector)
{
	size_t capacity;
	void *items;

	if (vector->capacity >= vector->maximum)
		return -1;
	if (vector->capacity > vector->maximum / 2)
		capacity = vector->maximum;
	else if (vector->capacity == 0)
		capacity = vector->maximum < SMALLEST_CAPACITY ? vector->maximum : SMALLEST_CAPACITY;
	else
		capacity = vector->capacity * 2;
	items = reallocarray(vector->items, capacity, vector->item_size);
	if (!items)
		return -1;
	vector->items = items;
	vector->capacity = capacity;
	return 0;
}

void *vector_push(struct vector *vector)
{
	if (vector->count == vector->capacity && grow(vector) != 0)
		return NULL;
	return memset(item_at(vector, vector->count++), 0, vector->item_size);
}

void *vector_at(const struct vector *vector, size_t index)
{
	return item_at(vector, index);
}

void vector_remove(struct vector *vector, size_t index)
{
	if (index >= vector->count)
		return;
	vector->count--;
	if (index < vector->count)
		memmove(item_at(vector, index), item_at(vector, index + 1),
			(vector->count - index) * vector->item_size);
}

void vector_sort(struct vector *vector, int (*compare)(const void *a, const void *b))
{
	if (vector->count > 1)
		qsort(vector->items, vector->count, vector->item_size, compare);
}
