/*
 * One cursor, `search_at`, walks the selection until a record fits or none is left.
 */
#include "ui/search.h"

enum {
	AT_ONCE_TEXT = 2000,  /* records looked at before the key's answer is painted: text is read for each, ... */
	AT_ONCE_LEVEL = 50000 /* ... a level is a column */
};

static bool fits(const struct state *state, uint64_t index)
{
	struct record record;
	store_record(state->snapshot->store, selection_id(&state->selection, index), &record);
	switch (state->search_goal) {
	case SEARCH_TEXT:
		return filter_match(state->search, state->snapshot->store, &record, state->snapshot->reader);
	case SEARCH_ERROR:
		return level_is_error((enum level)record.level);
	case SEARCH_WARNING:
		return record.level == LEVEL_WARN;
	case SEARCH_NOTHING:
		break;
	}
	return false;
}

static void say_nothing_found(struct state *state)
{
	const char *where = state->search_direction > 0 ? "below" : "above";
	struct slice text = buffer_slice(&state->search_text);
	if (state->search_goal == SEARCH_TEXT)
		state_message(state, false, "nothing%s matches %.*s", state->filter ? " that the filter shows" : "",
			(int)slice_first(text, 200).size, text.data ? text.data : "");
	else
		state_message(
			state, false, "no further %s %s", state->search_goal == SEARCH_ERROR ? "ERROR" : "WARN", where);
}

/* One place further in the direction; round the end for text. */
static void step(struct state *state, uint64_t count)
{
	if (state->search_direction > 0)
		state->search_at = state->search_at + 1 < count ? state->search_at + 1 : 0;
	else
		state->search_at = state->search_at > 0 ? state->search_at - 1 : count - 1;
}

bool search_advance(struct state *state, uint64_t budget)
{
	uint64_t count = selection_count(&state->selection);
	if (state->search_goal == SEARCH_NOTHING)
		return false;
	for (; budget > 0 && state->search_left > 0 && count > 0; budget--) {
		if (state->search_at >= count)
			state->search_at = count - 1; /* a replay went back */
		if (fits(state, state->search_at)) {
			bool wrapped = state->search_goal == SEARCH_TEXT && state->search_direction > 0 &&
				!state->follow && state->search_at <= state->tail.current;
			state->search_goal = SEARCH_NOTHING;
			state_move_to_record(state, selection_id(&state->selection, state->search_at));
			if (wrapped)
				state_message(state, false, "the search went on from the beginning");
			return false;
		}
		step(state, count);
		state->search_left--;
	}
	if (state->search_left > 0 && count > 0)
		return true;
	say_nothing_found(state);
	state->search_goal = SEARCH_NOTHING;
	return false;
}

void search_begin(struct state *state, enum search_goal goal, int direction, bool here)
{
	uint64_t count = selection_count(&state->selection), current = state->tail.current;
	state->search_goal = goal;
	state->search_direction = direction;
	state->search_at = current;
	state->search_left = count;
	if (goal != SEARCH_TEXT && count > 0)
		state->search_left = direction > 0 ? count - 1 - current : current;
	if (count > 0 && !here)
		step(state, count);
	search_advance(state, goal == SEARCH_TEXT ? AT_ONCE_TEXT : AT_ONCE_LEVEL);
}
