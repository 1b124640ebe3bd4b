/*
 * What the search for onsets reads off the columns, in one pass each: where every template of WARN or worse was first
 * seen in every service; records and errors by service and bucket of a part of the log; the records around the
 * beginnings; the totals of the report.
 */
#ifndef DETECT_SURVEY_H
#define DETECT_SURVEY_H

#include "detect/active.h"
#include "detect/change.h"
#include "tocsin/base/pairs.h"
#include "tocsin/base/vector.h"
#include "tocsin/store/query.h"

#define SURVEY_DENSE (60 * TIMESTAMP_SECOND)
#define SURVEY_PAIRS 131072          /* pairs of service and template; one beyond them counts as known */
#define SURVEY_SAMPLES 1048576       /* records around the beginnings, of all services together ... */
#define SURVEY_SERVICE_SAMPLES 65536 /* ... and of one; the earliest are kept */

/* A template in a service, at WARN or worse. */
struct sighting {
	int64_t first; /* time */
	uint64_t record;
	uint64_t count;
	int64_t last[2];   /* the time before last, and the last */
	bool dense;        /* three of them came within SURVEY_DENSE */
	uint8_t level;     /* the worst */
	bool in_reference; /* seen in the baseline that the caller named */
};

/* A record of WARN or worse. */
struct sample {
	int64_t time;
	uint64_t record;
	uint32_t service;
	uint32_t sighting; /* index, PAIRS_NONE when the table was full */
	uint8_t level;
};

/* By service (or source) * CHANGE_BUCKETS + bucket. */
struct survey {
	const struct store *store;
	struct horizon horizon;
	struct active active;
	uint32_t service_count; /* of the store; those not visible yet have no records here */
	uint16_t source_count;
	uint64_t *records;       /* by service, of any level, wherever they are */
	uint64_t *errors;        /* by service, likewise */
	struct pairs pairs;      /* (service, template) to the index of its sighting */
	struct vector sightings; /* of struct sighting */
	struct pairs origins;    /* (service, source) that occur together */

	/* Of the part in focus: */
	struct window buckets[CHANGE_BUCKETS]; /* of event time; none reaches over a silence */
	size_t bucket_count;
	uint64_t bucket;   /* the length in nanoseconds of all but the last before a silence */
	uint32_t *counts;  /* errors by service */
	uint32_t *spoken;  /* records of any level by service */
	uint32_t *calm;    /* of those, what is not WARN or worse */
	uint32_t *sources; /* records of any level by source */
};

/* Reads the visible log and focuses on all of it. `reference` may be NULL. False, with nothing to release, when no
 * visible record has a time (*error 0) or memory ran out. */
bool survey_make(struct survey *survey, const struct store *store, struct horizon horizon,
	const struct window *reference, int *error);
void survey_release(struct survey *survey);

/* Divides the active time within a window into buckets and counts in them what lies there. */
void survey_focus(struct survey *survey, struct window window);

/* The bucket of a time; CHANGE_BUCKETS when it lies in none. */
size_t survey_bucket(const struct survey *survey, int64_t time);
/* Event time at which a bucket begins; beyond the last, at which that ends. */
int64_t survey_time(const struct survey *survey, size_t bucket);
/* Does the log go on from the bucket before this one without a silence? */
bool survey_joined(const struct survey *survey, size_t bucket);

/* Records of WARN or worse of each service from `from` until its own untils[service] (TIMESTAMP_NONE: none of this
 * service), sorted by service, time, id. */
int survey_collect(const struct survey *survey, int64_t from, const int64_t *untils, struct vector *samples);

struct survey_totals {
	uint64_t before; /* errors in the baseline */
	uint64_t after;  /* errors in the trouble */
	uint32_t peak;   /* most errors in a minute */
};

/* By service; `totals` has room for all of them and is zeroed. */
int survey_count(
	const struct survey *survey, struct window baseline, struct window trouble, struct survey_totals *totals);

#endif
