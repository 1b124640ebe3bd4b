/*
 * The ticket rule: a FATAL template with so many occurrences in one service, however far apart. It is raised once and
 * grows from then on.
 *
 * At most FATAL_PAIRS pairs of service and template are watched, the first ones.
 */
#include "detect/findings.h"
#include "tocsin/base/pairs.h"

#include <inttypes.h>
#include <stdio.h>

#define FATAL_PAIRS 4096

struct fatal_watch {
	uint64_t count;
	uint64_t firsts[FINDING_EVIDENCE];
	bool raised;
	size_t index;
};

struct fatal {
	const struct detect_options *options;
	struct pairs pairs;
	struct vector watches; /* of struct fatal_watch, by index of the pair */
};

static void fatal_init(void *state, const struct detect_options *options)
{
	struct fatal *fatal = state;

	fatal->options = options;
	pairs_init(&fatal->pairs, FATAL_PAIRS);
	vector_init(&fatal->watches, sizeof(struct fatal_watch), FATAL_PAIRS);
}

static void fatal_release(void *state)
{
	struct fatal *fatal = state;

	pairs_release(&fatal->pairs);
	vector_release(&fatal->watches);
}

static void fatal_observe(void *state, const struct event *event, struct findings *findings)
{
	struct fatal *fatal = state;
	uint32_t limit = fatal->options->fatal_count;

	if (event->record.level != LEVEL_FATAL)
		return;
	uint32_t pair = pairs_put(&fatal->pairs, event->record.service, event->record.template);
	struct fatal_watch *watch = pair == PAIRS_NONE ? NULL : detect_table_at(&fatal->watches, pair);
	if (watch == NULL)
		return;
	if (watch->count < FINDING_EVIDENCE)
		watch->firsts[watch->count] = event->record.id;
	watch->count++;
	if (watch->count < limit)
		return;

	struct finding_entry *entry;
	if (watch->raised) {
		entry = findings_at(findings, watch->index);
		finding_extend(entry, event);
	} else {
		watch->raised = true;
		watch->index = findings_raise(findings, &detector_fatal, FINDING_FATAL, event);
		entry = findings_at(findings, watch->index);
		for (uint64_t i = 0; entry != NULL && i < watch->count && i < FINDING_EVIDENCE; i++)
			finding_cover(entry, event->store, watch->firsts[i], event->record.service);
		if (entry != NULL) {
			entry->finding.template = event->record.template;
			entry->finding.count = watch->count;
			entry->finding.end = event->time;
		}
	}
	if (entry != NULL)
		entry->finding.score = finding_score((double)entry->finding.count, limit);
}

static void fatal_describe(const struct detect_options *options, const struct store *store, struct finding_entry *entry)
{
	struct finding *finding = &entry->finding;
	char name[60], text[110];

	finding_service_text(store, finding->services[0], name, sizeof(name));
	finding_text(store_template_text(store, finding->template), text, sizeof(text));
	snprintf(finding->sentence, sizeof(finding->sentence),
		"%s: FATAL \"%s\", %" PRIu64 " times, %" PRIu32 " is the limit", name, text, finding->count,
		options->fatal_count);
}

const struct detector detector_fatal = {
	.state_size = sizeof(struct fatal),
	.init = fatal_init,
	.release = fatal_release,
	.observe = fatal_observe,
	.describe = fatal_describe,
};
