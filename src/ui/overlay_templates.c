/*
 * The kinds of messages: how often, how often of late, since when. Enter shows only one of them, `-` hides it.
 */
#include "ui/list.h"
#include "ui/overlay.h"
#include "ui/templates_count.h"

enum { LINE_MAX_BYTES = 2048 };

static void title(const struct state *state, struct buffer *out)
{
	char count[28], span[40];
	struct window window;
	buffer_append_format(out, "templates · %s, %s", count_format(state->templates.rows.count, count),
		templates_order_name(state->templates.order));
	if (templates_window(state, &window))
		buffer_append_format(
			out, " · recent: the last %s", duration_format(window.to - window.from - 1, span));
}

static void footer(const struct state *state, struct buffer *out)
{
	(void)state;
	buffer_append_string(out, "Enter only this · - hide it · s other order · Esc closes");
}

static void write_row(const struct state *state, const struct template_row *row, bool selected, struct sheet *sheet)
{
	const struct snapshot *snapshot = state->snapshot;
	struct record record;
	struct buffer line;
	char count[28], recent[28], first[40] = "";
	buffer_init(&line, LINE_MAX_BYTES);
	store_record(snapshot->store, row->first, &record);
	if (record.time != TIMESTAMP_NONE)
		timestamp_format(record.time, TIMESTAMP_CLOCK, &snapshot->zone, first);
	buffer_append_format(&line, "%6u %11s %8s  %-8s ", (unsigned)row->template, count_format(row->count, count),
		count_format(row->recent, recent), first);
	buffer_append_slice(&line,
		slice_first(store_templates_text(snapshot->store, templates_table(state), row->template), 1024));
	sheet_line(sheet, row->errors > 0 ? ROLE_LEVEL_ERROR : ROLE_DEFAULT, buffer_slice(&line), selected);
	buffer_release(&line);
}

static void content(const struct state *state, struct sheet *sheet)
{
	sheet_line(sheet, ROLE_LABEL, slice_of("    id       count   recent  first    template"), false);
	for (int i = 0; i < (int)state->templates.rows.count; i++) {
		if (sheet_shows(sheet))
			write_row(state, templates_row(state, i), i == state->templates.selected, sheet);
		else
			sheet_blank(sheet);
	}
}

static void filter_by(struct state *state, const struct buffer *text)
{
	struct error error = { 0 };
	if (text->failed != 0 || state_set_filter(state, buffer_slice(text), &error) != 0)
		state_message(state, true, "%s", error.text[0] ? error.text : "the filter is too long");
}

static void show_only(struct state *state, uint32_t template)
{
	struct buffer text;
	buffer_init(&text, 64);
	buffer_append_format(&text, "template:%u", (unsigned)template);
	filter_by(state, &text);
	buffer_release(&text);
	overlay_close(state);
	state->focus = PANE_TAIL;
}

/* Within what is filtered already. */
static void hide(struct state *state, uint32_t template)
{
	struct slice before = buffer_slice(&state->filter_text);
	bool grouped = slice_find_byte(before, '|') != SIZE_MAX;
	struct buffer text;
	buffer_init(&text, 16384);
	buffer_append_string(&text, grouped ? "(" : "");
	buffer_append_slice(&text, before);
	buffer_append_format(
		&text, "%s%s-template:%u", grouped ? ")" : "", before.size > 0 ? " " : "", (unsigned)template);
	filter_by(state, &text);
	if (state->message[0] == '\0')
		state_message(state, false, "hidden: %s", buffer_string(&text));
	buffer_release(&text);
}

static void select_row(struct state *state)
{
	struct templates_state *templates = &state->templates;
	templates->moved = true;
	templates->selected_template = templates_row(state, templates->selected)->template;
	/* the heading is a line too */
	state->overlay_top = templates->selected == 0 ? 0
						      : list_top(state->overlay_top, templates->selected + 1,
								(int)templates->rows.count + 1, overlay_rows(state));
}

static void next_order(struct state *state)
{
	struct templates_state *templates = &state->templates;
	templates->order = templates->order == TEMPLATES_BY_BURST ? TEMPLATES_BY_COUNT : templates->order + 1;
	templates->store = NULL; /* counted, and so put in order, anew */
	templates->moved = false;
	templates->selected = 0;
	state->overlay_top = 0;
}

static bool key(struct state *state, struct key pressed)
{
	struct templates_state *templates = &state->templates;
	enum action action = action_for_key(SCOPE_GLOBAL, pressed);
	if (pressed.code == KEY_CODE_WHEEL_UP || pressed.code == KEY_CODE_WHEEL_DOWN)
		action = pressed.code == KEY_CODE_WHEEL_UP ? ACTION_UP : ACTION_DOWN;
	templates_count(state);
	if (templates->rows.count == 0 || pressed.alt)
		return false;
	if (pressed.code == 's')
		next_order(state);
	else if (pressed.code == '-')
		hide(state, templates_row(state, templates->selected)->template);
	else if (action == ACTION_OPEN_ITEM)
		show_only(state, templates_row(state, templates->selected)->template);
	else if (list_move(action, &templates->selected, (int)templates->rows.count, overlay_rows(state) - 1))
		select_row(state);
	else
		return false;
	return true;
}

const struct overlay_row overlay_templates = { .title = title, .content = content, .footer = footer, .key = key };
