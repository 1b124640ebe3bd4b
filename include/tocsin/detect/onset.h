/*
 * What broke first: for each service, when its errors left their own baseline, and in which order.
 *
 * The baseline is the quiet part of the visible log: what leads up to the first onset of the trouble without a silence,
 * or what the caller names. Silence is no evidence: where nothing is logged is cut out of time, and a service is judged
 * only by where it (or, when it says little, its source) was logging. The trouble is looked for service by service, in
 * buckets of equal length: the stretch that stands out most from the service's other buckets, judged by how much those
 * vary, so that a few odd buckets do not matter. A service that errs at the same rate before and after is background
 * and set aside, however loud. Of several troubles the one that most services take part in is reported, of equal ones
 * the latest, and the others are named beside it. The onset of a service is the first record of WARN or worse that
 * belongs to its abnormal part: where its errors became dense, or what was never seen before and led up to that.
 */
#ifndef TOCSIN_DETECT_ONSET_H
#define TOCSIN_DETECT_ONSET_H

#include "tocsin/base/vector.h"
#include "tocsin/store/query.h"

struct onset {
	uint32_t service;
	int64_t time;           /* TIMESTAMP_NONE when the service stayed normal */
	uint64_t record;        /* the record it begins with */
	uint32_t template;      /* of that record */
	bool new_template;      /* never seen in the baseline */
	bool background;        /* errs, but at its usual rate */
	uint64_t errors_before; /* in the baseline */
	uint64_t errors_after;  /* in the trouble */
	double rate_before;     /* errors a minute in the baseline */
	double rate_after;      /* errors a minute in the trouble */
	double peak;            /* errors in its worst minute */
	double score;           /* 0..1: how surely this service left its baseline */
};

#define ONSET_OTHERS 16

/* A trouble that the report is not about. */
struct onset_trouble {
	struct window window;
	uint32_t service; /* that began it */
	size_t services;
};

struct onset_report {
	struct window extent;   /* all that is visible */
	int64_t active;         /* of that, how long anything was logged */
	struct window baseline; /* from == to when there is none (the log begins in the middle of the trouble) */
	struct window trouble;  /* from the first onset, and some time after it ended; empty when nothing is abnormal */
	int64_t ended;          /* when the last service was back at its usual rate, within a bucket; else trouble.to */
	bool abnormal;          /* anything left its baseline at all */
	struct vector others;   /* of struct onset_trouble: the first ONSET_OTHERS */
	struct vector onsets; /* of struct onset, abnormal ones first, by time; then background; then quiet services */
};

/* `wanted` may name the baseline (NULL: find it). */
int onset_compute(
	const struct store *store, struct horizon horizon, const struct window *wanted, struct onset_report *report);
void onset_report_release(struct onset_report *report);

#endif
