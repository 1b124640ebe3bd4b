/*
 * What actions do when no view makes them its own, and commands with arguments.
 */
#include "ui/command.h"

#include "ui/overlay.h"
#include "ui/prompt.h"
#include "ui/search.h"
#include "ui/ticket_act.h"
#include "ui/view.h"
#include "ui/view_tail.h"

enum { FAULT_MAX = 4096 };

static const struct {
	enum pane pane;
	enum action_scope scope;
} scopes[] = {
	{ PANE_TIMELINE, SCOPE_TIMELINE },
	{ PANE_SERVICES, SCOPE_SERVICES },
	{ PANE_TICKETS, SCOPE_TICKETS },
	{ PANE_TAIL, SCOPE_TAIL },
	{ PANE_ANALYST, SCOPE_ANALYST },
};

enum action_scope command_scope(enum pane pane)
{
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		if (scopes[i].pane == pane)
			return scopes[i].scope;
	}
	return SCOPE_GLOBAL;
}

static const struct view *view_of_scope(enum action_scope scope)
{
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		if (scopes[i].scope == scope)
			return view_of(scopes[i].pane);
	}
	return NULL;
}

/* --- focus ----------------------------------------------------------------------------------------------------- */

void command_focus(struct state *state, enum pane pane)
{
	state->focus = pane;
	if (pane == PANE_SERVICES || pane == PANE_ANALYST || pane == PANE_TICKETS)
		state->side = pane;
	if (state->zoomed != PANE_COUNT)
		state->zoomed = pane;
	state->stale = true;
}

/* As the eye goes: down the columns when wide, the side panes one after the other when narrow. */
static void focus_next(struct state *state, int step)
{
	static const enum pane orders[2][PANE_COUNT] = {
		{ PANE_TIMELINE, PANE_TAIL, PANE_SERVICES, PANE_ANALYST, PANE_TICKETS },
		{ PANE_TIMELINE, PANE_SERVICES, PANE_TICKETS, PANE_TAIL, PANE_ANALYST },
	};
	const enum pane *order = orders[state->layout.wide];
	int at = 0;
	while (at < PANE_COUNT - 1 && order[at] != state->focus)
		at++;
	command_focus(state, order[(at + PANE_COUNT + step) % PANE_COUNT]);
}

/* Esc: one level at a time. */
static void back(struct state *state)
{
	if (state->search_goal != SEARCH_NOTHING) {
		state->search_goal = SEARCH_NOTHING;
	} else if (state->selecting || state->range.from < state->range.to) {
		state->selecting = false;
		state->range = (struct window){ 0, 0 };
	} else if (state->searches[SEARCH_TEXT].filter) {
		state_set_search(state, slice_of(""), NULL);
	} else if (state->filter) {
		state_set_filter(state, slice_of(""), NULL);
	} else {
		state->zoomed = PANE_COUNT;
	}
	state->stale = true;
}

/* --- findings and replay --------------------------------------------------------------------------------------- */

/* Without a replay the cursor goes to a finding; in one the clock does. */
static void go_finding(struct state *state, int direction)
{
	const struct detect *detect = state->snapshot->detect;
	const struct finding *best = NULL;
	size_t number = 0;
	int64_t now = state_time(state);
	if (state->snapshot->replaying) {
		state_emit(state, (struct intent){ .kind = INTENT_REPLAY_FINDING, .number = direction });
		return;
	}
	for (size_t i = 0; detect && i < detect_count(detect); i++) {
		const struct finding *finding = detect_finding(detect, i);
		bool fits = direction > 0 ? finding->start > now : finding->start < now;
		if (fits && (!best || (direction > 0 ? finding->start < best->start : finding->start >= best->start))) {
			best = finding;
			number = i + 1;
		}
	}
	if (!best) {
		state_message(state, false, direction > 0 ? "no finding after this" : "no finding before this");
		return;
	}
	state_move_to_time(state, best->start);
	state_message(state, false, "%s%zu %s", glyph_text(GLYPH_FINDING, false), number, best->sentence);
}

static void replay(struct state *state, enum intent_kind kind, double number)
{
	if (state->snapshot->replaying)
		state_emit(state, (struct intent){ .kind = kind, .number = number });
	else
		state_message(state, false,
			"this is no replay: start tocsin with --replay to play the log against its own clock");
}

static bool do_replay(struct state *state, enum action action)
{
	switch (action) {
	case ACTION_PAUSE:
		replay(state, INTENT_REPLAY_PAUSE, 0);
		return true;
	case ACTION_SLOWER:
		replay(state, INTENT_REPLAY_SPEED, 0.5);
		return true;
	case ACTION_FASTER:
		replay(state, INTENT_REPLAY_SPEED, 2);
		return true;
	case ACTION_STEP:
		replay(state, INTENT_REPLAY_STEP, 1);
		return true;
	case ACTION_NEXT_FINDING:
		go_finding(state, 1);
		return true;
	case ACTION_PREVIOUS_FINDING:
		go_finding(state, -1);
		return true;
	default:
		return false;
	}
}

