/*
 * What is in the log at all, and what could not be read of it.
 */
#include "analyst/inside.h"

#include <stdlib.h>

static void say_loss(struct analysis *analysis, struct buffer *out)
{
	const struct scene *scene = &analysis->scene;
	uint64_t unparsed = query_unparsed(scene->store, 0, scene->horizon.records);
	uint64_t lost = store_ledger_total(scene->store).lost;

	if (unparsed) {
		buffer_append_string(out, "; ");
		say_number(out, unparsed);
		buffer_append_string(out, " unparsed");
	}
	if (lost) {
		buffer_append_string(out, "; ");
		say_number(out, lost);
		buffer_append_string(out, " lost");
	}
}

/* In one pass: asking for one service after another would scan a log of many services as often as it has any. */
static uint32_t count_services(const struct scene *scene, struct window window)
{
	uint32_t known = store_service_count(scene->store), services = 0;
	struct level_counts *counts = calloc((size_t)known + 1, sizeof(*counts));

	if (!counts)
		return 0;
	query_service_histograms(scene->store, scene->horizon, window, 1, known, counts);
	for (uint32_t service = 0; service < known; service++)
		services += level_counts_total(&counts[service]) > 0;
	free(counts);
	return services;
}

bool step_overview(struct analysis *analysis)
{
	static const enum level shown[] = { LEVEL_FATAL, LEVEL_ERROR, LEVEL_WARN };
	const struct scene *scene = &analysis->scene;
	struct level_counts counts = query_count(scene->store, scene->horizon, analysis->scope, QUERY_ALL, QUERY_ALL);
	uint64_t total = level_counts_total(&counts), records = analysis->input.scope ? total : scene->horizon.records;
	struct buffer out;

	buffer_init(&out, SCENE_SENTENCE);
	if (records == 0) {
		buffer_append_string(&out, "nothing to read: no record is visible");
		analysis_say(analysis, ENTRY_STEP, NULL, &out);
		buffer_release(&out);
		return false;
	}
	say_plural(&out, records, "record");
	buffer_append_string(&out, " of ");
	say_plural(&out, count_services(scene, analysis->scope), "service");
	if (total) {
		buffer_append_string(&out, ", ");
		say_window(&out, scene, analysis->scope);
		buffer_append_string(&out, " (");
		say_duration(&out, time_apart(analysis->scope.from, analysis->scope.to));
		buffer_append_string(&out, ")");
	}
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		buffer_append_string(&out, i ? ", " : ": ");
		say_number(&out, counts.of[shown[i]]);
		buffer_append_format(&out, " %s", level_name(shown[i]));
	}
	if (records > total) {
		buffer_append_string(&out, "; ");
		say_number(&out, records - total);
		buffer_append_string(&out, " without a readable time");
	}
	say_loss(analysis, &out);
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	buffer_release(&out);
	return false;
}
