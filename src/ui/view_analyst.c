/*
 * The analyst's pane: its steps as they are taken, the verdict, questions and answers. Citations can be walked through
 * and followed.
 *
 * It follows what is said. When the last verdict or answer is longer than the pane, its beginning stays in view rather
 * than its end. When the time cursor moves, it follows that: the citation whose evidence lies nearest to the moment
 * comes into view and is marked, nothing is hidden.
 */
#include <stdio.h>

#include "ui/prose.h"
#include "ui/view.h"

enum { NAME_FROM = 44 /* width from which the title says who the analyst is */ };

static struct prose prose_of(const struct state *state, int width)
{
	const struct snapshot *snapshot = state->snapshot;
	return (struct prose){ snapshot->transcript, snapshot->replaying ? snapshot->horizon.time : INT64_MAX,
		width > 2 ? width - 1 : width };
}

static int last_top(struct prose_size size, int rows)
{
	return size.lines > rows ? size.lines - rows : 0;
}

static int top_of(const struct state *state, struct prose_size size, int rows)
{
	int last = last_top(size, rows), top = state->analyst.top;
	if (state->analyst.following)
		return size.anchor >= 0 && size.anchor < last ? size.anchor : last;
	return top > last ? last : top > 0 ? top : 0;
}

static int pane_rows(const struct state *state)
{
	int rows = state->layout.panes[PANE_ANALYST].height - 1;
	return rows > 0 ? rows : 0;
}

/* The newest moment that what is shown was said with. */
static int64_t known_until(const struct state *state)
{
	const struct transcript *transcript = state->snapshot->transcript;
	int64_t last = TIMESTAMP_NONE, most = prose_of(state, 0).horizon;
	for (size_t i = 0; transcript && i < transcript_count(transcript); i++) {
		int64_t horizon = transcript_at(transcript, i)->horizon;
		if (horizon != TIMESTAMP_NONE && horizon <= most && (last == TIMESTAMP_NONE || horizon > last))
			last = horizon;
	}
	return last;
}

/* What the analyst knows need not be what the other panes show: then until when. */
static void title_moment(const struct state *state, struct buffer *out)
{
	char text[40];
	int64_t until = known_until(state);
	if (until == TIMESTAMP_NONE || !(state->snapshot->replaying || state_time(state) != until))
		return;
	buffer_append_format(out, "up to %s", timestamp_format(until, TIMESTAMP_CLOCK, &state->snapshot->zone, text));
}

static void analyst_title(const struct state *state, struct buffer *out)
{
	const struct snapshot *snapshot = state->snapshot;
	size_t begin = out->size;
	char took[32];
	title_moment(state, out);
	const char *gap = out->size > begin ? " · " : "";
	switch (snapshot->analyst_state) {
	case ANALYST_WORKING:
		buffer_append_format(out, "%sworking…", gap);
		break;
	case ANALYST_CANCELLED:
		buffer_append_format(out, "%scancelled", gap);
		break;
	case ANALYST_DONE:
		buffer_append_format(out, "%s%u %s · %s", gap, snapshot->analyst_steps,
			snapshot->analyst_steps == 1 ? "step" : "steps", duration_format(snapshot->analyst_took, took));
		break;
	case ANALYST_IDLE:
		break;
	}
	/* The status bar says it too. */
	if (snapshot->analyst_name && state->layout.panes[PANE_ANALYST].width >= NAME_FROM)
		buffer_append_format(out, "%s%s", out->size > begin ? " · " : "", snapshot->analyst_name);
}

/* --- following ------------------------------------------------------------------------------------------------- */

/* The citation whose evidence lies nearest to a moment; the first of equals. */
struct nearest {
	const struct evidence_book *book;
	int64_t time;
	int citation, line; /* -1 for none */
	uint64_t distance;
};

static void compare(void *context, const struct prose_line *line)
{
	struct nearest *nearest = context;
	size_t begin, end = 0;
	unsigned number;
	for (int i = line->citation; evidence_next_citation(line->text, end, &begin, &end, &number); i++) {
		const struct evidence *evidence = evidence_find(nearest->book, number);
		if (!evidence || evidence->time == TIMESTAMP_NONE)
			continue;
		uint64_t distance = evidence->time > nearest->time ? (uint64_t)evidence->time - (uint64_t)nearest->time
								   : (uint64_t)nearest->time - (uint64_t)evidence->time;
		if (nearest->citation >= 0 && distance >= nearest->distance)
			continue;
		nearest->citation = i;
		nearest->line = line->number;
		nearest->distance = distance;
	}
}

