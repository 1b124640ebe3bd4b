/*
 * A ticket whole, as the form that is approved. `y` approves only while the form was opened to be approved (`a`); Enter
 * never does.
 */
#include "ui/overlay.h"
#include "ui/ticket_act.h"

static const struct ticket *ticket_of(const struct state *state)
{
	return state_ticket_by_id(state, state->ticket);
}

static bool may_approve(const struct state *state, const struct ticket *ticket)
{
	return state->tickets.armed && ticket && ticket_action_allowed(TICKET_APPROVE, ticket->state);
}

static void title(const struct state *state, struct buffer *out)
{
	const struct ticket *ticket = ticket_of(state);
	buffer_append_format(out, "ticket T-%lld", (long long)state->ticket);
	if (ticket)
		buffer_append_format(out, " · %s", ticket_state_name(ticket->state));
}

static void footer(const struct state *state, struct buffer *out)
{
	const struct ticket *ticket = ticket_of(state);
	if (may_approve(state, ticket))
		buffer_append_format(out, "press y to approve T-%lld, e to edit, Esc to leave", (long long)ticket->id);
	else if (ticket && ticket_action_allowed(TICKET_APPROVE, ticket->state))
		buffer_append_string(out, "a approve · e edit · A assign · x reject · Esc to leave");
	else if (ticket && ticket_state_is_open(ticket->state))
		buffer_append_string(out, "e edit · A assign · K acknowledge · R resolve · u undo · Esc to leave");
	else
		buffer_append_string(out, "O reopen · u undo · Esc to leave");
}

static void write_times(const struct snapshot *snapshot, const struct ticket *ticket, struct sheet *sheet)
{
	char count[28], first[40], last[40];
	const struct zone *zone = &snapshot->zone;
	sheet_pair_format(sheet, "seen", ROLE_DEFAULT, "%s %s, from %s to %s %s", count_format(ticket->count, count),
		ticket->count == 1 ? "time" : "times",
		timestamp_format(ticket->first, TIMESTAMP_DATE_TIME, zone, first),
		timestamp_format(ticket->last, TIMESTAMP_DATE_TIME, zone, last), zone_name(zone));
}

static void write_assignee(const struct snapshot *snapshot, const struct ticket *ticket, struct sheet *sheet)
{
	struct slice person = slice_of(ticket->assignee);
	if (person.size > 0 && snapshot->roster)
		person = roster_describe(snapshot->roster, person);
	sheet_pair(sheet, ticket->state == TICKET_PROPOSED ? "suggested" : "assigned", ROLE_STRONG,
		person.size > 0 ? person : slice_of("nobody"));
	if (ticket->assignee_reason[0] != '\0')
		sheet_pair_string(sheet, "because", ROLE_DEFAULT, ticket->assignee_reason);
}

static void content(const struct state *state, struct sheet *sheet)
{
	const struct ticket *ticket = ticket_of(state);
	if (!ticket) {
		sheet_string(sheet, ROLE_DIM, "This ticket is not there at the time that is shown.");
		return;
	}
	sheet_heading(sheet, ticket->title);
	sheet_blank(sheet);
	sheet_pair_string(sheet, "severity", ROLE_STRONG, ticket->severity);
	write_assignee(state->snapshot, ticket, sheet);
	sheet_pair_string(sheet, "service", ROLE_SERVICE, ticket->service);
	sheet_pair_string(sheet, "template", ROLE_DEFAULT, ticket->template);
	write_times(state->snapshot, ticket, sheet);
	sheet_pair_string(sheet, "source", ROLE_DEFAULT, ticket->source);
	if (ticket->reason[0] != '\0')
		sheet_pair_string(sheet, "rejected", ROLE_DEFAULT, ticket->reason);
	sheet_blank(sheet);
	sheet_pair_string(sheet, "cause", ROLE_DEFAULT, ticket->cause);
	sheet_pair_string(sheet, "steps", ROLE_DEFAULT, ticket->steps);
	sheet_pair_string(sheet, "evidence", ROLE_DEFAULT, ticket->evidence);
	sheet_pair_string(sheet, "fingerprint", ROLE_DIM, ticket->fingerprint);
}

static void approve(struct state *state)
{
	state_emit(state,
		(struct intent){ .kind = INTENT_TICKET, .ticket = state->ticket, .ticket_action = TICKET_APPROVE });
	overlay_close(state);
}

/* `a` on a form that was opened to be read arms it; on an armed one it does nothing, so that leaning on the key
 * approves nothing. */
static bool key(struct state *state, struct key pressed)
{
	const struct ticket *ticket = ticket_of(state);
	enum action action = action_for_key(SCOPE_TICKETS, pressed);
	if (!ticket || pressed.alt)
		return false;
	if (pressed.code == 'y' || pressed.code == KEY_CODE_ENTER) {
		if (pressed.code == 'y' && may_approve(state, ticket))
			approve(state);
		return true;
	}
	if (pressed.code == 'e')
		action = ACTION_EDIT;
	if (action == ACTION_APPROVE && state->tickets.armed)
		return true;
	return ticket_act(state, action);
}

const struct overlay_row overlay_ticket = { .title = title, .content = content, .footer = footer, .key = key };
