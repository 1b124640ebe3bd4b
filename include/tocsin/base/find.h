/*
 * One text looked for in many bytes, whatever the case of its ASCII letters: by its two rarest bytes, 64 places at a
 * time where the processor can. Immutable once made, so any number of threads may share it.
 */
#ifndef TOCSIN_BASE_FIND_H
#define TOCSIN_BASE_FIND_H

#include "tocsin/base/slice.h"

#define FIND_MAXIMUM 256 /* bytes of a text that are looked for; a longer one is found by its first 256 */

struct find {
	unsigned char text[FIND_MAXIMUM]; /* in lower case */
	size_t size;
	size_t rare[2];        /* places of its two rarest bytes; the same one twice when it has no other */
	unsigned char fold[2]; /* 0x20 where that byte is a letter, else 0 */
};

void find_init(struct find *find, struct slice text); /* not empty */
unsigned find_rarity(const struct find *find);        /* a guess, to choose by: the more, the rarer in logs */
/* Where it stands at or after `start`, or SIZE_MAX. */
size_t find_next(const struct find *find, struct slice bytes, size_t start);
size_t find_next_portable(const struct find *find, struct slice bytes, size_t start); /* the same on any machine */

#endif
