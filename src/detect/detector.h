/*
 * What a detector is: a const struct of functions and a private state that detect.c allocates.
 *
 * A detector sees every record of WARN or worse, in event time, once; counts of all others at every pulse; and the
 * numbers of series. It raises findings and makes them grow; the
 * sentence is written by `describe` when an advance ends, from numbers kept beside the finding, so that a flood of
 * records costs no formatting.
 */
#ifndef DETECT_DETECTOR_H
#define DETECT_DETECTOR_H

#include "detect/series.h"
#include "tocsin/detect/detect.h"

/* Codes beyond these are not watched: the tables stay bounded, and the store itself folds what exceeds its own maximum.
 */
#define DETECT_MAXIMUM_SERVICES 4097
#define DETECT_MAXIMUM_TEMPLATES 65537

/* Event time between two pulses. */
#define DETECT_PULSE (10 * TIMESTAMP_SECOND)

struct census;
struct findings;
struct finding_entry;

/* One record on its way through the detectors. */
struct event {
	const struct store *store;
	struct record record;
	int64_t time;  /* what windows are counted in: the record's time, or the clock where that is a little late or
			  missing */
	int64_t known; /* newest event time visible together with this record: what a finding raised now says in
			  `raised` */
	int64_t begin; /* event time at which the log begins */
	bool error;    /* ERROR or FATAL; else WARN */
};

struct detector {
	size_t state_size; /* of the private state, which is zeroed before init */
	void (*init)(void *state, const struct detect_options *options);
	void (*release)(void *state);
	void (*observe)(void *state, const struct event *event, struct findings *findings); /* NULL: none of them */
	/* The first record behind each whole DETECT_PULSE, whatever its level, before it is counted or observed; of the
	   event only the times mean anything. May be NULL. */
	void (*pulse)(void *state, const struct census *census, const struct event *event, struct findings *findings);
	/* A number of a series, not later than the event's time; series by series in order. May be NULL. */
	void (*sample)(void *state, const struct series *series, const struct series_value *sample,
		const struct event *event, struct findings *findings);
	void (*describe)(const struct detect_options *options, const struct store *store, struct finding_entry *entry);
};

extern const struct detector detector_threshold;
extern const struct detector detector_spike;
extern const struct detector detector_connection;
extern const struct detector detector_novelty;
extern const struct detector detector_fatal;
extern const struct detector detector_latency;
extern const struct detector detector_leak;
extern const struct detector detector_missing;
extern const struct detector detector_cascade; /* reads what the others raised: the last in the table */

/* The options with every zero replaced by its default. */
struct detect_options detect_options_complete(const struct detect_options *options);
/* NULL with a sentence when it is no filter, or one that needs text. */
struct filter;
struct filter *detect_watch_filter(struct slice watch, const struct store *store, struct error *error);

/* The item of a table by code, growing it as needed; NULL beyond its maximum or out of memory. */
void *detect_table_at(struct vector *table, uint32_t code);

/* Whole steps of `length` since 1970, rounding down, so that buckets are equal on both sides of it. */
int64_t detect_step(int64_t time, int64_t length);

/* later - earlier, as far as it can be said: times six hundred years apart do not overflow. */
int64_t detect_span(int64_t later, int64_t earlier);

#endif
