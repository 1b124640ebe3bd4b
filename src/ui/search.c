/*
 * One cursor, `search_at`, walks the selection until a record fits or none is left.
 */
#include "ui/search.h"

#include "ui/overlay.h"

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