/* Brings what was said about the moment under the time cursor into view; back to the end with the newest record. */
static void follow_cursor(struct state *state)
{
	struct analyst_state_view *view = &state->analyst;
	const struct evidence_book *book = state->snapshot->evidence;
	if (state->cursor_time == TIMESTAMP_NONE || !book) {
		view->following = true;
		view->selected = -1;
		return;
	}
	struct nearest nearest = { .book = book, .time = state->cursor_time, .citation = -1, .line = -1 };
	struct prose prose = prose_of(state, state->layout.panes[PANE_ANALYST].width);
	struct prose_size size = prose_walk(&prose, compare, &nearest);
	int rows = pane_rows(state), top = top_of(state, size, rows);
	if (nearest.citation < 0)
		return;
	view->selected = nearest.citation;
	view->following = false;
	view->top = nearest.line >= top && nearest.line < top + rows ? top : nearest.line - rows / 3;
}

/* A new question brings the end into view; a new analysis begins a new text. Where the pane has the focus, its own keys
 * lead and the cursor does not. */
static void analyst_update(struct state *state)
{
	struct analyst_state_view *view = &state->analyst;
	const struct transcript *transcript = state->snapshot->transcript;
	size_t entries = transcript ? transcript_count(transcript) : 0, questions = 0;
	for (size_t i = 0; i < entries; i++)
		questions += transcript_at(transcript, i)->kind == ENTRY_QUESTION;
	if (view->moment != state->cursor_time && view->entries > 0 && state->focus != PANE_ANALYST)
		follow_cursor(state);
	view->moment = state->cursor_time;
	if (entries < view->entries || questions > view->questions || view->entries == 0) {
		view->following = true;
		view->selected = -1;
	}
	view->entries = entries;
	view->questions = questions;
}

/* --- painting -------------------------------------------------------------------------------------------------- */

struct painting {
	const struct state *state;
	const struct canvas *canvas;
	int top;
};

static enum role citation_role(const struct state *state, unsigned number)
{
	const struct evidence_book *book = state->snapshot->evidence;
	return book && evidence_find(book, number) ? ROLE_CITATION : ROLE_UNPROVEN;
}

/* The citation under the keys, or the one nearest to the time cursor, which gets the cursor's bar at the edge. */
static void paint_selected(const struct painting *painting, int x, int y, int width)
{
	const struct canvas *canvas = painting->canvas;
	if (painting->state->focus == PANE_ANALYST) {
		canvas_ground(canvas, x, y, width, ROLE_SELECTION);
	} else if (painting->state->cursor_time != TIMESTAMP_NONE) {
		canvas_glyph(canvas, canvas->area.width - 1, y, ROLE_CURSOR_TIME, GLYPH_CURSOR);
	}
}

static void paint_text(const struct painting *painting, int y, const struct prose_line *line)
{
	const struct canvas *canvas = painting->canvas;
	size_t at = 0, begin, end;
	unsigned number;
	int x = line->indent, width = canvas->area.width, citation = line->citation;
	while (evidence_next_citation(line->text, at, &begin, &end, &number)) {
		x += canvas_text(
			canvas, x, y, width - x, line->role, slice_first(slice_from(line->text, at), begin - at));
		int used = canvas_text(canvas, x, y, width - x, citation_role(painting->state, number),
			slice_first(slice_from(line->text, begin), end - begin));
		if (citation++ == painting->state->analyst.selected)
			paint_selected(painting, x, y, used);
		x += used;
		at = end;
	}
	canvas_text(canvas, x, y, width - x, line->role, slice_from(line->text, at));
}

static void paint_line(void *context, const struct prose_line *line)
{
	const struct painting *painting = context;
	int y = line->number - painting->top;
	if (y < 0 || y >= painting->canvas->area.height || !line->entry)
		return;
	canvas_text(painting->canvas, 0, y, line->indent, line->label_role, line->label);
	paint_text(painting, y, line);
}

static void paint_nothing(const struct state *state, const struct canvas *canvas)
{
	bool working = state->snapshot->analyst_state == ANALYST_WORKING;
	canvas_string(canvas, 0, 0, canvas->area.width, ROLE_DIM,
		working ? "reading…" : "r analyses what is visible, i asks a question");
}

static void analyst_paint(const struct state *state, const struct canvas *canvas)
{
	struct prose prose = prose_of(state, canvas->area.width);
	struct prose_size size = prose_walk(&prose, NULL, NULL);
	struct painting painting = { state, canvas, top_of(state, size, canvas->area.height) };
	if (size.lines == 0)
		paint_nothing(state, canvas);
	prose_walk(&prose, paint_line, &painting);
}

/* --- citations ------------------------------------------------------------------------------------------------- */

