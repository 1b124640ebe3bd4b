/*
 * JSON values one after the other out of bytes that come in pieces: the elements of an array, or what stands in a row,
 * one a line or not. An item is handed over as its text; whether it is sound is for the parser to say.
 *
 * What is never closed must not swallow the rest: a raw newline in a string, an item that becomes longer than
 * `maximum`, and, where items stand one a line, a next line that begins with '{' all end it, and it is given back as it
 * is.
 */
#ifndef CONTEXT_JSON_ITEMS_H
#define CONTEXT_JSON_ITEMS_H

#include "tocsin/base/buffer.h"

typedef void (*json_item_fn)(void *context, struct slice item, uint64_t line);

struct json_items {
	json_item_fn on_item;
	void *context;
	struct buffer item;
	uint64_t line;  /* being read, from 1 */
	uint64_t begun; /* the line the item began on */
	unsigned depth; /* within the item */
	bool array;     /* within the outermost array */
	bool quoted;
	bool escaped;
	bool new_line; /* the byte before was a newline */
};

void json_items_init(struct json_items *items, size_t maximum, json_item_fn on_item, void *context);
void json_items_release(struct json_items *items);
void json_items_feed(struct json_items *items, struct slice bytes);
void json_items_finish(struct json_items *items);

#endif
