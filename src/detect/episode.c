/*
 * Stretches of errors that belong together.
 *
 * Each service's errors, counted in equal buckets, are searched for the stretch that stands out most from its other
 * buckets. Stretches that overlap or follow one another closely are one episode, and the episode that most services
 * take part in is the trouble. A stretch elsewhere was a trouble of its own: its service is searched again within this
 * one.
 */
#include "detect/episode.h"

#include "detect/detector.h"

#include <math.h>

#define EPISODE_GAP (120 * TIMESTAMP_SECOND) /* between stretches of one episode */
#define BASELINE_BUCKETS 3                   /* fewer before the episode are no baseline */
#define BASELINE_SHARE 10 /* a service that only fails spoils a baseline shorter than this part of the log */
#define ALL_TROUBLE_ERRORS                                                                                             \
	10 /* errors, at least half of all records, of a service in a log that is trouble throughout */

static const bool *search_reference(const struct search *search)
{
	return search->wanted != NULL ? search->reference : NULL;
}

static void find_changes(struct search *search, size_t first)
{
	for (uint32_t i = 0; i < search->survey.service_count; i++)
		change_find(search->survey.counts + (size_t)i * CHANGE_BUCKETS, search->survey.bucket_count, first,
			search_reference(search), &search->suspects[i].change);
}

static size_t episode_gap(const struct search *search)
{
	size_t gap = (size_t)((uint64_t)EPISODE_GAP / search->survey.bucket);

	return gap > 2 ? gap : 2;
}

/* Widens [*from, *to) over every stretch that touches it; returns the weight of all that do. */
static double episode_grow(const struct search *search, size_t *from, size_t *to)
{
	size_t gap = episode_gap(search);
	double weight = 0;

	for (bool grown = true; grown;) {
		grown = false;
		weight = 0;
		for (uint32_t i = 0; i < search->survey.service_count; i++) {
			const struct change *change = &search->suspects[i].change;
			if (change->score <= 0 || change->from > *to + gap || change->to + gap < *from)
				continue;
			/* Services weigh more than loudness. */
			weight += log1p(change->score);
			grown = grown || change->from < *from || change->to > *to;
			*from = change->from < *from ? change->from : *from;
			*to = change->to > *to ? change->to : *to;
		}
	}
	return weight;
}

/* Chooses the episode of most weight. False when nothing stands out anywhere. */
static bool choose_episode(struct search *search)
{
	double best = 0;

	for (uint32_t i = 0; i < search->survey.service_count; i++) {
		const struct change *change = &search->suspects[i].change;
		size_t from = change->from, to = change->to;
		if (change->score <= 0 || (best > 0 && from >= search->from && to <= search->to))
			continue;
		double weight = episode_grow(search, &from, &to);
		if (weight > best) {
			best = weight;
			search->from = from;
			search->to = to;
		}
	}
	return best > 0;
}

static bool in_episode(const struct search *search, const struct change *change)
{
	size_t gap = episode_gap(search);

	return change->score > 0 && change->from + gap >= search->from && change->from <= search->to;
}

static void choose_members(struct search *search)
{
	const struct survey *survey = &search->survey;
	size_t length = search->to - search->from, first = search->from > 2 ? search->from - 2 : 1;

	for (uint32_t i = 0; i < survey->service_count; i++) {
		struct suspect *suspect = &search->suspects[i];
		const uint32_t *counts = survey->counts + (size_t)i * CHANGE_BUCKETS;
		struct change early;

		suspect->member = in_episode(search, &suspect->change);
		/* A stretch that was on from the very beginning and ended together with the others belongs to them. */
		if (!suspect->member && search->from > 0 &&
			change_find(counts, survey->bucket_count, 0, search_reference(search), &early) &&
			early.from == 0 && early.to + length / 4 >= search->to && early.to <= search->to + length / 4) {
			suspect->change = early;
			suspect->member = true;
		}
		if (!suspect->member && survey->errors[i] > 0) {
			change_find(counts, survey->bucket_count, first, search_reference(search), &suspect->change);
			suspect->member = in_episode(search, &suspect->change);
		}
	}
	for (uint32_t i = 0; i < survey->service_count; i++)
		if (search->suspects[i].member && search->suspects[i].change.from < search->from)
			search->from = search->suspects[i].change.from;
}

/* Does the service say little but errors? Where there is no baseline to compare with, that is trouble. */
static bool is_all_errors(const struct survey *survey, uint32_t service)
{
	return survey->errors[service] >= ALL_TROUBLE_ERRORS &&
		survey->errors[service] >= survey->records[service] - survey->errors[service];
}

/* Nothing changes because it is trouble from the first record to the last: most of what is said, by more than one
 * service, is errors. */
static bool is_all_trouble(const struct survey *survey)
{
	uint64_t records = 0, errors = 0;
	unsigned services = 0;

	for (uint32_t i = 0; i < survey->service_count; i++) {
		records += survey->records[i];
		errors += survey->errors[i];
		services += is_all_errors(survey, i);
	}
	return services >= 2 && errors >= records - errors;
}

/* Is what lies before the episode too short, or in trouble already? */
static bool lacks_baseline(const struct search *search)
{
	const struct survey *survey = &search->survey;

	if (search->from < BASELINE_BUCKETS)
		return true;
	if (search->from * BASELINE_SHARE >= survey->bucket_count)
		return false;
	for (uint32_t i = 0; i < survey->service_count; i++)
		for (size_t bucket = 0; bucket < search->from && is_all_errors(survey, i); bucket++)
			if (survey->counts[(size_t)i * CHANGE_BUCKETS + bucket] > 0)
				return true;
	return false;
}

/* The log begins in the trouble: the episode is all there is, and who does nothing but fail takes part. */
static void begin_in_trouble(struct search *search)
{
	search->abnormal = true;
	search->baseless = true;
	search->from = 0;
	for (uint32_t i = 0; i < search->survey.service_count; i++) {
		struct suspect *suspect = &search->suspects[i];
		if (suspect->member || !is_all_errors(&search->survey, i))
			continue;
		suspect->member = true;
		suspect->change = (struct change){0, search->survey.bucket_count, 1};
	}
}

void episode_find(struct search *search)
{
	/* A stretch from the very first bucket may as well be a noise that ended: it counts only when there is nothing
	 * better. */
	find_changes(search, 1);
	search->abnormal = choose_episode(search);
	if (!search->abnormal) {
		find_changes(search, 0);
		search->abnormal = choose_episode(search);
	}
	if (search->abnormal)
		choose_members(search);
	if (search->wanted == NULL && (search->abnormal ? lacks_baseline(search) : is_all_trouble(&search->survey)))
		begin_in_trouble(search);
}
