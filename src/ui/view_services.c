/*
 * The services: who failed first, who is always noisy, how each did over time, and how many errors it has a minute
 * where the cursor stands.
 */
#include <stdio.h>

#include "tocsin/base/utf8.h"
#include "ui/list.h"
#include "ui/services_count.h"
#include "ui/spark.h"
#include "ui/view.h"

static int pane_rows(const struct state *state)
{
	int rows = state->layout.panes[PANE_SERVICES].height - 1;
	return rows > 0 ? rows : 0;
}

static void services_title(const struct state *state, struct buffer *out)
{
	const struct services_state *services = &state->services;
	buffer_append_string(out, services_timeless(state) ? "errors" : "errors a minute");
	if ((int)services->listed > pane_rows(state) && pane_rows(state) > 0)
		buffer_append_format(out, " · %d of %u", services->selected + 1, (unsigned)services->listed);
}

static void services_update(struct state *state)
{
	struct services_state *services = &state->services;
	if (state->layout.panes[PANE_SERVICES].height == 0)
		return;
	services_count(state);
	services->top = list_top(services->top, services->selected, (int)services->listed, pane_rows(state));
}

/* --- painting -------------------------------------------------------------------------------------------------- */

static bool is_noisy(const struct services_state *services, uint32_t row)
{
	return row >= services->abnormal && row < services->abnormal + services->noisy;
}

/* When it began: the first by the clock, the others by how much later. */
static void paint_note(
	const struct state *state, const struct canvas *canvas, int y, uint32_t row, struct services_columns columns)
{
	const struct services_state *services = &state->services;
	const struct onset *onset = services_onset(state, services->order[row]),
			   *first = services_onset(state, services->order[0]);
	char text[40];
	if (columns.note_width == 0)
		return;
	if (is_noisy(services, row))
		canvas_string(canvas, columns.note, y, columns.note_width, ROLE_DIM, "always noisy");
	else if (row == 0 && onset && services->abnormal > 0)
		canvas_format(canvas, columns.note, y, columns.note_width, ROLE_TIME, "from %s",
			timestamp_format(onset->time, TIMESTAMP_CLOCK, &state->snapshot->zone, text));
	else if (row < services->abnormal && onset && first)
		canvas_format(canvas, columns.note, y, columns.note_width, ROLE_TIME, "     +%s",
			duration_format(onset->time - first->time, text));
}

static void paint_service(
	const struct state *state, const struct canvas *canvas, int y, uint32_t row, struct services_columns columns)
{
	const struct services_state *services = &state->services;
	uint32_t service = services->order[row];
	bool abnormal = row < services->abnormal;
	char number[28];
	double rate = services->rates[service];
	if (abnormal)
		canvas_format(canvas, 0, y, columns.name - 1, ROLE_BADGE, "%u", (unsigned)row + 1);
	canvas_text(canvas, columns.name, y, columns.name_width, abnormal ? ROLE_STRONG : ROLE_SERVICE,
		store_service_name(state->snapshot->store, service));
	if (services->buckets && columns.spark_width > 0) {
		int width = services->columns < columns.spark_width ? services->columns : columns.spark_width;
		spark_paint(canvas, columns.spark, y, width,
			services->buckets + (size_t)service * (size_t)services->columns);
		/* What is always so must not draw the eye. */
		if (is_noisy(services, row))
			canvas_role(canvas, columns.spark, y, width, ROLE_DIM);
	}
	paint_note(state, canvas, y, row, columns);
	canvas_right(canvas, columns.rate, y, columns.rate_width,
		rate <= 0 || is_noisy(services, row) ? ROLE_DIM : ROLE_LEVEL_ERROR,
		count_format((uint64_t)rate, number));
	if (state->focus == PANE_SERVICES && (int)row == services->selected)
		canvas_ground(canvas, 0, y, canvas->area.width, ROLE_SELECTION);
}

static void paint_noisy(const struct canvas *canvas, int x, int y)
{
	static const char words[] = "always noisy: same rate before";
	int room = canvas->area.width - x - 1;
	canvas_string(canvas, x, y, room, ROLE_DIM, room < (int)sizeof(words) - 1 ? "always noisy, as before" : words);
}

/* Below the last row, with a blank between, when there is room for it. */
static void paint_legend(const struct state *state, const struct canvas *canvas, int y)
{
	unsigned abnormal = state->services.abnormal;
	if (abnormal == 0 || y + 2 > canvas->area.height)
		return;
	int used = 0, shown = abnormal < 3 ? (int)abnormal : 3;
	for (int i = 0; i < shown; i++)
		used += canvas_format(canvas, used, y + 1, canvas->area.width - used, ROLE_BADGE, "%d ", i + 1);
	canvas_string(canvas, used + 1, y + 1, canvas->area.width - used - 2, ROLE_DIM, "who failed first");
}

