/*
 * The walk over what a window touches, which every question about a window takes. Where a rollup or a sealed segment
 * lies in the window as a whole (and in one bucket, where there are buckets) its counts are told; the rest is told
 * record by record.
 */
#ifndef STORE_QUERY_WALK_H
#define STORE_QUERY_WALK_H

#include "store/store_inside.h"
#include "tocsin/store/query.h"

/* Told of `records` records of a tuple, the first of them with id `first` if the walk is asked for firsts. Told of a
   tuple again and again. */
typedef void (*walk_tell)(void *context, const struct tuple *tuple, size_t bucket, uint64_t records, uint64_t first);

/* How many ids are visible: those below. With totals_only there are none. */
uint64_t walk_visible(const struct store *store, struct horizon horizon);

/* The first segment at whose end the running maximum of times is >= `time`, or the last visible one. visible > first.
 */
uint64_t walk_find_segment(const struct store *store, uint64_t visible, int64_t time);

struct walk_options {
	struct window window;
	size_t buckets; /* that the window is split into, at least one */
	bool firsts;
	walk_tell tell;
	void *context;
};

void walk_window(const struct store *store, struct horizon horizon, const struct walk_options *options);

#endif
