/*
 * The tail: one row a record, the newest at the bottom while following.
 *
 * The line cursor stands on a record, not on a row: when filter, horizon or log change, it is looked up anew and keeps
 * its row on the screen. Only rows that are painted ask for their text.
 */
#include "ui/view_tail.h"

#include <stdio.h>
#include <string.h>

#include "tocsin/base/utf8.h"
#include "tocsin/store/importance.h"
#include "ui/view.h"

enum {
	SERVICE_MAX = 18,   /* cells of the column of services */
	TIME_CELLS = 12,    /* 20:41:07.118 */
	CLOCK_CELLS = 8,    /* 20:41:07, where the pane is narrow */
	WIDE_ENOUGH = 60,   /* columns for milliseconds */
	BESIDE_FILTER = 34, /* cells of the title for the pane's name and the counts */
	FILTER_LEAST = 16,
	FILTER_MOST = 60,
	HIGHLIGHTS_MAX = 64 /* in one row */
};
#define IMPORTANT (0.9 + 0.5 / STORE_IMPORTANCE_STEPS) /* as the filter importance>0.9 has it */
#define EARLY (60 * TIMESTAMP_SECOND) /* nothing is new while the log is younger */

int tail_rows(const struct state *state)
{
	int rows = state->layout.panes[PANE_TAIL].height - 1;
	return rows > 0 ? rows : 0;
}

/* --- title ----------------------------------------------------------------------------------------------------- */

/* "level>=error" in words, as it is the filter most often seen; another filter as it was typed. */
static void title_filter(const struct state *state, struct buffer *out)
{
	struct slice text = buffer_slice(&state->filter_text);
	int room = state->layout.panes[PANE_TAIL].width - BESIDE_FILTER;
	room = room < FILTER_LEAST ? FILTER_LEAST : room > FILTER_MOST ? FILTER_MOST : room;
	if (text.size == 0 || !state->filter)
		buffer_append_string(out, "everything");
	else if (slice_equal_nocase(text, slice_of("level>=error")))
		buffer_append_string(out, "ERROR and worse");
	else
		utf8_append_shown(out, text, (size_t)room);
}

static int64_t time_of_index(const struct state *state, uint64_t index)
{
	return store_time(state->snapshot->store, selection_id(&state->selection, index));
}

static void title_times(const struct state *state, uint64_t count, struct buffer *out)
{
	char from[40], to[40];
	uint64_t last = state->tail.top + (uint64_t)tail_rows(state);
	if (count == 0 || state->tail.top >= count)
		return;
	if (last > count)
		last = count;
	const struct zone *zone = &state->snapshot->zone;
	int64_t first_time = time_of_index(state, state->tail.top),
		last_time = time_of_index(state, last > 0 ? last - 1 : 0);
	if (first_time == TIMESTAMP_NONE || last_time == TIMESTAMP_NONE)
		return;
	timestamp_format(first_time, TIMESTAMP_CLOCK, zone, from);
	timestamp_format(last_time, TIMESTAMP_CLOCK, zone, to);
	if (strcmp(from, to) == 0)
		buffer_append_format(out, " · %s", from);
	else
		buffer_append_format(out, " · %s – %s", from, to);
}

/* How far what goes on behind the screen has come. */
static void title_progress(const struct state *state, uint64_t total, struct buffer *out)
{
	const struct tail_search *search = &state->searches[SEARCH_TEXT];
	if (state->filter && !selection_is_complete(&state->selection))
		buffer_append_format(out, " · looking %u %%", (unsigned)(state->selection.examined * 100 / total));
	else if (state->search_goal == SEARCH_TEXT && !selection_is_complete(&search->found))
		buffer_append_format(out, " · searching %u %%", (unsigned)(search->found.examined * 100 / total));
	if (state->selection.ran_out + search->found.ran_out > 0)
		buffer_append_format(out, " · regex too hard for %llu",
			(unsigned long long)(state->selection.ran_out + search->found.ran_out));
}

