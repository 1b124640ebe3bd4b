/*
 * A bucket counts for a service when it erred there or went about its business: when it said no less than a twentieth
 * of what it usually says in a bucket. A service that says too little to be missed is judged by its source: it counts
 * where the source was logging, in the stretches between silences in which the service spoke at all. (One that spoke
 * only in a short stretch, as a newcomer that fails, is compared with all that its source logged.) A bucket with next
 * to nothing in it counts for nobody.
 */
#include "detect/heard.h"

#include <stdlib.h>

#define HEARD_SHARE 20    /* less than one part in so many of what is usual is next to nothing ... */
#define HEARD_RECORDS 5   /* ... where so few records, of all services, are that */
#define HEARD_TALKATIVE 3 /* calm records in a usual bucket: such a service would be missed */
#define HEARD_FEWEST 10   /* buckets to compare with, else all of its source */

static int compare_counts(const void *a, const void *b)
{
	uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;

	return first < second ? -1 : first > second;
}

/* The median of those that are not 0. */
static uint32_t usual(const uint32_t *counts, size_t count)
{
	uint32_t some[CHANGE_BUCKETS];
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		if (counts[i] > 0)
			some[used++] = counts[i];
	if (used == 0)
		return 0;
	qsort(some, used, sizeof(*some), compare_counts);
	return some[used / 2];
}

static bool is_little(uint64_t count, uint64_t ordinary)
{
	return count * HEARD_SHARE < ordinary;
}

/* What each bucket holds of all sources, and of those of the service. */
static void add_sources(const struct survey *survey, uint32_t service, uint32_t *all, uint32_t *own)
{
	for (size_t i = 0; i < CHANGE_BUCKETS; i++)
		all[i] = own[i] = 0;
	for (uint16_t source = 0; source < survey->source_count; source++) {
		const uint32_t *counts = survey->sources + (size_t)source * CHANGE_BUCKETS;
		bool origin = pairs_find(&survey->origins, service, source) != PAIRS_NONE;

		for (size_t i = 0; i < survey->bucket_count; i++) {
			all[i] += counts[i];
			own[i] += origin ? counts[i] : 0;
		}
	}
}

/* Did the service speak in the stretch without a silence around each bucket? */
static void find_stretches(const struct survey *survey, const uint32_t *spoken, bool spoke[CHANGE_BUCKETS])
{
	for (size_t from = 0, to; from < survey->bucket_count; from = to) {
		bool any = spoken[from] > 0;

		for (to = from + 1; survey_joined(survey, to); to++)
			any = any || spoken[to] > 0;
		for (size_t i = from; i < to; i++)
			spoke[i] = any;
	}
}

void heard_find(const struct survey *survey, uint32_t service, bool heard[CHANGE_BUCKETS])
{
	const uint32_t *spoken = survey->spoken + (size_t)service * CHANGE_BUCKETS;
	const uint32_t *errors = survey->counts + (size_t)service * CHANGE_BUCKETS;
	uint32_t all[CHANGE_BUCKETS], own[CHANGE_BUCKETS];
	uint32_t calm = usual(survey->calm + (size_t)service * CHANGE_BUCKETS, survey->bucket_count), ordinary;
	bool spoke[CHANGE_BUCKETS];
	size_t count = 0;

	add_sources(survey, service, all, own);
	find_stretches(survey, spoken, spoke);
	ordinary = usual(all, survey->bucket_count);
	for (size_t i = 0; i < CHANGE_BUCKETS; i++) {
		bool empty = i >= survey->bucket_count || (all[i] < HEARD_RECORDS && is_little(all[i], ordinary));

		if (empty || calm >= HEARD_TALKATIVE)
			heard[i] = !empty && spoken[i] > 0 && !is_little(spoken[i], calm);
		else
			heard[i] = spoken[i] > 0 || (own[i] > 0 && spoke[i]);
		heard[i] = heard[i] || (i < survey->bucket_count && errors[i] > 0);
		count += heard[i];
	}
	if (calm >= HEARD_TALKATIVE || count >= HEARD_FEWEST)
		return;
	for (size_t i = 0; i < survey->bucket_count; i++)
		heard[i] = heard[i] || (own[i] > 0 && !(all[i] < HEARD_RECORDS && is_little(all[i], ordinary)));
}
