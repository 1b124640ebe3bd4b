/*
 * The timeline: the whole log over the width of the pane, a column a bucket, always unfiltered. Bars by level
 * (timeline_bars.c); below them the findings with the numbers in which they were raised, and clock times; through all
 * of it the time cursor.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/base/utf8.h"
#include "ui/axis.h"
#include "ui/timeline_bars.h"
#include "ui/view.h"

enum {
	MARGIN = 9,       /* left of the bars, for the highest counts and the zone */
	MARGIN_FROM = 60, /* columns from which there is room for it */
	COLUMNS_MAX = 1000,
	FEW_RECORDS = 65536, /* so many new records are added to the buckets one by one */
	DWARFED = 10,        /* the highest column is so many times the middle one */
	PAGE = 10
};

static int margin_of(int width)
{
	return width >= MARGIN_FROM ? MARGIN : 0;
}

static struct axis axis_here(const struct state *state)
{
	return axis_of(state->timeline.extent, state->timeline.columns);
}

/* --- counting -------------------------------------------------------------------------------------------------- */

static int compare_counts(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
	return left < right ? -1 : left > right;
}

/* The highest columns, and whether one dwarfs the middle one of those that have anything. */
static void measure(struct timeline_state *timeline)
{
	uint64_t totals[COLUMNS_MAX];
	size_t count = 0;
	timeline->trouble = 0;
	for (int i = 0; i < timeline->columns && i < COLUMNS_MAX; i++) {
		uint64_t trouble = trouble_of(&timeline->buckets[i]);
		timeline->trouble = trouble > timeline->trouble ? trouble : timeline->trouble;
		totals[count] = level_counts_total(&timeline->buckets[i]);
		count += totals[count] > 0;
	}
	qsort(totals, count, sizeof(totals[0]), compare_counts);
	timeline->highest = count > 0 ? totals[count - 1] : 0;
	timeline->root = count > 0 && timeline->highest / DWARFED > totals[count / 2];
}

static void count_all(struct timeline_state *timeline, const struct snapshot *snapshot, int columns)
{
	struct level_counts *buckets = calloc((size_t)columns + 1, sizeof(*buckets));
	free(timeline->buckets);
	timeline->buckets = buckets;
	timeline->columns = buckets ? columns : 0;
	if (buckets && columns > 0)
		query_histogram(
			snapshot->store, snapshot->horizon, snapshot->extent, QUERY_ALL, (size_t)columns, buckets);
}

static void count_new(struct timeline_state *timeline, const struct snapshot *snapshot)
{
	struct axis axis = axis_of(timeline->extent, timeline->columns);
	struct record record;
	for (uint64_t id = timeline->records; id < snapshot->horizon.records; id++) {
		store_record(snapshot->store, id, &record);
		int column = record.time == TIMESTAMP_NONE ? -1 : axis_column(&axis, record.time);
		if (column >= 0 && column < axis.columns)
			timeline->buckets[column].of[record.level < LEVEL_COUNT ? record.level : LEVEL_UNKNOWN]++;
	}
}

static void timeline_update(struct state *state)
{
	struct timeline_state *timeline = &state->timeline;
	const struct snapshot *snapshot = state->snapshot;
	struct rectangle area = state->layout.panes[PANE_TIMELINE];
	int columns = area.width - margin_of(area.width);
	bool known = snapshot->extent.from < snapshot->extent.to && snapshot->extent.from != TIMESTAMP_NONE;
	if (area.height == 0)
		return;
	if (columns > COLUMNS_MAX)
		columns = COLUMNS_MAX;
	if (columns < 0 || !known)
		columns = 0;
	bool same = timeline->buckets && timeline->columns == columns &&
		timeline->extent.from == snapshot->extent.from && timeline->extent.to == snapshot->extent.to &&
		timeline->records <= snapshot->horizon.records;
	if (same && timeline->records == snapshot->horizon.records)
		return;
	if (same && snapshot->horizon.records - timeline->records <= FEW_RECORDS) {
		count_new(timeline, snapshot);
	} else {
		timeline->extent = snapshot->extent;
		count_all(timeline, snapshot, columns);
	}
	timeline->records = snapshot->horizon.records;
	measure(timeline);
}

