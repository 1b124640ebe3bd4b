/*
 * Splits `<think>...</think>` out of text that comes in pieces, for servers that leave it in. Only a tag at the very
 * beginning counts (behind white space): a log that speaks of <think> later is text.
 */
#ifndef LLM_THINK_H
#define LLM_THINK_H

#include "tocsin/base/buffer.h"

struct think {
	enum { THINK_BEFORE, THINK_INSIDE, THINK_AFTER } state;
	char held[16]; /* what may be the beginning of a tag */
	size_t held_size;
	bool skip_space; /* white space behind the closing tag goes */
};

/* Feeds; each call gives reasoning and text to the two functions as they are known. */
void think_feed(struct think *think, struct slice bytes, void (*on_reasoning)(void *context, struct slice text),
	void (*on_text)(void *context, struct slice text), void *context);
void think_finish(struct think *think, void (*on_reasoning)(void *context, struct slice text),
	void (*on_text)(void *context, struct slice text), void *context);

#endif