/* --- the console's own ----------------------------------------------------------------------------------------- */

static void emit(struct state *state, enum intent_kind kind)
{
	state_emit(state, (struct intent){ .kind = kind, .window = state->range });
}

static void search_on(struct state *state, int direction)
{
	if (state->searches[SEARCH_TEXT].filter)
		search_begin(state, SEARCH_TEXT, direction, false);
	else
		prompt_begin(state, PROMPT_SEARCH, "");
}

static void quit(struct state *state)
{
	if (state->zoomed != PANE_COUNT)
		state->zoomed = PANE_COUNT;
	else
		emit(state, INTENT_QUIT);
}

static bool do_prompt(struct state *state, enum action action)
{
	switch (action) {
	case ACTION_PALETTE:
		prompt_begin(state, PROMPT_COMMAND, "");
		return true;
	case ACTION_ASK:
	case ACTION_OPEN_ITEM:
		prompt_begin(state, PROMPT_ASK, "");
		return true;
	case ACTION_SEARCH:
		prompt_offer(state, PROMPT_SEARCH, "", buffer_string(&state->search_text));
		return true;
	case ACTION_FILTER:
		prompt_offer(state, PROMPT_FILTER, "", buffer_string(&state->filter_text));
		return true;
	case ACTION_GOTO:
		prompt_begin(state, PROMPT_GOTO, "");
		return true;
	default:
		return false;
	}
}

static bool emit_text(struct state *state, enum intent_kind kind, struct slice text)
{
	state_emit(state, (struct intent){ .kind = kind, .text = text, .window = state->range });
	return true;
}

static bool do_intent(struct state *state, enum action action)
{
	switch (action) {
	case ACTION_QUIT:
		quit(state);
		return true;
	case ACTION_ANALYZE:
		emit(state, INTENT_ANALYZE);
		return true;
	case ACTION_IMPORTANCE:
		emit_text(state, INTENT_SET,
			slice_of(state->snapshot->importance ? "importance no" : "importance yes"));
		return true;
	case ACTION_RELOAD:
		emit(state, INTENT_RELOAD);
		return true;
	case ACTION_REPAINT:
		emit(state, INTENT_REPAINT);
		return true;
	case ACTION_SUSPEND:
		emit(state, INTENT_SUSPEND);
		return true;
	case ACTION_COPY:
		tail_copy(state, state->tail.record);
		return true;
	case ACTION_MOUSE:
		state->mouse = !state->mouse;
		state_emit(state, (struct intent){ .kind = INTENT_MOUSE, .number = state->mouse });
		return true;
	default:
		return false;
	}
}

static void do_screen(struct state *state, enum action action)
{
	switch (action) {
	case ACTION_HELP:
		overlay_open(state, OVERLAY_HELP);
		break;
	case ACTION_TEMPLATES:
		overlay_open(state, OVERLAY_TEMPLATES);
		break;
	case ACTION_FINDINGS:
		overlay_open(state, OVERLAY_FINDINGS);
		break;
	case ACTION_SOURCES:
		overlay_open(state, OVERLAY_SOURCES);
		break;
	case ACTION_FOCUS_NEXT:
		focus_next(state, 1);
		break;
	case ACTION_FOCUS_PREVIOUS:
		focus_next(state, -1);
		break;
	case ACTION_ZOOM:
		state->zoomed = state->zoomed == PANE_COUNT ? state->focus : PANE_COUNT;
		break;
	case ACTION_BACK:
		back(state);
		break;
	case ACTION_SEARCH_NEXT:
		search_on(state, 1);
		break;
	case ACTION_SEARCH_PREVIOUS:
		search_on(state, -1);
		break;
	case ACTION_FOLLOW:
		state_follow(state);
		break;
	default:
		break;
	}
}

static bool view_does(struct state *state, const struct view *view, enum action action)
{
	return view && view->action && view->action(state, action);
}

/* In the pane of tickets what is opened and copied is a ticket. */
static bool do_ticket(struct state *state, enum action action)
{
	if (action == ACTION_OPEN_ITEM)
		ticket_open(state);
	else if (action == ACTION_COPY)
		ticket_copy(state);
	else
		return false;
	return true;
}

void command_do(struct state *state, enum action action)
{
	if (action == ACTION_NONE || ticket_act(state, action))
		return;
	if (action == ACTION_SELECT) {
		state_select(state);
		return;
	}
	if (state->focus == PANE_TICKETS && do_ticket(state, action))
		return;
	enum action_scope scope = action_row(action)->scope;
	if (view_does(state, view_of(state->focus), action))
		return;
	if (scope != command_scope(state->focus) && view_does(state, view_of_scope(scope), action))
		return;
	if (!do_replay(state, action) && !do_prompt(state, action) && !do_intent(state, action))
		do_screen(state, action);
}

