/*
 * Answers that take several times as long as they did: the durations of a series are put together in buckets, and each
 * bucket's median, and its 90th percentile where it holds enough, is compared with the series' own of the buckets
 * before. Buckets that stand out do not become part of the baseline, unless that goes on for as long as the baseline
 * remembers: then it is how things are.
 *
 * One value that stands for many (a metric) is a bucket of its own. A bucket must be followed by another that stands
 * out too, unless it holds many. All series of a service make one finding.
 */
#include "detect/findings.h"
#include "detect/robust.h"

#include "tocsin/base/intern.h"

#include <stdio.h>

#define VALUES 64 /* kept of a bucket; of more, every second, fourth, ... */
#define MEMORY 60 /* buckets of the baseline */
#define LEARNED 8 /* buckets before anything stands out */
#define FEW 5     /* values that a bucket has at least, */
#define PLENTY 10 /* and has after latency_bucket, or it goes on for as much as LONGEST of those */
#define LONGEST 6
#define MANY 20 /* values for which a percentile says something */
#define DEVIATIONS 6
#define DETAIL_BEFORE 0 /* seconds */
#define DETAIL_PEAK 1
#define DETAIL_SERIES 2
#define DETAIL_TAIL 3 /* it is the 90th percentile that rose */

struct history {
	double values[MEMORY];
	uint32_t count, next;
};

struct latency_watch {
	bool open;
	int64_t start; /* of the bucket */
	double values[VALUES];
	uint64_t records[VALUES];
	uint32_t kept, seen, stride;
	struct history middle, tail;
	uint32_t above; /* buckets in a row that stand out */
	int64_t since;  /* when the first of them began */
};

struct latency_service {
	struct lasting lasting;
};

struct latency {
	const struct detect_options *options;
	struct vector series;   /* of struct latency_watch */
	struct intern *names;   /* of services */
	struct vector services; /* of struct latency_service, by code of the name */
};

static void latency_init(void *state, const struct detect_options *options)
{
	struct latency *latency = state;

	latency->options = options;
	latency->names = intern_create(DETECT_MAXIMUM_SERVICES, (size_t)1 << 24);
	vector_init(&latency->series, sizeof(struct latency_watch), 2 * SERIES_MAXIMUM);
	vector_init(&latency->services, sizeof(struct latency_service), DETECT_MAXIMUM_SERVICES);
}

static void latency_release(void *state)
{
	struct latency *latency = state;

	intern_destroy(latency->names);
	vector_release(&latency->series);
	vector_release(&latency->services);
}

static void history_add(struct history *history, double value)
{
	history->values[history->next] = value;
	history->next = (history->next + 1) % MEMORY;
	if (history->count < MEMORY)
		history->count++;
}

/* Does the value stand out of what was before? */
static bool stands_out(
	const struct detect_options *options, const struct history *history, double value, double *before)
{
	double deviation;

	if (history->count < LEARNED)
		return false;
	robust_center(history->values, history->count, before, &deviation);
	return value >= options->latency_ratio * *before && value >= *before + DEVIATIONS * deviation &&
		value - *before >= (double)options->latency_minimum / TIMESTAMP_SECOND;
}

struct rise {
	double before, value;
	bool tail;
};

static struct lasting *service_lasting(struct latency *latency, const struct series *series)
{
	uint32_t code;
	struct latency_service *service;

	if (latency->names == NULL || intern_put(latency->names, series->service, &code) != 0)
		return NULL;
	service = detect_table_at(&latency->services, code);
	return service != NULL ? &service->lasting : NULL;
}

static void latency_tell(struct latency *latency, struct latency_watch *watch, const struct series *series,
	const struct series_value *sample, const struct rise *rise, const struct event *event,
	struct findings *findings)
{
	struct lasting *lasting = service_lasting(latency, series);
	struct finding_entry *entry;

	if (lasting == NULL)
		return;
	if (!lasting_on(lasting, sample->time, latency->options->threshold_cooldown)) {
		lasting->raised = true;
		lasting->index =
			findings_raise_series(findings, &detector_latency, FINDING_LATENCY_SPIKE, event, series);
	}
	lasting->held = sample->time;
	entry = findings_at(findings, lasting->index);
	if (entry == NULL)
		return;
	finding_stretch(entry, watch->since, sample->time);
	entry->finding.count += watch->seen;
	for (uint32_t i = 0; i < watch->kept; i++)
		if (watch->records[i] != SERIES_NO_RECORD && watch->values[i] >= rise->value)
			finding_show(entry, watch->records[i]);
	double ratio = rise->value / (rise->before > 1e-6 ? rise->before : 1e-6);
	if (finding_score(ratio, latency->options->latency_ratio) <= entry->finding.score)
		return;
	entry->finding.score = finding_score(ratio, latency->options->latency_ratio);
	entry->finding.template = series->template;
	entry->finding.series = series->template == STORE_NO_CODE ? series->name : (struct slice){ 0 };
	entry->detail[DETAIL_BEFORE] = rise->before;
	entry->detail[DETAIL_PEAK] = rise->value;
	entry->detail[DETAIL_TAIL] = rise->tail;
	entry->detail[DETAIL_SERIES] = !series->summarized;
}

