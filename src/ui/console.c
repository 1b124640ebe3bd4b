/*
 * The console: snapshot in, keys in, cells and intents out. It routes; what keys mean stands in command.c, what is seen
 * in the views.
 */
#include "tocsin/ui/console.h"

#include <stdlib.h>
#include <string.h>

#include "tocsin/ui/line.h"
#include "ui/command.h"
#include "ui/overlay.h"
#include "ui/prompt.h"
#include "ui/screen.h"
#include "ui/search.h"
#include "ui/templates_count.h"
#include "ui/view.h"
#include "ui/view_tail.h"

enum {
	INTENTS_MAX = 256,
	INTENT_TEXT_MAX = 8 << 20,
	FILTER_TEXT_MAX = 4096,
	MARKS_MAX = 10000,
	WHEEL_ROWS = 3,
	TICKET_ROWS = 3 /* of one ticket in its pane */
};

struct console {
	struct state state;
	struct snapshot snapshot;
	char *history_path;
};

static void init_state(struct state *state)
{
	state->focus = PANE_TAIL;
	state->zoomed = PANE_COUNT;
	state->side = PANE_ANALYST;
	state->cursor_time = TIMESTAMP_NONE;
	state->analyst.moment = TIMESTAMP_NONE;
	state->tickets.moment = TIMESTAMP_NONE;
	state->follow = true;
	state->tail.record = state->copying = UINT64_MAX;
	state->search_goal = SEARCH_NOTHING;
	state->analyst.following = true;
	state->analyst.selected = -1;
	state->cursor_x = state->cursor_y = -1;
	state->stale = true;
	buffer_init(&state->filter_text, FILTER_TEXT_MAX);
	buffer_init(&state->search_text, FILTER_TEXT_MAX);
	vector_init(&state->intents, sizeof(struct intent), INTENTS_MAX);
	vector_init(&state->tail.marks, sizeof(uint64_t), MARKS_MAX);
	arena_init(&state->intent_texts, INTENT_TEXT_MAX);
}

struct console *console_create(const struct console_options *options)
{
	struct console *console = calloc(1, sizeof(*console));
	if (!console)
		return NULL;
	struct state *state = &console->state;
	init_state(state);
	state->ascii = options->ascii;
	console->history_path = options->history_path ? strdup(options->history_path) : NULL;
	state->line = line_create(options->use_inputrc, prompt_complete, state);
	if (!state->line || selection_init(&state->selection, NULL) != 0 ||
		(options->history_path && !console->history_path)) {
		console_destroy(console);
		return NULL;
	}
	if (console->history_path)
		line_history_load(state->line, console->history_path);
	return console;
}

void console_destroy(struct console *console)
{
	if (!console)
		return;
	struct state *state = &console->state;
	if (state->line && console->history_path)
		line_history_save(state->line, console->history_path);
	line_destroy(state->line);
	selection_release(&state->selection);
	filter_destroy(state->filter);
	for (int goal = 0; goal < SEARCH_NOTHING; goal++)
		search_set(state, (enum search_goal)goal, NULL);
	buffer_release(&state->filter_text);
	buffer_release(&state->search_text);
	vector_release(&state->intents);
	vector_release(&state->tail.marks);
	arena_release(&state->intent_texts);
	view_release_all(state);
	templates_release(state);
	free(console->history_path);
	free(console);
}

/* --- update ---------------------------------------------------------------------------------------------------- */

/* A filter that was given before there was a log to parse it for. */
static void apply_waiting_filter(struct state *state)
{
	struct error error = { 0 };
	state->filter_waiting = false;
	if (state_set_filter(state, buffer_slice(&state->filter_text), &error) == 0)
		return;
	state_message(state, true, "the filter %s is not used: %s", buffer_string(&state->filter_text), error.text);
	buffer_clear(&state->filter_text);
}

/* A duration counts back from the newest record, so what is said of time waits until the log has been read. */
static bool may_apply(const struct state *state)
{
	struct slice text = buffer_slice(&state->filter_text);
	bool timed = slice_find(text, slice_of("since")) != SIZE_MAX || slice_find(text, slice_of("until")) != SIZE_MAX;
	return !state->snapshot->indexing || (!timed && state->snapshot->horizon.records > 0);
}

/* A selection of time grows with the cursor until it is ended. */
static void grow_range(struct state *state)
{
	int64_t time = state_time(state), anchor = state->range_anchor;
	if (!state->selecting || time == TIMESTAMP_NONE)
		return;
	state->range.from = time < anchor ? time : anchor;
	state->range.to = (time < anchor ? anchor : time) + 1;
}