/* --- the title ------------------------------------------------------------------------------------------------- */

static void timeline_title(const struct state *state, struct buffer *out)
{
	const struct timeline_state *timeline = &state->timeline;
	struct axis axis = axis_here(state);
	char text[40], other[40];
	if (axis.columns == 0)
		return;
	int64_t span = (int64_t)((uint64_t)axis.window.to - (uint64_t)axis.window.from);
	if (margin_of(state->layout.panes[PANE_TIMELINE].width) > 0)
		buffer_append_string(out, "all services · every level · ");
	buffer_append_string(out, duration_format(span > 0 ? span : INT64_MAX, text));
	buffer_append_format(out, " · 1 column = %s", duration_format((int64_t)axis.step, text));
	if (margin_of(state->layout.panes[PANE_TIMELINE].width) == 0)
		buffer_append_format(out, " · peak %s", count_short(timeline->highest, text));
	if (timeline->root)
		buffer_append_string(out, " · volume as square root");
	if (margin_of(state->layout.panes[PANE_TIMELINE].width) > 0 && timeline->trouble > 0)
		buffer_append_string(out, " · peaks a column, W+ = WARN and worse");
	if (state->range.from < state->range.to)
		buffer_append_format(out, " · selected %s – %s",
			timestamp_format(state->range.from, TIMESTAMP_CLOCK, &state->snapshot->zone, text),
			timestamp_format(state->range.to - 1, TIMESTAMP_CLOCK, &state->snapshot->zone, other));
}

/* --- findings -------------------------------------------------------------------------------------------------- */

static bool is_visible(const struct state *state, const struct finding *finding)
{
	return state->snapshot->horizon.time != TIMESTAMP_NONE && finding->raised <= state->snapshot->horizon.time;
}

/* Findings that begin in one column, or too near to stand apart. */
struct finding_group {
	size_t first, last, count; /* lowest and highest number */
};

static void group_add(struct finding_group *group, size_t first, size_t last, size_t count)
{
	group->first = group->count == 0 || first < group->first ? first : group->first;
	group->last = last > group->last ? last : group->last;
	group->count += count;
}

/* "▲3", "▲3–5" when it is all of them, "▲3+2" otherwise: the first and two more. Returns its cells. */
static int group_label(const struct finding_group *group, bool ascii, char out[64])
{
	const char *mark = glyph_text(GLYPH_FINDING, ascii);
	if (group->count == 1)
		snprintf(out, 64, "%s%zu", mark, group->first);
	else if (group->last - group->first + 1 == group->count)
		snprintf(out, 64, "%s%zu%s%zu", mark, group->first, glyph_text(GLYPH_DASH, ascii), group->last);
	else
		snprintf(out, 64, "%s%zu+%zu", mark, group->first, group->count - 1);
	return (int)utf8_shown_width(slice_of(out));
}

static void paint_group(const struct canvas *canvas, int x, int y, const struct finding_group *group)
{
	char label[64];
	int width = group_label(group, canvas->ascii, label);
	/* At the right edge the mark keeps its column rather than its number. */
	if (x + width > canvas->area.width)
		canvas_glyph(canvas, x, y, ROLE_FINDING, GLYPH_FINDING);
	else
		canvas_string(canvas, x, y, width, ROLE_FINDING, label);
}