static void tail_title(const struct state *state, struct buffer *out)
{
	char shown[28], all[28];
	uint64_t count = selection_count(&state->selection), total = state->snapshot->horizon.records;
	title_filter(state, out);
	if (state->search_text.size > 0) {
		buffer_append_string(out, " · /");
		utf8_append_shown(out, buffer_slice(&state->search_text), 30);
	}
	if (state->filter)
		buffer_append_format(out, " · %s of %s", count_format(count, shown), count_format(total, all));
	else
		buffer_append_format(out, " · %s", count_format(total, all));
	title_progress(state, total, out);
	if (state->selection.full)
		buffer_append_string(out, " · no memory for more");
	if (state->layout.panes[PANE_TAIL].width >= WIDE_ENOUGH)
		title_times(state, count, out);
}

/* --- update ---------------------------------------------------------------------------------------------------- */

/* Brings the line cursor into sight: a neighbouring row scrolls by one, a far one comes to the upper third. */
static void show_current(struct tail_state *tail, uint64_t count, uint64_t rows)
{
	if (tail->current + 1 == tail->top)
		tail->top = tail->current;
	else if (tail->current == tail->top + rows)
		tail->top++;
	else if (tail->current < tail->top || tail->current > tail->top + rows)
		tail->top = tail->current > rows / 3 ? tail->current - rows / 3 : 0;
	if (tail->top + rows > count)
		tail->top = count > rows ? count - rows : 0;
}

/* The cursor's record may have got another index; its row on the screen stays. */
static void find_record(struct state *state, uint64_t count)
{
	struct tail_state *tail = &state->tail;
	uint64_t index = selection_index(&state->selection, tail->record);
	if (index >= count)
		index = count - 1;
	if (index >= tail->current)
		tail->top += index - tail->current;
	else
		tail->top -= tail->top < tail->current - index ? tail->top : tail->current - index;
	tail->current = index;
}

static void tail_update(struct state *state)
{
	struct tail_state *tail = &state->tail;
	uint64_t count = selection_count(&state->selection), rows = (uint64_t)tail_rows(state);
	const struct horizon *horizon = &state->snapshot->horizon;
	if (state->cursor_time != TIMESTAMP_NONE &&
		(horizon->time == TIMESTAMP_NONE || state->cursor_time > horizon->time))
		state_follow(state); /* a replay went back before the cursor */
	if (tail->record != UINT64_MAX && tail->record >= horizon->records)
		tail->record = UINT64_MAX;
	if (count == 0) {
		tail->top = tail->current = tail->new_below = 0;
		return;
	}
	if (state->follow) {
		tail->current = count - 1;
		tail->record = selection_id(&state->selection, count - 1);
		tail->top = count > rows ? count - rows : 0;
		tail->new_below = 0;
		return;
	}
	if (tail->record != UINT64_MAX)
		find_record(state, count);
	else if (tail->current >= count)
		tail->current = count - 1;
	show_current(tail, count, rows);
	if (tail->seen > horizon->records || tail->top + rows >= count)
		tail->seen = horizon->records;
	tail->new_below = count - selection_index(&state->selection, tail->seen);
}

/* --- paint ----------------------------------------------------------------------------------------------------- */

struct columns {
	int time, service, level, message; /* where each begins; level is one cell */
	int service_width;
	bool millis;
};

static struct columns columns_of(const struct state *state, int width, uint64_t count)
{
	struct columns columns = { .millis = width >= WIDE_ENOUGH };
	int longest = 4, limit = width / 4 < SERVICE_MAX ? width / 4 : SERVICE_MAX;
	for (uint64_t i = state->tail.top; i < count && i < state->tail.top + (uint64_t)tail_rows(state); i++) {
		struct record record;
		store_record(state->snapshot->store, selection_id(&state->selection, i), &record);
		int cells = (int)utf8_shown_width(
			slice_first(store_service_name(state->snapshot->store, record.service), 256));
		longest = cells > longest ? cells : longest;
	}
	columns.service_width = longest < limit ? longest : limit;
	columns.level = (columns.millis ? TIME_CELLS : CLOCK_CELLS) + 1;
	columns.service = columns.level + 2;
	columns.message = columns.service + columns.service_width + 2;
	return columns;
}