/* What has been above for as long as the baseline remembers is normal from now on. */
static void latency_adopt(struct latency_watch *watch)
{
	watch->middle.count = watch->middle.next = 0;
	watch->tail.count = watch->tail.next = 0;
	watch->above = 0;
}

static void bucket_close(struct latency *latency, struct latency_watch *watch, const struct series *series,
	const struct series_value *sample, const struct event *event, struct findings *findings)
{
	double ordered[VALUES];
	struct rise rise = { 0 };
	bool many = watch->kept >= MANY;

	for (uint32_t i = 0; i < watch->kept; i++)
		ordered[i] = watch->values[i];
	double middle = robust_quantile(ordered, watch->kept, 0.5);
	double tail = robust_quantile(ordered, watch->kept, 0.9);
	bool out = stands_out(latency->options, &watch->middle, middle, &rise.before);
	rise.value = middle;
	if (!out && many) {
		out = rise.tail = stands_out(latency->options, &watch->tail, tail, &rise.before);
		rise.value = tail;
	}
	if (!out) {
		watch->above = 0;
		history_add(&watch->middle, middle);
		if (many)
			history_add(&watch->tail, tail);
	} else {
		if (watch->above++ == 0)
			watch->since = watch->start;
		if (watch->above > 1 || (many && !rise.tail))
			latency_tell(latency, watch, series, sample, &rise, event, findings);
		if (watch->above >= MEMORY)
			latency_adopt(watch);
	}
	watch->open = false;
	watch->kept = watch->seen = 0;
}

static void bucket_add(struct latency_watch *watch, const struct series_value *sample)
{
	if (!watch->open) {
		watch->open = true;
		watch->start = sample->time;
		watch->stride = 1;
	}
	if (watch->seen++ % watch->stride != 0)
		return;
	if (watch->kept == VALUES) { /* half of them make room */
		for (uint32_t i = 0; i < VALUES / 2; i++) {
			watch->values[i] = watch->values[2 * i];
			watch->records[i] = watch->records[2 * i];
		}
		watch->kept = VALUES / 2;
		watch->stride *= 2;
	}
	watch->values[watch->kept] = sample->value;
	watch->records[watch->kept++] = sample->record;
}

static bool is_full(const struct detect_options *options, const struct latency_watch *watch, int64_t time)
{
	int64_t age = detect_span(time, watch->start);

	return watch->open && watch->kept >= FEW && age >= options->latency_bucket &&
		(watch->kept >= PLENTY || age / LONGEST >= options->latency_bucket);
}

static void latency_sample(void *state, const struct series *series, const struct series_value *sample,
	const struct event *event, struct findings *findings)
{
	struct latency *latency = state;
	struct latency_watch *watch =
		series->kind == SERIES_LATENCY ? detect_table_at(&latency->series, sample->series) : NULL;

	if (watch == NULL || !(sample->value >= 0))
		return;
	if (is_full(latency->options, watch, sample->time))
		bucket_close(latency, watch, series, sample, event, findings);
	bucket_add(watch, sample);
	if (series->summarized)
		bucket_close(latency, watch, series, sample, event, findings);
}

static void latency_describe(
	const struct detect_options *options, const struct store *store, struct finding_entry *entry)
{
	struct finding *finding = &entry->finding;
	char name[60], before[32], peak[32], what[100];

	(void)options;
	finding_subject_text(store, finding, name, sizeof(name));
	finding_text(
		finding->template != STORE_NO_CODE ? store_template_text(store, finding->template) : finding->series,
		what, sizeof(what));
	snprintf(finding->sentence, sizeof(finding->sentence), "%s: %s rose from %s to %s (%s)", name,
		entry->detail[DETAIL_TAIL] > 0             ? "the slowest tenth of its answers"
			: entry->detail[DETAIL_SERIES] > 0 ? "half of its times"
							   : "latency",
		finding_seconds_text(entry->detail[DETAIL_BEFORE], before),
		finding_seconds_text(entry->detail[DETAIL_PEAK], peak), what);
}

const struct detector detector_latency = {
	.state_size = sizeof(struct latency),
	.init = latency_init,
	.release = latency_release,
	.sample = latency_sample,
	.describe = latency_describe,
};
