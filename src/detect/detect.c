/*
 * Feeds records to the table of detectors in event time.
 *
 * The clock is the newest event time so far. A record without a time, or late by no more than LATENESS, counts at the
 * clock; one that is later is left out (the store's ledger counts it). One wrong time far ahead must not silence
 * everything: when LATE_RUN records in a row are late, the clock was wrong and steps back to them.
 */
#include "tocsin/detect/detect.h"

#include "detect/findings.h"

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
	&detector_cascade,
};

#define DETECTOR_COUNT (sizeof(detectors) / sizeof(detectors[0]))

struct detect {
	struct detect_options options;
	uint64_t seen;
	int64_t clock; /* TIMESTAMP_NONE before the first time */
	int64_t known; /* newest time of all */
	int64_t begin;
	unsigned late_run;
	struct findings findings;
	void *states[DETECTOR_COUNT];
};

struct detect_options detect_options_complete(const struct detect_options *options)
{
	struct detect_options complete = options != NULL ? *options : (struct detect_options){0};

	if (complete.dedupe_window <= 0)
		complete.dedupe_window = 5 * TIMESTAMP_SECOND;
	if (complete.threshold_count == 0)
		complete.threshold_count = 5;
	if (complete.threshold_count > RECENT_MAXIMUM)
		complete.threshold_count = RECENT_MAXIMUM;
	if (complete.threshold_window <= 0)
		complete.threshold_window = 60 * TIMESTAMP_SECOND;
	if (complete.threshold_cooldown <= 0)
		complete.threshold_cooldown = 300 * TIMESTAMP_SECOND;
	if (complete.fatal_count == 0)
		complete.fatal_count = 5;
	if (!(complete.spike_ratio > 0))
		complete.spike_ratio = 4;
	if (complete.spike_minimum == 0)
		complete.spike_minimum = 10;
	if (complete.spike_bucket <= 0)
		complete.spike_bucket = 10 * TIMESTAMP_SECOND;
	if (complete.learning <= 0)
		complete.learning = 60 * TIMESTAMP_SECOND;
	return complete;
}

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
	detect->clock = detect->known = detect->begin = TIMESTAMP_NONE;
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
	findings_release(&detect->findings);
	free(detect);
}

void detect_reset(struct detect *detect)
{
	for (size_t i = 0; i < DETECTOR_COUNT; i++) {
		detectors[i]->release(detect->states[i]);
		memset(detect->states[i], 0, detectors[i]->state_size);
	}
	findings_clear(&detect->findings);
	detect_begin(detect);
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

static void detect_observe(struct detect *detect, const struct store *store, uint64_t id)
{
	struct event event = {.store = store};

	store_record(store, id, &event.record);
	if (!detect_tick(detect, event.record.time) || event.record.level < LEVEL_WARN ||
		event.record.level > LEVEL_FATAL)
		return;
	event.time = detect->clock;
	event.known = detect->known;
	event.begin = detect->begin;
	event.error = level_is_error((enum level)event.record.level);
	for (size_t i = 0; i < DETECTOR_COUNT; i++)
		detectors[i]->observe(detect->states[i], &event, &detect->findings);
}

bool detect_advance(struct detect *detect, const struct store *store, struct horizon horizon, uint64_t budget)
{
	uint64_t waiting = horizon.records > detect->seen ? horizon.records - detect->seen : 0;
	uint64_t stop = detect->seen + (waiting < budget ? waiting : budget);

	if (!store_has_records(store))
		return false;
	while (detect->seen < stop)
		detect_observe(detect, store, detect->seen++);
	for (size_t i = 0; i < detect->findings.entries.count; i++) {
		struct finding_entry *entry = findings_at(&detect->findings, i);
		if (entry->changed)
			entry->detector->describe(&detect->options, store, entry);
		entry->changed = false;
	}
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
