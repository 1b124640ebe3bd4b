/*
 * From signatures to templates beside a store that is written: hands new signatures to the miner, merges at its fixed
 * counts, publishes the tables. Without memory signatures stay what they are, each its own template.
 */
#ifndef INGEST_MINING_H
#define INGEST_MINING_H

#include "tocsin/mine/miner.h"
#include "tocsin/store/templates.h"

struct mining {
	struct store *store;
	struct miner *miner; /* NULL when out of memory */
	uint32_t next;       /* count of signatures at which to merge */
	uint32_t merged;     /* count at the last merge */
	bool failed;         /* out of memory: no further merges */
};

void mining_init(struct mining *mining, struct store *store);
void mining_release(struct mining *mining);

/* What to append instead of a signature: itself, or the learned template that it fits. */
struct slice mining_settle(const struct mining *mining, struct slice signature);
/* After each append. */
void mining_follow(struct mining *mining);
/* At once, unless nothing is new. */
void mining_merge(struct mining *mining);

#endif