static void paint_findings(const struct state *state, const struct axis *axis, const struct canvas *canvas, int y)
{
	struct finding_group columns[COLUMNS_MAX] = { 0 }, open = { 0 };
	const struct detect *detect = state->snapshot->detect;
	int begin = 0, end = -1; /* of the group that is open, with a blank behind it */
	char label[64];
	for (size_t i = 0; detect && i < detect_count(detect); i++) {
		const struct finding *finding = detect_finding(detect, i);
		int x = axis_column(axis, finding->start);
		if (x >= 0 && x < axis->columns && is_visible(state, finding))
			group_add(&columns[x], i + 1, i + 1, 1);
	}
	for (int x = 0; x < axis->columns; x++) {
		if (columns[x].count == 0)
			continue;
		if (x > end) {
			if (open.count > 0)
				paint_group(canvas, begin, y, &open);
			open = (struct finding_group){ 0 };
			begin = x;
		}
		group_add(&open, columns[x].first, columns[x].last, columns[x].count);
		end = begin + group_label(&open, canvas->ascii, label);
	}
	if (open.count > 0)
		paint_group(canvas, begin, y, &open);
}

/* --- cursor and selection -------------------------------------------------------------------------------------- */

static int cursor_column(const struct state *state, const struct axis *axis)
{
	int64_t time = state_time(state);
	int column = time == TIMESTAMP_NONE ? -1 : axis_column(axis, time);
	return column < axis->columns ? column : axis->columns - 1;
}

/* The cursor's own time, right of it or else left, where nothing stands. */
static void paint_clock(const struct state *state, const struct canvas *canvas, int x, int y, const struct axis *axis)
{
	char text[40];
	enum timestamp_style style = axis->step < (uint64_t)TIMESTAMP_SECOND / 2 ? TIMESTAMP_MILLIS : TIMESTAMP_CLOCK;
	int width = (int)slice_of(timestamp_format(state_time(state), style, &state->snapshot->zone, text)).size;
	int at = canvas_is_blank(canvas, x + 1, y, width + 1) ? x + 1 : x - width;
	if (canvas_is_blank(canvas, at, y, width))
		canvas_string(canvas, at, y, width, ROLE_CURSOR_TIME, text);
}

/* Over the full height, but never over a finding: there only the role changes. */
static void paint_cursor(
	const struct state *state, const struct canvas *canvas, const struct axis *axis, int findings_y, int axis_y)
{
	int x = cursor_column(state, axis);
	if (x < 0)
		return;
	for (int y = 0; y < canvas->area.height; y++) {
		if (y == findings_y && !canvas_is_blank(canvas, x, y, 1))
			canvas_role(canvas, x, y, 1, ROLE_CURSOR_TIME);
		else
			canvas_glyph(canvas, x, y, ROLE_CURSOR_TIME, GLYPH_CURSOR);
	}
	if (axis_y >= 0)
		paint_clock(state, canvas, x, axis_y, axis);
}

static void paint_range(const struct state *state, const struct canvas *canvas, const struct axis *axis)
{
	if (state->range.from >= state->range.to)
		return;
	int from = axis_column(axis, state->range.from), to = axis_column(axis, state->range.to - 1);
	from = from < 0 ? 0 : from;
	to = to >= axis->columns ? axis->columns - 1 : to;
	for (int y = 0; y < canvas->area.height; y++)
		canvas_ground(canvas, from, y, to - from + 1, ROLE_RANGE);
}

/* --- painting -------------------------------------------------------------------------------------------------- */

static void paint_nothing(const struct state *state, const struct canvas *canvas)
{
	const struct snapshot *snapshot = state->snapshot;
	bool timeless = !snapshot->indexing && snapshot->horizon.records > 0;
	canvas_string(canvas, 1, 0, canvas->area.width - 2, ROLE_DIM,
		timeless ? "no record has a time: they stand in the order they came" : "no record yet");
}

static void paint_zone(const struct state *state, const struct canvas *canvas, int y)
{
	const char *zone = zone_name(&state->snapshot->zone);
	int width = margin_of(canvas->area.width) - 1;
	if ((int)utf8_shown_width(slice_of(zone)) <= width)
		canvas_right(canvas, 0, y, width, ROLE_DIM, zone);
}

