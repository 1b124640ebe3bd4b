/*
 * Notices a model that goes in circles: the same call again, or two that alternate. What it has seen is kept apart from
 * the conversation, so that compaction makes it forget nothing. Limits are left out of the comparison: asking for 101
 * lines instead of 100 is the same question.
 */
#ifndef ANALYST_BREAKER_H
#define ANALYST_BREAKER_H

#include "tocsin/base/slice.h"

#define BREAKER_SEEN 256
#define BREAKER_REPEATS 3 /* repeated calls that trip it */

struct breaker {
	uint64_t seen[BREAKER_SEEN];
	size_t count;
	unsigned repeats;
};

/* Notes a call. True when it was made before. */
bool breaker_note(struct breaker *breaker, struct slice name, struct slice arguments);
bool breaker_tripped(const struct breaker *breaker);

#endif