static bool is_marked(const struct state *state, uint64_t id)
{
	const struct vector *marks = &state->tail.marks;
	for (size_t i = 0; i < marks->count; i++) {
		if (*(const uint64_t *)vector_at(marks, i) == id)
			return true;
	}
	return false;
}

static bool is_new(const struct snapshot *snapshot, const struct record *record)
{
	return (record->level == LEVEL_WARN || level_is_error((enum level)record->level)) &&
		record->time != TIMESTAMP_NONE && snapshot->extent.from < snapshot->extent.to &&
		record->time >= snapshot->extent.from + EARLY &&
		store_template_first(snapshot->store, record->template) == record->id;
}

static bool is_important(const struct snapshot *snapshot, uint64_t id)
{
	double importance;
	return snapshot->importance && store_importance(snapshot->store, id, &importance) && importance > IMPORTANT;
}

static void highlight(
	const struct state *state, const struct canvas *canvas, int x, int y, int width, struct slice text)
{
	struct filter *search = state->searches[SEARCH_TEXT].filter, *filter = search ? search : state->filter;
	size_t begin = 0, end = 0;
	if (!filter || !filter_needs_text(filter))
		return;
	for (int i = 0; i < HIGHLIGHTS_MAX && filter_highlight(filter, text, end, &begin, &end); i++) {
		size_t from = utf8_shown_width(slice_first(text, begin));
		if (from >= (size_t)width)
			return;
		size_t cells = utf8_shown_width(slice_first(slice_from(text, begin), end - begin));
		int room = width - (int)from;
		canvas_role(canvas, x + (int)from, y, cells < (size_t)room ? (int)cells : room, ROLE_MATCH);
	}
}

static enum role message_role(const struct record *record)
{
	switch (record->level) {
	case LEVEL_TRACE:
	case LEVEL_DEBUG:
		return role_of_level((enum level)record->level);
	default:
		return ROLE_DEFAULT;
	}
}

static size_t more_lines(struct slice rest)
{
	size_t count = 0;
	struct slice line;
	while (slice_next(&rest, '\n', &line))
		count++;
	return count;
}

static void paint_message(
	const struct state *state, const struct canvas *canvas, int x, int y, int width, const struct record *record)
{
	const struct snapshot_text *text =
		state->snapshot->text ? state->snapshot->text(state->snapshot->text_context, record->id) : NULL;
	if (!text) {
		canvas_glyph(canvas, x, y, ROLE_DIM, GLYPH_ELLIPSIS);
		return;
	}
	struct slice message = slice_trim(text->message);
	size_t newline = slice_find_byte(message, '\n');
	struct slice line = newline == SIZE_MAX ? message : slice_first(message, newline);
	struct slice shifted = text_skip_cells(line, state->tail.shift);
	enum role role = text->gone ? ROLE_DIM : message_role(record);
	int used = 0;
	/* What was scrolled away is said in the first cell. */
	if (shifted.size < line.size) {
		canvas_glyph(canvas, x, y, ROLE_DIM, GLYPH_ELLIPSIS);
		struct utf8_shown first;
		if (utf8_next_shown(&shifted, &first))
			used = 1;
	}
	int cells = canvas_text(canvas, x + used, y, width - used, role, shifted);
	highlight(state, canvas, x + used, y, cells, shifted);
	used += cells;
	if (newline != SIZE_MAX && used + 2 < width)
		canvas_format(canvas, x + used + 1, y, width - used - 1, ROLE_DIM, "+%zu lines",
			more_lines(slice_from(message, newline + 1)));
	else if (text->cut && used < width)
		canvas_glyph(canvas, x + used, y, ROLE_DIM, GLYPH_ELLIPSIS);
}

