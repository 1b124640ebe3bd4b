/*
 * Strings to dense codes 0, 1, 2, ... in order of first appearance, and back.
 *
 * One writer; any number of readers in other threads. Texts never move and codes are never reused, so a reader that
 * knows `intern_count` may call `intern_text` for every smaller code without a lock. Only the writer may put or find.
 */
#ifndef TOCSIN_BASE_INTERN_H
#define TOCSIN_BASE_INTERN_H

#include "tocsin/base/slice.h"

struct intern;

/* A table of at most `maximum` strings and `maximum_bytes` bytes of text. NULL when out of memory. */
struct intern *intern_create(uint32_t maximum, size_t maximum_bytes);
void intern_destroy(struct intern *table); /* NULL is fine */

/* The code of `text`, new or known. ERROR_FULL when the table is full and the text is new; ERROR_MEMORY. */
int intern_put(struct intern *table, struct slice text, uint32_t *code);
/* The code of a known text, or ERROR_ABSENT. */
int intern_find(const struct intern *table, struct slice text, uint32_t *code);

uint32_t intern_count(const struct intern *table); /* published codes are below this */
struct slice intern_text(
	const struct intern *table, uint32_t code); /* lives as long as the table; terminated behind its size */

#endif
