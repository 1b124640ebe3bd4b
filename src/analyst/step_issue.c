/*
 * What somebody said is wrong: which lines speak of it, by the two-stage filter, and what category of trouble it is.
 */
#include "analyst/inside.h"

#define SHOWN 3

bool step_issue(struct analysis *analysis)
{
	const struct scene *scene = &analysis->scene;
	struct relevance_input input = { .store = scene->store,
		.reader = scene->reader,
		.horizon = scene->horizon,
		.issue = analysis->input.issue };
	struct buffer out;

	if (!analysis->input.issue || scene->horizon.records == 0 || !store_has_records(scene->store) ||
		relevance_find(&input, &analysis->relevance) != 0)
		return false;
	analysis->have_relevance = true;
	buffer_init(&out, SCENE_SENTENCE);
	buffer_append_string(&out, "issue ");
	say_quote(&out, slice_of(analysis->input.issue), 60);
	buffer_append_string(&out, ": ");
	relevance_append_counts(&analysis->relevance, &out);
	buffer_append_string(&out,
		analysis->relevance.by_importance ? " records, none is about it: the most important are "
						  : " records, most alike ");
	for (size_t i = 0; i < analysis->relevance.records.count && i < SHOWN; i++) {
		const struct relevant *relevant = vector_at(&analysis->relevance.records, i);
		const struct evidence *line =
			evidence_find(scene->book, analysis_cite_line(analysis, relevant->record));

		if (!line)
			continue;
		buffer_append_string(&out, i ? ", " : "");
		say_quote(&out, line->text, 48);
		say_cite(&out, line->number);
	}
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	buffer_release(&out);
	return false;
}
