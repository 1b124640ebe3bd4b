/*
 * Passes over the columns for onset.c.
 */
#include "detect/survey.h"

#include "detect/detector.h"
#include "detect/meter.h"

#include <stdlib.h>
#include <string.h>

#define SURVEY_ORIGINS 65536 /* pairs of service and source */

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
	size_t low = 0, high = survey->bucket_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (survey->buckets[middle].to <= time)
			low = middle + 1;
		else
			high = middle;
	}
	return low < survey->bucket_count && survey->buckets[low].from <= time ? low : CHANGE_BUCKETS;
}

int64_t survey_time(const struct survey *survey, size_t bucket)
{
	return bucket < survey->bucket_count ? survey->buckets[bucket].from
					     : survey->buckets[survey->bucket_count - 1].to;
}

bool survey_joined(const struct survey *survey, size_t bucket)
{
	return bucket > 0 && bucket < survey->bucket_count &&
		survey->buckets[bucket - 1].to == survey->buckets[bucket].from;
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
		pairs_put(&survey->origins, record.service, record.source);
		if (record.time == TIMESTAMP_NONE || !is_trouble(&record))
			continue;
		survey->errors[record.service] += level_is_error((enum level)record.level);
		int error = sight(survey, &record, reference);
		if (error != 0)
			return error;
	}
	return 0;
}

static bool survey_allocate(struct survey *survey)
{
	size_t services = survey->service_count, cells = services * CHANGE_BUCKETS;

	pairs_init(&survey->pairs, SURVEY_PAIRS);
	pairs_init(&survey->origins, SURVEY_ORIGINS);
	vector_init(&survey->sightings, sizeof(struct sighting), SURVEY_PAIRS);
	survey->records = calloc(services, sizeof(*survey->records));
	survey->errors = calloc(services, sizeof(*survey->errors));
	survey->counts = calloc(cells, sizeof(*survey->counts));
	survey->spoken = calloc(cells, sizeof(*survey->spoken));
	survey->calm = calloc(cells, sizeof(*survey->calm));
	survey->sources = calloc((size_t)survey->source_count * CHANGE_BUCKETS, sizeof(*survey->sources));
	return survey->records != NULL && survey->errors != NULL && survey->counts != NULL && survey->spoken != NULL &&
		survey->calm != NULL && survey->sources != NULL;
}

bool survey_make(struct survey *survey, const struct store *store, struct horizon horizon,
	const struct window *reference, int *error)
{
	*survey = (struct survey){ .store = store, .horizon = horizon };
	*error = 0;
	if (!store_has_records(store) || !active_read(&survey->active, store, horizon, error))
		return false;
	survey->service_count = store_service_count(store);
	survey->source_count = store_source_count(store);
	*error = survey_allocate(survey) ? survey_read(survey, reference) : ERROR_MEMORY;
	if (*error != 0) {
		survey_release(survey);
		return false;
	}
	survey_focus(survey,
		(struct window){
			survey->active.stretches[0].from, survey->active.stretches[survey->active.count - 1].to });
	return true;
}

void survey_release(struct survey *survey)
{
	free(survey->records);
	free(survey->errors);
	free(survey->counts);
	free(survey->spoken);
	free(survey->calm);
	free(survey->sources);
	pairs_release(&survey->pairs);
	pairs_release(&survey->origins);
	vector_release(&survey->sightings);
}

/* What of a stretch lies within the window; empty when nothing does. */
static struct window stretch_within(struct window stretch, struct window window)
{
	stretch.from = stretch.from < window.from ? window.from : stretch.from;
	stretch.to = stretch.to > window.to ? window.to : stretch.to;
	if (stretch.from >= stretch.to)
		stretch.to = stretch.from;
	return stretch;
}

static void divide(struct survey *survey, struct window part)
{
	for (int64_t from = part.from; from < part.to && survey->bucket_count < CHANGE_BUCKETS;) {
		uint64_t rest = (uint64_t)part.to - (uint64_t)from;
		int64_t to = rest > survey->bucket ? (int64_t)((uint64_t)from + survey->bucket) : part.to;

		survey->buckets[survey->bucket_count++] = (struct window){ from, to };
		from = to;
	}
}

/* Whole seconds, as short as CHANGE_BUCKETS allow when every stretch has buckets of its own. */
static void choose_buckets(struct survey *survey, struct window window)
{
	uint64_t second = TIMESTAMP_SECOND, length = 0, bucket;
	size_t parts = 0;

	for (size_t i = 0; i < survey->active.count; i++) {
		struct window part = stretch_within(survey->active.stretches[i], window);
		length += (uint64_t)part.to - (uint64_t)part.from;
		parts += part.from < part.to;
	}
	bucket = length / (CHANGE_BUCKETS + 1 - (parts > 0 ? parts : 1)) + 1;
	survey->bucket = (bucket + second - 1) / second * second;
	survey->bucket_count = 0;
	for (size_t i = 0; i < survey->active.count; i++)
		divide(survey, stretch_within(survey->active.stretches[i], window));
}

void survey_focus(struct survey *survey, struct window window)
{
	size_t cells = (size_t)survey->service_count * CHANGE_BUCKETS;
	struct record record;

	choose_buckets(survey, window);
	memset(survey->counts, 0, cells * sizeof(*survey->counts));
	memset(survey->spoken, 0, cells * sizeof(*survey->spoken));
	memset(survey->calm, 0, cells * sizeof(*survey->calm));
	memset(survey->sources, 0, (size_t)survey->source_count * CHANGE_BUCKETS * sizeof(*survey->sources));
	for (uint64_t id = query_find_time(survey->store, survey->horizon, window.from); id < survey->horizon.records;
		id++) {
		int64_t time = store_time(survey->store, id);
		size_t bucket = time != TIMESTAMP_NONE ? survey_bucket(survey, time) : CHANGE_BUCKETS;

		if (bucket == CHANGE_BUCKETS)
			continue;
		store_record(survey->store, id, &record);
		if (record.service >= survey->service_count || record.source >= survey->source_count)
			continue;
		size_t cell = (size_t)record.service * CHANGE_BUCKETS + bucket;
		survey->counts[cell] += level_is_error((enum level)record.level);
		survey->spoken[cell]++;
		survey->calm[cell] += !is_trouble(&record);
		survey->sources[(size_t)record.source * CHANGE_BUCKETS + bucket]++;
	}
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

int survey_count(
	const struct survey *survey, struct window baseline, struct window trouble, struct survey_totals *totals)
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
		total->before += in_window(baseline, record.time);
		total->after += in_window(trouble, record.time);
	}
	free(meters);
	return 0;
}
