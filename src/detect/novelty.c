/*
 * Something never seen before: a template of WARN or worse that first appeared after the log was `learning`, and is
 * repeated (or FATAL).
 *
 * Novelty fades: a template that is repeated only long after it was first seen is rare, not new. A service whose
 * messages hide a variable that no mask catches makes new templates all the time; it is muted while it does.
 */
#include "detect/findings.h"

#include <inttypes.h>
#include <stdio.h>

#define NOVELTY_LIFETIME (600 * TIMESTAMP_SECOND)
#define BIRTHS_COUNT 16                        /* so many new templates of one service ... */
#define BIRTHS_WINDOW (300 * TIMESTAMP_SECOND) /* ... in so short a time mute it */
#define DETAIL_LEVEL 0

struct novelty_watch {
	bool seen;
	struct recent last;
	struct lasting lasting;
};

struct novelty {
	const struct detect_options *options;
	struct vector templates; /* of struct novelty_watch, by code */
	struct vector births;    /* of struct recent, by service: when its last new templates came */
};

static void novelty_init(void *state, const struct detect_options *options)
{
	struct novelty *novelty = state;

	novelty->options = options;
	vector_init(&novelty->templates, sizeof(struct novelty_watch), DETECT_MAXIMUM_TEMPLATES);
	vector_init(&novelty->births, sizeof(struct recent), DETECT_MAXIMUM_SERVICES);
}

static void novelty_release(void *state)
{
	struct novelty *novelty = state;

	for (size_t i = 0; i < novelty->templates.count; i++)
		recent_release(&((struct novelty_watch *)vector_at(&novelty->templates, i))->last);
	for (size_t i = 0; i < novelty->births.count; i++)
		recent_release(vector_at(&novelty->births, i));
	vector_release(&novelty->templates);
	vector_release(&novelty->births);
}

/* Is the template, whose first record is visible by now, young and younger than what was learned? */
static bool is_new(const struct novelty *novelty, const struct event *event)
{
	int64_t born = store_time(event->store, store_template_first(event->store, event->record.template));

	return born != TIMESTAMP_NONE && detect_span(born, event->begin) >= novelty->options->learning &&
		detect_span(event->time, born) <= NOVELTY_LIFETIME;
}

static void novelty_raise(struct novelty_watch *watch, const struct event *event, struct findings *findings)
{
	struct finding_entry *entry;

	watch->lasting.raised = true;
	watch->lasting.held = event->time;
	watch->lasting.index = findings_raise(findings, &detector_novelty, FINDING_NEW_TEMPLATE, event);
	entry = findings_at(findings, watch->lasting.index);
	if (entry == NULL)
		return;
	entry->finding.template = event->record.template;
	entry->detail[DETAIL_LEVEL] = event->record.level;
	entry->finding.score = event->record.level == LEVEL_FATAL ? 1 : event->error ? 0.8 : 0.5;
	for (uint32_t i = 0; i < watch->last.count; i++) {
		const struct moment *moment = recent_at(&watch->last, i);
		finding_cover(entry, event->store, moment->record, moment->service);
	}
}

static void novelty_observe(void *state, const struct event *event, struct findings *findings)
{
	struct novelty *novelty = state;
	struct novelty_watch *watch = detect_table_at(&novelty->templates, event->record.template);
	struct moment moment = { event->time, event->record.id, event->record.service };

	if (watch == NULL)
		return;
	if (watch->lasting.raised) {
		/* Once quiet it is known: the same template is never new again. */
		if (lasting_on(&watch->lasting, event->time, novelty->options->threshold_cooldown)) {
			finding_extend(findings_at(findings, watch->lasting.index), event);
			watch->lasting.held = event->time;
		}
		return;
	}
	if (!is_new(novelty, event) || slice_is(store_template_text(event->store, event->record.template), "<*>"))
		return;
	struct recent *births = detect_table_at(&novelty->births, event->record.service);
	if (births == NULL || !recent_add(&watch->last, novelty->options->novelty_count, moment))
		return;
	if (!watch->seen && !recent_add(births, BIRTHS_COUNT, moment))
		return;
	watch->seen = true;
	if (recent_within(births, event->time, BIRTHS_WINDOW))
		return;
	if (event->record.level == LEVEL_FATAL ||
		recent_within(&watch->last, event->time, novelty->options->novelty_window))
		novelty_raise(watch, event, findings);
}

static void novelty_describe(
	const struct detect_options *options, const struct store *store, struct finding_entry *entry)
{
	struct finding *finding = &entry->finding;
	const char *level = level_name((enum level)entry->detail[DETAIL_LEVEL]);
	char name[60], text[110];

	(void)options;
	finding_service_text(store, finding->services[0], name, sizeof(name));
	finding_text(store_template_text(store, finding->template), text, sizeof(text));
	if (finding->count > 1)
		snprintf(finding->sentence, sizeof(finding->sentence),
			"%s says something new: \"%s\" (%s), %" PRIu64 " times", name, text, level, finding->count);
	else
		snprintf(finding->sentence, sizeof(finding->sentence), "%s says something new: \"%s\" (%s)", name, text,
			level);
}

const struct detector detector_novelty = {
	.state_size = sizeof(struct novelty),
	.init = novelty_init,
	.release = novelty_release,
	.observe = novelty_observe,
	.describe = novelty_describe,
};
