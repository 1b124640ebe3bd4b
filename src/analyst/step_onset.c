/*
 * Who broke first: the services that left their baseline, in order, with the lines that show it and whom those lines
 * name.
 */
#include "analyst/inside.h"
#include "analyst/names.h"

#include <stdlib.h>

#define REQUEST_LEAST 8 /* shorter ids may stand in a text by chance */

struct candidate {
	uint32_t template;
	uint64_t first;
};

static int earlier(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	return left->first < right->first ? -1 : left->first > right->first;
}

/* Templates of WARN and worse since the onset that were absent or at least three times rarer, by time, in the baseline.
 */
static void find_candidates(const struct analysis *analysis, const struct suspect *suspect, struct vector *candidates)
{
	const struct scene *scene = &analysis->scene;
	struct window baseline = analysis->onsets.baseline, since = { suspect->onset.time, analysis->after.to };
	uint32_t count = store_template_count(scene->store);
	uint64_t *before = calloc((size_t)count + 1, sizeof(*before)),
		 *after = calloc((size_t)count + 1, sizeof(*after)),
		 *firsts = calloc((size_t)count + 1, sizeof(*firsts));

	for (uint32_t i = 0; firsts && i < count; i++)
		firsts[i] = UINT64_MAX;
	if (before && after && firsts) {
		query_template_counts(
			scene->store, scene->horizon, baseline, suspect->service, LEVEL_WARN, count, before, NULL);
		query_template_counts(
			scene->store, scene->horizon, since, suspect->service, LEVEL_WARN, count, after, firsts);
		for (uint32_t i = 0; i < count; i++) {
			double usual = baseline.from < baseline.to ? (double)before[i] / minutes_of(baseline) : 0;
			struct candidate *candidate;

			if (after[i] == 0 || (double)after[i] / minutes_of(since) < 3 * usual)
				continue;
			candidate = vector_push(candidates);
			if (candidate)
				*candidate = (struct candidate){ i, firsts[i] };
		}
	}
	free(before);
	free(after);
	free(firsts);
	vector_sort(candidates, earlier);
}

void suspect_read_lines(struct analysis *analysis, struct suspect *suspect)
{
	struct vector candidates;

	vector_init(&candidates, sizeof(struct candidate), 65536);
	find_candidates(analysis, suspect, &candidates);
	for (size_t i = 0; i < candidates.count && suspect->line_count < SUSPECT_LINES; i++) {
		const struct candidate *candidate = vector_at(&candidates, i);
		struct record record;
		struct store_text text;

		if (!scene_read(&analysis->scene, candidate->first, &record, &text))
			continue;
		suspect->novel = suspect->novel ||
			store_template_first(analysis->scene.store, candidate->template) == candidate->first;
		suspect->lines[suspect->line_count] = candidate->first;
		suspect->texts[suspect->line_count] = analysis_keep(analysis, slice_first(text.message, SUSPECT_TEXT));
		suspect->levels[suspect->line_count] = record.level;
		suspect->line_count++;
	}
	vector_release(&candidates);
}

/* The id of the request or trace that a record belongs to. */
static struct slice find_request(struct analysis *analysis, uint64_t id)
{
	static const char *const names[] = { "request_id", "request", "req_id", "trace_id", "traceid" };
	struct record record;
	struct store_text text;

	if (!scene_read(&analysis->scene, id, &record, &text))
		return (struct slice){ 0 };
	for (size_t i = 0; i < text.field_count; i++)
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++)
			if (text.fields[i].value.size >= REQUEST_LEAST &&
				slice_equal_nocase(text.fields[i].name, slice_of(names[j])))
				return analysis_keep(analysis, text.fields[i].value);
	return (struct slice){ 0 };
}

/* Does a line name the other service, or quote the request that failed there? Such a quote is what an answer carries
 * back: the one who answers is the cause. */
static bool is_blamed(const struct analysis *analysis, const struct suspect *other, struct slice text)
{
	return names_mentioned(&analysis->scene, text, other->service) ||
		(other->request.size && slice_find(text, other->request) != SIZE_MAX);
}

static void find_blame(struct analysis *analysis)
{
	for (size_t i = 0; i < analysis->suspects.count; i++) {
		struct suspect *suspect = analysis_suspect(analysis, i);

		for (size_t j = 0; j < analysis->suspects.count; j++) {
			struct suspect *other = analysis_suspect(analysis, j);
			bool named = false;

			for (size_t line = 0; i != j && line < suspect->line_count; line++)
				named = named || is_blamed(analysis, other, suspect->texts[line]);
			if (named) {
				suspect->blames |= UINT64_C(1) << j;
				other->blamed++;
			}
		}
	}
}

