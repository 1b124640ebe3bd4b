/*
 * Stretches of errors that belong together.
 *
 * Each service's errors, counted in equal buckets, are searched for the stretch that stands out most from its other
 * buckets, of those in which the service was heard. Stretches that overlap or follow one another closely are one
 * episode, and the episode of most weight, which grows with the services that take part in it and a little with how
 * loud they are, is the trouble; of two equal ones the later. Where it is a small part of the log it is looked at again
 * in finer buckets, it and what surrounds it alone: hours of normal traffic before or after change nothing. A stretch
 * elsewhere was a trouble of its own, which is told beside; its service is searched again within this one.
 */
#include "detect/episode.h"

#include "detect/detector.h"
#include "detect/heard.h"

#include <math.h>

#define EPISODE_GAP (120 * TIMESTAMP_SECOND) /* between stretches of one episode */
#define BASELINE_BUCKETS 3                   /* fewer before the episode are no baseline */
#define BASELINE_SHARE 10     /* a service that only fails spoils a baseline shorter than this part of the log */
#define ALL_TROUBLE_ERRORS 10 /* errors of a service in a log that is trouble throughout ... */
#define ALL_TROUBLE_RATIO 3   /* for each record that is none */
#define FOCUS_BEFORE 2        /* lengths of the episode that are looked at before it ... */
#define FOCUS_AFTER 1         /* ... and after it, */
#define FOCUS_MARGIN 2        /* and so many buckets more */
#define FOCUS_GAIN 2          /* when that makes the buckets so much finer at least */

static bool is_heard(const struct search *search, uint32_t service, size_t bucket)
{
	return search->heard[(size_t)service * CHANGE_BUCKETS + bucket];
}

/* The stretch that stands out most among the buckets in which the service was heard, from `first` on. One from the
   very first of them may as well be a noise that ended: it is found only when `first` is 0. */
static bool find_change(const struct search *search, uint32_t service, size_t first, struct change *change)
{
	uint32_t counts[CHANGE_BUCKETS];
	size_t places[CHANGE_BUCKETS], count = 0, begin = first > 0;
	bool reference[CHANGE_BUCKETS];

	for (size_t i = 0; i < search->survey.bucket_count; i++) {
		if (!is_heard(search, service, i))
			continue;
		counts[count] = search->survey.counts[(size_t)service * CHANGE_BUCKETS + i];
		reference[count] = search->reference[i];
		places[count++] = i;
		begin = i < first ? count : begin;
	}
	if (!change_find(counts, count, begin, search->wanted != NULL ? reference : NULL, change))
		return false;
	change->from = places[change->from];
	change->to = places[change->to - 1] + 1;
	return true;
}

static void find_changes(struct search *search, size_t first)
{
	for (uint32_t i = 0; i < search->survey.service_count; i++)
		find_change(search, i, first, &search->suspects[i].change);
}

/* Do two parts of the log, the earlier one ending before bucket `to`, the later one beginning at `from`, follow closely
   enough to be one? */
static bool is_close(const struct search *search, size_t to, size_t from)
{
	int64_t bucket = (int64_t)search->survey.bucket, gap = EPISODE_GAP / bucket * bucket;

	if (from <= to)
		return true;
	if (gap < 2 * bucket)
		gap = 2 * bucket;
	return detect_span(search->survey.buckets[from].from, search->survey.buckets[to - 1].to) <= gap;
}

static bool touches(const struct search *search, const struct change *change, size_t from, size_t to)
{
	return change->score > 0 && is_close(search, to, change->from) && is_close(search, change->to, from);
}