static void bring_up(struct state *state)
{
	view_update_all(state);
	if (state->overlay == OVERLAY_TEMPLATES)
		templates_count(state);
	grow_range(state);
	state->stale = false;
}

/* What is to be copied waits for its text. */
static void copy_what_came(struct state *state)
{
	if (state->copying != UINT64_MAX)
		tail_copy(state, state->copying);
}

bool console_update(struct console *console, const struct snapshot *snapshot, uint64_t budget)
{
	struct state *state = &console->state;
	console->snapshot = *snapshot;
	state->snapshot = &console->snapshot;
	if (state->filter_waiting && may_apply(state))
		apply_waiting_filter(state);
	bool more = selection_advance_quickly(&state->selection, snapshot->store, snapshot->horizon, budget);
	more = search_advance(state, budget) || more;
	copy_what_came(state);
	bring_up(state);
	return more;
}

/* --- looks ------------------------------------------------------------------------------------------------------- */

/* Is a screenful still missing? */
static uint64_t missing_rows(const struct state *state)
{
	uint64_t count = selection_count(&state->selection), rows = (uint64_t)tail_rows(state);
	return count < rows ? rows - count : 0;
}

/* First what a key asked for, then what the screen shows, then the rest. */
struct look *console_take_look(struct console *console)
{
	struct state *state = &console->state;
	if (!state->snapshot)
		return NULL;
	struct tail_search *search = &state->searches[SEARCH_TEXT];
	const struct store *store = state->snapshot->store;
	uint64_t near = state->tail.record, missing = missing_rows(state);
	struct look *look = NULL;
	if (near == UINT64_MAX)
		near = state->snapshot->horizon.records;
	if (search->filter && state->search_goal == SEARCH_TEXT)
		look = selection_take_look(&search->found, store, state->search_at, state->search_direction, 1);
	if (!look)
		look = selection_take_look(&state->selection, store, near, 0, missing > 0 ? missing : UINT64_MAX);
	if (!look && search->filter)
		look = selection_take_look(&search->found, store, near, 0, UINT64_MAX);
	return look;
}

bool console_finish_look(struct console *console, struct look *look)
{
	struct state *state = &console->state;
	bool awaited = state->search_goal == SEARCH_TEXT || missing_rows(state) > 0;
	state->stale = true;
	return look_finish(look) && awaited;
}

/* --- keys ------------------------------------------------------------------------------------------------------ */

static enum pane pane_at(const struct layout *layout, int x, int y)
{
	for (int pane = 0; pane < PANE_COUNT; pane++) {
		struct rectangle area = layout->panes[pane];
		if (x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height)
			return (enum pane)pane;
	}
	return PANE_COUNT;
}

static void mouse(struct state *state, struct key key)
{
	enum pane pane = pane_at(&state->layout, key.x, key.y);
	if (pane == PANE_COUNT)
		return;
	command_focus(state, pane);
	if (key.code == KEY_CODE_MOUSE_PRESS) {
		if (pane == PANE_TAIL)
			tail_point(state, key.y - state->layout.panes[pane].y);
		return;
	}
	for (int i = 0; i < WHEEL_ROWS; i++)
		command_do(state, key.code == KEY_CODE_WHEEL_UP ? ACTION_UP : ACTION_DOWN);
}

static bool is_mouse(struct key key)
{
	return key.code == KEY_CODE_MOUSE_PRESS || key.code == KEY_CODE_WHEEL_UP || key.code == KEY_CODE_WHEEL_DOWN;
}

/* A key that only another pane has: where it works. */
static void say_where(struct state *state, struct key key)
{
	char name[24];
	for (int pane = 0; pane < PANE_COUNT; pane++) {
		enum action action = action_for_key(command_scope((enum pane)pane), key);
		if (action == ACTION_NONE)
			continue;
		state_message(state, false, "%s (%s) works in the %s pane: Tab goes there", key_text(key, name),
			action_row(action)->name, pane_title((enum pane)pane));
		return;
	}
}

/* The keys of the tail work in every pane, where nothing else has them. */
static void pane_key(struct state *state, struct key key)
{
	enum action action = action_for_key(command_scope(state->focus), key);
	if (action == ACTION_NONE)
		action = action_for_key(SCOPE_TAIL, key);
	if (action == ACTION_NONE)
		say_where(state, key);
	command_do(state, action);
}

