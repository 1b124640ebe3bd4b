/*
 * What broke first.
 *
 * 1. Each service's errors, counted in equal buckets, are searched for the stretch that stands out most from its other buckets (change.c). A
 *    service that errs at one rate all along has none: it is background, however loud.
 * 2. Stretches that overlap or follow one another closely are one episode. The episode that most services take part in is the trouble; a stretch
 *    elsewhere was a trouble of its own, and its service is searched again within this one.
 * 3. Within the episode the beginning of each service is sought record by record: the point where its errors became dense, and from there back
 *    over the records that lead up to it without a long pause: errors, and warnings that were never seen before and keep coming. So neither a
 *    stray error nor a periodic warning is taken for the beginning, but a rising new warning is.
 * 4. A service that erred little, but with something new and repeated or FATAL, takes part as well: a cause may be quieter than its victims.
 *
 * When the episode reaches back to the first bucket there is no baseline, and the order is that of the first errors.
 */
#include "tocsin/detect/onset.h"

#include "detect/detector.h"
#include "detect/survey.h"

#include <math.h>
#include <stdlib.h>

#define EPISODE_GAP (120 * TIMESTAMP_SECOND)  /* between stretches of one episode */
#define RAMP_LONGEST (600 * TIMESTAMP_SECOND) /* how long before the episode its first signs may come */
#define RAMP_PAUSE (60 * TIMESTAMP_SECOND)    /* between two records of a ramp */
#define RAMP_PAUSE_KNOWN (15 * TIMESTAMP_SECOND) /* between two errors that were seen before */
#define BASELINE_BUCKETS 3                    /* fewer before the episode are no baseline */
#define BASELINE_SHARE 10                     /* a service that only fails spoils a baseline shorter than this part of the log */
#define RAMP_REPEATED 3                       /* occurrences of a new template in a ramp or a quiet cause */
#define RAMP_CHANCE 0.05                      /* background errors that may be expected in a pause bridged by known errors */
#define NOVELTY_NOISE 3                       /* so many new templates in the later half of the baseline: novelty means nothing there */
#define QUIET_LEAD (120 * TIMESTAMP_SECOND)   /* how long before the episode a quiet cause may begin */
#define ALL_TROUBLE_ERRORS 10                 /* errors, at least half of all records, of a service in a log that is trouble throughout */

struct suspect {
	struct change change; /* score 0: none */
	bool member;          /* of the episode */
	struct onset onset;
};

struct search {
	struct survey survey;
	const struct window *wanted;
	bool reference[CHANGE_BUCKETS]; /* the baseline that was wanted */
	struct suspect *suspects;       /* by service */
	size_t from, to;                /* the episode, in buckets */
	bool abnormal;
	bool baseless;                  /* no baseline */
	int64_t known;                  /* what was seen before this is not new */
	uint32_t *noise;                /* by service: new templates in the later half of the baseline */
	uint32_t *dense;                /* by sighting: errors in the dense part of the service at hand */
};

static const bool *search_reference(const struct search *search)
{
	return search->wanted != NULL ? search->reference : NULL;
}

/* --- stretches and the episode ------------------------------------------------------------------------------------ */