static void services_paint(const struct state *state, const struct canvas *canvas)
{
	const struct services_state *services = &state->services;
	struct services_columns columns = services_columns_of(state, canvas->area.width);
	int rows = canvas->area.height, y = 0;
	if (services->listed == 0) {
		canvas_string(canvas, 1, 0, canvas->area.width - 2, ROLE_DIM, "no service has spoken yet");
		return;
	}
	bool notes = columns.note_width == 0 && (int)(services->listed + services->noisy) <= rows;
	int top = list_top(services->top, services->selected, (int)services->listed, rows);
	for (uint32_t row = (uint32_t)top; row < services->listed && y < rows; row++) {
		paint_service(state, canvas, y++, row, columns);
		if (notes && is_noisy(services, row))
			paint_noisy(canvas, columns.name + 1, y++);
	}
	if (top == 0 && y < rows)
		paint_legend(state, canvas, y);
}

/* --- actions --------------------------------------------------------------------------------------------------- */

/* The condition that selects one service; quoted when it holds more than letters, digits, '-', '_' and '.'. */
static void append_condition(struct buffer *out, struct slice name)
{
	bool plain = name.size > 0;
	for (size_t i = 0; i < name.size; i++) {
		char c = name.data[i];
		plain = plain &&
			((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
				c == '_' || c == '.');
	}
	buffer_append_string(out, plain ? "service:" : "service:\"");
	for (size_t i = 0; i < name.size; i++) {
		if (name.data[i] == '"' || name.data[i] == '\\')
			buffer_append_byte(out, '\\');
		buffer_append_byte(out, name.data[i]);
	}
	if (!plain)
		buffer_append_byte(out, '"');
}

/* The filter that was there before `o`: what stands in parentheses behind the condition of `only_service`. */
static struct slice filter_before(const struct state *state)
{
	struct slice text = buffer_slice(&state->filter_text);
	struct buffer condition;
	if (!state->services.only)
		return text;
	buffer_init(&condition, 4096);
	append_condition(&condition, store_service_name(state->snapshot->store, state->services.only_service));
	bool ours = slice_starts(text, buffer_string(&condition));
	size_t size = condition.size;
	buffer_release(&condition);
	if (!ours)
		return text;
	text = slice_trim(slice_from(text, size));
	return text.size > 2 && text.data[0] == '(' && text.data[text.size - 1] == ')'
		? slice_first(slice_from(text, 1), text.size - 2)
		: text;
}

/* On: this service within what was filtered before; the same key again: what was before. */
static void toggle_only(struct state *state)
{
	struct services_state *services = &state->services;
	struct error error = { 0 };
	struct buffer text;
	if (services->selected < 0 || services->selected >= (int)services->listed)
		return;
	uint32_t service = services->order[services->selected];
	bool off = services->only && services->only_service == service;
	struct slice before = filter_before(state);
	buffer_init(&text, 16384);
	if (!off)
		append_condition(&text, store_service_name(state->snapshot->store, service));
	if (!off && before.size > 0)
		buffer_append_string(&text, " (");
	buffer_append_slice(&text, before);
	if (!off && before.size > 0)
		buffer_append_byte(&text, ')');
	if (text.failed || state_set_filter(state, buffer_slice(&text), &error) != 0) {
		state_message(state, true, "%s", error.text[0] ? error.text : "this service cannot be filtered for");
	} else {
		services->only = !off;
		services->only_service = service;
	}
	buffer_release(&text);
}

/* To the record its trouble began with; a service without trouble is shown alone. */
static void open_service(struct state *state)
{
	const struct services_state *services = &state->services;
	if (services->selected < 0 || services->selected >= (int)services->listed)
		return;
	const struct onset *onset = services_onset(state, services->order[services->selected]);
	if (services->selected < (int)services->abnormal && onset)
		state_show_record(state, onset->record);
	else
		toggle_only(state);
}

static bool services_action(struct state *state, enum action action)
{
	struct services_state *services = &state->services;
	if (action == ACTION_SERVICE_ONLY) {
		toggle_only(state);
		return true;
	}
	if (action == ACTION_OPEN_ITEM) {
		open_service(state);
		return true;
	}
	if (!list_move(action, &services->selected, (int)services->listed, pane_rows(state)))
		return false;
	services->top = list_top(services->top, services->selected, (int)services->listed, pane_rows(state));
	return true;
}

const struct view view_services = {
	.title = services_title, .update = services_update, .paint = services_paint, .action = services_action
};
