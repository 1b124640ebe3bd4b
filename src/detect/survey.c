/*
 * Passes over the columns for onset.c.
 */
#include "detect/survey.h"

#include "detect/detector.h"
#include "detect/meter.h"

#include <stdlib.h>

#define EXTENT_SAMPLE 1024
#define EXTENT_SMALLEST 100 /* fewer records cannot tell what is far away */

static bool is_trouble(const struct record *record)
{
	return record->level >= LEVEL_WARN && record->level <= LEVEL_FATAL;
}

static bool in_window(struct window window, int64_t time)
{
	return window.from <= time && time < window.to;
}

size_t survey_bucket(const struct survey *survey, int64_t time)
{
	if (time <= survey->extent.from)
		return 0;
	/* Unsigned, since the extent may be longer than half of all times. */
	uint64_t bucket = ((uint64_t)time - (uint64_t)survey->extent.from) / survey->bucket;
	return bucket < survey->bucket_count ? (size_t)bucket : survey->bucket_count - 1;
}

int64_t survey_time(const struct survey *survey, size_t bucket)
{
	uint64_t length = (uint64_t)survey->extent.to - (uint64_t)survey->extent.from;

	if (bucket >= survey->bucket_count || bucket * survey->bucket >= length)
		return survey->extent.to;
	return (int64_t)((uint64_t)survey->extent.from + bucket * survey->bucket);
}

static int compare_times(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return first < second ? -1 : first > second;
}

/* A wrong clock far away would put the whole log into one bucket. Where nearly all of a sample lies close together, the
   extent is cut to what lies within ten times its length of that; the few records beyond count in the first and last
   bucket. */
static void cut_extent(struct survey *survey)
{
	int64_t times[EXTENT_SAMPLE];
	struct window cut = {INT64_MAX, INT64_MIN};
	uint64_t records = survey->horizon.records, step = records / EXTENT_SAMPLE + 1;
	size_t count = 0;

	for (uint64_t id = 0; id < records; id += step) {
		times[count] = store_time(survey->store, id);
		count += times[count] != TIMESTAMP_NONE;
	}
	if (count < EXTENT_SMALLEST)
		return;
	qsort(times, count, sizeof(*times), compare_times);
	int64_t low = times[count / 20], high = times[count - 1 - count / 20], span = detect_span(high, low);
	int64_t far = span < TIMESTAMP_DAY / 10 ? TIMESTAMP_DAY : span < INT64_MAX / 10 ? span * 10 : INT64_MAX;

	if (detect_span(survey->extent.to, high) <= far && detect_span(low, survey->extent.from) <= far)
		return;
	for (uint64_t id = 0; id < records; id++) {
		int64_t time = store_time(survey->store, id);
		if (time == TIMESTAMP_NONE || detect_span(time, high) > far || detect_span(low, time) > far)
			continue;
		cut.from = time < cut.from ? time : cut.from;
		cut.to = time >= cut.to ? time + 1 : cut.to;
	}
	survey->extent = cut;
}

/* Whole seconds, at most CHANGE_BUCKETS of them over the extent. */
static void choose_buckets(struct survey *survey)
{
	uint64_t second = TIMESTAMP_SECOND;
	uint64_t length = (uint64_t)survey->extent.to - (uint64_t)survey->extent.from;
	uint64_t bucket = length / CHANGE_BUCKETS + 1;

	survey->bucket = (bucket + second - 1) / second * second;
	survey->bucket_count = (size_t)(length / survey->bucket + (length % survey->bucket != 0));
	if (survey->bucket_count > CHANGE_BUCKETS)
		survey->bucket_count = CHANGE_BUCKETS;
}

static int sight(struct survey *survey, const struct record *record, const struct window *reference)
{
	uint32_t index = pairs_put(&survey->pairs, record->service, record->template);

	if (index == PAIRS_NONE)
		return 0;
	if (index == survey->sightings.count) {
		struct sighting *born = vector_push(&survey->sightings);
		if (born == NULL)
			return ERROR_MEMORY;
		born->first = record->time;
		born->record = record->id;
	}
	struct sighting *sighting = vector_at(&survey->sightings, index);
	if (record->time < sighting->first) {
		sighting->first = record->time;
		sighting->record = record->id;
	}
	if (record->level > sighting->level)
		sighting->level = record->level;
	sighting->dense = sighting->dense ||
		(sighting->count >= 2 && detect_span(record->time, sighting->last[0]) <= SURVEY_DENSE);
	sighting->last[0] = sighting->last[1];
	sighting->last[1] = record->time;
	sighting->count++;
	sighting->in_reference = sighting->in_reference || (reference != NULL && in_window(*reference, record->time));
	return 0;
}

