/*
 * Services failing one after the other.
 *
 * A service is failing when another detector has just raised a finding about its errors; it began to fail with the
 * first error of its present run (errors with no long pause between them). When three services began to fail each
 * within a minute of the one before, that is a cascade, in the order in which they began; further services join it. A
 * service that always errs does not take part: its run must be several times denser than what it logged before, and
 * runs that began while the log was still being learned are left out.
 */
#include "detect/findings.h"

#include <stdio.h>

#define CASCADE_PAUSE (15 * TIMESTAMP_SECOND) /* this much without an error ends a run */
#define CASCADE_FAILING 32                    /* services remembered as failing; the one that began first makes room */

struct cascade_run {
	int64_t start, last;
	uint64_t record; /* its first */
	uint64_t count;
	uint64_t before; /* errors of the service before this run */
	bool joined;     /* its errors are counted in the present cascade */
};

struct failing {
	uint32_t service;
	int64_t start;
	uint64_t record;
};

struct cascade {
	const struct detect_options *options;
	struct vector runs;                      /* of struct cascade_run, by service */
	struct failing failing[CASCADE_FAILING]; /* by start */
	size_t failing_count;
	size_t examined; /* findings looked at */
	struct lasting lasting;
};

static void cascade_init(void *state, const struct detect_options *options)
{
	struct cascade *cascade = state;

	cascade->options = options;
	vector_init(&cascade->runs, sizeof(struct cascade_run), DETECT_MAXIMUM_SERVICES);
}

static void cascade_release(void *state)
{
	vector_release(&((struct cascade *)state)->runs);
}

static struct cascade_run *run_observe(struct cascade *cascade, const struct event *event)
{
	struct cascade_run *run = detect_table_at(&cascade->runs, event->record.service);

	if (run == NULL)
		return NULL;
	if (run->count == 0 || event->time < run->last || detect_span(event->time, run->last) > CASCADE_PAUSE) {
		run->before += run->count;
		run->count = 0;
		run->start = event->time;
		run->record = event->record.id;
	}
	run->count++;
	run->last = event->time;
	return run;
}

/* Denser than what the service logged before, in errors a second? */
static bool run_is_trouble(const struct cascade *cascade, const struct cascade_run *run, const struct event *event)
{
	double quiet = (double)detect_span(run->start, event->begin) / TIMESTAMP_SECOND;
	double length = ((double)detect_span(run->last, run->start) + CASCADE_PAUSE) / TIMESTAMP_SECOND;

	return detect_span(run->start, event->begin) >= cascade->options->learning &&
		(double)run->count / length >= cascade->options->spike_ratio * (double)run->before / quiet;
}

/* Takes the service in where its beginning belongs. False when it is in the list already. */
static bool failing_add(struct cascade *cascade, uint32_t service, const struct cascade_run *run)
{
	size_t at = 0;

	for (size_t i = 0; i < cascade->failing_count; i++)
		if (cascade->failing[i].service == service && cascade->failing[i].start == run->start)
			return false;
	if (cascade->failing_count == CASCADE_FAILING) {
		cascade->failing_count--;
		for (size_t i = 0; i < cascade->failing_count; i++)
			cascade->failing[i] = cascade->failing[i + 1];
	}
	while (at < cascade->failing_count && cascade->failing[at].start <= run->start)
		at++;
	for (size_t i = cascade->failing_count; i > at; i--)
		cascade->failing[i] = cascade->failing[i - 1];
	cascade->failing[at] = (struct failing){ service, run->start, run->record };
	cascade->failing_count++;
	return true;
}

/* The chain that the service is a link of: indexes [*from, *to) of the list; returns how many different services it
 * has. */
static size_t failing_chain(const struct cascade *cascade, uint32_t service, int64_t start, size_t *from, size_t *to)
{
	const struct failing *failing = cascade->failing;
	size_t at = 0, different = 0;

	while (at + 1 < cascade->failing_count && !(failing[at].service == service && failing[at].start == start))
		at++;
	for (*from = at; *from > 0 &&
		detect_span(failing[*from].start, failing[*from - 1].start) <= cascade->options->cascade_link;)
		--*from;
	for (*to = at + 1; *to < cascade->failing_count &&
		detect_span(failing[*to].start, failing[*to - 1].start) <= cascade->options->cascade_link;)
		++*to;
	for (size_t i = *from; i < *to; i++) {
		bool earlier = false;
		for (size_t j = *from; j < i; j++)
			earlier = earlier || failing[j].service == failing[i].service;
		different += !earlier;
	}
	return different;
}

