#include "context/json_items.h"

#include <string.h>

void json_items_init(struct json_items *items, size_t maximum, json_item_fn on_item, void *context)
{
	*items = (struct json_items){ .on_item = on_item, .context = context, .line = 1 };
	buffer_init(&items->item, maximum);
}

void json_items_release(struct json_items *items)
{
	buffer_release(&items->item);
}

static void emit(struct json_items *items)
{
	if (items->item.size > 0)
		items->on_item(items->context, buffer_slice(&items->item), items->begun);
	buffer_clear(&items->item);
	items->depth = 0;
	items->quoted = items->escaped = false;
}

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Between items. False when the byte belongs to the next one. */
static bool skip(struct json_items *items, char byte)
{
	if (is_space(byte) || byte == ',')
		return true;
	if (byte == '[' && !items->array)
		return items->array = true;
	if (byte == ']' && items->array) {
		items->array = false;
		return true;
	}
	return false;
}

static void take_quoted(struct json_items *items, char byte)
{
	if (items->escaped)
		items->escaped = false;
	else if (byte == '\\')
		items->escaped = true;
	else if (byte == '"')
		items->quoted = false;
}

/* A byte of an item, outside of strings, which is in the buffer already. */
static void take_plain(struct json_items *items, char byte)
{
	if (byte == '"')
		items->quoted = true;
	else if (byte == '{' || byte == '[')
		items->depth++;
	else if ((byte == '}' || byte == ']') && items->depth > 0 && --items->depth == 0)
		emit(items);
}

/* Does the item end before this byte, whole or broken? */
static bool ends_before(const struct json_items *items, char byte)
{
	if (items->quoted)
		return byte == '\n';
	if (items->depth == 0)
		return is_space(byte) || byte == ',' || byte == ']' || byte == '{' || byte == '[';
	return !items->array && items->new_line && byte == '{' && items->begun + 1 == items->line;
}

static void take(struct json_items *items, char byte)
{
	if (items->item.size > 0 && ends_before(items, byte))
		emit(items);
	if (items->item.size == 0) {
		if (skip(items, byte))
			return;
		items->begun = items->line;
	}
	if (buffer_append_byte(&items->item, byte) != 0) {
		emit(items);
		return;
	}
	if (items->quoted)
		take_quoted(items, byte);
	else
		take_plain(items, byte);
}

void json_items_feed(struct json_items *items, struct slice bytes)
{
	for (size_t i = 0; i < bytes.size; i++) {
		take(items, bytes.data[i]);
		items->new_line = bytes.data[i] == '\n';
		items->line += items->new_line;
	}
}

void json_items_finish(struct json_items *items)
{
	emit(items);
}
