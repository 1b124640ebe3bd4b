/*
 * Detectors over records in event time: each a row of one table, fed one record after the other, saying findings.
 *
 * Causal: what is raised at a moment depends only on records up to it, so a replay at any speed and a live run agree.
 * When the horizon moves back, reset and advance again. Cost is a few table lookups a record.
 */
#ifndef TOCSIN_DETECT_DETECT_H
#define TOCSIN_DETECT_DETECT_H

#include "tocsin/base/vector.h"
#include "tocsin/detect/finding.h"
#include "tocsin/store/query.h"

/* Every limit with its unit; zero means the default. */
struct detect_options {
	int64_t dedupe_window;    /* 5 s: same service, level and template text within it of its last occurrence is one
				     event */
	uint32_t threshold_count; /* 5 errors ... */
	int64_t threshold_window; /* ... in 60 s, per service and overall */
	int64_t threshold_cooldown; /* 300 s before the same one is raised again */
	uint32_t fatal_count;       /* 5 occurrences of a FATAL template in one service */
	double spike_ratio;         /* 4 times the service's baseline error rate ... */
	uint32_t spike_minimum;     /* ... and at least 10 errors in a bucket */
	int64_t spike_bucket;       /* 10 s */
	int64_t learning;           /* 60 s: nothing is new while the log is younger */
};

struct detect;

struct detect *detect_create(const struct detect_options *options); /* NULL options: defaults */
void detect_destroy(struct detect *detect);
void detect_reset(struct detect *detect); /* as if nothing had been seen */

/* Feeds the visible records not seen yet, at most `budget`. Returns true while more are waiting. Text is never read. */
bool detect_advance(struct detect *detect, const struct store *store, struct horizon horizon, uint64_t budget);
uint64_t detect_seen(const struct detect *detect);

size_t detect_count(const struct detect *detect); /* findings so far, in the order raised */
const struct finding *detect_finding(const struct detect *detect, size_t index); /* borrowed until the next advance */
uint64_t detect_lost(const struct detect *detect); /* raised, but not kept: the list holds the first 4,096 */

/* Is this record one more of an event within the dedupe window? Then *first is the first record of that run and *count
   its length up to this record (else the record itself and 1). `options` may be NULL. Computed when asked, looking back
   no further than 2,000 records. */
bool detect_duplicate(
	const struct store *store, const struct detect_options *options, uint64_t id, uint64_t *first, uint64_t *count);

#endif
