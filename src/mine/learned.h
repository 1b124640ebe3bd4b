/*
 * Learned templates, found by the first word of a signature and then compared piece by piece.
 *
 * A piece is what stands between two open words; an open word is one word or mask. At most LEARNED_MAXIMUM are kept;
 * further ones are not learned, and their signatures go on as before. One thread adds, others may find.
 */
#ifndef MINE_LEARNED_H
#define MINE_LEARNED_H

#include <stdatomic.h>

#include "mine/miner_key.h"
#include "tocsin/base/arena.h"

#define LEARNED_MAXIMUM 4096
#define LEARNED_OPEN 16 /* open words in one; with more it is not learned */

struct learned_template {
	struct slice text;                     /* a signature */
	struct slice pieces[LEARNED_OPEN + 1]; /* of text */
	uint32_t piece_count;
	_Atomic uint32_t next; /* with the same first word, plus 1; 0 at the end */
};

struct learned {
	struct arena arena;
	struct learned_template *templates[LEARNED_MAXIMUM];
	_Atomic uint32_t heads[1024]; /* by the hash of the first word, plus 1 */
	_Atomic uint32_t count;
};

void learned_init(struct learned *learned);
void learned_release(struct learned *learned);

/* Nothing happens when it is known, cannot be learned, or memory is short. */
void learned_add(struct learned *learned, const struct intern *words, const key_token *tokens, size_t count);
/* The one learned first that the signature fits, else the signature itself. */
struct slice learned_find(const struct learned *learned, struct slice signature);

#endif
