/*
 * Keys that differ in one word, merged where that word is seen to be a variable (tocsin/mine/miner.h says when).
 *
 * Rounds: each finds all places (a position in a key, what stands around it being the same), judges them all, and only
 * then moves keys, the most varied place first. It ends when no key moves. Everything is done in the order in which
 * keys were added, so the result depends on nothing else.
 */
#ifndef MINE_MERGE_H
#define MINE_MERGE_H

#include "mine/miner_key.h"
#include "tocsin/base/vector.h"

struct merge {
	const struct intern *words;
	struct vector nodes;  /* of struct merge_node: a key each */
	struct vector tokens; /* of key_token */
	uint32_t *table;      /* node + 1 by the hash of its key */
	size_t table_size;    /* a power of two */
};

struct merge_node {
	uint32_t begin; /* in tokens */
	uint32_t count;
	uint32_t into; /* the node it was merged into, or itself */
	uint64_t hash;
};

void merge_init(struct merge *merge, const struct intern *words);
void merge_release(struct merge *merge);

int merge_add(struct merge *merge, const key_token *key, size_t count, uint32_t *node); /* new or known; ERROR_MEMORY */
int merge_run(struct merge *merge);                                                 /* ERROR_MEMORY */
uint32_t merge_root(const struct merge *merge, uint32_t node);
const key_token *merge_key(const struct merge *merge, uint32_t node, size_t *count);

#endif
