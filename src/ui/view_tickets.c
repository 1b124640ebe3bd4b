/*
 * The tickets: what is proposed, what is under way, who has it and why. Three rows each where there is room, two or one
 * where there is not; closed ones take one.
 */
#include <stdio.h>
#include <string.h>

#include "tocsin/base/utf8.h"
#include "ui/list.h"
#include "ui/view.h"

enum { ROWS_MOST = 3, SEVERITY_FROM = 36 /* width from which there is room for it before the title */ };

static const struct ticket *ticket_at(const struct state *state, int index)
{
	return state->snapshot->tickets[index];
}

static int ticket_count(const struct state *state)
{
	return state->snapshot->ticket_count < INT16_MAX ? (int)state->snapshot->ticket_count : INT16_MAX;
}

/* --- rows ------------------------------------------------------------------------------------------------------ */

static int rows_of(const struct ticket *ticket, int each)
{
	return ticket_state_is_open(ticket->state) ? each : 1;
}

/* The most rows an open ticket may have so that all fit; one when they do not. */
static int rows_each(const struct state *state, int rows)
{
	for (int each = ROWS_MOST; each > 1; each--) {
		int needed = 0;
		for (int i = 0; i < ticket_count(state) && needed <= rows; i++)
			needed += rows_of(ticket_at(state, i), each);
		if (needed <= rows)
			return each;
	}
	return 1;
}

static int pane_rows(const struct state *state)
{
	int rows = state->layout.panes[PANE_TICKETS].height - 1;
	return rows > 0 ? rows : 0;
}

static void tickets_title(const struct state *state, struct buffer *out)
{
	unsigned proposed = 0, open = 0, closed = 0;
	size_t begin = out->size;
	for (int i = 0; i < ticket_count(state); i++) {
		enum ticket_state is = ticket_at(state, i)->state;
		proposed += is == TICKET_PROPOSED;
		open += is != TICKET_PROPOSED && ticket_state_is_open(is);
		closed += !ticket_state_is_open(is);
	}
	if (proposed > 0)
		buffer_append_format(out, "%u proposed", proposed);
	if (open > 0)
		buffer_append_format(out, "%s%u open", out->size > begin ? " · " : "", open);
	if (closed > 0)
		buffer_append_format(out, "%s%u closed", out->size > begin ? " · " : "", closed);
	if (out->size == begin)
		buffer_append_string(out, state->snapshot->tickets_kept ? "none" : "not kept");
}

/* How far a moment lies from what a ticket is about; 0 within. */
static uint64_t distance_from(const struct ticket *ticket, int64_t time)
{
	if (time < ticket->first)
		return (uint64_t)ticket->first - (uint64_t)time;
	return time > ticket->last ? (uint64_t)time - (uint64_t)ticket->last : 0;
}

/* When the time cursor moves, the ticket nearest to that moment is the selected one, the one that began last among
 * equals. Not while hands are on the tickets: with the focus here, or one of them opened. */
static void follow_cursor(struct state *state)
{
	struct tickets_state *tickets = &state->tickets;
	bool busy = state->focus == PANE_TICKETS || state->overlay == OVERLAY_TICKET || state->prompt != PROMPT_IDLE;
	const struct ticket *nearest = NULL;
	if (state->cursor_time == tickets->moment || state->cursor_time == TIMESTAMP_NONE || busy) {
		tickets->moment = state->cursor_time;
		return;
	}
	tickets->moment = state->cursor_time;
	for (int i = 0; i < ticket_count(state); i++) {
		const struct ticket *ticket = ticket_at(state, i);
		if (!ticket_state_is_open(ticket->state))
			continue;
		uint64_t here = distance_from(ticket, state->cursor_time);
		uint64_t best = nearest ? distance_from(nearest, state->cursor_time) : UINT64_MAX;
		if (here < best || (here == best && ticket->first > nearest->first))
			nearest = ticket;
	}
	if (nearest && nearest->id != tickets->id) {
		tickets->id = nearest->id;
		tickets->armed = false;
	}
}

/* The selection stays with its ticket: an approval must not put the next one under the hand. */
static void tickets_update(struct state *state)
{
	struct tickets_state *tickets = &state->tickets;
	int count = ticket_count(state);
	follow_cursor(state);
	for (int i = 0; i < count && tickets->id != 0; i++) {
		if (ticket_at(state, i)->id == tickets->id)
			tickets->selected = i;
	}
	if (tickets->selected >= count)
		tickets->selected = count > 0 ? count - 1 : 0;
	tickets->id = count > 0 ? ticket_at(state, tickets->selected)->id : 0;
	tickets->top = list_top(tickets->top, tickets->selected, count, pane_rows(state));
}

/* --- painting -------------------------------------------------------------------------------------------------- */

static enum role state_role(enum ticket_state is)
{
	if (is == TICKET_PROPOSED)
		return ROLE_TICKET_PROPOSED;
	return ticket_state_is_open(is) ? ROLE_TICKET_OPEN : ROLE_TICKET_CLOSED;
}

/* "orders-db: pool exhausted" without the service, which stands above it. */
static struct slice title_of(const struct ticket *ticket)
{
	struct slice title = slice_of(ticket->title), service = slice_of(ticket->service);
	bool repeats = service.size > 0 && slice_equal(slice_first(title, service.size), service) &&
		title.size > service.size && title.data[service.size] == ':';
	return repeats ? slice_trim(slice_from(title, service.size + 1)) : title;
}

