/*
 * What broke first.
 *
 * episode.c tells which services took part in the trouble and in which bucket each began; here the beginning is sought
 * record by record. It is the point where the errors became dense, and from there back over the records that lead up to
 * it without a long pause: errors the trouble is made of, and warnings that were never seen before and keep coming. So
 * neither a stray error nor a periodic warning is taken for the beginning, but a rising new warning is. A service that
 * erred too little to stand out, but with something new that is repeated or FATAL, takes part as well: a cause may be
 * quieter than its victims.
 *
 * When the trouble reaches back to the first buckets there is no baseline, and the order is that of the first errors.
 */
#include "tocsin/detect/onset.h"

#include "detect/detector.h"
#include "detect/onset_report.h"

#include <math.h>
#include <stdlib.h>

#define RAMP_LONGEST (600 * TIMESTAMP_SECOND)    /* how long before the episode its first signs may come */
#define RAMP_PAUSE (60 * TIMESTAMP_SECOND)       /* between two records of a ramp */
#define RAMP_PAUSE_KNOWN (15 * TIMESTAMP_SECOND) /* between two errors that were seen before */
#define RAMP_REPEATED 3  /* occurrences of a known error among the dense ones: the trouble is made of it */
#define RAMP_CHANCE 0.05 /* background errors that may be expected in a pause bridged by known errors */
#define NOVELTY_NOISE 3  /* so many new templates in the later half of the baseline: novelty means nothing there */
#define BASELINE_LEAST 3 /* buckets between a silence and the trouble, else what lies before the silence counts too */
#define QUIET_LEAD (120 * TIMESTAMP_SECOND) /* how long before the episode a quiet cause may begin */

/* --- what is new -------------------------------------------------------------------------------------------------- */

/* Where the baseline of a trouble begins: at the last silence, or the end of another trouble, before it, when that
 * leaves anything to speak of. */
static int64_t baseline_begin(const struct search *search, int64_t trouble)
{
	const struct active *active = &search->survey.active;
	size_t stretch = active_stretch(active, trouble);
	uint64_t before = active_before(active, trouble), least = BASELINE_LEAST * search->survey.bucket;
	int64_t begin = active->stretches[stretch].from;

	while (stretch > 0 && before - active_before(active, begin) < least)
		begin = active->stretches[--stretch].from;
	for (size_t i = 0; i < search->others.count; i++) {
		int64_t end = ((struct onset_trouble *)vector_at(&search->others, i))->window.to;
		if (end > begin && end < trouble && before - active_before(active, end) >= least)
			begin = end;
	}
	return begin;
}

/* Could the service have been heard before what is called new? */
static bool is_heard_before(const struct search *search, uint32_t service, int64_t time)
{
	for (size_t i = 0; i < search->survey.bucket_count && search->survey.buckets[i].from < time; i++)
		if (search->heard[(size_t)service * CHANGE_BUCKETS + i])
			return true;
	return false;
}

