/*
 * The places of a round: where keys differ in one word only, and which of them vary.
 */
#ifndef MINE_MERGE_PLACE_H
#define MINE_MERGE_PLACE_H

#include "mine/merge.h"

/* A word or mask in a key. */
struct place {
	uint64_t hash; /* of the key without it */
	uint32_t node;
	uint32_t position;
};

/* Places with the same key around them, next to each other in `all`. */
struct spot {
	uint32_t first, count;
	uint32_t words; /* values that may vary */
	bool masked;    /* one of the values is a mask */
	bool capitals;  /* all words are */
};

struct places {
	const struct merge *merge;
	struct vector all;    /* of struct place, by hash, then node */
	struct vector spots;  /* of struct spot: with two places or more */
	struct vector chosen; /* of struct spot: variables, the one with most words first */
};

void places_init(struct places *places, const struct merge *merge);
void places_release(struct places *places);

int places_find(struct places *places); /* ERROR_MEMORY */
const struct place *places_of(const struct places *places, const struct spot *spot);
bool places_may_vary(const struct places *places, const struct place *place);

#endif
