/*
 * Feeds records to the table of detectors in event time.
 *
 * The clock is the newest event time so far. A record without a time, or late by no more than LATENESS, counts at the
 * clock; one that is later is left out (the store's ledger counts it). One wrong time far ahead must not silence
 * everything: when LATE_RUN records in a row are late, the clock was wrong and steps back to them.
 *
 * Whenever the clock passes a whole DETECT_PULSE the detectors get what lies beside the log up to it, then the counts
 * since the last time: so the findings do not depend on how the log was fed.
 */
#include "tocsin/detect/detect.h"

#include "detect/census.h"
#include "detect/findings.h"
#include "tocsin/store/filter.h"

#include <stdlib.h>
#include <string.h>

#define LATENESS (5 * TIMESTAMP_SECOND)
#define LATE_RUN 64

static const struct detector *const detectors[] = {
	&detector_threshold,
	&detector_spike,
	&detector_connection,
	&detector_novelty,
	&detector_fatal,
	&detector_latency,
	&detector_leak,
	&detector_missing,
	&detector_cascade,
};

#define DETECTOR_COUNT (sizeof(detectors) / sizeof(detectors[0]))

struct detect {
	struct detect_options options;
	uint64_t seen;
	int64_t clock; /* TIMESTAMP_NONE before the first time */
	int64_t known; /* newest time of all */
	int64_t begin;
	int64_t pulse; /* when the next is due */
	unsigned late_run;
	struct filter *watch; /* NULL: everything, or not read yet */
	struct series_feed beside;
	struct census census;
	struct findings findings;
	void *states[DETECTOR_COUNT];
};

void *detect_table_at(struct vector *table, uint32_t code)
{
	while (table->count <= code)
		if (code >= table->maximum || vector_push(table) == NULL)
			return NULL;
	return vector_at(table, code);
}

int64_t detect_step(int64_t time, int64_t length)
{
	return time / length - (time % length < 0);
}

int64_t detect_span(int64_t later, int64_t earlier)
{
	int64_t span;

	return !__builtin_sub_overflow(later, earlier, &span) ? span : later > earlier ? INT64_MAX : INT64_MIN;
}

static void detect_begin(struct detect *detect)
{
	detect->seen = 0;
	detect->late_run = 0;
	detect->clock = detect->known = detect->begin = detect->pulse = TIMESTAMP_NONE;
	series_feed_rewind(&detect->beside);
	for (size_t i = 0; i < DETECTOR_COUNT; i++)
		detectors[i]->init(detect->states[i], &detect->options);
}

struct detect *detect_create(const struct detect_options *options)
{
	struct detect *detect = calloc(1, sizeof(*detect));

	if (detect == NULL)
		return NULL;
	detect->options = detect_options_complete(options);
	findings_init(&detect->findings);
	census_init(&detect->census);
	series_feed_init(&detect->beside);
	for (size_t i = 0; i < DETECTOR_COUNT; i++) {
		detect->states[i] = calloc(1, detectors[i]->state_size);
		if (detect->states[i] == NULL) {
			while (i-- > 0)
				free(detect->states[i]);
			free(detect);
			return NULL;
		}
	}
	detect_begin(detect);
	return detect;
}

void detect_destroy(struct detect *detect)
{
	if (detect == NULL)
		return;
	for (size_t i = 0; i < DETECTOR_COUNT; i++) {
		detectors[i]->release(detect->states[i]);
		free(detect->states[i]);
	}
	filter_destroy(detect->watch);
	series_feed_release(&detect->beside);
	census_release(&detect->census);
	findings_release(&detect->findings);
	free(detect);
}

void detect_reset(struct detect *detect)
{
	for (size_t i = 0; i < DETECTOR_COUNT; i++) {
		detectors[i]->release(detect->states[i]);
		memset(detect->states[i], 0, detectors[i]->state_size);
	}
	census_clear(&detect->census);
	findings_clear(&detect->findings);
	detect_begin(detect);
}

int detect_use_context(struct detect *detect, const struct context *context)
{
	bool there = series_feed_open(&detect->beside, context);

	detect_reset(detect);
	return there ? 0 : ERROR_MEMORY;
}