static void find_changes(struct search *search, size_t first)
{
	for (uint32_t i = 0; i < search->survey.service_count; i++)
		change_find(search->survey.counts + (size_t)i * CHANGE_BUCKETS, search->survey.bucket_count, first, search_reference(search),
			&search->suspects[i].change);
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
		if (!suspect->member && search->from > 0 && change_find(counts, survey->bucket_count, 0, search_reference(search), &early)
			&& early.from == 0 && early.to + length / 4 >= search->to && early.to <= search->to + length / 4) {
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
	return survey->errors[service] >= ALL_TROUBLE_ERRORS && survey->errors[service] >= survey->records[service] - survey->errors[service];
}

/* Nothing changes because it is trouble from the first record to the last: most of what is said, by more than one service, is errors. */
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

static void find_episode(struct search *search)
{
	/* A stretch from the very first bucket may as well be a noise that ended: it counts only when there is nothing better. */
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

/* --- what is new -------------------------------------------------------------------------------------------------- */

static void find_known(struct search *search)
{
	int64_t begin = search->survey.extent.from, trouble = survey_time(&search->survey, search->from);
	int64_t ramp = detect_span(trouble, begin) / 2;

	if (ramp > RAMP_LONGEST)
		ramp = RAMP_LONGEST;
	search->known = trouble - ramp;
	int64_t middle = begin + detect_span(search->known, begin) / 2;
	for (uint32_t i = 0; i < search->survey.sightings.count; i++) {
		const struct sighting *sighting = vector_at(&search->survey.sightings, i);
		search->noise[pairs_first(&search->survey.pairs, i)] += sighting->first >= middle && sighting->first < search->known;
	}
}

static bool is_new(const struct search *search, uint32_t service, uint32_t index)
{
	if (index == PAIRS_NONE || search->baseless || search->noise[service] >= NOVELTY_NOISE)
		return false;
	const struct sighting *sighting = vector_at(&search->survey.sightings, index);
	return search->wanted != NULL ? !sighting->in_reference : sighting->first >= search->known;
}

/* New, and no accident. */
static bool is_sign(const struct search *search, uint32_t service, uint32_t index)
{
	if (!is_new(search, service, index))
		return false;
	const struct sighting *sighting = vector_at(&search->survey.sightings, index);
	return sighting->count >= RAMP_REPEATED || sighting->level == LEVEL_FATAL;
}

/* --- the beginning of one service --------------------------------------------------------------------------------- */

/* Errors a nanosecond in the baseline, never quite nothing. */
static double rate_before(const struct search *search, uint32_t service)
{
	const struct survey *survey = &search->survey;
	const uint32_t *counts = survey->counts + (size_t)service * CHANGE_BUCKETS;
	double errors = 0.5, buckets = 0;

	for (size_t i = 0; i < survey->bucket_count; i++) {
		if (search->wanted != NULL ? search->reference[i] : i < search->from) {
			errors += counts[i];
			buckets++;
		}
	}
	return errors / ((buckets > 0 ? buckets : 1) * (double)survey->bucket);
}

/* Index of the sample at which the errors became dense. */
static size_t dense_point(const struct search *search, uint32_t service, const struct sample *samples, size_t count, int64_t *times,
	size_t *indexes)
{
	const struct change *change = &search->suspects[service].change;
	int64_t from = survey_time(&search->survey, change->from > 0 ? change->from - 1 : 0);
	int64_t to = survey_time(&search->survey, change->from + 2);
	size_t errors = 0, inside = 0;

	for (size_t i = 0; i < count; i++) {
		if (samples[i].level < LEVEL_ERROR)
			continue;
		indexes[errors] = i;
		times[errors++] = samples[i].time;
		inside += samples[i].time < from;
	}
	if (errors == inside)
		return errors > 0 ? indexes[errors - 1] : 0;
	if (count == SURVEY_SERVICE_SAMPLES)
		to = samples[count - 1].time + 1;
	return indexes[inside + change_point(times + inside, errors - inside, from, to, rate_before(search, service))];
}

/* Is the stretch of new warnings [from, to) before the errors a rise to them, rather than something periodic that came by? */
static bool is_rising(const struct search *search, uint32_t service, const struct sample *samples, size_t from, size_t to)
{
	int64_t span = detect_span(samples[to].time, samples[from].time);
	int64_t middle = samples[from].time + span / 2;
	size_t early = 0, late = 0;

	for (size_t i = from; i < to; i++) {
		if (!is_sign(search, service, samples[i].sighting))
			continue;
		if (samples[i].time < middle)
			early++;
		else
			late++;
	}
	return span <= RAMP_PAUSE || late > early;
}

/* Walks back from the dense point over what leads up to it; returns the index of the sample the trouble begins with. */
static size_t ramp_begin(const struct search *search, uint32_t service, const struct sample *samples, size_t count, size_t dense)
{
	double known_pause = RAMP_CHANCE / rate_before(search, service);
	size_t at = dense, first_error = dense;

	for (size_t i = dense; i < count; i++)
		if (samples[i].sighting != PAIRS_NONE)
			search->dense[samples[i].sighting]++;
	if (known_pause > (double)RAMP_PAUSE_KNOWN)
		known_pause = (double)RAMP_PAUSE_KNOWN;
	for (size_t i = dense; i-- > 0;) {
		int64_t pause = detect_span(samples[at].time, samples[i].time);
		bool error = samples[i].level >= LEVEL_ERROR;

		if (pause > RAMP_PAUSE)
			break;
		/* An error that was seen before leads up to the trouble only when the trouble is made of it. */
		bool leads = error && (double)pause <= known_pause && samples[i].sighting != PAIRS_NONE
			&& search->dense[samples[i].sighting] >= RAMP_REPEATED;
		if (!leads && !is_sign(search, service, samples[i].sighting))
			continue;
		at = i;
		first_error = error ? i : first_error;
	}
	for (size_t i = dense; i < count; i++)
		if (samples[i].sighting != PAIRS_NONE)
			search->dense[samples[i].sighting] = 0;
	return at < first_error && !is_rising(search, service, samples, at, first_error) ? first_error : at;
}

static void onset_at(struct onset *onset, const struct store *store, uint64_t id, int64_t time)
{
	struct record record;

	store_record(store, id, &record);
	onset->time = time;
	onset->record = id;
	onset->template = record.template;
}

static void find_beginning(struct search *search, uint32_t service, const struct sample *samples, size_t count, int64_t *times,
	size_t *indexes)
{
	struct suspect *suspect = &search->suspects[service];
	size_t at = 0;

	if (search->baseless && suspect->change.from == 0) {
		while (at + 1 < count && samples[at].level < LEVEL_ERROR)
			at++;
	} else {
		at = ramp_begin(search, service, samples, count, dense_point(search, service, samples, count, times, indexes));
	}
	onset_at(&suspect->onset, search->survey.store, samples[at].record, samples[at].time);
	suspect->onset.score = 1 - exp(-suspect->change.score / 30);
}

static int find_beginnings(struct search *search)
{
	uint32_t services = search->survey.service_count;
	int64_t *untils = calloc(services, sizeof(*untils));
	int64_t *times = calloc(SURVEY_SERVICE_SAMPLES, sizeof(*times));
	size_t *indexes = calloc(SURVEY_SERVICE_SAMPLES, sizeof(*indexes));
	struct vector samples;
	int error = untils == NULL || times == NULL || indexes == NULL ? ERROR_MEMORY : 0;

	vector_init(&samples, sizeof(struct sample), SURVEY_SAMPLES);
	for (uint32_t i = 0; error == 0 && i < services; i++)
		untils[i] = search->suspects[i].member ? survey_time(&search->survey, search->suspects[i].change.from + 2) : TIMESTAMP_NONE;
	if (error == 0)
		error = survey_collect(&search->survey, search->known, untils, &samples);
	for (size_t i = 0, end; error == 0 && i < samples.count; i = end) {
		const struct sample *first = vector_at(&samples, i);
		for (end = i + 1; end < samples.count && ((struct sample *)vector_at(&samples, end))->service == first->service;)
			end++;
		find_beginning(search, first->service, first, end - i, times, indexes);
	}
	vector_release(&samples);
	free(untils);
	free(times);
	free(indexes);
	return error;
}

/* Services whose errors were too few to stand out, but new, repeated or FATAL, and in time. */
static void find_quiet(struct search *search)
{
	int64_t from = survey_time(&search->survey, search->from), to = survey_time(&search->survey, search->to);

	for (uint32_t i = 0; i < search->survey.sightings.count; i++) {
		const struct sighting *sighting = vector_at(&search->survey.sightings, i);
		uint32_t service = pairs_first(&search->survey.pairs, i);
		struct suspect *suspect = &search->suspects[service];

		if (suspect->member || sighting->level < LEVEL_ERROR || !is_sign(search, service, i)
			|| detect_span(from, sighting->first) > QUIET_LEAD || sighting->first >= to)
			continue;
		if (suspect->onset.time != TIMESTAMP_NONE && suspect->onset.time <= sighting->first)
			continue;
		onset_at(&suspect->onset, search->survey.store, sighting->record, sighting->first);
		suspect->onset.score = 0.3;
	}
}

/* --- the report --------------------------------------------------------------------------------------------------- */

static int compare_onsets(const void *a, const void *b)
{
	const struct onset *first = a, *second = b;
	bool first_on = first->time != TIMESTAMP_NONE, second_on = second->time != TIMESTAMP_NONE;

	if (first_on != second_on)
		return first_on ? -1 : 1;
	if (first_on && first->time != second->time)
		return first->time < second->time ? -1 : 1;
	if (first_on && first->record != second->record)
		return first->record < second->record ? -1 : 1;
	if (first->background != second->background)
		return first->background ? -1 : 1;
	return first->service < second->service ? -1 : first->service > second->service;
}

static double a_minute(uint64_t count, int64_t from, int64_t to)
{
	double minutes = ((double)to - (double)from) / (double)TIMESTAMP_MINUTE;

	/* A rate over less than a second says nothing. */
	return minutes * 60 >= 1 ? (double)count / minutes : (double)count * 60;
}

static void choose_baseline(const struct search *search, struct onset_report *report, int64_t *first)
{
	*first = TIMESTAMP_NONE;
	for (uint32_t i = 0; i < search->survey.service_count; i++) {
		int64_t time = search->suspects[i].onset.time;
		if (time != TIMESTAMP_NONE && (*first == TIMESTAMP_NONE || time < *first))
			*first = time;
	}
	report->abnormal = *first != TIMESTAMP_NONE;
	report->baseline = report->extent;
	if (search->wanted != NULL)
		report->baseline = *search->wanted;
	else if (report->abnormal)
		report->baseline.to = search->baseless ? report->extent.from : *first;
}

static int fill_report(struct search *search, struct onset_report *report)
{
	const struct survey *survey = &search->survey;
	struct survey_totals *totals = calloc(survey->service_count, sizeof(*totals));
	int64_t first;
	int error;

	choose_baseline(search, report, &first);
	error = totals == NULL ? ERROR_MEMORY : survey_count(survey, report->baseline, first, totals);
	for (uint32_t i = 0; error == 0 && i < survey->service_count; i++) {
		if (survey->records[i] == 0)
			continue;
		struct onset *onset = vector_push(&report->onsets);
		if (onset == NULL) {
			error = ERROR_MEMORY;
			break;
		}
		*onset = search->suspects[i].onset;
		onset->service = i;
		onset->background = onset->time == TIMESTAMP_NONE && survey->errors[i] >= 5;
		onset->errors_before = totals[i].before;
		onset->errors_after = totals[i].after;
		onset->rate_before = search->baseless ? 0 : a_minute(totals[i].before, report->baseline.from, report->baseline.to);
		onset->rate_after = report->abnormal ? a_minute(totals[i].after, first, report->extent.to) : 0;
		onset->peak = totals[i].peak;
		if (onset->time == TIMESTAMP_NONE || search->baseless)
			continue;
		uint32_t pair = pairs_find(&survey->pairs, i, onset->template);
		if (pair != PAIRS_NONE) {
			const struct sighting *sighting = vector_at(&survey->sightings, pair);
			/* Said before at another level, or by another service, is not new. */
			int64_t born = store_time(survey->store, store_template_first(survey->store, onset->template));
			onset->new_template = search->wanted != NULL ? !sighting->in_reference : sighting->first >= first && born >= first;
		}
	}
	free(totals);
	vector_sort(&report->onsets, compare_onsets);
	return error;
}

/* The buckets that lie in the baseline that is wanted; it is set aside when it covers none, or all. */
static void mark_reference(struct search *search, const struct window *wanted)
{
	size_t marked = 0;

	for (size_t i = 0; wanted != NULL && i < search->survey.bucket_count; i++) {
		search->reference[i] = survey_time(&search->survey, i) >= wanted->from && survey_time(&search->survey, i + 1) <= wanted->to;
		marked += search->reference[i];
	}
	search->wanted = marked > 0 && marked < search->survey.bucket_count ? wanted : NULL;
}

int onset_compute(const struct store *store, struct horizon horizon, const struct window *wanted, struct onset_report *report)
{
	struct search search = {0};
	int error;

	*report = (struct onset_report){0};
	vector_init(&report->onsets, sizeof(struct onset), UINT32_MAX);
	if (!survey_make(&search.survey, store, horizon, wanted, &error))
		return error;
	report->extent = search.survey.extent;
	mark_reference(&search, wanted);
	search.suspects = calloc(search.survey.service_count, sizeof(*search.suspects));
	search.noise = calloc(search.survey.service_count, sizeof(*search.noise));
	search.dense = calloc(search.survey.sightings.count + 1, sizeof(*search.dense));
	if (search.suspects == NULL || search.noise == NULL || search.dense == NULL)
		error = ERROR_MEMORY;
	for (uint32_t i = 0; error == 0 && i < search.survey.service_count; i++)
		search.suspects[i].onset = (struct onset){.service = i, .time = TIMESTAMP_NONE, .record = UINT64_MAX, .template = STORE_NO_CODE};
	if (error == 0)
		find_episode(&search);
	if (error == 0 && search.abnormal) {
		find_known(&search);
		error = find_beginnings(&search);
		if (error == 0)
			find_quiet(&search);
	}
	if (error == 0)
		error = fill_report(&search, report);
	free(search.suspects);
	free(search.noise);
	free(search.dense);
	survey_release(&search.survey);
	if (error != 0)
		onset_report_release(report);
	return error;
}

void onset_report_release(struct onset_report *report)
{
	vector_release(&report->onsets);
}
