/*
 * Questions to the store under a horizon: how many, when, which. Every answer counts only records below the horizon.
 *
 * A record's place in time for windows is its own time; records without a time belong to no window. Windows are half
 * open: from <= time < to. Counting whole segments by their summaries makes a window cost about the segments it cuts.
 */
#ifndef TOCSIN_STORE_QUERY_H
#define TOCSIN_STORE_QUERY_H

#include "tocsin/store/store.h"

/* The newest that may be seen. Live: everything published. Replay: what had arrived when the clock stood at `time`. */
struct horizon {
	uint64_t records; /* ids below this are visible */
	int64_t time;     /* newest event time visible, or TIMESTAMP_NONE when nothing is */
};

struct horizon horizon_all(const struct store *store);
/* The longest beginning of the log whose records all have times <= `time` (records without a time go with their
 * predecessor). */
struct horizon horizon_at(const struct store *store, int64_t time);

struct window {
	int64_t from, to; /* from <= time < to */
};

/* Earliest and latest + 1 ns of what is visible; false when no visible record has a time. */
bool query_extent(const struct store *store, struct horizon horizon, struct window *extent);

/* First visible id whose time is >= `time`, judged by the running maximum of times; horizon.records when there is none.
 */
uint64_t query_find_time(const struct store *store, struct horizon horizon, int64_t time);

struct level_counts {
	uint64_t of[LEVEL_COUNT];
};
uint64_t level_counts_total(const struct level_counts *counts);
uint64_t level_counts_errors(const struct level_counts *counts); /* ERROR and FATAL */

#define QUERY_ALL UINT32_MAX /* no condition on service or template */

/* Counts by level in a window, of one service and one template or of all. */
struct level_counts query_count(
	const struct store *store, struct horizon horizon, struct window window, uint32_t service, uint32_t template);

/* Splits the window into `bucket_count` buckets of (to - from) / bucket_count, rounded up (the last may be shorter),
   and adds each record to out[bucket]. */
void query_histogram(const struct store *store, struct horizon horizon, struct window window, uint32_t service,
	size_t bucket_count, struct level_counts *out);

/* The same for every service in one pass: out[service * bucket_count + bucket]; services below `service_count`. */
void query_service_histograms(const struct store *store, struct horizon horizon, struct window window,
	size_t bucket_count, uint32_t service_count, struct level_counts *out);

/* How often each template below `template_count` occurred in the window, in one service or QUERY_ALL, at `level` and
   worse (UNKNOWN counts only with LEVEL_TRACE). Adds to counts[]; firsts[] (may be NULL) gets the smallest id,
   UINT64_MAX where none. */
void query_template_counts(const struct store *store, struct horizon horizon, struct window window, uint32_t service,
	enum level level, uint32_t template_count, uint64_t *counts, uint64_t *firsts);

/* How many records with ids from <= id < to the format did not fit. What the ledger counts is of the whole source:
 * under a horizon this is what may be told. */
uint64_t query_unparsed(const struct store *store, uint64_t from, uint64_t to);

#endif
