/*
 * Detectors over records in event time: each a row of one table, fed one record after the other, saying findings.
 *
 * Causal: what is raised at a moment depends only on records up to it, so a replay at any speed and a live run agree.
 * When the horizon moves back, reset and advance again. Cost is a few table lookups a record.
 */
#ifndef TOCSIN_DETECT_DETECT_H
#define TOCSIN_DETECT_DETECT_H

#include "tocsin/base/error.h"
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
	uint32_t connection_count;  /* 3 failures of one class in one service ... */
	int64_t connection_window;  /* ... in 60 s */
	uint32_t cascade_count;     /* 3 services ... */
	int64_t cascade_link;       /* ... that began to fail within 60 s of the one before */
	uint32_t novelty_count;     /* 3 occurrences of a new template ... */
	int64_t novelty_window;     /* ... in 60 s */
	double latency_ratio;       /* 3 times the series' usual latency ... */
	int64_t latency_minimum;    /* ... and at least 50 ms above it ... */
	int64_t latency_bucket;     /* ... in buckets of 10 s or more */
	double leak_growth;         /* 0.25: memory grows by a quarter ... */
	int64_t leak_window;        /* ... in no less than 15 min, without falling back */
	uint32_t missing_count;     /* 30 times seen, ... */
	int64_t missing_least;      /* ... then away for 120 s or more */
	int64_t learning;           /* 60 s: nothing is new while the log is younger */
	char watch[512];            /* a filter on columns that says which records are watched; "": all */
};

struct context;
struct detect;

struct detect *detect_create(const struct detect_options *options); /* NULL options: defaults */
void detect_destroy(struct detect *detect);
void detect_reset(struct detect *detect); /* as if nothing had been seen */

/* Is the text of `watch` a filter that detectors can use? It may not need the text of records. */
int detect_check_watch(struct slice watch, const struct store *store, struct error *error);

/* From now on metrics and traces are watched too, as far as the clock of the log has come: resets. Borrowed; NULL:
   none. Settled. ERROR_MEMORY. */
int detect_use_context(struct detect *detect, const struct context *context);

/* Feeds the visible records not seen yet, at most `budget`. Returns true while more are waiting. Text is never read. */
bool detect_advance(struct detect *detect, const struct store *store, struct horizon horizon, uint64_t budget);
/* The log is complete: what lies beside it may be seen to its end, though no record is that young. Nothing is advanced
   after that but after a reset. */
void detect_conclude(struct detect *detect, const struct store *store);
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
