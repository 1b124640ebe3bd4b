/*
 * A conversation with a model, in no vendor's words: items in the order in which they were said. Each adapter writes it
 * in its own form.
 *
 * What an assistant said in one turn stands together: reasoning, text, calls, in their order. An item keeps, beside its
 * text, the bytes in which its provider sent it; they are replayed unchanged to the same adapter (encrypted reasoning,
 * signed thinking), and left out for any other. Texts are copied into the chat. It grows at most to its maximum.
 */
#ifndef TOCSIN_LLM_CHAT_H
#define TOCSIN_LLM_CHAT_H

#include "tocsin/base/arena.h"
#include "tocsin/base/vector.h"

enum chat_kind {
	CHAT_USER,      /* text */
	CHAT_REASONING, /* text may be empty where it is hidden; raw */
	CHAT_TEXT,      /* what the assistant answers */
	CHAT_CALL,      /* of a tool: id, name, text is a JSON object of arguments */
	CHAT_RESULT     /* of the call `id`: name, text; failed when the tool could not do it */
};

struct chat_item {
	enum chat_kind kind;
	struct slice text;
	struct slice id, name;
	struct slice raw;    /* JSON as sent by its provider; may be empty */
	const char *adapter; /* whose `raw` it is: a constant */
	bool failed;
};

struct chat {
	struct arena arena;
	struct slice system; /* instructions */
	struct vector items; /* of struct chat_item */
};

void chat_init(struct chat *chat);
void chat_release(struct chat *chat);
void chat_clear(struct chat *chat);

int chat_set_system(struct chat *chat, struct slice text);
int chat_add(struct chat *chat, const struct chat_item *item); /* ERROR_FULL past 32 MiB or 4096 items, ERROR_MEMORY */
int chat_add_user(struct chat *chat, struct slice text);
int chat_append(struct chat *chat, const struct chat *more); /* all items of another; on failure as it was */
size_t chat_count(const struct chat *chat);
const struct chat_item *chat_at(const struct chat *chat, size_t index);
void chat_truncate(struct chat *chat, size_t count);                       /* forgets the items from `count` on */
int chat_replace_text(struct chat *chat, size_t index, struct slice text); /* shorter: for compaction */

/* Tokens that a text takes, estimated on the safe side: a token for each 3 bytes of words, each 2 of digits and
 * punctuation, each byte beyond ASCII / 2. Measured against what a provider counts, the caller scales it. */
size_t chat_tokens(struct slice text);
size_t chat_total_tokens(const struct chat *chat); /* of everything, with the system text and 8 a piece around it */

#endif