/* "▸ T-7 proposed orders-db   × 38"; `indent` is where the service begins. */
static void paint_head(const struct state *state, const struct canvas *canvas, int y, int index, int indent)
{
	const struct ticket *ticket = ticket_at(state, index);
	enum role role = state_role(ticket->state);
	char number[28], count[48];
	snprintf(count, sizeof(count), "%s %s", glyph_text(GLYPH_TIMES, canvas->ascii),
		count_format(ticket->count, number));
	int width = canvas->area.width - 1, count_width = (int)utf8_shown_width(slice_of(count));
	if (index == state->tickets.selected)
		canvas_glyph(canvas, 0, y, ROLE_STRONG, GLYPH_SELECTED);
	int x = 2 + canvas_format(canvas, 2, y, width - 2, role, "T-%lld", (long long)ticket->id) + 1;
	canvas_string(canvas, x, y, width - x, role, ticket_state_name(ticket->state));
	int room = width - indent - count_width - 1;
	if (room >= 6) {
		canvas_fill(canvas, indent - 1, y, width - indent + 1, ROLE_DEFAULT, GLYPH_SPACE);
		canvas_string(
			canvas, indent, y, room, role == ROLE_TICKET_CLOSED ? role : ROLE_STRONG, ticket->service);
		canvas_right(canvas, width - count_width, y, count_width,
			role == ROLE_TICKET_CLOSED ? role : ROLE_DEFAULT, count);
	}
	if (state->cursor_time != TIMESTAMP_NONE && distance_from(ticket, state->cursor_time) == 0)
		canvas_glyph(canvas, width, y, ROLE_CURSOR_TIME, GLYPH_CURSOR);
}

static void paint_owner(const struct canvas *canvas, int x, int y, const struct ticket *ticket)
{
	int end = canvas->area.width - 1;
	canvas_glyph(canvas, x, y, ROLE_DIM, GLYPH_ARROW);
	if (!ticket->assignee[0]) {
		canvas_string(canvas, x + 2, y, end - x - 2, ROLE_DIM, "nobody yet: A assigns");
		return;
	}
	int at = x + 2 + canvas_string(canvas, x + 2, y, end - x - 2, ROLE_DEFAULT, ticket->assignee);
	canvas_string(canvas, at + 2, y, end - at - 2, ROLE_DIM, ticket->assignee_reason);
}

/* Where services begin: behind the widest number and state. */
static int head_indent(const struct state *state)
{
	int widest = 0;
	for (int i = 0; i < ticket_count(state); i++) {
		const struct ticket *ticket = ticket_at(state, i);
		char id[32];
		int width =
			snprintf(id, sizeof(id), "T-%lld %s", (long long)ticket->id, ticket_state_name(ticket->state));
		widest = width > widest ? width : widest;
	}
	return 2 + widest + 1;
}

static void paint_ticket(const struct state *state, const struct canvas *canvas, int y, int index, int rows, int indent)
{
	const struct ticket *ticket = ticket_at(state, index);
	int text = 6, end = canvas->area.width - 1;
	paint_head(state, canvas, y, index, indent);
	if (rows >= 3) {
		int used = 0;
		if (canvas->area.width >= SEVERITY_FROM)
			used = canvas_format(canvas, text, y + 1, end - text, ROLE_DIM, "%s · ", ticket->severity);
		canvas_text(canvas, text + used, y + 1, end - text - used, ROLE_DIM, title_of(ticket));
	} else if (rows == 2) {
		canvas_text(canvas, text, y + 1, end - text, ROLE_DIM, title_of(ticket));
	}
	if (rows >= 3)
		paint_owner(canvas, text, y + 2, ticket);
	if (state->focus == PANE_TICKETS && index == state->tickets.selected) {
		for (int i = 0; i < rows; i++)
			canvas_ground(canvas, 0, y + i, canvas->area.width, ROLE_SELECTION);
	}
}

static void paint_none_line(void *context, int line, struct slice part)
{
	const struct canvas *canvas = context;
	canvas_text(canvas, 1, line, canvas->area.width - 2, ROLE_DIM, part);
}

static void paint_none(const struct state *state, const struct canvas *canvas)
{
	struct canvas copy = *canvas;
	const char *words = state->snapshot->tickets_kept ? "none yet: FATAL messages that repeat make one"
							  : "tickets are not kept in this run";
	text_wrap(slice_of(words), canvas->area.width - 2, paint_none_line, &copy);
}

static void tickets_paint(const struct state *state, const struct canvas *canvas)
{
	int rows = canvas->area.height, count = ticket_count(state), y = 0, each = rows_each(state, rows);
	int top = each > 1 ? 0 : list_top(state->tickets.top, state->tickets.selected, count, rows),
	    indent = head_indent(state);
	if (count == 0)
		paint_none(state, canvas);
	for (int i = top; i < count && y < rows; i++) {
		int taken = rows_of(ticket_at(state, i), each);
		paint_ticket(state, canvas, y, i, taken, indent);
		y += taken;
	}
}

/* --- actions --------------------------------------------------------------------------------------------------- */

static bool tickets_action(struct state *state, enum action action)
{
	struct tickets_state *tickets = &state->tickets;
	int before = tickets->selected;
	if (!list_move(action, &tickets->selected, ticket_count(state), pane_rows(state)))
		return false;
	if (tickets->selected != before)
		tickets->armed = false;
	tickets->id = ticket_count(state) > 0 ? ticket_at(state, tickets->selected)->id : 0;
	return true;
}

const struct view view_tickets = {
	.title = tickets_title, .update = tickets_update, .paint = tickets_paint, .action = tickets_action
};