/* Widens [*from, *to) over every stretch that touches it; returns the weight of all that do. */
static double episode_grow(const struct search *search, size_t *from, size_t *to)
{
	double weight = 0;

	for (bool grown = true; grown;) {
		grown = false;
		weight = 0;
		for (uint32_t i = 0; i < search->survey.service_count; i++) {
			const struct change *change = &search->suspects[i].change;
			if (!touches(search, change, *from, *to))
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
		if (weight > best || (weight >= best && from > search->from)) {
			best = weight;
			search->from = from;
			search->to = to;
		}
	}
	return best > 0;
}

struct window episode_window(const struct search *search)
{
	return (struct window){ search->survey.buckets[search->from].from, search->survey.buckets[search->to - 1].to };
}

static bool overlap(struct window a, struct window b)
{
	return a.from < b.to && b.from < a.to;
}

static size_t find_other(const struct search *search, struct window window)
{
	size_t i = 0;

	while (i < search->others.count &&
		!overlap(((struct onset_trouble *)vector_at(&search->others, i))->window, window))
		i++;
	return i;
}

/* Notes what stands out outside of the episode, and was not seen in coarser buckets already. */
static int note_others(struct search *search)
{
	size_t known = search->others.count;

	for (uint32_t i = 0; i < search->survey.service_count; i++) {
		const struct change *change = &search->suspects[i].change;
		size_t from = change->from, to = change->to;

		if (change->score <= 0 || touches(search, change, search->from, search->to))
			continue;
		episode_grow(search, &from, &to);
		struct window window = { search->survey.buckets[from].from, search->survey.buckets[to - 1].to };
		size_t index = find_other(search, window);
		if (index < known || (index == search->others.count && index == search->others.maximum))
			continue;
		if (index == search->others.count && vector_push(&search->others) == NULL)
			return ERROR_MEMORY;
		struct onset_trouble *other = vector_at(&search->others, index);
		other->window = window;
		other->services++;
		if (change->from == from)
			other->service = i;
	}
	return 0;
}

static void drop_others(struct search *search)
{
	for (size_t i = search->others.count; i-- > 0;) {
		const struct onset_trouble *other = vector_at(&search->others, i);
		if (search->abnormal && overlap(other->window, episode_window(search)))
			vector_remove(&search->others, i);
	}
}

static bool in_episode(const struct search *search, const struct change *change)
{
	return change->score > 0 && change->from <= search->to && is_close(search, search->to, change->from) &&
		is_close(search, change->from, search->from);
}

/* Did the stretch begin where the service was first heard? */
static bool is_early(const struct search *search, uint32_t service, const struct change *change)
{
	for (size_t i = 0; i < change->from; i++)
		if (is_heard(search, service, i))
			return false;
	return true;
}

static void choose_members(struct search *search)
{
	size_t length = search->to - search->from, first = search->from > 2 ? search->from - 2 : 1;

	for (uint32_t i = 0; i < search->survey.service_count; i++) {
		struct suspect *suspect = &search->suspects[i];
		struct change early;

		suspect->member = in_episode(search, &suspect->change);
		/* A stretch that was on from the very beginning and ended together with the others belongs to them. */
		if (!suspect->member && search->from > 0 && find_change(search, i, 0, &early) &&
			is_early(search, i, &early) && early.to + length / 4 >= search->to &&
			early.to <= search->to + length / 4) {
			suspect->change = early;
			suspect->member = true;
		}
		if (!suspect->member && search->survey.errors[i] > 0) {
			find_change(search, i, first, &suspect->change);
			suspect->member = in_episode(search, &suspect->change);
		}
	}
	for (uint32_t i = 0; i < search->survey.service_count; i++)
		if (search->suspects[i].member && search->suspects[i].change.from < search->from)
			search->from = search->suspects[i].change.from;
}

/* Does the service say little but errors? Where there is no baseline to compare with, that is trouble. */
static bool is_all_errors(const struct survey *survey, uint32_t service)
{
	return survey->errors[service] >= ALL_TROUBLE_ERRORS &&
		survey->errors[service] / ALL_TROUBLE_RATIO >= survey->records[service] - survey->errors[service];
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

static uint32_t count_errors(const struct search *search, uint32_t service, size_t from, size_t to)
{
	uint32_t errors = 0;

	for (size_t i = from; i < to; i++)
		errors += search->survey.counts[(size_t)service * CHANGE_BUCKETS + i];
	return errors;
}

/* The most buckets before the episode in which one of its members was heard. */
static size_t baseline_buckets(const struct search *search)
{
	size_t most = 0;

	for (uint32_t i = 0; i < search->survey.service_count; i++) {
		size_t heard = 0;
		for (size_t bucket = 0; bucket < search->from && search->suspects[i].member; bucket++)
			heard += is_heard(search, i, bucket);
		most = heard > most ? heard : most;
	}
	return most;
}

/* The bucket after the last silence before the episode. */
static size_t stretch_begin(const struct search *search)
{
	size_t begin = search->from;

	while (survey_joined(&search->survey, begin))
		begin--;
	return begin;
}

/* Is what lies before the episode too short, or in trouble already? */
static bool lacks_baseline(const struct search *search)
{
	const struct survey *survey = &search->survey;
	size_t buckets = baseline_buckets(search), begin = stretch_begin(search), end = search->to;

	while (survey_joined(survey, end))
		end++;
	if (buckets < BASELINE_BUCKETS)
		return true;
	if (buckets * BASELINE_SHARE >= end - begin)
		return false;
	for (uint32_t i = 0; i < survey->service_count; i++)
		if (is_all_errors(survey, i) && count_errors(search, i, begin, search->from) > 0)
			return true;
	return false;
}

/* The log begins in the trouble: the episode is all there is since the last silence, and who does nothing but fail
 * takes part. */
static void begin_in_trouble(struct search *search)
{
	if (!search->abnormal)
		search->to = search->survey.bucket_count;
	search->from = search->abnormal ? search->from : search->to - 1;
	search->abnormal = true;
	search->baseless = true;
	search->from = stretch_begin(search);
	for (uint32_t i = 0; i < search->survey.service_count; i++) {
		struct suspect *suspect = &search->suspects[i];
		if (suspect->member || !is_all_errors(&search->survey, i) ||
			count_errors(search, i, search->from, search->to) == 0)
			continue;
		suspect->member = true;
		suspect->change = (struct change){ search->from, search->to, 1 };
	}
}

/* The stretches and the episode in the buckets of the focus. A stretch from the very first bucket counts only when
 * there is nothing better. */
static bool find_episode(struct search *search)
{
	for (uint32_t i = 0; i < search->survey.service_count; i++)
		heard_find(&search->survey, i, search->heard + (size_t)i * CHANGE_BUCKETS);
	find_changes(search, 1);
	if (choose_episode(search))
		return true;
	find_changes(search, 0);
	return choose_episode(search);
}

/* What to look at more closely; false when that is not worth while. */
static bool choose_focus(const struct search *search, struct window *window)
{
	size_t length = search->to - search->from, count = search->survey.bucket_count;
	size_t before = length * FOCUS_BEFORE + FOCUS_MARGIN, to = search->to + length * FOCUS_AFTER + FOCUS_MARGIN;
	size_t from = search->from > before ? search->from - before : 0;

	to = to < count ? to : count;
	*window = (struct window){ search->survey.buckets[from].from, search->survey.buckets[to - 1].to };
	return search->survey.bucket > TIMESTAMP_SECOND && (to - from) * FOCUS_GAIN <= count;
}

int episode_find(struct search *search)
{
	struct window focus = { search->survey.buckets[0].from,
		search->survey.buckets[search->survey.bucket_count - 1].to },
		      closer;
	int error = 0;

	search->abnormal = find_episode(search);
	while (search->abnormal && search->wanted == NULL && error == 0) {
		error = note_others(search);
		if (!choose_focus(search, &closer))
			break;
		survey_focus(&search->survey, closer);
		if (!find_episode(search)) {
			survey_focus(&search->survey, focus);
			search->abnormal = find_episode(search);
			break;
		}
		focus = closer;
	}
	if (search->abnormal)
		choose_members(search);
	if (search->wanted == NULL && (search->abnormal ? lacks_baseline(search) : is_all_trouble(&search->survey)))
		begin_in_trouble(search);
	drop_others(search);
	return error;
}
