/*
 * What is normal here: the quiet part, and whether anything left it.
 */
#include "analyst/inside.h"

static bool has_baseline(const struct analysis *analysis)
{
	return analysis->onsets.baseline.from < analysis->onsets.baseline.to;
}

/* The trouble, from where the baseline ends; without one all of the scope. What was logged hours later is not part of
 * it. */
static void set_after(struct analysis *analysis)
{
	struct window scope = analysis->scope, trouble = analysis->onsets.trouble;
	struct window after = scope;

	if (analysis->onsets.abnormal) {
		after.to = trouble.to < scope.to ? trouble.to : scope.to;
		after.from = has_baseline(analysis) ? analysis->onsets.baseline.to : trouble.from;
	} else if (has_baseline(analysis)) {
		after.from = analysis->onsets.baseline.to;
	}
	if (after.from < scope.from || after.from > scope.to)
		after.from = scope.from;
	if (after.to < after.from)
		after.to = after.from;
	analysis->after = after;
}

/* With a log of quiet times beside it: strange is what that does not say. */
static void compare(struct analysis *analysis)
{
	const struct analysis_reference *reference = analysis->input.reference;
	struct level_counts counts = query_count(reference->store, reference->horizon,
		(struct window){ INT64_MIN + 1, INT64_MAX }, QUERY_ALL, QUERY_ALL);
	struct buffer out;

	if (contrast_make(&analysis->contrast, &analysis->scene, reference) != 0)
		return;
	analysis->have_contrast = true;
	analysis->have_onsets = contrast_onsets(&analysis->contrast, &analysis->onsets) == 0;
	set_after(analysis);
	buffer_init(&out, SCENE_SENTENCE);
	buffer_append_string(&out, "baseline ");
	say_quote(&out, reference->name, 60);
	buffer_append_string(&out, ": ");
	say_plural(&out, level_counts_total(&counts), "record");
	buffer_append_string(&out, ", ");
	say_plural(&out, level_counts_errors(&counts), "error");
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	buffer_release(&out);
}

bool step_baseline(struct analysis *analysis)
{
	const struct scene *scene = &analysis->scene;
	struct tally errors = { .service = QUERY_ALL, .template = QUERY_ALL, .level = LEVEL_ERROR };
	struct buffer out;
	uint64_t count = 0;
	unsigned evidence;

	if (scene->horizon.records == 0 || !store_has_records(scene->store) ||
		analysis->scope.from >= analysis->scope.to)
		return false;
	if (analysis->input.reference) {
		compare(analysis);
		return false;
	}
	if (onset_compute(scene->store, scene->horizon, analysis->input.baseline, &analysis->onsets) != 0)
		return false;
	analysis->have_onsets = true;
	set_after(analysis);
	buffer_init(&out, SCENE_SENTENCE);
	if (!has_baseline(analysis)) {
		buffer_append_string(
			&out, "no quiet part: the log begins in the middle of the trouble, so there is no baseline");
		analysis_say(analysis, ENTRY_STEP, NULL, &out);
		buffer_release(&out);
		return false;
	}
	evidence = scene_cite_count(scene, &errors, analysis->onsets.baseline, &count);
	if (analysis->input.baseline) {
		buffer_append_string(
			&out, analysis->input.scope ? "baseline before the selection, " : "baseline as given, ");
	} else if (analysis->onsets.abnormal) {
		buffer_append_string(&out, "quiet until ");
		say_clock(&out, scene, analysis->onsets.baseline.to);
		buffer_append_string(&out, "; baseline ");
	} else {
		buffer_append_string(&out, "no change of rate; baseline ");
	}
	say_window(&out, scene, analysis->onsets.baseline);
	buffer_append_string(&out, ": ");
	say_plural(&out, count, "error");
	buffer_append_string(&out, ", ");
	say_rate(&out, (double)count / minutes_of(analysis->onsets.baseline));
	buffer_append_string(&out, " a minute");
	say_cite(&out, evidence);
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	buffer_release(&out);
	return false;
}
