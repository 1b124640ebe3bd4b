/*
 * A growing array of equal items with a maximum. Items are zeroed when pushed and may move when it grows: keep indexes,
 * not pointers. Typed access is a cast: `struct finding *f = vector_at(&v, i)`.
 */
#ifndef TOCSIN_BASE_VECTOR_H
#define TOCSIN_BASE_VECTOR_H

#include <stddef.h>

struct vector {
	void *items;
	size_t count;
	size_t capacity;
	size_t item_size;
	size_t maximum; /* most items it may ever hold */
};

void vector_init(struct vector *vector, size_t item_size, size_t maximum); /* allocates nothing */
void vector_release(struct vector *vector); /* frees the array, not what items point to */
void vector_clear(struct vector *vector);   /* count becomes 0, memory is kept */

void *vector_push(struct vector *vector); /* a new zeroed item at the end, or NULL when full or out of memory */
void *vector_at(const struct vector *vector, size_t index); /* index < count */
void vector_remove(struct vector *vector, size_t index);    /* the later items move down by one */
void vector_sort(struct vector *vector, int (*compare)(const void *a, const void *b)); /* not stable */

#endif
