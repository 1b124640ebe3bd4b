/*
 * Is it nobody's fault here? A kind of outside trouble is found when the first lines of enough services name it, or the
 * alert does; for some a metric must show it as well.
 *
 * - A record that came in is bad when the errors all quote the same one: the place that they name does not move.
 * - Traffic is the cause when the rate of requests rose, in at least half of the services that have such a metric, and
 *   before or with the first error.
 */
#include "analyst/external.h"
#include "analyst/inside.h"
#include "analyst/names.h"
#include "analyst/shift.h"

#include <string.h>

#define RISE 2.5               /* times the usual rate of requests */
#define EARLY TIMESTAMP_MINUTE /* clocks and buckets of metrics differ */
#define SAME_RECORD 3

static bool names_it(const struct external *external, struct slice text)
{
	for (size_t i = 0; i < EXTERNAL_WORDS && external->words[i]; i++)
		if (slice_find_nocase(text, slice_of(external->words[i])) != SIZE_MAX)
			return true;
	return false;
}

/* The first line of a suspect that names it; SIZE_MAX when none does. */
static size_t line_naming(const struct external *external, const struct suspect *suspect)
{
	for (size_t i = 0; i < suspect->line_count; i++)
		if (names_it(external, suspect->texts[i]))
			return i;
	return SIZE_MAX;
}

static bool alert_names(const struct analysis *analysis, const struct external *external)
{
	const struct context *context = analysis->input.context;

	for (size_t i = 0; context && alerts_at(&context->alerts, i); i++)
		if (names_it(external, alerts_at(&context->alerts, i)->summary) ||
			names_it(external, alerts_at(&context->alerts, i)->detail))
			return true;
	return false;
}

static bool is_rate(const struct external *external, struct slice name)
{
	for (size_t i = 0; i < 4 && external->metrics[i]; i++)
		if (slice_find_nocase(name, slice_of(external->metrics[i])) != SIZE_MAX)
			return true;
	return false;
}

static bool metrics_show(const struct analysis *analysis, const struct external *external)
{
	const struct context *context = analysis->input.context;
	size_t all = 0, rose = 0;

	if (!external->metrics[0])
		return true;
	for (size_t i = 0; context && metrics_at(&context->metrics, i); i++) {
		const struct metric_series *series = metrics_at(&context->metrics, i);
		struct shift shift;

		if (!is_rate(external, series->name))
			continue;
		all++;
		rose += shift_find(series, analysis->scope.from, analysis_end(analysis), &shift) &&
			shift.after >= RISE * shift.before &&
			shift.time <= time_shift(analysis->culprit->onset.time, EARLY);
	}
	return all > 0 && rose * 2 >= all;
}

/* The value behind "key=" up to a blank. */
static struct slice value_of(struct slice text, const char *key)
{
	size_t at = slice_find(text, slice_of(key)), end = 0;

	if (at == SIZE_MAX)
		return (struct slice){ 0 };
	text = slice_from(text, at + strlen(key));
	while (end < text.size && text.data[end] != ' ' && text.data[end] != ';' && text.data[end] != ',')
		end++;
	return slice_first(text, end);
}

/* Do the first errors all quote one place in what came in? */
static bool same_record(const struct analysis *analysis)
{
	static const char *const keys[] = { "offset=", "record_id=", "message_id=", "row=" };
	const struct scene *scene = &analysis->scene;
	char first[64] = "", value[64];
	size_t same = 0;

	for (uint64_t id = analysis->culprit->onset.record; id < scene->horizon.records && same < SAME_RECORD; id++) {
		struct record record;
		struct store_text text;
		struct slice found = { 0 };

		store_record(scene->store, id, &record);
		if (record.service != analysis->culprit->service || !level_is_error(record.level) ||
			!scene_read(scene, id, &record, &text))
			continue;
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && !found.size; i++)
			found = value_of(text.message, keys[i]);
		slice_copy(found, value, sizeof(value));
		if (!found.size || (same && strcmp(value, first) != 0))
			return false;
		memcpy(first, value, sizeof(first));
		same++;
	}
	return same == SAME_RECORD;
}

static bool applies(const struct analysis *analysis, const struct external *external)
{
	bool first = line_naming(external, analysis->culprit) != SIZE_MAX;
	unsigned services = 0;

	for (size_t i = 0; i < analysis->suspects.count; i++)
		services += line_naming(external, analysis_suspect(analysis, i)) != SIZE_MAX;
	if (strcmp(external->name, "bad data") == 0 && !(first && same_record(analysis)))
		return false;
	return ((first && services >= external->services) || (alert_names(analysis, external) && services > 0)) &&
		metrics_show(analysis, external);
}

static void claim(struct analysis *analysis, const struct external *external)
{
	struct buffer out;

	buffer_init(&out, SCENE_SENTENCE);
	buffer_append_string(&out, external->phrase);
	for (size_t i = 0, said = 0; i < analysis->suspects.count && said < 3; i++) {
		const struct suspect *suspect = analysis_suspect(analysis, i);
		size_t line = line_naming(external, suspect);

		if (line == SIZE_MAX)
			continue;
		buffer_append_string(&out, said++ ? ", " : ": ");
		say_service(&out, &analysis->scene, suspect->service);
		buffer_append_byte(&out, ' ');
		say_quote(&out, suspect->texts[line], 72);
		say_cite(&out, analysis_cite_line(analysis, suspect->lines[line]));
	}
	analysis_claim(analysis, CLAIM_CAUSE, &out);
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	buffer_release(&out);
}

bool step_external(struct analysis *analysis)
{
	if (!analysis->culprit || analysis->culprit->onset.record == UINT64_MAX)
		return false;
	for (size_t i = 0; external_at(i); i++) {
		if (!applies(analysis, external_at(i)))
			continue;
		analysis->external = external_at(i);
		claim(analysis, external_at(i));
		break;
	}
	return false;
}
