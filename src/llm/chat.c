#include "tocsin/llm/chat.h"

#include "tocsin/base/error.h"

#define BYTES_MAXIMUM ((size_t)32 << 20)
#define ITEMS_MAXIMUM 4096
#define AROUND 8 /* tokens: role, separators, JSON of a call */

void chat_init(struct chat *chat)
{
	*chat = (struct chat){ .system = { NULL, 0 } };
	arena_init(&chat->arena, BYTES_MAXIMUM);
	vector_init(&chat->items, sizeof(struct chat_item), ITEMS_MAXIMUM);
}

void chat_release(struct chat *chat)
{
	arena_release(&chat->arena);
	vector_release(&chat->items);
}

void chat_clear(struct chat *chat)
{
	chat->system = (struct slice){ NULL, 0 };
	arena_reset(&chat->arena);
	vector_clear(&chat->items);
}

/* A copy; of nothing, nothing. */
static int keep(struct chat *chat, struct slice *slice)
{
	if (slice->size == 0) {
		*slice = (struct slice){ NULL, 0 };
		return 0;
	}
	*slice = arena_copy(&chat->arena, *slice);
	return slice->data == NULL ? ERROR_FULL : 0;
}

int chat_set_system(struct chat *chat, struct slice text)
{
	struct slice copy = text;
	int result = keep(chat, &copy);

	if (result == 0)
		chat->system = copy;
	return result;
}

int chat_add(struct chat *chat, const struct chat_item *item)
{
	struct chat_item copy = *item, *place;

	if (keep(chat, &copy.text) != 0 || keep(chat, &copy.id) != 0 || keep(chat, &copy.name) != 0 ||
		keep(chat, &copy.raw) != 0)
		return ERROR_FULL;
	place = vector_push(&chat->items);
	if (place == NULL)
		return ERROR_FULL;
	*place = copy;
	return 0;
}

int chat_add_user(struct chat *chat, struct slice text)
{
	return chat_add(chat, &(struct chat_item){ .kind = CHAT_USER, .text = text });
}

int chat_append(struct chat *chat, const struct chat *more)
{
	size_t before = chat_count(chat);

	for (size_t i = 0; i < chat_count(more); i++) {
		int result = chat_add(chat, chat_at(more, i));

		if (result != 0) {
			chat_truncate(chat, before);
			return result;
		}
	}
	return 0;
}

size_t chat_count(const struct chat *chat)
{
	return chat->items.count;
}

const struct chat_item *chat_at(const struct chat *chat, size_t index)
{
	return vector_at(&chat->items, index);
}

void chat_truncate(struct chat *chat, size_t count)
{
	while (chat->items.count > count)
		vector_remove(&chat->items, chat->items.count - 1);
}

int chat_replace_text(struct chat *chat, size_t index, struct slice text)
{
	struct chat_item *item = vector_at(&chat->items, index);
	struct slice copy = text;
	int result = keep(chat, &copy);

	if (result == 0)
		item->text = copy;
	return result;
}

/* --- size ---- */

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == ' ';
}

size_t chat_tokens(struct slice text)
{
	size_t letters = 0, others = 0;

	for (size_t i = 0; i < text.size; i++) {
		if (is_letter(text.data[i]))
			letters++;
		else
			others++;
	}
	return letters / 3 + others / 2 + 1;
}

size_t chat_total_tokens(const struct chat *chat)
{
	size_t tokens = chat_tokens(chat->system) + AROUND;

	for (size_t i = 0; i < chat_count(chat); i++) {
		const struct chat_item *item = chat_at(chat, i);

		tokens += chat_tokens(item->raw.size > item->text.size ? item->raw : item->text) +
			chat_tokens(item->name) + AROUND;
	}
	return tokens;
}