static void find_known(struct search *search)
{
	const struct active *active = &search->survey.active;
	int64_t trouble = survey_time(&search->survey, search->from);

	search->begin = baseline_begin(search, trouble);
	uint64_t begin = active_before(active, search->begin), end = active_before(active, trouble);
	uint64_t ramp = (end - begin) / 2;
	if (ramp > RAMP_LONGEST)
		ramp = RAMP_LONGEST;
	search->known = active_time(active, end - ramp);
	int64_t middle = active_time(active, begin + (end - ramp - begin) / 2);
	for (uint32_t i = 0; i < search->survey.service_count; i++)
		search->noise[i] =
			search->wanted != NULL || is_heard_before(search, i, search->known) ? 0 : NOVELTY_NOISE;
	for (uint32_t i = 0; i < search->survey.sightings.count; i++) {
		const struct sighting *sighting = vector_at(&search->survey.sightings, i);
		search->noise[pairs_first(&search->survey.pairs, i)] +=
			sighting->first >= middle && sighting->first < search->known;
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
	return sighting->dense || sighting->level == LEVEL_FATAL;
}

/* --- the beginning of one service --------------------------------------------------------------------------------- */

/* Errors a nanosecond in the baseline, never quite nothing. */
static double rate_before(const struct search *search, uint32_t service)
{
	const struct survey *survey = &search->survey;
	const uint32_t *counts = survey->counts + (size_t)service * CHANGE_BUCKETS;
	double errors = 0.5, buckets = 0;

	for (size_t i = 0; i < survey->bucket_count; i++) {
		if (!search->heard[(size_t)service * CHANGE_BUCKETS + i])
			continue;
		if (search->wanted != NULL ? search->reference[i] : i < search->from) {
			errors += counts[i];
			buckets++;
		}
	}
	return errors / ((buckets > 0 ? buckets : 1) * (double)survey->bucket);
}

/* Errors become dense between these, however far the silences around them reach. */
static struct window dense_window(const struct search *search, uint32_t service)
{
	const struct survey *survey = &search->survey;
	size_t from = search->suspects[service].change.from;

	return (struct window){ survey_time(survey, survey_joined(survey, from) ? from - 1 : from),
		survey->buckets[survey_joined(survey, from + 1) ? from + 1 : from].to };
}

/* Index of the sample at which the errors became dense. */
static size_t dense_point(const struct search *search, uint32_t service, const struct sample *samples, size_t count,
	int64_t *times, size_t *indexes)
{
	struct window window = dense_window(search, service);
	size_t errors = 0, inside = 0;

	for (size_t i = 0; i < count; i++) {
		if (samples[i].level < LEVEL_ERROR)
			continue;
		indexes[errors] = i;
		times[errors++] = samples[i].time;
		inside += samples[i].time < window.from;
	}
	if (errors == inside)
		return errors > 0 ? indexes[errors - 1] : 0;
	if (count == SURVEY_SERVICE_SAMPLES)
		window.to = samples[count - 1].time + 1;
	return indexes[inside +
		change_point(times + inside, errors - inside, window.from, window.to, rate_before(search, service))];
}

/* Is the stretch of new warnings [from, to) before the errors a rise to them, rather than something periodic that came
 * by? */
static bool is_rising(
	const struct search *search, uint32_t service, const struct sample *samples, size_t from, size_t to)
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
static size_t ramp_begin(
	const struct search *search, uint32_t service, const struct sample *samples, size_t count, size_t dense)
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
		bool leads = error && (double)pause <= known_pause && samples[i].sighting != PAIRS_NONE &&
			search->dense[samples[i].sighting] >= RAMP_REPEATED;
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

static void find_beginning(struct search *search, uint32_t service, const struct sample *samples, size_t count,
	int64_t *times, size_t *indexes)
{
	struct suspect *suspect = &search->suspects[service];
	size_t at = 0;

	if (search->baseless && suspect->change.from == search->from) {
		while (at + 1 < count && samples[at].level < LEVEL_ERROR)
			at++;
	} else {
		at = ramp_begin(
			search, service, samples, count, dense_point(search, service, samples, count, times, indexes));
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
		untils[i] = search->suspects[i].member ? dense_window(search, i).to : TIMESTAMP_NONE;
	if (error == 0)
		error = survey_collect(&search->survey, search->known, untils, &samples);
	for (size_t i = 0, end; error == 0 && i < samples.count; i = end) {
		const struct sample *first = vector_at(&samples, i);
		for (end = i + 1;
			end < samples.count && ((struct sample *)vector_at(&samples, end))->service == first->service;)
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
	struct window episode = episode_window(search);

	for (uint32_t i = 0; i < search->survey.sightings.count; i++) {
		const struct sighting *sighting = vector_at(&search->survey.sightings, i);
		uint32_t service = pairs_first(&search->survey.pairs, i);
		struct suspect *suspect = &search->suspects[service];

		if (suspect->member || sighting->level < LEVEL_ERROR || !is_sign(search, service, i) ||
			detect_span(episode.from, sighting->first) > QUIET_LEAD || sighting->first >= episode.to)
			continue;
		if (suspect->onset.time != TIMESTAMP_NONE && suspect->onset.time <= sighting->first)
			continue;
		onset_at(&suspect->onset, search->survey.store, sighting->record, sighting->first);
		suspect->onset.score = 0.3;
	}
}

/* --- all of it --------------------------------------------------------------------------------------------------- */

/* The buckets that lie in the baseline that is wanted; it is set aside when it covers none, or all. */
static void mark_reference(struct search *search, const struct window *wanted)
{
	size_t marked = 0;

	for (size_t i = 0; wanted != NULL && i < search->survey.bucket_count; i++) {
		struct window bucket = search->survey.buckets[i];
		search->reference[i] = bucket.from >= wanted->from && bucket.to <= wanted->to;
		marked += search->reference[i];
	}
	search->wanted = marked > 0 && marked < search->survey.bucket_count ? wanted : NULL;
}

static int search_allocate(struct search *search)
{
	uint32_t services = search->survey.service_count;

	search->suspects = calloc(services, sizeof(*search->suspects));
	search->noise = calloc(services, sizeof(*search->noise));
	search->heard = calloc((size_t)services * CHANGE_BUCKETS, sizeof(*search->heard));
	search->dense = calloc(search->survey.sightings.count + 1, sizeof(*search->dense));
	if (search->suspects == NULL || search->noise == NULL || search->heard == NULL || search->dense == NULL)
		return ERROR_MEMORY;
	for (uint32_t i = 0; i < services; i++)
		search->suspects[i].onset = (struct onset){
			.service = i, .time = TIMESTAMP_NONE, .record = UINT64_MAX, .template = STORE_NO_CODE
		};
	return 0;
}

int onset_compute(
	const struct store *store, struct horizon horizon, const struct window *wanted, struct onset_report *report)
{
	struct search search = { 0 };
	int error;

	*report = (struct onset_report){ 0 };
	vector_init(&report->onsets, sizeof(struct onset), UINT32_MAX);
	vector_init(&report->others, sizeof(struct onset_trouble), ONSET_OTHERS);
	if (!survey_make(&search.survey, store, horizon, wanted, &error))
		return error;
	query_extent(store, horizon, &report->extent);
	mark_reference(&search, wanted);
	search.others = report->others;
	error = search_allocate(&search);
	if (error == 0)
		error = episode_find(&search);
	if (error == 0 && search.abnormal) {
		find_known(&search);
		error = find_beginnings(&search);
		if (error == 0)
			find_quiet(&search);
	}
	if (error == 0)
		error = onset_report_fill(&search, report);
	report->others = search.others;
	free(search.suspects);
	free(search.noise);
	free(search.heard);
	free(search.dense);
	survey_release(&search.survey);
	if (error != 0)
		onset_report_release(report);
	return error;
}

void onset_report_release(struct onset_report *report)
{
	vector_release(&report->onsets);
	vector_release(&report->others);
}
