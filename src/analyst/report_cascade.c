/*
 * How it spread, drawn in text: who failed because of whom, with the time that lies between.
 *
 *   20:41:07.118  orders-db  "pool exhausted" [E2]
 *   +5.4 s        `- payment-service  "capture failed" [E5]
 *
 * A service hangs under the earliest one that its lines blame, else under the first.
 */
#include "analyst/inside.h"
#include "analyst/report_inside.h"

#define SHOWN 12
#define TIME_CELLS 14

static size_t parent_of(const struct analysis *analysis, size_t index)
{
	const struct suspect *suspect = analysis_suspect(analysis, index);

	for (size_t i = 0; i < index; i++)
		if (suspect->blames & (UINT64_C(1) << i))
			return i;
	return 0;
}

static void append_row(struct buffer *out, const struct analysis *analysis, size_t index, size_t depth, size_t columns)
{
	const struct suspect *suspect = analysis_suspect(analysis, index), *first = analysis_suspect(analysis, 0);
	struct buffer line;
	size_t begin;

	buffer_init(&line, SCENE_SENTENCE);
	if (index == 0) {
		say_millis(&line, &analysis->scene, suspect->onset.time);
	} else {
		buffer_append_byte(&line, '+');
		say_duration(&line, time_apart(first->onset.time, suspect->onset.time));
	}
	buffer_append_repeat(&line, ' ', line.size < TIME_CELLS ? TIME_CELLS - line.size : 1);
	if (depth > 0) {
		buffer_append_repeat(&line, ' ', 3 * (depth - 1));
		buffer_append_string(&line, "`- ");
	}
	begin = line.size;
	say_service(&line, &analysis->scene, suspect->service);
	if (suspect->line_count) {
		buffer_append_string(&line, "  ");
		say_quote(&line, suspect->texts[0], columns > begin + 40 ? columns - begin - 34 : 24);
	}
	say_cite(&line, suspect->evidence);
	buffer_append_string(out, "  ");
	buffer_append_slice(out, buffer_slice(&line));
	buffer_append_byte(out, '\n');
	buffer_release(&line);
}

static void append_below(
	struct buffer *out, const struct analysis *analysis, size_t parent, size_t depth, size_t columns)
{
	for (size_t i = parent + 1; i < analysis->suspects.count && i < SHOWN && depth < SHOWN; i++) {
		if (parent_of(analysis, i) != parent)
			continue;
		append_row(out, analysis, i, depth, columns);
		append_below(out, analysis, i, depth + 1, columns);
	}
}

void report_cascade(struct buffer *out, const struct analysis *analysis, size_t columns)
{
	if (analysis->suspects.count < 2 || !analysis->culprit)
		return;
	buffer_append_string(out, "\ncascade\n");
	append_row(out, analysis, 0, 0, columns ? columns : 120);
	append_below(out, analysis, 0, 1, columns ? columns : 120);
}
