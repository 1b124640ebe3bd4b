/*
 * What moves the state: the one time cursor, filter, search text, selection of time; and what leaves it: intents and
 * messages.
 */
#include "ui/state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tocsin/base/utf8.h"
#include "ui/search.h"

enum { TIMELESS_MAX = 4096 /* records looked back through for one with a time */ };

int64_t state_time(const struct state *state)
{
	return state->cursor_time != TIMESTAMP_NONE || !state->snapshot ? state->cursor_time
									: state->snapshot->horizon.time;
}

void state_follow(struct state *state)
{
	uint64_t count = selection_count(&state->selection);
	state->follow = true;
	state->cursor_time = TIMESTAMP_NONE;
	state->tail.new_below = 0;
	state->tail.current = count > 0 ? count - 1 : 0;
	state->tail.record = count > 0 ? selection_id(&state->selection, count - 1) : UINT64_MAX;
	state->stale = true;
}

/* Following ends here: what comes from now on is new. */
static void stop_following(struct state *state, int64_t time)
{
	if (state->follow)
		state->tail.seen = state->snapshot->horizon.records;
	state->follow = false;
	state->cursor_time = time;
	state->stale = true;
}

/* The record's time, or that of the nearest one before it that has any. */
static int64_t time_at(const struct state *state, uint64_t id)
{
	int64_t time = TIMESTAMP_NONE;
	for (int i = 0; i < TIMELESS_MAX && time == TIMESTAMP_NONE && id < UINT64_MAX; i++, id--)
		time = store_time(state->snapshot->store, id);
	return time;
}

void state_move_to_record(struct state *state, uint64_t id)
{
	if (!state->snapshot || id >= state->snapshot->horizon.records)
		return;
	uint64_t count = selection_count(&state->selection);
	uint64_t index = selection_index(&state->selection, id);
	bool newest = count == 0 || index + 1 >= count;
	state->tail.record = id;
	state->tail.current = index < count ? index : count > 0 ? count - 1 : 0;
	if (!(state->follow && newest))
		stop_following(state, time_at(state, id));
	state->stale = true;
}

static uint64_t distance(const struct state *state, uint64_t index, int64_t time)
{
	int64_t at = time_at(state, selection_id(&state->selection, index));
	if (at == TIMESTAMP_NONE)
		return UINT64_MAX;
	return at > time ? (uint64_t)at - (uint64_t)time : (uint64_t)time - (uint64_t)at;
}

void state_move_to_time(struct state *state, int64_t time)
{
	if (!state->snapshot || time == TIMESTAMP_NONE)
		return;
	const struct snapshot *snapshot = state->snapshot;
	if (snapshot->horizon.time != TIMESTAMP_NONE && time >= snapshot->horizon.time) {
		if (state->follow)
			return;
		time = snapshot->horizon.time;
	}
	uint64_t id = query_find_time(snapshot->store, snapshot->horizon, time);
	uint64_t count = selection_count(&state->selection), index = selection_index(&state->selection, id);
	if (index >= count)
		index = count > 0 ? count - 1 : 0;
	else if (index > 0 && distance(state, index - 1, time) < distance(state, index, time))
		index--;
	state->tail.current = index;
	state->tail.record = count > 0 ? selection_id(&state->selection, index) : UINT64_MAX;
	stop_following(state, time);
}

void state_show_record(struct state *state, uint64_t id)
{
	if (!state->snapshot || id >= state->snapshot->horizon.records) {
		state_message(state, true, "that record lies beyond what may be seen now");
		return;
	}
	if (selection_knows(&state->selection, id) && !selection_has(&state->selection, id)) {
		state_set_filter(state, slice_of(""), NULL);
		state_message(state, false, "the filter hid this record and was taken away");
	}
	state_move_to_record(state, id);
	state->focus = PANE_TAIL;
	if (state->zoomed != PANE_COUNT)
		state->zoomed = PANE_TAIL;
}

void state_show_evidence(struct state *state, const struct evidence *evidence)
{
	if (evidence->kind == EVIDENCE_COUNT && state_set_filter(state, evidence->filter, NULL) == 0 &&
		evidence->window.from < evidence->window.to)
		state->range = evidence->window;
	if (evidence->record != UINT64_MAX)
		state_show_record(state, evidence->record);
}

void state_select(struct state *state)
{
	int64_t time = state_time(state);
	state->stale = true;
	if (state->selecting) {
		state->selecting = false;
	} else if (time != TIMESTAMP_NONE) {
		state->selecting = true;
		state->range_anchor = time;
		state->range = (struct window){ time, time + 1 };
	}
}

/* Text as a filter, or NULL with `error` set to three lines: the text, a caret, a sentence. */
static struct filter *parse(const struct state *state, struct slice text, struct error *error)
{
	struct filter_scope scope = { state->snapshot->store, state->snapshot->horizon.time, &state->snapshot->zone };
	return filter_parse(text, &scope, &(size_t){ 0 }, error);
}