/* Rows from the top: bars, findings, clock times; with fewer than four the last two share a row, with one there are
 * only bars. */
static void timeline_paint(const struct state *state, const struct canvas *canvas)
{
	int width = canvas->area.width, rows = canvas->area.height, margin = margin_of(width);
	struct axis axis = axis_here(state);
	if (rows < 1 || width < 1)
		return;
	if (axis.columns == 0 || !state->timeline.buckets) {
		paint_nothing(state, canvas);
		return;
	}
	int graph_rows = rows >= 4 ? rows - 2 : rows >= 2 ? rows - 1 : 1;
	int axis_y = rows >= 2 ? rows - 1 : -1, findings_y = rows >= 2 ? graph_rows : -1;
	struct canvas body = canvas_part(canvas, (struct rectangle){ margin, 0, width - margin, rows });
	struct canvas graph = canvas_part(&body, (struct rectangle){ 0, 0, width - margin, graph_rows });
	if (margin > 0)
		timeline_paint_peaks(state, canvas, graph_rows);
	if (margin > 0 && axis_y >= 0)
		paint_zone(state, canvas, axis_y);
	timeline_paint_bars(state, &axis, &graph);
	if (findings_y >= 0)
		paint_findings(state, &axis, &body, findings_y);
	paint_cursor(state, &body, &axis, findings_y, axis_y);
	if (axis_y >= 0)
		axis_paint(&axis, &body, axis_y, &state->snapshot->zone);
	paint_range(state, &body, &axis);
}

/* --- actions --------------------------------------------------------------------------------------------------- */

static void move(struct state *state, int by)
{
	const struct snapshot *snapshot = state->snapshot;
	struct axis axis = axis_here(state);
	char text[40];
	if (axis.columns == 0 || snapshot->horizon.time == TIMESTAMP_NONE)
		return;
	int column = cursor_column(state, &axis), last = axis_column(&axis, snapshot->horizon.time);
	int target = column + by;
	last = last < axis.columns ? last : axis.columns - 1;
	if (target <= last) {
		state_move_to_time(state, axis_time(&axis, target < 0 ? 0 : target));
		return;
	}
	if (snapshot->replaying && state->cursor_time == TIMESTAMP_NONE)
		state_message(state, true,
			"the replay has come to %s and nothing later may be seen yet: > goes on to the next finding",
			timestamp_format(snapshot->horizon.time, TIMESTAMP_CLOCK, &snapshot->zone, text));
	state_follow(state);
}

/* In a replay: back to the cursor. Else: to its lines. */
static void open_moment(struct state *state)
{
	if (state->snapshot->replaying && state->cursor_time != TIMESTAMP_NONE) {
		state_emit(state, (struct intent){ .kind = INTENT_REPLAY_SEEK, .time = state->cursor_time });
		state_follow(state);
		return;
	}
	state->focus = PANE_TAIL;
	if (state->zoomed != PANE_COUNT)
		state->zoomed = PANE_TAIL;
}

static bool timeline_action(struct state *state, enum action action)
{
	switch (action) {
	case ACTION_LEFT:
	case ACTION_RIGHT:
		move(state, action == ACTION_RIGHT ? 1 : -1);
		return true;
	case ACTION_HALF_UP:
	case ACTION_HALF_DOWN:
		move(state, action == ACTION_HALF_DOWN ? PAGE / 2 : -PAGE / 2);
		return true;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		move(state, action == ACTION_PAGE_DOWN ? PAGE : -PAGE);
		return true;
	case ACTION_TOP:
		move(state, -COLUMNS_MAX);
		return true;
	case ACTION_BOTTOM:
		state_follow(state);
		return true;
	case ACTION_OPEN_ITEM:
		open_moment(state);
		return true;
	default:
		return false;
	}
}

const struct view view_timeline = {
	.title = timeline_title, .update = timeline_update, .paint = timeline_paint, .action = timeline_action
};
