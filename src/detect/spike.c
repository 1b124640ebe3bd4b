/*
 * An error rate far above the service's own: errors are counted in buckets of equal length, and a bucket spikes when it
 * holds several times what the buckets before it held on average. Buckets that spiked do not count towards the
 * baseline, so a long trouble does not become normal; nor does the bucket right before a spike, in which it may have
 * begun. A service that always errs has a high baseline and stays silent, and one that errs in bursts must exceed
 * those: what the baseline's buckets vary by counts too.
 */
#include "detect/findings.h"

#include <math.h>
#include <stdio.h>

#define DEVIATIONS 5
#define DETAIL_BEFORE 0 /* errors a minute before */
#define DETAIL_PEAK 1   /* errors a minute in the worst bucket */

struct spike_watch {
	bool started;
	int64_t bucket; /* the one that is being counted */
	uint32_t count;
	bool above; /* it spikes */
	uint64_t firsts[FINDING_EVIDENCE];
	double normal;    /* errors in closed buckets that count towards the baseline, */
	double squares;   /* and their squares */
	uint32_t pending; /* errors in the bucket before this one, which may yet turn out to be the beginning of a spike
			   */
	int64_t left_out; /* closed buckets that do not count */
	struct lasting lasting;
};

struct spike {
	const struct detect_options *options;
	struct vector services; /* of struct spike_watch, by code */
};

static void spike_init(void *state, const struct detect_options *options)
{
	struct spike *spike = state;

	spike->options = options;
	vector_init(&spike->services, sizeof(struct spike_watch), DETECT_MAXIMUM_SERVICES);
}

static void spike_release(void *state)
{
	vector_release(&((struct spike *)state)->services);
}

static void count_in(struct spike_watch *watch, uint32_t errors)
{
	watch->normal += errors;
	watch->squares += (double)errors * errors;
}

static void watch_enter(struct spike_watch *watch, int64_t bucket)
{
	if (watch->started && watch->bucket == bucket)
		return;
	if (watch->above) {
		watch->left_out += 2;
		watch->pending = 0;
	} else {
		count_in(watch, watch->pending);
		watch->pending = watch->count;
		if (bucket != watch->bucket + 1) {
			count_in(watch, watch->pending);
			watch->pending = 0;
		}
	}
	watch->started = true;
	watch->bucket = bucket;
	watch->count = 0;
	watch->above = false;
}

/* Errors a bucket before the present one, silent buckets counted; and what they vary by. */
static double watch_baseline(const struct spike_watch *watch, int64_t begin, double *deviation)
{
	double buckets = (double)(watch->bucket - begin - watch->left_out - 1);
	double mean = buckets > 0 ? watch->normal / buckets : watch->normal;
	double variance = buckets > 1 ? watch->squares / buckets - mean * mean : 0;

	*deviation = variance > 0 ? sqrt(variance) : 0;
	return mean;
}

static void spike_observe(void *state, const struct event *event, struct findings *findings)
{
	struct spike *spike = state;
	const struct detect_options *options = spike->options;
	struct spike_watch *watch = event->error ? detect_table_at(&spike->services, event->record.service) : NULL;

	if (watch == NULL)
		return;
	watch_enter(watch, detect_step(event->time, options->spike_bucket));
	if (watch->count < FINDING_EVIDENCE)
		watch->firsts[watch->count] = event->record.id;
	watch->count++;
	double deviation;
	double baseline = watch_baseline(watch, detect_step(event->begin, options->spike_bucket), &deviation);
	if (detect_span(event->time, event->begin) < options->learning || watch->count < options->spike_minimum ||
		watch->count < options->spike_ratio * baseline || watch->count < baseline + DEVIATIONS * deviation)
		return;

	struct finding_entry *entry;
	double minute = (double)TIMESTAMP_MINUTE / (double)options->spike_bucket;
	if (!lasting_on(&watch->lasting, event->time, options->threshold_cooldown)) {
		watch->lasting.raised = true;
		watch->lasting.index = findings_raise(findings, &detector_spike, FINDING_ERROR_SPIKE, event);
		entry = findings_at(findings, watch->lasting.index);
		if (entry != NULL)
			entry->detail[DETAIL_BEFORE] = baseline * minute;
	} else {
		entry = findings_at(findings, watch->lasting.index);
	}
	watch->lasting.held = event->time;
	if (entry != NULL && watch->above) {
		finding_extend(entry, event);
	} else if (entry != NULL) {
		/* The bucket counts from its first error, now that it is known to spike. */
		uint32_t shown = watch->count < FINDING_EVIDENCE ? watch->count : FINDING_EVIDENCE;
		for (uint32_t i = 0; i < shown; i++)
			finding_cover(entry, event->store, watch->firsts[i], event->record.service);
		entry->finding.count += watch->count - shown;
		if (entry->finding.end < event->time)
			entry->finding.end = event->time;
	}
	watch->above = true;
	if (entry == NULL)
		return;
	if (entry->detail[DETAIL_PEAK] < watch->count * minute)
		entry->detail[DETAIL_PEAK] = watch->count * minute;
	double limit = options->spike_ratio * entry->detail[DETAIL_BEFORE];
	entry->finding.score = finding_score(entry->detail[DETAIL_PEAK],
		limit > options->spike_minimum * minute ? limit : options->spike_minimum * minute);
}

static void spike_describe(const struct detect_options *options, const struct store *store, struct finding_entry *entry)
{
	char name[80], before[32], peak[32];

	(void)options;
	finding_service_text(store, entry->finding.services[0], name, sizeof(name));
	snprintf(entry->finding.sentence, sizeof(entry->finding.sentence), "%s: errors rose from %s to %s a minute",
		name, finding_rate_text(entry->detail[DETAIL_BEFORE], before),
		finding_rate_text(entry->detail[DETAIL_PEAK], peak));
}

const struct detector detector_spike = {
	.state_size = sizeof(struct spike),
	.init = spike_init,
	.release = spike_release,
	.observe = spike_observe,
	.describe = spike_describe,
};
