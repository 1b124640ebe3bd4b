/*
 * A text as the words that count for relevance: at least two letters, digits or underscores, in lower case, in order;
 * stop words are left out. A term is one such word, or neighbours among them joined by a space.
 */
#ifndef LEARN_WORDS_H
#define LEARN_WORDS_H

#include "tocsin/base/buffer.h"
#include "tocsin/base/slice.h"

#define WORDS_LONGEST 64 /* bytes: a longer word is cut, so that no hostile line makes long terms */
#define WORDS_TERM 2     /* words in the longest term */

struct words {
	struct slice rest;
	char recent[WORDS_TERM][WORDS_LONGEST]; /* ring of the last words */
	size_t sizes[WORDS_TERM];
	size_t count; /* words so far */
	unsigned due; /* longer terms that end with the last word and were not given yet */
	char term[WORDS_TERM * (WORDS_LONGEST + 1)];
};

void words_begin(struct words *words, struct slice text);
/* The next term: each word, and after it the pair that it ends. Borrowed until the next call. False at the end. */
bool words_next(struct words *words, struct slice *term);

bool words_is_stop_word(struct slice word); /* in lower case */

#endif
