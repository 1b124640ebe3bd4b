/*
 * One step, `settle`, goes from where the search stands to the nearest record that the tail shows and the search has
 * found.
 */
#include "ui/search.h"

#include "ui/overlay.h"

#define BEFORE_THE_FIRST UINT64_MAX

enum { AT_ONCE = 2000000 /* records whose columns are looked at before a key's answer is painted */ };

void search_set(struct state *state, enum search_goal goal, struct filter *filter)
{
	struct tail_search *search = &state->searches[goal];
	if (search->filter) {
		selection_release(&search->found);
		filter_destroy(search->filter);
	}
	search->filter = filter;
	selection_init(&search->found, filter);
	if (state->search_goal == goal)
		state->search_goal = SEARCH_NOTHING;
}

/* The levels are looked for by filters too, made when they are wanted first. */
static bool prepare(struct state *state, enum search_goal goal)
{
	const char *text = goal == SEARCH_ERROR ? "level>=error" : "level=warn";
	struct filter_scope scope = { .store = state->snapshot->store };
	if (!state->searches[goal].filter && goal != SEARCH_TEXT)
		search_set(state, goal, filter_parse(slice_of(text), &scope, NULL, NULL));
	return state->searches[goal].filter;
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

static void say_wrapped(struct state *state)
{
	if (state->search_wrapped)
		state_message(state, false, "the search went on from the %s",
			state->search_direction > 0 ? "beginning" : "end");
}

/* Text is looked for on the other side of the end too, once. */
static bool wrap(struct state *state)
{
	if (state->search_goal != SEARCH_TEXT || state->search_wrapped || state->snapshot->horizon.records == 0)
		return false;
	state->search_wrapped = true;
	state->search_at = state->search_direction > 0 ? 0 : state->snapshot->horizon.records - 1;
	return true;
}

static enum nearness find_nearest(const struct state *state, uint64_t *found)
{
	if (state->search_at == BEFORE_THE_FIRST)
		return NEAREST_NONE;
	return selection_nearest(&state->searches[state->search_goal].found, &state->selection, state->search_at,
		state->search_direction, found);
}

/* Ends the search, unless what it has to know is not known yet. */
static void settle(struct state *state)
{
	uint64_t found;
	do {
		switch (find_nearest(state, &found)) {
		case NEAREST_FOUND:
			state_move_to_record(state, found);
			say_wrapped(state);
			state->search_goal = SEARCH_NOTHING;
			return;
		case NEAREST_UNKNOWN:
			state->search_at = found;
			return;
		case NEAREST_NONE:
			break;
		}
	} while (wrap(state));
	say_nothing_found(state);
	state->search_goal = SEARCH_NOTHING;
}

bool search_advance(struct state *state, uint64_t budget)
{
	const struct snapshot *snapshot = state->snapshot;
	bool more = false;
	for (int goal = 0; goal < SEARCH_NOTHING; goal++) {
		struct tail_search *search = &state->searches[goal];
		if (search->filter && (goal == SEARCH_TEXT || state->search_goal == (enum search_goal)goal))
			more = selection_advance_quickly(&search->found, snapshot->store, snapshot->horizon, budget) ||
				more;
	}
	if (state->search_goal != SEARCH_NOTHING)
		settle(state);
	return more && state->search_goal != SEARCH_NOTHING;
}

void search_begin(struct state *state, enum search_goal goal, int direction, bool here)
{
	uint64_t count = selection_count(&state->selection), record = state->tail.record;
	if (!prepare(state, goal))
		return;
	if (record == UINT64_MAX)
		record = count > 0 ? selection_id(&state->selection, state->tail.current) : 0;
	state->search_goal = goal;
	state->search_direction = direction;
	state->search_wrapped = false;
	state->search_at = record;
	if (!here)
		state->search_at = direction > 0 ? record + 1 : record > 0 ? record - 1 : BEFORE_THE_FIRST;
	search_advance(state, AT_ONCE);
}

/* --- to a time or a piece of evidence ----------------------------------------------------------------------------- */

/* "E3" is a piece of evidence. */
static bool names_evidence(struct slice text, uint64_t *number)
{
	return (slice_starts(text, "E") || slice_starts(text, "e")) && slice_to_u64(slice_from(text, 1), number);
}

static bool show_evidence(struct state *state, uint64_t number)
{
	const struct evidence_book *book = state->snapshot->evidence;
	unsigned count = book ? evidence_count(book) : 0;
	if (number <= EVIDENCE_MAXIMUM && book && evidence_find(book, (unsigned)number)) {
		state->overlay_evidence = (unsigned)number;
		overlay_open(state, OVERLAY_EVIDENCE);
		return true;
	}
	if (count == 0)
		state_message(state, true, "there is no evidence yet");
	else
		state_message(state, true, "there is no E%llu: the evidence ends with E%u", (unsigned long long)number,
			count);
	return false;
}

static bool is_within(int64_t earlier, int64_t later, int64_t span)
{
	return (uint64_t)later - (uint64_t)earlier < (uint64_t)span;
}

/* The clocks are enough where all of it is near, else the days are said too. */
static void say_outside(struct state *state, struct slice typed, int64_t time)
{
	const struct window *extent = &state->snapshot->extent;
	const struct zone *zone = &state->snapshot->zone;
	char from[40], to[40];
	bool near = is_within(extent->from, extent->to, TIMESTAMP_DAY) &&
		(time < extent->from ? is_within(time, extent->from, TIMESTAMP_DAY)
				     : is_within(extent->to, time, TIMESTAMP_DAY));
	enum timestamp_style style = near ? TIMESTAMP_CLOCK : TIMESTAMP_DATE_TIME;
	state_message(state, true, "%.*s lies outside the log (%s – %s)", (int)slice_first(typed, 60).size, typed.data,
		timestamp_format(extent->from, style, zone, from), timestamp_format(extent->to - 1, style, zone, to));
}

/* A clock time means all of its second or minute. False with a message when none of that is in the log. */
static bool clamp_to_log(struct state *state, struct slice typed, int64_t *time)
{
	const struct window *extent = &state->snapshot->extent;
	size_t colons = 0;
	if (extent->from >= extent->to) {
		state_message(state, true, "the log has no times yet");
		return false;
	}
	for (size_t i = 0; i < typed.size; i++)
		colons += typed.data[i] == ':';
	int64_t unit = colons == 1 ? TIMESTAMP_MINUTE : TIMESTAMP_SECOND;
	if (*time < extent->from && is_within(*time, extent->from, unit))
		*time = extent->from;
	bool inside = *time >= extent->from && *time < extent->to;
	if (!inside)
		say_outside(state, typed, *time);
	return inside;
}

bool search_go_to(struct state *state, struct slice text)
{
	const struct snapshot *snapshot = state->snapshot;
	int64_t time, near = state_time(state);
	uint64_t number;
	if (names_evidence(text, &number))
		return show_evidence(state, number);
	if (near == TIMESTAMP_NONE)
		near = snapshot->extent.from;
	if (!timestamp_parse_clock(text, near, &snapshot->zone, &time)) {
		state_message(state, true, "\"%.*s\" is no time: write 20:41, 20:41:07 or 2025-05-17T20:41:07",
			(int)slice_first(text, 60).size, text.data ? text.data : "");
		return false;
	}
	if (!clamp_to_log(state, text, &time))
		return false;
	if (snapshot->replaying && time > snapshot->horizon.time)
		state_emit(state, (struct intent){ .kind = INTENT_REPLAY_SEEK, .time = time });
	else
		state_move_to_time(state, time);
	return true;
}
