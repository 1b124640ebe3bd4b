/*
 * The prompt's row. Every key goes to the line editor while it is open; what is accepted becomes a command or the
 * argument of one.
 */
#include "ui/prompt.h"

#include <stdio.h>

#include "tocsin/base/utf8.h"
#include "tocsin/ui/line.h"
#include "ui/command.h"

enum { ACCEPTED_MAX = 65536 };

static const struct mode_row {
	enum action action; /* that takes what was typed; ACTION_NONE: it is a command */
	const char *label;
	bool about_ticket; /* what it offers is a guess, not what holds now */
} mode_rows[] = {
	[PROMPT_IDLE] = { ACTION_NONE, "ask", false },
	[PROMPT_ASK] = { ACTION_ASK, "ask", false },
	[PROMPT_COMMAND] = { ACTION_NONE, ":", false },
	[PROMPT_SEARCH] = { ACTION_SEARCH, "/", false },
	[PROMPT_FILTER] = { ACTION_FILTER, "&", false },
	[PROMPT_GOTO] = { ACTION_GOTO, "go to", false },
	[PROMPT_ASSIGN] = { ACTION_ASSIGN, "assign to", true },
	[PROMPT_REJECT] = { ACTION_REJECT, "reject because", true },
	[PROMPT_EDIT] = { ACTION_EDIT, "edit FIELD VALUE", true },
};

void prompt_begin(struct state *state, enum prompt_mode mode, const char *initial)
{
	state->prompt = mode;
	state->offered = false;
	line_begin(state->line, initial);
}

void prompt_offer(struct state *state, enum prompt_mode mode, const char *typed, const char *offer)
{
	struct buffer whole;
	buffer_init(&whole, ACCEPTED_MAX);
	buffer_append_string(&whole, typed);
	buffer_append_string(&whole, offer);
	prompt_begin(state, mode, buffer_string(&whole));
	buffer_release(&whole);
	state->offered = offer[0] != '\0';
	state->offer_from = slice_of(typed).size;
}

static void accept(struct state *state)
{
	enum prompt_mode mode = state->prompt;
	struct buffer typed;
	buffer_init(&typed, ACCEPTED_MAX);
	state->prompt = PROMPT_IDLE;
	if (buffer_append_slice(&typed, line_text(state->line)) != 0) {
		state_message(state, true, "this is too long");
		buffer_release(&typed);
		return;
	}
	struct slice text = slice_trim(buffer_slice(&typed));
	if (text.size > 0 && !mode_rows[mode].about_ticket)
		line_history_add(state->line, text);
	bool done = mode == PROMPT_COMMAND ? command_run(state, text)
					   : command_argument(state, mode_rows[mode].action, text);
	/* What will not do stays, to be mended. */
	if (!done)
		prompt_begin(state, mode, buffer_string(&typed));
	buffer_release(&typed);
}

/* Leaves only what stands before the offer. */
static void drop_offer(struct state *state)
{
	struct buffer typed;
	buffer_init(&typed, ACCEPTED_MAX);
	buffer_append_slice(&typed, slice_first(line_text(state->line), state->offer_from));
	line_begin(state->line, buffer_string(&typed));
	buffer_release(&typed);
}

/* As in the address bar of a browser. True when the key has done its work with that. */
static bool answer_offer(struct state *state, struct key key)
{
	bool character = key.code >= ' ' && key.code < KEY_NAMED && !key.alt;
	bool removes = (key.code == KEY_CODE_BACKSPACE || key.code == KEY_CODE_DELETE) && !key.alt;
	if (!state->offered)
		return false;
	state->offered = false;
	if (character || removes)
		drop_offer(state);
	return removes || key.code == KEY_CODE_TAB;
}

void prompt_key(struct state *state, struct key key)
{
	if (answer_offer(state, key))
		return;
	switch (line_key(state->line, key)) {
	case LINE_ACCEPTED:
		accept(state);
		break;
	case LINE_CANCELLED:
		state->prompt = PROMPT_IDLE;
		break;
	case LINE_EDITING:
		break;
	}
}

/* " ask ▸ ", " / ", " reject because T-7 ▸ " */
static int paint_label(const struct state *state, const struct canvas *canvas)
{
	const struct mode_row *row = &mode_rows[state->prompt];
	bool mark = row->label[1] == '\0';
	char ticket[32] = "";
	if (row->about_ticket)
		snprintf(ticket, sizeof(ticket), "T-%lld ", (long long)state->ticket);
	int used = 1 +
		canvas_format(canvas, 1, 0, canvas->area.width - 2, ROLE_PROMPT, "%s%s%s%s", ticket, row->label,
			mark ? "" : " ", mark ? "" : glyph_text(GLYPH_SELECTED, canvas->ascii));
	return used + 1;
}

/* A guess is faint, and the cursor stands before it, where typing begins. */
static int paint_guess(const struct state *state, const struct canvas *canvas, int x, int room)
{
	struct slice text = line_text(state->line);
	x += canvas_text(canvas, x, 0, room, ROLE_DEFAULT, slice_first(text, state->offer_from));
	canvas_text(canvas, x, 0, canvas->area.width - x, ROLE_DIM, slice_from(text, state->offer_from));
	return x;
}

int prompt_paint(const struct state *state, const struct canvas *canvas)
{
	int x = paint_label(state, canvas), room = canvas->area.width - x - 1;
	if (state->prompt == PROMPT_IDLE) {
		canvas_string(canvas, x, 0, room, ROLE_DIM, "i asks about this log");
		return -1;
	}
	if (state->offered && mode_rows[state->prompt].about_ticket)
		return paint_guess(state, canvas, x, room);
	struct slice text = line_text(state->line);
	int cursor = (int)utf8_shown_width(slice_first(text, line_cursor(state->line)));
	int skipped = room > 0 && cursor > room ? cursor - room : 0;
	struct slice rest = text_skip_cells(text, skipped);
	cursor = (int)utf8_shown_width(slice_first(text, line_cursor(state->line))) -
		(int)utf8_shown_width(slice_first(text, text.size - rest.size));
	int used = canvas_text(canvas, x, 0, room + 1, ROLE_DEFAULT, rest);
	if (state->offered)
		canvas_ground(canvas, x, 0, used, ROLE_SELECTION);
	return x + cursor;
}

bool prompt_paint_completions(const struct state *state, const struct canvas *canvas)
{
	size_t count = state->prompt == PROMPT_IDLE ? 0 : line_completion_count(state->line);
	int x = 1;
	if (count == 0)
		return false;
	canvas_fill(canvas, 0, 0, canvas->area.width, ROLE_DEFAULT, GLYPH_SPACE);
	for (size_t i = 0; i < count; i++) {
		struct slice candidate = slice_of(line_completion(state->line, i));
		int left = canvas->area.width - x - 12;
		if (i > 0 && (int)utf8_shown_width(candidate) > left) {
			canvas_format(canvas, x, 0, canvas->area.width - x, ROLE_DIM, "%zu more", count - i);
			break;
		}
		x += canvas_text(canvas, x, 0, canvas->area.width - x - 1, ROLE_STRONG, candidate) + 2;
	}
	return true;
}