/* The tail shows another selection; the record under the cursor stays where it is on the screen (see view_tail.c). */
static int replace_filter(struct state *state, struct filter *filter)
{
	struct selection selection;
	int result = selection_init(&selection, filter);
	if (result != 0) {
		filter_destroy(filter);
		return result;
	}
	selection_release(&state->selection);
	filter_destroy(state->filter);
	state->filter = filter;
	state->selection = selection;
	state->selection.horizon = state->snapshot->horizon.records;
	state->search_goal = SEARCH_NOTHING;
	state->stale = true;
	return 0;
}

int state_set_filter(struct state *state, struct slice text, struct error *error)
{
	struct filter *filter = NULL;
	text = slice_trim(text);
	if (!state->snapshot) {
		buffer_clear(&state->filter_text);
		state->filter_waiting = text.size > 0;
		return buffer_append_slice(&state->filter_text, text);
	}
	if (text.size > 0) {
		filter = parse(state, text, error);
		if (!filter)
			return ERROR_INPUT;
	}
	int result = replace_filter(state, filter);
	if (result != 0)
		return error_set(error, (enum error_code)result, "no memory is left to filter with");
	/* The text may be the filter's own. */
	if (text.data != state->filter_text.data) {
		buffer_clear(&state->filter_text);
		buffer_append_slice(&state->filter_text, text);
	}
	state->filter_waiting = false;
	state->services.only = false;
	return 0;
}

/* "/regex/" as it is; anything else is text to be found as it stands. */
static int search_expression(struct slice text, struct buffer *out)
{
	if (text.size > 2 && text.data[0] == '/' && text.data[text.size - 1] == '/')
		return buffer_append_slice(out, text);
	buffer_append_byte(out, '"');
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] == '"' || text.data[i] == '\\')
			buffer_append_byte(out, '\\');
		buffer_append_byte(out, text.data[i]);
	}
	return buffer_append_byte(out, '"');
}

int state_set_search(struct state *state, struct slice text, struct error *error)
{
	struct filter *filter = NULL;
	struct buffer expression;
	text = slice_trim(text);
	if (text.size > 0 && !state->snapshot)
		return error_set(error, ERROR_STATE, "there is nothing to search yet");
	buffer_init(&expression, 8192);
	if (text.size > 0) {
		int result = search_expression(text, &expression);
		filter = result == 0 ? parse(state, buffer_slice(&expression), error) : NULL;
	}
	buffer_release(&expression);
	if (text.size > 0 && !filter)
		return ERROR_INPUT;
	search_set(state, SEARCH_TEXT, filter);
	buffer_clear(&state->search_text);
	buffer_append_slice(&state->search_text, text);
	state->stale = true;
	return 0;
}

void state_emit(struct state *state, struct intent intent)
{
	bool has_text = intent.text.size > 0, has_field = intent.field.size > 0;
	intent.text = arena_copy(&state->intent_texts, intent.text);
	intent.field = arena_copy(&state->intent_texts, intent.field);
	bool copied = (!has_text || intent.text.data) && (!has_field || intent.field.data);
	struct intent *kept = copied ? vector_push(&state->intents) : NULL;
	if (kept)
		*kept = intent;
	else
		state_message(state, true, "too many requests are waiting: try again");
}

void state_message(struct state *state, bool is_error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(state->message, sizeof(state->message), format, arguments);
	va_end(arguments);
	state->message_is_error = is_error;
}

const struct ticket *state_ticket(const struct state *state)
{
	int selected = state->tickets.selected;
	if (!state->snapshot || selected < 0 || (size_t)selected >= state->snapshot->ticket_count)
		return NULL;
	return state->snapshot->tickets[selected];
}

const struct ticket *state_ticket_by_id(const struct state *state, int64_t id)
{
	for (size_t i = 0; state->snapshot && i < state->snapshot->ticket_count; i++) {
		if (state->snapshot->tickets[i]->id == id)
			return state->snapshot->tickets[i];
	}
	return NULL;
}

const char *count_format(uint64_t count, char out[28])
{
	char digits[24];
	int size = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)count), used = 0;
	for (int i = 0; i < size; i++) {
		if (i > 0 && (size - i) % 3 == 0)
			out[used++] = ',';
		out[used++] = digits[i];
	}
	out[used] = '\0';
	return out;
}

struct slice text_skip_cells(struct slice text, int cells)
{
	struct utf8_shown shown;
	for (int used = 0; used < cells && utf8_next_shown(&text, &shown); used += shown.width)
		;
	return text;
}

enum role role_of_level(enum level level)
{
	static const enum role roles[LEVEL_COUNT] = {
		[LEVEL_TRACE] = ROLE_LEVEL_TRACE,
		[LEVEL_DEBUG] = ROLE_LEVEL_DEBUG,
		[LEVEL_INFO] = ROLE_LEVEL_INFO,
		[LEVEL_WARN] = ROLE_LEVEL_WARN,
		[LEVEL_ERROR] = ROLE_LEVEL_ERROR,
		[LEVEL_FATAL] = ROLE_LEVEL_FATAL,
		[LEVEL_UNKNOWN] = ROLE_LEVEL_UNKNOWN,
	};
	return (unsigned int)level < LEVEL_COUNT ? roles[level] : ROLE_LEVEL_UNKNOWN;
}