/* Finds a citation by its place among all, and what stands around the rows in view. */
struct search {
	int top, rows;
	int wanted;      /* index of a citation, -1 for none */
	int wanted_line; /* its line, -1 when there is none */
	unsigned number; /* its evidence */
	int first, last; /* first and last citation in view, -1 for none */
};

static void look(void *context, const struct prose_line *line)
{
	struct search *search = context;
	size_t begin, end = 0;
	unsigned number;
	bool inside = line->number >= search->top && line->number < search->top + search->rows;
	for (int i = line->citation; evidence_next_citation(line->text, end, &begin, &end, &number); i++) {
		if (i == search->wanted) {
			search->wanted_line = line->number;
			search->number = number;
		}
		if (inside && search->first < 0)
			search->first = i;
		if (inside)
			search->last = i;
	}
}

static struct search search_here(const struct state *state, struct prose prose, int top, int wanted)
{
	struct search search = {
		.top = top, .rows = pane_rows(state), .wanted = wanted, .wanted_line = -1, .first = -1, .last = -1
	};
	prose_walk(&prose, look, &search);
	return search;
}

static bool in_view(const struct search *search)
{
	return search->wanted_line >= search->top && search->wanted_line < search->top + search->rows;
}

/* To the next citation when that is in view, or after scrolling by a line; else only by a line. */
static void step(struct state *state, int direction)
{
	struct analyst_state_view *view = &state->analyst;
	struct prose prose = prose_of(state, state->layout.panes[PANE_ANALYST].width);
	struct prose_size size = prose_walk(&prose, NULL, NULL);
	int top = top_of(state, size, pane_rows(state)), next = view->selected + direction;
	struct search search = search_here(state, prose, top, view->selected);
	if (view->selected < 0 || !in_view(&search))
		next = direction > 0 ? search.first : search.last;
	search = search_here(state, prose, top, next);
	if (next < 0 || !in_view(&search)) {
		top += direction;
		search = search_here(state, prose, top, next);
	}
	if (next >= 0 && in_view(&search))
		view->selected = next;
	view->top = top < 0 ? 0 : top;
	view->following = direction > 0 && top >= last_top(size, pane_rows(state)) && !(next >= 0 && in_view(&search));
}

static void scroll(struct state *state, int by)
{
	struct analyst_state_view *view = &state->analyst;
	struct prose prose = prose_of(state, state->layout.panes[PANE_ANALYST].width);
	struct prose_size size = prose_walk(&prose, NULL, NULL);
	int last = last_top(size, pane_rows(state)), top = top_of(state, size, pane_rows(state)) + by;
	view->top = top < 0 ? 0 : top > last ? last : top;
	view->following = top >= last;
	/* Following may hold the beginning of a long answer; whoever scrolls wants its end. */
	if (view->following && size.anchor >= 0 && size.anchor < last)
		view->following = false;
}

/* Enter on a citation: to the line it cites, or to what was counted. */
static bool follow_citation(struct state *state)
{
	struct prose prose = prose_of(state, state->layout.panes[PANE_ANALYST].width);
	struct search search = search_here(state, prose, 0, state->analyst.selected);
	const struct evidence_book *book = state->snapshot->evidence;
	if (state->analyst.selected < 0 || search.wanted_line < 0)
		return false;
	const struct evidence *evidence = book ? evidence_find(book, search.number) : NULL;
	if (!evidence) {
		state_message(state, true, "there is no evidence E%u: what cites it is unproven", search.number);
		return true;
	}
	state_show_evidence(state, evidence);
	return true;
}

static bool analyst_action(struct state *state, enum action action)
{
	int rows = pane_rows(state);
	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		step(state, action == ACTION_DOWN ? 1 : -1);
		return true;
	case ACTION_HALF_UP:
	case ACTION_HALF_DOWN:
		scroll(state, action == ACTION_HALF_DOWN ? (rows + 1) / 2 : -(rows + 1) / 2);
		return true;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		scroll(state, action == ACTION_PAGE_DOWN ? rows : -rows);
		return true;
	case ACTION_TOP:
		state->analyst.top = 0;
		state->analyst.following = false;
		state->analyst.selected = -1;
		return true;
	case ACTION_BOTTOM:
		scroll(state, INT16_MAX);
		state->analyst.selected = -1;
		return true;
	case ACTION_OPEN_ITEM:
		return follow_citation(state);
	case ACTION_BACK:
		if (state->snapshot->analyst_state != ANALYST_WORKING)
			return false;
		state_emit(state, (struct intent){ .kind = INTENT_CANCEL });
		return true;
	default:
		return false;
	}
}

const struct view view_analyst = {
	.title = analyst_title, .update = analyst_update, .paint = analyst_paint, .action = analyst_action
};
