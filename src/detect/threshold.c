/*
 * So many errors in so short a time: per service and over all of them.
 *
 * The limit is judged exactly, on the times of the last N errors. How far it is exceeded is counted by a meter,
 * which keeps the memory of a service the same whatever the rate. Over all services count the errors of those that are
 * not over the limit themselves: the finding of such a service says it already, and a noisy one would hide the others.
 */
#include "detect/findings.h"
#include "detect/meter.h"

#include <inttypes.h>
#include <stdio.h>

#define DETAIL_PEAK 0    /* most errors in one window */
#define DETAIL_OVERALL 1 /* not of one service */

struct threshold_watch {
	struct recent errors;
	struct meter meter;
	struct lasting lasting;
};

struct threshold {
	const struct detect_options *options;
	struct threshold_watch overall;
	struct vector services; /* of struct threshold_watch, by code */
};

static void threshold_init(void *state, const struct detect_options *options)
{
	struct threshold *threshold = state;

	threshold->options = options;
	vector_init(&threshold->services, sizeof(struct threshold_watch), DETECT_MAXIMUM_SERVICES);
}

static void threshold_release(void *state)
{
	struct threshold *threshold = state;

	recent_release(&threshold->overall.errors);
	for (size_t i = 0; i < threshold->services.count; i++)
		recent_release(&((struct threshold_watch *)vector_at(&threshold->services, i))->errors);
	vector_release(&threshold->services);
}

static bool is_over(const struct threshold *threshold, uint32_t service, int64_t time)
{
	if (service >= threshold->services.count)
		return false;
	const struct threshold_watch *watch = vector_at(&threshold->services, service);
	return lasting_on(&watch->lasting, time, threshold->options->threshold_cooldown);
}

/* Do the last errors of all include some of a service that has its own finding by now? */
static bool is_said_already(const struct threshold *threshold, int64_t time)
{
	const struct recent *errors = &threshold->overall.errors;

	for (uint32_t i = 0; i < errors->count; i++)
		if (is_over(threshold, errors->items[i].service, time))
			return true;
	return false;
}

static void watch_observe(struct threshold *threshold, struct threshold_watch *watch, const struct event *event,
	struct findings *findings)
{
	const struct detect_options *options = threshold->options;
	bool overall = watch == &threshold->overall;
	struct moment moment = {event->time, event->record.id, event->record.service};
	uint32_t count = meter_add(&watch->meter, event->time, options->threshold_window / METER_SLOTS);

	if (!recent_add(&watch->errors, options->threshold_count, moment) ||
		!recent_within(&watch->errors, event->time, options->threshold_window))
		return;
	struct finding_entry *entry;
	if (lasting_on(&watch->lasting, event->time, options->threshold_cooldown)) {
		entry = findings_at(findings, watch->lasting.index);
		finding_extend(entry, event);
	} else {
		if (overall && is_said_already(threshold, event->time))
			return;
		watch->lasting.raised = true;
		watch->lasting.index = findings_raise(findings, &detector_threshold, FINDING_THRESHOLD, event);
		entry = findings_at(findings, watch->lasting.index);
		for (uint32_t i = 0; entry != NULL && i < watch->errors.count; i++) {
			const struct moment *error = recent_at(&watch->errors, i);
			finding_cover(entry, event->store, error->record, error->service);
		}
	}
	watch->lasting.held = event->time;
	if (entry == NULL)
		return;
	if (count < options->threshold_count)
		count = options->threshold_count;
	if (entry->detail[DETAIL_PEAK] < count)
		entry->detail[DETAIL_PEAK] = count;
	entry->detail[DETAIL_OVERALL] = overall;
	entry->finding.score = finding_score(entry->detail[DETAIL_PEAK], options->threshold_count);
}

static void threshold_observe(void *state, const struct event *event, struct findings *findings)
{
	struct threshold *threshold = state;

	if (!event->error)
		return;
	struct threshold_watch *watch = detect_table_at(&threshold->services, event->record.service);
	if (watch != NULL)
		watch_observe(threshold, watch, event, findings);
	if (!is_over(threshold, event->record.service, event->time))
		watch_observe(threshold, &threshold->overall, event, findings);
}

static void threshold_describe(
	const struct detect_options *options, const struct store *store, struct finding_entry *entry)
{
	struct finding *finding = &entry->finding;
	uint64_t peak = (uint64_t)entry->detail[DETAIL_PEAK];
	char name[80], span[32];

	finding_span_text(options->threshold_window, span);
	if (entry->detail[DETAIL_OVERALL] > 0) {
		snprintf(finding->sentence, sizeof(finding->sentence),
			"%" PRIu64 " errors in %s over %zu%s services, %" PRIu32 " is the limit", peak, span,
			finding->service_count, finding->service_count == FINDING_SERVICES ? " or more" : "",
			options->threshold_count);
		return;
	}
	finding_service_text(store, finding->services[0], name, sizeof(name));
	snprintf(finding->sentence, sizeof(finding->sentence), "%s: %" PRIu64 " errors in %s, %" PRIu32 " is the limit",
		name, peak, span, options->threshold_count);
}

const struct detector detector_threshold = {
	.state_size = sizeof(struct threshold),
	.init = threshold_init,
	.release = threshold_release,
	.observe = threshold_observe,
	.describe = threshold_describe,
};
