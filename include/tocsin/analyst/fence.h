/*
 * What comes from a log is said to a model only inside a fence: between two lines that carry a mark drawn at random for
 * each run, so that no log can close it. Inside, nothing can pass for anything else than text: control, bidi and
 * zero-width characters are escaped, and what chat templates read as roles, calls or thoughts loses its brackets. Text
 * that reads like an instruction is named as such behind the fence, with its evidence.
 */
#ifndef TOCSIN_ANALYST_FENCE_H
#define TOCSIN_ANALYST_FENCE_H

#include "tocsin/base/buffer.h"

struct fence {
	char mark[17]; /* 16 hexadecimal digits */
};

/* The mark out of 64 random bits. */
void fence_init(struct fence *fence, uint64_t random);
/* Appends "[data MARK tool=NAME]", the text made harmless, "[end MARK]", and a sentence when some of it reads like an
 * instruction. Returns how many such places there were, or a negative code. */
int fence_append(struct buffer *out, const struct fence *fence, const char *name, struct slice text);
/* Appends text made harmless, without a fence. */
int fence_clean(struct buffer *out, struct slice text);

/* Does this text try to tell a reader what to do? The place of the first such phrase, SIZE_MAX when there is none. */
size_t fence_instruction(struct slice text);

#endif
