/*
 * Heights in eighths of a row. What is there at all has at least one, so that a single error never vanishes.
 */
#include "ui/timeline_bars.h"

#include <math.h>
#include <stdio.h>

enum { PEAK = 5 /* cells of a highest count */ };

uint64_t trouble_of(const struct level_counts *counts)
{
	return counts->of[LEVEL_WARN] + level_counts_errors(counts);
}

const char *count_short(uint64_t count, char out[28])
{
	if (count < 10000)
		return count_format(count, out);
	if (count < 1000000)
		snprintf(out, 28, "%uk", (unsigned)(count / 1000));
	else if (count < 1000000000)
		snprintf(out, 28, "%.*fM", count < 100000000 ? 1 : 0, (double)count / 1e6);
	else
		snprintf(out, 28, "%.0fG", (double)count / 1e9);
	return out;
}

/* A share of `whole` eighths, at least `least` for what is there. */
static int eighths_of(uint64_t count, uint64_t highest, int whole, int least)
{
	int eighths = highest > 0 ? (int)lround((double)whole * (double)count / (double)highest) : 0;
	return count > 0 && eighths < least ? least : eighths;
}

static void paint_volume(const struct timeline_state *timeline, const struct canvas *lane, int x, uint64_t total)
{
	int rows = lane->area.height, eighths = eighths_of(total, timeline->highest, rows * 8, 1);
	if (timeline->root && total > 0)
		eighths = (int)lround(sqrt((double)total / (double)timeline->highest) * rows * 8);
	canvas_bar(lane, x, 0, rows, eighths > 0 || total == 0 ? eighths : 1, ROLE_GRAPH);
}

/* Errors stand on warnings. A cell has one role: that of the worst it holds. FATAL is painted as ERROR: its own role
   has a ground in most themes, under which a low bar would look like a full one. */
static void paint_trouble(
	const struct canvas *lane, int x, const struct level_counts *counts, uint64_t highest, int least)
{
	int rows = lane->area.height;
	uint64_t trouble = trouble_of(counts), errors = level_counts_errors(counts);
	int eighths = eighths_of(trouble, highest, rows * 8, least);
	int error_from = eighths - eighths_of(errors, trouble, eighths, 1);
	canvas_bar(lane, x, 0, rows, eighths, ROLE_LEVEL_WARN);
	for (int row = 0; row * 8 < eighths; row++) {
		if (row * 8 + 8 > error_from && errors > 0)
			canvas_role(lane, x, rows - 1 - row, 1, ROLE_LEVEL_ERROR);
	}
}

/* In a single row trouble is higher than the mark that says that there was life; in ASCII one to three eighths are one
 * sign. */
static void paint_row(const struct canvas *lane, int x, const struct level_counts *counts, uint64_t highest)
{
	if (trouble_of(counts) > 0)
		paint_trouble(lane, x, counts, highest, lane->ascii ? 4 : 2);
	else if (level_counts_total(counts) > 0 && lane->ascii)
		canvas_string(lane, x, 0, 1, ROLE_GRAPH, "_");
	else if (level_counts_total(counts) > 0)
		canvas_bar(lane, x, 0, 1, 1, ROLE_GRAPH);
}

void timeline_paint_bars(const struct state *state, const struct axis *axis, const struct canvas *graph)
{
	const struct snapshot *snapshot = state->snapshot;
	const struct timeline_state *timeline = &state->timeline;
	int rows = graph->area.height, upper = timeline->trouble == 0 ? 0 : rows > 1 ? rows - 1 : 1;
	int horizon = snapshot->horizon.time == TIMESTAMP_NONE ? -1 : axis_column(axis, snapshot->horizon.time);
	struct canvas trouble = canvas_part(graph, (struct rectangle){ 0, 0, graph->area.width, upper });
	struct canvas volume = canvas_part(graph, (struct rectangle){ 0, upper, graph->area.width, rows - upper });
	for (int x = 0; x < axis->columns; x++) {
		const struct level_counts *counts = &timeline->buckets[x];
		if (x > horizon && snapshot->replaying) {
			canvas_glyph(graph, x, rows - 1, ROLE_DIM, graph->ascii ? GLYPH_HORIZONTAL : GLYPH_DOT);
		} else if (rows == 1 && upper == 1) {
			paint_row(&trouble, x, counts, timeline->trouble);
		} else {
			if (upper > 0)
				paint_trouble(&trouble, x, counts, timeline->trouble, 1);
			paint_volume(timeline, &volume, x, level_counts_total(counts));
		}
	}
}

void timeline_paint_peaks(const struct state *state, const struct canvas *canvas, int rows)
{
	const struct timeline_state *timeline = &state->timeline;
	int upper = timeline->trouble == 0 ? 0 : rows > 1 ? rows - 1 : 1;
	char text[28];
	if (upper > 0) {
		canvas_right(canvas, 0, 0, PEAK, ROLE_DIM, count_short(timeline->trouble, text));
		canvas_string(canvas, PEAK + 1, 0, 2, ROLE_DIM, "W+");
	}
	if (upper < rows)
		canvas_right(canvas, 0, upper, PEAK, ROLE_DIM, count_short(timeline->highest, text));
}