/* Writes the chain into the finding; services that were not in it yet bring the errors of their run along. */
static void cascade_fill(
	struct cascade *cascade, struct finding_entry *entry, const struct event *event, size_t from, size_t to)
{
	struct finding *finding = &entry->finding;

	finding->service_count = 0;
	finding->evidence_count = 0;
	finding->start = cascade->failing[from].start;
	for (size_t i = from; i < to; i++) {
		const struct failing *failing = &cascade->failing[i];
		struct cascade_run *run = detect_table_at(&cascade->runs, failing->service);
		size_t count = finding->service_count;

		if (run != NULL && !run->joined) {
			run->joined = true;
			finding->count += run->count;
		}
		finding_add_service(entry, failing->service);
		if (finding->service_count > count) {
			entry->detail[count] = (double)detect_span(failing->start, finding->start);
			finding->evidence[finding->evidence_count++] = failing->record;
		}
	}
	if (finding->end < event->time)
		finding->end = event->time;
	finding->score = finding_score((double)finding->service_count, cascade->options->cascade_count - 1);
	entry->changed = true;
}

static void cascade_join(
	struct cascade *cascade, const struct event *event, struct findings *findings, const struct cascade_run *run)
{
	size_t from, to;
	bool on = lasting_on(&cascade->lasting, event->time, cascade->options->threshold_cooldown);

	if (!run_is_trouble(cascade, run, event) || !failing_add(cascade, event->record.service, run) ||
		failing_chain(cascade, event->record.service, run->start, &from, &to) < cascade->options->cascade_count)
		return;
	if (!on) {
		for (size_t i = 0; i < cascade->runs.count; i++)
			((struct cascade_run *)vector_at(&cascade->runs, i))->joined = false;
		cascade->lasting.raised = true;
		cascade->lasting.index = findings_raise(findings, &detector_cascade, FINDING_CASCADE_FAILURE, event);
	}
	cascade->lasting.held = event->time;
	struct finding_entry *entry = findings_at(findings, cascade->lasting.index);
	if (entry != NULL)
		cascade_fill(cascade, entry, event, from, to);
}

/* What the other detectors raised with this record is about its service, except for the overall threshold. */
static bool raised_now(struct cascade *cascade, const struct event *event, const struct findings *findings)
{
	bool raised = false;

	for (; cascade->examined < findings->entries.count; cascade->examined++) {
		const struct finding *finding = &findings_at(findings, cascade->examined)->finding;
		raised = raised ||
			(finding->kind < FINDING_CASCADE_FAILURE && finding->service_count == 1 &&
				finding->services[0] == event->record.service);
	}
	return raised;
}

static void cascade_observe(void *state, const struct event *event, struct findings *findings)
{
	struct cascade *cascade = state;
	bool raised = raised_now(cascade, event, findings);
	struct cascade_run *run = event->error ? run_observe(cascade, event) : NULL;

	if (run == NULL)
		return;
	if (run->joined && lasting_on(&cascade->lasting, event->time, cascade->options->threshold_cooldown)) {
		struct finding_entry *entry = findings_at(findings, cascade->lasting.index);
		cascade->lasting.held = event->time;
		if (entry != NULL) {
			entry->finding.count++;
			entry->finding.end = event->time;
		}
	}
	if (raised)
		cascade_join(cascade, event, findings, run);
}

static void cascade_describe(
	const struct detect_options *options, const struct store *store, struct finding_entry *entry)
{
	struct finding *finding = &entry->finding;
	char *out = finding->sentence;
	size_t size = (size_t)snprintf(
		out, FINDING_SENTENCE, "%zu services failed one after the other: ", finding->service_count);
	size_t i;

	(void)options;
	for (i = 0; i < finding->service_count && size < FINDING_SENTENCE - 80; i++) {
		char name[40], offset[32];
		finding_service_text(store, finding->services[i], name, sizeof(name));
		size += (size_t)(i == 0 ? snprintf(out + size, FINDING_SENTENCE - size, "%s", name)
					: snprintf(out + size, FINDING_SENTENCE - size, ", %s +%s", name,
						  duration_format((int64_t)entry->detail[i], offset)));
	}
	if (i < finding->service_count)
		snprintf(out + size, FINDING_SENTENCE - size, " and %zu more", finding->service_count - i);
}

const struct detector detector_cascade = {
	.state_size = sizeof(struct cascade),
	.init = cascade_init,
	.release = cascade_release,
	.observe = cascade_observe,
	.describe = cascade_describe,
};
