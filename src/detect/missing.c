/*
 * What should have been logged and was not: a template that came regularly, and stays away while its source goes on
 * talking. Time is counted in pulses.
 *
 * Regular is what was there in many pulses, for a good part of the time that was seen. It is missed when it stays away
 * several times as long as ever before, both in time and in what its source said meanwhile: so a quiet night, a source
 * that ended and a rare message are no evidence. All templates of a service make one finding.
 */
#include "detect/census.h"
#include "detect/findings.h"

#include <inttypes.h>
#include <stdio.h>

#define WATCHED 1024     /* regular templates: the first ones */
#define EVER 3           /* times as long as ever, */
#define USUAL 8          /* times as long as usual, in time */
#define TALK_USUAL 8     /* and in records of its source, */
#define TALK_LEAST 30    /* of which there are at least so many */
#define DETAIL_MISSING 0 /* templates */
#define DETAIL_USUAL 1   /* seconds between two */

struct missing_watch {
	uint32_t template, service;
	uint16_t source;
	bool away;           /* told */
	int64_t first, last; /* pulses in which it was there */
	int64_t longest;     /* pulses from one to the next */
	uint64_t times;      /* pulses in which it was there */
	uint64_t record;     /* the last */
	uint64_t talk_first; /* records of its source until the first, */
	uint64_t talk_last;  /* until the last */
	uint64_t talk_longest;
};

struct missing {
	const struct detect_options *options;
	struct vector by_template; /* of uint32_t: index of its watch + 1 */
	struct vector watches;     /* of struct missing_watch */
	struct vector services;    /* of struct lasting */
};

static void missing_init(void *state, const struct detect_options *options)
{
	struct missing *missing = state;

	missing->options = options;
	vector_init(&missing->by_template, sizeof(uint32_t), DETECT_MAXIMUM_TEMPLATES);
	vector_init(&missing->watches, sizeof(struct missing_watch), WATCHED);
	vector_init(&missing->services, sizeof(struct lasting), DETECT_MAXIMUM_SERVICES);
}

static void missing_release(void *state)
{
	struct missing *missing = state;

	vector_release(&missing->by_template);
	vector_release(&missing->watches);
	vector_release(&missing->services);
}

static struct missing_watch *watch_of(struct missing *missing, uint32_t template)
{
	uint32_t *index = detect_table_at(&missing->by_template, template);

	if (index == NULL)
		return NULL;
	if (*index == 0) {
		struct missing_watch *born = vector_push(&missing->watches);
		if (born == NULL)
			return NULL;
		born->template = template;
		born->first = born->last = INT64_MIN;
		*index = (uint32_t)missing->watches.count;
	}
	return vector_at(&missing->watches, *index - 1);
}

static void was_there(struct missing *missing, uint32_t template, const struct census *census, int64_t pulse)
{
	const struct census_template *seen = vector_at(&census->templates, template);
	struct missing_watch *watch = watch_of(missing, template);

	if (watch == NULL)
		return;
	uint64_t talk = census->sources[seen->source];
	if (watch->times == 0 || watch->source != seen->source) { /* another source: it begins anew */
		watch->first = pulse;
		watch->talk_first = talk;
		watch->longest = 0;
		watch->talk_longest = 0;
		watch->times = 0;
	} else {
		int64_t gap = pulse - watch->last;
		uint64_t talked = talk - watch->talk_last;
		watch->longest = gap > watch->longest ? gap : watch->longest;
		watch->talk_longest = talked > watch->talk_longest ? talked : watch->talk_longest;
	}
	watch->times++;
	watch->last = pulse;
	watch->talk_last = talk;
	watch->source = seen->source;
	watch->service = seen->service;
	watch->record = seen->record;
	watch->away = false;
}

