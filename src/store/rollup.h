/*
 * The pyramid over sealed segments: how many records of each tuple there are in ROLLUP_FANOUT segments, in
 * ROLLUP_FANOUT times as many, and so on. A window is then counted from few summaries, whatever its length.
 *
 * A rollup is written once, by the writer, when its last segment has been sealed, and is shown by its pointer. Where
 * there is none (too many tuples, or no memory) the level below answers.
 */
#ifndef STORE_ROLLUP_H
#define STORE_ROLLUP_H

#include "store/seal.h"

#define ROLLUP_LEVELS 3

struct rollup_entry {
	uint32_t tuple;
	uint32_t records;
	uint32_t first; /* of these records, counted from the rollup's first */
};

struct rollup {
	int64_t minimum, maximum; /* of the times; INT64_MAX and TIMESTAMP_NONE when no record has one */
	size_t count;
	struct rollup_entry entries[];
};

/* Adds up what belongs to one rollup until it is complete. */
struct rollup_sum {
	uint32_t *entry_of; /* by tuple: its entry, plus 1; else 0 */
	size_t entry_of_count;
	struct rollup_entry *entries;
	size_t count;
	size_t capacity;
	int64_t minimum, maximum;
	bool failed; /* memory ran out, or there are too many tuples: it will be left out */
};

struct rollups {
	size_t fanout;
	size_t segments[ROLLUP_LEVELS]; /* in a rollup of each level */
	uint64_t most[ROLLUP_LEVELS];   /* rollups that there may be */
	_Atomic(struct rollup *) *shown[ROLLUP_LEVELS];
	struct rollup_sum sums[ROLLUP_LEVELS]; /* the writer's */
};

/* For `segments` segments at the most. ERROR_MEMORY. */
int rollups_init(struct rollups *rollups, size_t fanout, uint64_t segments);
void rollups_release(struct rollups *rollups);

/* The writer has sealed segment `index`, whose entries stand in the sealer. */
void rollups_add(struct rollups *rollups, const struct sealer *sealer, const struct segment *segment, uint64_t index);

/* The rollup number `index` of a level, or NULL. */
const struct rollup *rollups_find(const struct rollups *rollups, size_t level, uint64_t index);

#endif
