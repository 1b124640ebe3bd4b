/*
 * What broke first: for each service, when its errors left their own baseline, and in which order.
 *
 * The baseline is the quiet part of the visible log: from its beginning to the first onset of the trouble, or what the
 * caller names. The trouble is looked for service by service, in buckets of equal length: the stretch that stands out
 * most from the service's other buckets, judged by how much those vary, so that a few odd buckets do not matter. A
 * service that errs at the same rate before and after is background and set aside, however loud. Of several troubles
 * the one that most services take part in is reported. The onset of a service is the first record of WARN or worse that
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
	uint64_t errors_after;  /* after it */
	double rate_before;     /* errors a minute in the baseline */
	double rate_after;      /* errors a minute between the first onset and the horizon */
	double peak;            /* errors in its worst minute */
	double score;           /* 0..1: how surely this service left its baseline */
};

struct onset_report {
	struct window extent;   /* all that is visible */
	struct window baseline; /* from == to when there is none (the log begins in the middle of the trouble) */
	bool abnormal;          /* anything left its baseline at all */
	struct vector onsets; /* of struct onset, abnormal ones first, by time; then background; then quiet services */
};

/* `wanted` may name the baseline (NULL: find it). */
int onset_compute(
	const struct store *store, struct horizon horizon, const struct window *wanted, struct onset_report *report);
void onset_report_release(struct onset_report *report);

#endif