static bool is_missed(const struct detect_options *options, const struct missing_watch *watch,
	const struct census *census, int64_t begin, int64_t pulse)
{
	int64_t away = pulse - watch->last, span = watch->last - watch->first;
	uint64_t talked = census->sources[watch->source] - watch->talk_last;
	uint64_t talk = watch->talk_last - watch->talk_first;

	if (watch->times < options->missing_count || span < (watch->last - begin) / 2)
		return false;
	return away >= options->missing_least / DETECT_PULSE && away > EVER * watch->longest &&
		(uint64_t)away * (watch->times - 1) > USUAL * (uint64_t)span && talked >= TALK_LEAST &&
		talked > EVER * watch->talk_longest && talked * (watch->times - 1) > TALK_USUAL * talk;
}

static void missing_tell(
	struct missing *missing, struct missing_watch *watch, const struct event *event, struct findings *findings)
{
	struct lasting *lasting = detect_table_at(&missing->services, watch->service);
	struct finding_entry *entry;

	watch->away = true;
	if (lasting == NULL)
		return;
	bool first = !lasting_on(lasting, event->time, missing->options->missing_least);
	if (first) {
		lasting->raised = true;
		lasting->index = findings_raise(findings, &detector_missing, FINDING_MISSING_TEMPLATE, event);
	}
	lasting->held = event->time;
	entry = findings_at(findings, lasting->index);
	if (entry == NULL)
		return;
	if (first) {
		entry->finding.template = watch->template;
		entry->finding.start = store_time(event->store, watch->record);
		entry->detail[DETAIL_USUAL] = (double)(watch->last - watch->first) / (double)(watch->times - 1) *
			(double)DETECT_PULSE / TIMESTAMP_SECOND;
	}
	entry->detail[DETAIL_MISSING]++;
	finding_add_service(entry, watch->service);
	finding_show(entry, watch->record);
	entry->finding.count = (uint64_t)entry->detail[DETAIL_MISSING];
	entry->finding.score = finding_score(
		(double)detect_span(event->time, entry->finding.start), (double)missing->options->missing_least);
}

/* While anything of a service is away its finding lasts. */
static void missing_hold(struct missing *missing, const struct missing_watch *watch, const struct event *event,
	struct findings *findings)
{
	struct lasting *lasting = detect_table_at(&missing->services, watch->service);
	struct finding_entry *entry;

	if (lasting == NULL || !lasting->raised)
		return;
	lasting->held = event->time;
	entry = findings_at(findings, lasting->index);
	if (entry != NULL && entry->finding.end < event->time) {
		entry->finding.end = event->time;
		entry->changed = true;
	}
}

static void missing_pulse(
	void *state, const struct census *census, const struct event *event, struct findings *findings)
{
	struct missing *missing = state;
	const struct detect_options *options = missing->options;
	int64_t pulse = detect_step(event->time, DETECT_PULSE);
	int64_t begin = detect_step(event->begin, DETECT_PULSE);

	for (size_t i = 0; i < census->counted.count; i++)
		was_there(missing, *(const uint32_t *)vector_at(&census->counted, i), census, pulse);
	for (size_t i = 0; i < missing->watches.count; i++) {
		struct missing_watch *watch = vector_at(&missing->watches, i);

		if (watch->away)
			missing_hold(missing, watch, event, findings);
		else if (watch->last < pulse && is_missed(options, watch, census, begin, pulse))
			missing_tell(missing, watch, event, findings);
	}
}

static void missing_describe(
	const struct detect_options *options, const struct store *store, struct finding_entry *entry)
{
	struct finding *finding = &entry->finding;
	char name[60], text[90], usual[32], span[32], others[40] = "";

	(void)options;
	finding_service_text(store, finding->services[0], name, sizeof(name));
	finding_text(store_template_text(store, finding->template), text, sizeof(text));
	if (entry->detail[DETAIL_MISSING] > 1)
		snprintf(others, sizeof(others), ", nor %.0f others", entry->detail[DETAIL_MISSING] - 1);
	snprintf(finding->sentence, sizeof(finding->sentence),
		"%s no longer says \"%s\"%s: not for %s, every %s before", name, text, others,
		duration_format(detect_span(finding->end, finding->start), span),
		finding_seconds_text(entry->detail[DETAIL_USUAL], usual));
}

const struct detector detector_missing = {
	.state_size = sizeof(struct missing),
	.init = missing_init,
	.release = missing_release,
	.pulse = missing_pulse,
	.describe = missing_describe,
};