/* --- with arguments -------------------------------------------------------------------------------------------- */

static bool set_filter(struct state *state, struct slice text)
{
	struct filter_scope scope = { state->snapshot->store, state->snapshot->horizon.time, &state->snapshot->zone };
	struct error error = { 0 };
	struct buffer fault;
	size_t place = 0;
	int result = state_set_filter(state, text, &error);
	if (result != ERROR_INPUT) {
		if (result != 0)
			state_message(state, true, "%s", error.text);
		return result == 0;
	}
	/* Parsed again for the place of the fault. */
	filter_destroy(filter_parse(slice_trim(text), &scope, &place, &error));
	buffer_init(&fault, FAULT_MAX);
	filter_explain_fault(&fault, slice_first(slice_trim(text), 300), place);
	state_message(state, true, "%s%s", buffer_string(&fault), error.text);
	buffer_release(&fault);
	return false;
}

static bool set_search(struct state *state, struct slice text)
{
	struct error error = { 0 };
	if (text.size > 0 && state_set_search(state, text, &error) != 0) {
		state_message(state, true, "%s", error.text);
		return false;
	}
	/* At the end of the log the nearest matches lie above. */
	if (state->searches[SEARCH_TEXT].filter)
		search_begin(state, SEARCH_TEXT, state->follow ? -1 : 1, state->follow);
	return true;
}

/* What no open source is called is for `app` to judge. */
static bool close_source(struct state *state, struct slice typed)
{
	struct slice name = typed;
	size_t count = complete_source(state->snapshot, typed, &name);
	if (count < 2)
		return emit_text(state, INTENT_CLOSE, count == 1 ? name : typed);
	state_message(state, true, "%zu sources are called %.*s: write more of the path", count,
		(int)slice_first(typed, 200).size, typed.data);
	return false;
}

static bool ask(struct state *state, struct slice text)
{
	if (text.size == 0)
		return true;
	state->side = PANE_ANALYST;
	/* Where panes take turns, the one with the focus has the place: the answer needs it. */
	if (!state->layout.wide && state->focus != PANE_TAIL && state->focus != PANE_TIMELINE)
		state->focus = PANE_ANALYST;
	state->analyst.following = true;
	return emit_text(state, INTENT_ASK, text);
}

bool command_argument(struct state *state, enum action action, struct slice argument)
{
	argument = slice_trim(argument);
	switch (action) {
	case ACTION_ASK:
		return ask(state, argument);
	case ACTION_FILTER:
		return set_filter(state, argument);
	case ACTION_SEARCH:
		return set_search(state, argument);
	case ACTION_GOTO:
		return search_go_to(state, argument);
	case ACTION_ASSIGN:
		return ticket_assign(state, argument);
	case ACTION_REJECT:
		return ticket_reject(state, argument);
	case ACTION_EDIT:
		return ticket_edit(state, argument);
	case ACTION_OPEN:
		return emit_text(state, INTENT_OPEN, argument);
	case ACTION_CLOSE:
		return close_source(state, argument);
	case ACTION_SET:
		return emit_text(state, INTENT_SET, argument);
	case ACTION_RELEVANT:
		return emit_text(state, INTENT_RELEVANT, argument);
	case ACTION_THEME:
		return emit_text(state, INTENT_THEME, argument);
	case ACTION_TIME_ZONE:
		return emit_text(state, INTENT_ZONE, argument);
	default:
		command_do(state, action);
		return true;
	}
}

bool command_run(struct state *state, struct slice line)
{
	line = slice_trim(line);
	size_t space = slice_find_byte(line, ' ');
	struct slice name = space == SIZE_MAX ? line : slice_first(line, space);
	struct slice argument = space == SIZE_MAX ? slice_of("") : slice_trim(slice_from(line, space));
	enum action action = action_find(name);
	if (name.size == 0)
		return true;
	if (action == ACTION_NONE) {
		state_message(state, true, "there is no command \"%.*s\": Tab completes, ? lists all",
			(int)slice_first(name, 60).size, name.data);
		return false;
	}
	const struct action_row *row = action_row(action);
	if (argument.size == 0) {
		bool needs = action == ACTION_OPEN || action == ACTION_CLOSE || action == ACTION_SET ||
			action == ACTION_THEME || action == ACTION_TIME_ZONE || action == ACTION_RELEVANT;
		if (needs)
			state_message(state, true, ":%s needs %s", row->name, row->argument);
		else
			command_do(state, action);
		return !needs;
	}
	bool about_ticket = action == ACTION_ASSIGN || action == ACTION_REJECT || action == ACTION_EDIT;
	if (about_ticket && !ticket_target(state, action))
		return true;
	return command_argument(state, action, argument);
}