/* Moves the clock. Returns false when the record is to be left out. */
static bool detect_tick(struct detect *detect, int64_t time)
{
	if (time == TIMESTAMP_NONE)
		return detect->clock != TIMESTAMP_NONE;
	if (detect->begin == TIMESTAMP_NONE)
		detect->begin = time;
	if (detect->known == TIMESTAMP_NONE || time > detect->known)
		detect->known = time;
	if (detect->clock == TIMESTAMP_NONE || time >= detect->clock) {
		detect->clock = time;
		detect->late_run = 0;
		return true;
	}
	if (detect_span(detect->clock, time) <= LATENESS) {
		detect->late_run = 0;
		return true;
	}
	if (++detect->late_run < LATE_RUN)
		return false;
	detect->clock = time;
	detect->late_run = 0;
	if (time < detect->begin)
		detect->begin = time;
	return true;
}

/* --- what lies beside the log ---- */

struct taking {
	struct detect *detect;
	struct event event;
};

static void take_sample(void *target, const struct series *series, const struct series_value *sample)
{
	struct taking *taking = target;
	struct event event = taking->event;

	if (sample->time > event.time)
		event.time = sample->time;
	if (event.time > event.known)
		event.known = event.time;
	for (size_t i = 0; i < DETECTOR_COUNT; i++)
		if (detectors[i]->sample != NULL)
			detectors[i]->sample(
				taking->detect->states[i], series, sample, &event, &taking->detect->findings);
}

static struct event event_now(const struct detect *detect, const struct store *store)
{
	return (struct event){ .store = store, .time = detect->clock, .known = detect->known, .begin = detect->begin };
}

static void detect_pulse(struct detect *detect, const struct store *store)
{
	struct taking taking = { detect, event_now(detect, store) };

	if (__builtin_mul_overflow(detect_step(detect->clock, DETECT_PULSE) + 1, DETECT_PULSE, &detect->pulse))
		detect->pulse = INT64_MAX;
	series_feed_until(&detect->beside, detect->clock, take_sample, &taking);
	for (size_t i = 0; i < DETECTOR_COUNT; i++)
		if (detectors[i]->pulse != NULL)
			detectors[i]->pulse(detect->states[i], &detect->census, &taking.event, &detect->findings);
	census_pulse(&detect->census);
}

void detect_conclude(struct detect *detect, const struct store *store)
{
	struct taking taking = { detect, event_now(detect, store) };

	series_feed_until(&detect->beside, INT64_MAX, take_sample, &taking);
	findings_describe(&detect->findings, &detect->options, store);
}

/* --- the log ---- */

static void detect_observe(struct detect *detect, const struct store *store, uint64_t id)
{
	struct event event = { .store = store };

	store_record(store, id, &event.record);
	if (!detect_tick(detect, event.record.time))
		return;
	/* A clock that has stepped back waits for no pulse of the wrong time. */
	if (detect->clock >= detect->pulse || detect_span(detect->pulse, detect->clock) > DETECT_PULSE)
		detect_pulse(detect, store);
	if (detect->watch != NULL && !filter_match(detect->watch, store, &event.record, NULL))
		return;
	if (event.record.level < LEVEL_WARN || event.record.level > LEVEL_FATAL) {
		census_add(&detect->census, &event.record);
		return;
	}
	event.time = detect->clock;
	event.known = detect->known;
	event.begin = detect->begin;
	event.error = level_is_error((enum level)event.record.level);
	for (size_t i = 0; i < DETECTOR_COUNT; i++)
		if (detectors[i]->observe != NULL)
			detectors[i]->observe(detect->states[i], &event, &detect->findings);
}

bool detect_advance(struct detect *detect, const struct store *store, struct horizon horizon, uint64_t budget)
{
	uint64_t waiting = horizon.records > detect->seen ? horizon.records - detect->seen : 0;
	uint64_t stop = detect->seen + (waiting < budget ? waiting : budget);

	if (!store_has_records(store))
		return false;
	if (detect->options.watch[0] != '\0' && detect->watch == NULL)
		detect->watch = detect_watch_filter(slice_of(detect->options.watch), store, NULL);
	while (detect->seen < stop)
		detect_observe(detect, store, detect->seen++);
	findings_describe(&detect->findings, &detect->options, store);
	return detect->seen < horizon.records;
}

uint64_t detect_seen(const struct detect *detect)
{
	return detect->seen;
}

size_t detect_count(const struct detect *detect)
{
	return detect->findings.entries.count;
}

const struct finding *detect_finding(const struct detect *detect, size_t index)
{
	return &findings_at(&detect->findings, index)->finding;
}

uint64_t detect_lost(const struct detect *detect)
{
	return detect->findings.lost;
}