static void collect(struct analysis *analysis)
{
	for (size_t i = 0; i < analysis->onsets.onsets.count; i++) {
		const struct onset *onset = vector_at(&analysis->onsets.onsets, i);
		struct suspect *suspect;

		if (onset->time == TIMESTAMP_NONE || onset->background || onset->time >= analysis->scope.to)
			continue;
		suspect = vector_push(&analysis->suspects);
		if (!suspect)
			break;
		suspect->service = onset->service;
		suspect->onset = *onset;
		suspect->onset.time = store_time(analysis->scene.store, onset->record);
		suspect->evidence = analysis_cite_line(analysis, onset->record);
		suspect->request = find_request(analysis, onset->record);
		suspect_read_lines(analysis, suspect);
	}
}

static void claim_order(
	struct analysis *analysis, struct buffer *out, const struct suspect *first, const struct suspect *suspect)
{
	const struct evidence *line = evidence_find(analysis->scene.book, suspect->evidence);

	say_service(out, &analysis->scene, suspect->service);
	if (suspect == first) {
		buffer_append_string(out, " left its baseline first, at ");
		say_millis(out, &analysis->scene, suspect->onset.time);
	} else {
		buffer_append_string(out, " followed ");
		say_service(out, &analysis->scene, first->service);
		say_cite(out, first->evidence);
		buffer_append_string(out, " after ");
		say_duration(out, time_apart(first->onset.time, suspect->onset.time));
	}
	if (line) {
		buffer_append_string(out, ": ");
		say_quote(out, line->text, 72);
	}
	say_cite(out, suspect->evidence);
	analysis_claim(analysis, suspect == first ? CLAIM_FIRST : CLAIM_SPREAD, out);
	buffer_clear(out);
}

/* Troubles that this verdict is not about: other services, or another time. */
static void tell_others(struct analysis *analysis, struct buffer *out)
{
	const struct scene *scene = &analysis->scene;

	for (size_t i = 0; i < analysis->onsets.others.count; i++) {
		const struct onset_trouble *other = vector_at(&analysis->onsets.others, i);
		struct tally tally = { .service = QUERY_ALL, .template = QUERY_ALL, .level = LEVEL_ERROR };
		struct window window = other->window;
		uint64_t errors;
		unsigned evidence;

		if (window.from < analysis->scope.from || window.to > analysis->scope.to)
			continue;
		if (other->services == 1)
			tally.service = other->service;
		evidence = scene_cite_count(scene, &tally, window, &errors);
		buffer_append_string(out, "another trouble, told apart from this one: ");
		say_service(out, scene, other->service);
		buffer_append_string(out, other->services > 1 ? " and others, " : ", ");
		say_window_apart(out, scene, window, analysis->after.from);
		buffer_append_string(out, ", ");
		say_plural(out, errors, "error");
		say_cite(out, evidence);
		analysis_claim(analysis, CLAIM_OTHER, out);
		analysis_say(analysis, ENTRY_STEP, NULL, out);
	}
}

bool step_onset(struct analysis *analysis)
{
	struct suspect *first;
	struct buffer out;

	if (!analysis->have_onsets)
		return false;
	collect(analysis);
	find_blame(analysis);
	first = analysis_suspect(analysis, 0);
	buffer_init(&out, SCENE_SENTENCE);
	if (!first)
		buffer_append_string(&out, "no service left its baseline");
	for (size_t i = 0; i < analysis->suspects.count; i++) {
		const struct suspect *suspect = analysis_suspect(analysis, i);

		buffer_append_string(&out, i ? ", " : "onset: ");
		say_service(&out, &analysis->scene, suspect->service);
		buffer_append_string(&out, i ? " +" : " ");
		if (i == 0)
			say_clock(&out, &analysis->scene, suspect->onset.time);
		else
			say_duration(&out, time_apart(first->onset.time, suspect->onset.time));
		say_cite(&out, suspect->evidence);
	}
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	for (size_t i = 0; i < analysis->suspects.count; i++)
		claim_order(analysis, &out, first, analysis_suspect(analysis, i));
	tell_others(analysis, &out);
	buffer_release(&out);
	return false;
}
