/*
 * What the search for onsets reads off the columns, in one pass each: errors by service and bucket; where every
 * template of WARN or worse was first seen in every service; the records around the beginnings; the totals of the
 * report.
 */
#ifndef DETECT_SURVEY_H
#define DETECT_SURVEY_H

#include "detect/change.h"
#include "detect/pairs.h"
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

struct survey {
	const struct store *store;
	struct horizon horizon;
	struct window extent; /* of all visible times but those absurdly far from the others */
	uint64_t bucket;      /* its length in nanoseconds */
	size_t bucket_count;
	uint32_t service_count;  /* of the store; those not visible yet have no records here */
	uint64_t *records;       /* by service, of any level */
	uint64_t *errors;        /* by service */
	uint32_t *counts;        /* errors, by service * CHANGE_BUCKETS + bucket */
	struct pairs pairs;      /* (service, template) to the index of its sighting */
	struct vector sightings; /* of struct sighting */
};

/* Reads the visible log. `reference` may be NULL. False, with nothing to release, when no visible record has a time
 * (*error 0) or memory ran out. */
bool survey_make(struct survey *survey, const struct store *store, struct horizon horizon,
	const struct window *reference, int *error);
void survey_release(struct survey *survey);

/* Event time at which a bucket begins, no later than the end of the extent. */
int64_t survey_time(const struct survey *survey, size_t bucket);
size_t survey_bucket(const struct survey *survey, int64_t time);

/* Records of WARN or worse of each service from `from` until its own untils[service] (TIMESTAMP_NONE: none of this
 * service), sorted by service, time, id. */
int survey_collect(const struct survey *survey, int64_t from, const int64_t *untils, struct vector *samples);

struct survey_totals {
	uint64_t before; /* errors in the baseline */
	uint64_t after;  /* errors from `onset` on */
	uint32_t peak;   /* most errors in a minute */
};

/* By service; `totals` has room for all of them and is zeroed. */
int survey_count(const struct survey *survey, struct window baseline, int64_t onset, struct survey_totals *totals);

#endif