static void paint_row(
	const struct state *state, const struct canvas *canvas, int y, uint64_t index, struct columns columns)
{
	const struct snapshot *snapshot = state->snapshot;
	int width = canvas->area.width;
	struct record record;
	char time[40];
	store_record(snapshot->store, selection_id(&state->selection, index), &record);
	enum timestamp_style style = columns.millis ? TIMESTAMP_MILLIS : TIMESTAMP_CLOCK;
	canvas_string(canvas, 0, y, columns.level - 1, ROLE_TIME,
		timestamp_format(record.time, style, &snapshot->zone, time));
	if (is_marked(state, record.id))
		canvas_glyph(canvas, columns.level - 1, y, ROLE_MARK, GLYPH_MARK);
	char letter[2] = { level_letter((enum level)record.level), '\0' };
	canvas_string(canvas, columns.level, y, 1, role_of_level((enum level)record.level), letter);
	canvas_text(canvas, columns.service, y, columns.service_width, ROLE_SERVICE,
		store_service_name(snapshot->store, record.service));
	if (is_important(snapshot, record.id))
		canvas_glyph(canvas, columns.message - 1, y, ROLE_IMPORTANT, GLYPH_IMPORTANT);
	int room = width - columns.message;
	if (is_new(snapshot, &record) && room > 12) {
		room -= 4;
		canvas_string(canvas, width - 3, y, 3, ROLE_BADGE, "new");
	}
	paint_message(state, canvas, columns.message, y, room, &record);
	const struct window *range = &state->range;
	if (range->from < range->to && record.time != TIMESTAMP_NONE && record.time >= range->from &&
		record.time < range->to)
		canvas_ground(canvas, 0, y, columns.level - 1, ROLE_RANGE);
	if (index == state->tail.current && (state->focus == PANE_TAIL || !state->follow))
		canvas_ground(canvas, 0, y, width, ROLE_SELECTION);
}

static void paint_nothing(const struct state *state, const struct canvas *canvas)
{
	const struct snapshot *snapshot = state->snapshot;
	int width = canvas->area.width - 2;
	if (!state->filter || snapshot->horizon.records == 0) {
		canvas_string(canvas, 1, 0, width, ROLE_DIM,
			snapshot->indexing            ? "reading…"
				: snapshot->replaying ? "nothing had been logged yet at this time"
						      : "no records");
		return;
	}
	if (!selection_is_complete(&state->selection)) {
		canvas_string(canvas, 1, 0, width, ROLE_DIM, "looking…");
		return;
	}
	canvas_format(canvas, 1, 0, width, ROLE_DEFAULT, "nothing matches %s", buffer_string(&state->filter_text));
	canvas_string(canvas, 1, 1, width, ROLE_DIM, "Esc shows everything again, & changes the filter");
}

/* What lies below what is shown: in the title row, where it covers no record. */
static void tail_aside(const struct state *state, bool ascii, struct buffer *out)
{
	char number[28];
	uint64_t count = selection_count(&state->selection), shown = state->tail.top + (uint64_t)tail_rows(state);
	const char *arrow = glyph_text(GLYPH_DOWN, ascii);
	if (state->follow || count == 0)
		return;
	if (state->tail.new_below > 0)
		buffer_append_format(out, "%s new below  G %s", count_format(state->tail.new_below, number), arrow);
	else if (count > shown)
		buffer_append_format(out, "%s below  G %s", count_format(count - shown, number), arrow);
	else
		buffer_append_string(out, "end  F follows");
}

static void tail_paint(const struct state *state, const struct canvas *canvas)
{
	uint64_t count = selection_count(&state->selection);
	int rows = canvas->area.height;
	if (count == 0) {
		paint_nothing(state, canvas);
		return;
	}
	struct columns columns = columns_of(state, canvas->area.width, count);
	for (int y = 0; y < rows && state->tail.top + (uint64_t)y < count; y++)
		paint_row(state, canvas, y, state->tail.top + (uint64_t)y, columns);
}

const struct view view_tail = {
	.title = tail_title, .aside = tail_aside, .update = tail_update, .paint = tail_paint, .action = tail_action
};