static int survey_read(struct survey *survey, const struct window *reference)
{
	struct record record;

	for (uint64_t id = 0; id < survey->horizon.records; id++) {
		store_record(survey->store, id, &record);
		if (record.service >= survey->service_count)
			continue;
		survey->records[record.service]++;
		if (record.time == TIMESTAMP_NONE || !is_trouble(&record))
			continue;
		if (level_is_error((enum level)record.level)) {
			survey->errors[record.service]++;
			survey->counts[(size_t)record.service * CHANGE_BUCKETS + survey_bucket(survey, record.time)]++;
		}
		int error = sight(survey, &record, reference);
		if (error != 0)
			return error;
	}
	return 0;
}

bool survey_make(struct survey *survey, const struct store *store, struct horizon horizon,
	const struct window *reference, int *error)
{
	*survey = (struct survey){.store = store, .horizon = horizon};
	*error = 0;
	if (!store_has_records(store) || !query_extent(store, horizon, &survey->extent))
		return false;
	cut_extent(survey);
	choose_buckets(survey);
	survey->service_count = store_service_count(store);
	pairs_init(&survey->pairs, SURVEY_PAIRS);
	vector_init(&survey->sightings, sizeof(struct sighting), SURVEY_PAIRS);
	survey->records = calloc(survey->service_count, sizeof(*survey->records));
	survey->errors = calloc(survey->service_count, sizeof(*survey->errors));
	survey->counts = calloc((size_t)survey->service_count * CHANGE_BUCKETS, sizeof(*survey->counts));
	*error = survey->records == NULL || survey->errors == NULL || survey->counts == NULL
		? ERROR_MEMORY
		: survey_read(survey, reference);
	if (*error != 0)
		survey_release(survey);
	return *error == 0;
}

void survey_release(struct survey *survey)
{
	free(survey->records);
	free(survey->errors);
	free(survey->counts);
	pairs_release(&survey->pairs);
	vector_release(&survey->sightings);
}

static int compare_samples(const void *a, const void *b)
{
	const struct sample *first = a, *second = b;

	if (first->service != second->service)
		return first->service < second->service ? -1 : 1;
	if (first->time != second->time)
		return first->time < second->time ? -1 : 1;
	return first->record < second->record ? -1 : first->record > second->record;
}

int survey_collect(const struct survey *survey, int64_t from, const int64_t *untils, struct vector *samples)
{
	uint32_t *kept = calloc(survey->service_count, sizeof(*kept));
	struct record record;

	if (kept == NULL)
		return ERROR_MEMORY;
	for (uint64_t id = query_find_time(survey->store, survey->horizon, from); id < survey->horizon.records; id++) {
		store_record(survey->store, id, &record);
		if (record.time == TIMESTAMP_NONE || record.time < from || !is_trouble(&record) ||
			record.service >= survey->service_count || untils[record.service] == TIMESTAMP_NONE ||
			record.time >= untils[record.service] || kept[record.service] == SURVEY_SERVICE_SAMPLES)
			continue;
		struct sample *sample = vector_push(samples);
		if (sample == NULL && samples->count == samples->maximum)
			break;
		if (sample == NULL) {
			free(kept);
			return ERROR_MEMORY;
		}
		kept[record.service]++;
		sample->time = record.time;
		sample->record = record.id;
		sample->service = record.service;
		sample->sighting = pairs_find(&survey->pairs, record.service, record.template);
		sample->level = record.level;
	}
	free(kept);
	vector_sort(samples, compare_samples);
	return 0;
}

int survey_count(const struct survey *survey, struct window baseline, int64_t onset, struct survey_totals *totals)
{
	struct meter *meters = calloc(survey->service_count, sizeof(*meters));
	struct record record;

	if (meters == NULL)
		return ERROR_MEMORY;
	for (uint64_t id = 0; id < survey->horizon.records; id++) {
		store_record(survey->store, id, &record);
		if (record.time == TIMESTAMP_NONE || record.service >= survey->service_count ||
			!level_is_error((enum level)record.level))
			continue;
		struct survey_totals *total = &totals[record.service];
		uint32_t minute = meter_add(&meters[record.service], record.time, TIMESTAMP_MINUTE / METER_SLOTS);
		if (total->peak < minute)
			total->peak = minute;
		if (in_window(baseline, record.time))
			total->before++;
		if (onset != TIMESTAMP_NONE && record.time >= onset)
			total->after++;
	}
	free(meters);
	return 0;
}