void console_key(struct console *console, struct key key)
{
	struct state *state = &console->state;
	enum action everywhere = action_for_key(SCOPE_GLOBAL, key);
	if (state->intents.count == 0)
		arena_reset(&state->intent_texts);
	state->stale = true;
	if (key.code == KEY_CODE_RESIZE)
		return;
	state->message[0] = '\0';
	if (everywhere == ACTION_SUSPEND || everywhere == ACTION_REPAINT || !state->snapshot) {
		enum intent_kind kind = everywhere == ACTION_SUSPEND ? INTENT_SUSPEND
			: everywhere == ACTION_REPAINT               ? INTENT_REPAINT
			: everywhere == ACTION_QUIT                  ? INTENT_QUIT
								     : INTENT_NONE;
		if (kind != INTENT_NONE)
			state_emit(state, (struct intent){ .kind = kind });
	} else if (state->prompt != PROMPT_IDLE) {
		if (!is_mouse(key))
			prompt_key(state, key);
	} else if (state->overlay != OVERLAY_NONE) {
		overlay_key(state, key);
	} else if (is_mouse(key)) {
		mouse(state, key);
	} else {
		pane_key(state, key);
	}
	if (state->snapshot)
		grow_range(state);
}

bool console_next_intent(struct console *console, struct intent *intent)
{
	struct state *state = &console->state;
	if (state->intents_taken >= state->intents.count) {
		vector_clear(&state->intents);
		state->intents_taken = 0;
		return false;
	}
	*intent = *(const struct intent *)vector_at(&state->intents, state->intents_taken++);
	return true;
}

/* --- from outside ---------------------------------------------------------------------------------------------- */

int console_set_filter(struct console *console, struct slice text, struct error *error)
{
	return state_set_filter(&console->state, text, error);
}

struct slice console_filter(const struct console *console)
{
	return buffer_slice(&console->state.filter_text);
}

void console_message(struct console *console, bool is_error, const char *text)
{
	state_message(&console->state, is_error, "%s", text);
}

int64_t console_cursor_time(const struct console *console)
{
	return console->state.cursor_time;
}

/* --- paint ----------------------------------------------------------------------------------------------------- */

static void paint_too_small(const struct canvas *canvas)
{
	int width = canvas->area.width, y = canvas->area.height / 2;
	canvas_string(canvas, 0, y > 0 ? y - 1 : 0, width, ROLE_STRONG, "too small");
	canvas_format(canvas, 0, y, width, ROLE_DEFAULT, "%d x %d", width, canvas->area.height);
	canvas_string(canvas, 0, y + 1, width, ROLE_DIM, "40 x 10 is the least; reading goes on");
}

static void lay_out(struct state *state, const struct grid *grid)
{
	int ticket_rows =
		1 + TICKET_ROWS * (int)(state->snapshot->ticket_count < 8 ? state->snapshot->ticket_count : 8);
	if (state->focus == PANE_SERVICES || state->focus == PANE_TICKETS || state->focus == PANE_ANALYST)
		state->side = state->focus;
	struct layout layout = layout_compute(
		grid->columns, grid->rows, state->zoomed, state->side, ticket_rows < 4 ? 4 : ticket_rows);
	bool changed = layout.too_small != state->layout.too_small ||
		memcmp(layout.panes, state->layout.panes, sizeof(layout.panes)) != 0;
	state->layout = layout;
	if (changed || state->stale)
		bring_up(state);
}

static void paint_prompt(struct state *state, const struct canvas *canvas)
{
	struct rectangle area = state->layout.prompt;
	struct canvas prompt = canvas_part(canvas, area);
	struct canvas above = canvas_part(canvas, (struct rectangle){ 0, area.y - 1, area.width, 1 });
	canvas_fill(&prompt, 0, 0, area.width, ROLE_DEFAULT, GLYPH_SPACE);
	int x = prompt_paint(state, &prompt);
	state->cursor_x = x;
	state->cursor_y = x < 0 ? -1 : area.y;
	if (state->message[0] != '\0')
		message_paint(state, canvas);
	else
		prompt_paint_completions(state, &above);
}

void console_paint(struct console *console, struct grid *grid)
{
	struct state *state = &console->state;
	struct canvas canvas = canvas_of(grid, state->ascii);
	grid_clear(grid);
	state->cursor_x = state->cursor_y = -1;
	if (!state->snapshot)
		return;
	lay_out(state, grid);
	if (state->layout.too_small) {
		paint_too_small(&canvas);
		return;
	}
	struct canvas status = canvas_part(&canvas, state->layout.status),
		      hints = canvas_part(&canvas, state->layout.hints);
	status_paint(state, &status);
	view_paint_all(state, &canvas);
	overlay_paint(state, &canvas);
	paint_prompt(state, &canvas);
	if (state->layout.hints.height > 0)
		hints_paint(state, &hints);
}

void console_text_cursor(const struct console *console, int *x, int *y)
{
	*x = console->state.cursor_x;
	*y = console->state.cursor_y;
}
