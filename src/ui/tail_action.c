/*
 * What keys do in the tail: moving the line cursor, jumps, marks, copying, opening.
 */
#include "ui/search.h"
#include "ui/view_tail.h"

enum {
	SHIFT_CELLS = 8, /* of one step sideways */
	SHIFT_MAX = 100000
};

static void go(struct state *state, uint64_t index)
{
	uint64_t count = selection_count(&state->selection);
	if (count == 0)
		return;
	state_move_to_record(state, selection_id(&state->selection, index < count ? index : count - 1));
}

/* `step` rows further; a whole or half page takes the window along, so that the cursor keeps its row. */
static void go_by(struct state *state, int step, bool page)
{
	struct tail_state *tail = &state->tail;
	uint64_t size = (uint64_t)(step < 0 ? -step : step);
	if (step < 0) {
		if (page)
			tail->top -= tail->top < size ? tail->top : size;
		go(state, tail->current < size ? 0 : tail->current - size);
	} else {
		if (page && !state->follow)
			tail->top += size;
		go(state, tail->current + size);
	}
}

static void shift(struct state *state, int step)
{
	int shifted = state->tail.shift + step;
	state->tail.shift = shifted < 0 ? 0 : shifted > SHIFT_MAX ? SHIFT_MAX : shifted;
}

static void mark(struct state *state)
{
	struct vector *marks = &state->tail.marks;
	uint64_t id = state->tail.record;
	size_t at = 0;
	if (id == UINT64_MAX)
		return;
	while (at < marks->count && *(uint64_t *)vector_at(marks, at) < id)
		at++;
	if (at < marks->count && *(uint64_t *)vector_at(marks, at) == id) {
		vector_remove(marks, at);
		return;
	}
	if (!vector_push(marks)) {
		state_message(state, true, "no more records can be marked");
		return;
	}
	for (size_t i = marks->count - 1; i > at; i--)
		*(uint64_t *)vector_at(marks, i) = *(uint64_t *)vector_at(marks, i - 1);
	*(uint64_t *)vector_at(marks, at) = id;
}

static void go_mark(struct state *state)
{
	const struct vector *marks = &state->tail.marks;
	uint64_t visible = state->snapshot->horizon.records, first = UINT64_MAX;
	for (size_t i = 0; i < marks->count; i++) {
		uint64_t id = *(const uint64_t *)vector_at(marks, i);
		if (id >= visible)
			break;
		if (first == UINT64_MAX)
			first = id;
		if (state->tail.record != UINT64_MAX && id > state->tail.record) {
			state_show_record(state, id);
			return;
		}
	}
	if (first != UINT64_MAX)
		state_show_record(state, first);
	else
		state_message(state, false, "no record is marked: m marks one");
}

void tail_copy(struct state *state, uint64_t id)
{
	const struct snapshot *snapshot = state->snapshot;
	state->copying = UINT64_MAX;
	if (id >= snapshot->horizon.records)
		return;
	const struct store_text *text = snapshot->whole ? snapshot->whole(snapshot->text_context, id) : NULL;
	if (!text)
		state->copying = id;
	else if (text->gone)
		state_message(state, true, "the text of this record cannot be read any more");
	else
		state_emit(state, (struct intent){ .kind = INTENT_COPY, .text = text->raw });
}

void tail_point(struct state *state, int y)
{
	uint64_t index = state->tail.top + (uint64_t)(y > 0 ? y - 1 : 0);
	if (y > 0 && index < selection_count(&state->selection))
		go(state, index);
}

static void open_record(struct state *state)
{
	if (state->tail.current >= selection_count(&state->selection))
		return;
	state->overlay = OVERLAY_RECORD;
	state->overlay_record = selection_id(&state->selection, state->tail.current);
	state->overlay_top = 0;
}

static bool tail_scroll(struct state *state, enum action action)
{
	int rows = tail_rows(state);
	switch (action) {
	case ACTION_UP:
		go_by(state, -1, false);
		return true;
	case ACTION_DOWN:
		go_by(state, 1, false);
		return true;
	case ACTION_HALF_UP:
		go_by(state, -(rows / 2), true);
		return true;
	case ACTION_HALF_DOWN:
		go_by(state, rows / 2, true);
		return true;
	case ACTION_PAGE_UP:
		go_by(state, -rows, true);
		return true;
	case ACTION_PAGE_DOWN:
		go_by(state, rows, true);
		return true;
	case ACTION_TOP:
		go(state, 0);
		return true;
	case ACTION_BOTTOM:
		state_follow(state);
		return true;
	case ACTION_LEFT:
		shift(state, -SHIFT_CELLS);
		return true;
	case ACTION_RIGHT:
		shift(state, SHIFT_CELLS);
		return true;
	default:
		return false;
	}
}

bool tail_action(struct state *state, enum action action)
{
	if (tail_scroll(state, action))
		return true;
	switch (action) {
	case ACTION_NEXT_ERROR:
		search_begin(state, SEARCH_ERROR, 1, false);
		return true;
	case ACTION_PREVIOUS_ERROR:
		search_begin(state, SEARCH_ERROR, -1, false);
		return true;
	case ACTION_NEXT_WARNING:
		search_begin(state, SEARCH_WARNING, 1, false);
		return true;
	case ACTION_PREVIOUS_WARNING:
		search_begin(state, SEARCH_WARNING, -1, false);
		return true;
	case ACTION_MARK:
		mark(state);
		return true;
	case ACTION_GO_MARK:
		go_mark(state);
		return true;
	case ACTION_OPEN_ITEM:
		open_record(state);
		return true;
	case ACTION_COPY:
		tail_copy(state, state->tail.record);
		return true;
	default:
		return false;
	}
}
