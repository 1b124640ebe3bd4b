/*
 * Each action looks whether the ticket allows it, asks for what is missing, and leaves as an intent.
 */
#include "ui/ticket_act.h"

#include "ui/overlay.h"
#include "ui/prompt.h"

enum { VALUE_MAX = 4096 };

static void emit(struct state *state, enum ticket_action action, struct slice text)
{
	state_emit(state,
		(struct intent){
			.kind = INTENT_TICKET, .ticket = state->ticket, .ticket_action = action, .text = text });
}

static bool allowed(struct state *state, enum ticket_action action, const struct ticket *ticket)
{
	if (ticket_action_allowed(action, ticket->state))
		return true;
	state_message(state, true, "T-%lld is %s: %s is not possible now", (long long)ticket->id,
		ticket_state_name(ticket->state), ticket_action_name(action));
	return false;
}

static void preview(struct state *state)
{
	overlay_open(state, OVERLAY_TICKET);
	state->tickets.armed = true;
}

static void ask_for_edit(struct state *state, const struct ticket *ticket)
{
	struct buffer title;
	buffer_init(&title, VALUE_MAX);
	ticket_value(ticket, "title", &title);
	prompt_offer(state, PROMPT_EDIT, "title ", buffer_string(&title));
	buffer_release(&title);
}

static bool ticket_action_of(enum action action, enum ticket_action *out)
{
	switch (action) {
	case ACTION_APPROVE:
		*out = TICKET_APPROVE;
		return true;
	case ACTION_ASSIGN:
		*out = TICKET_ASSIGN;
		return true;
	case ACTION_REJECT:
		*out = TICKET_REJECT;
		return true;
	case ACTION_EDIT:
		*out = TICKET_EDIT;
		return true;
	case ACTION_ACKNOWLEDGE:
		*out = TICKET_ACK;
		return true;
	case ACTION_RESOLVE:
		*out = TICKET_RESOLVE;
		return true;
	case ACTION_REOPEN:
		*out = TICKET_REOPEN;
		return true;
	case ACTION_UNDO:
		*out = TICKET_UNDO;
		return true;
	default:
		return false;
	}
}

bool ticket_target(struct state *state, enum action action)
{
	enum ticket_action wanted;
	const struct ticket *ticket =
		state->overlay == OVERLAY_TICKET ? state_ticket_by_id(state, state->ticket) : state_ticket(state);
	if (!ticket && !state->snapshot->tickets_kept)
		state_message(state, false, "tickets are not kept in this run");
	else if (!ticket)
		state_message(state, false, "there is no ticket yet");
	if (!ticket || !ticket_action_of(action, &wanted) || !allowed(state, wanted, ticket))
		return false;
	state->ticket = ticket->id;
	return true;
}

bool ticket_act(struct state *state, enum action action)
{
	enum ticket_action wanted;
	if (!ticket_action_of(action, &wanted))
		return false;
	if (!ticket_target(state, action))
		return true;
	const struct ticket *ticket = state_ticket_by_id(state, state->ticket);
	if (wanted == TICKET_APPROVE)
		preview(state);
	else if (wanted == TICKET_ASSIGN)
		prompt_offer(state, PROMPT_ASSIGN, "", ticket->assignee);
	else if (wanted == TICKET_REJECT)
		prompt_begin(state, PROMPT_REJECT, "");
	else if (wanted == TICKET_EDIT)
		ask_for_edit(state, ticket);
	else
		emit(state, wanted, slice_of(""));
	return true;
}

void ticket_open(struct state *state)
{
	const struct ticket *ticket = state_ticket(state);
	if (!ticket)
		return;
	state->ticket = ticket->id;
	state->tickets.armed = false;
	overlay_open(state, OVERLAY_TICKET);
}

void ticket_copy(struct state *state)
{
	const struct ticket *ticket = state_ticket(state);
	struct buffer text;
	if (!ticket)
		return;
	buffer_init(&text, sizeof(*ticket) + VALUE_MAX);
	buffer_append_format(&text,
		"T-%lld %s\n%s, %s, %llu times\nassignee: %s\ncause: %s\nsteps:\n%s\nevidence:\n%s\n",
		(long long)ticket->id, ticket->title, ticket->severity, ticket->service,
		(unsigned long long)ticket->count, ticket->assignee, ticket->cause, ticket->steps, ticket->evidence);
	if (text.failed == 0)
		state_emit(state, (struct intent){ .kind = INTENT_COPY, .text = buffer_slice(&text) });
	buffer_release(&text);
}

/* A name that is not in the roster is taken all the same, but may be a slip of the hand. */
static void look_up_person(struct state *state, struct slice person)
{
	const struct roster *roster = state->snapshot->roster;
	size_t count = roster ? roster_person_count(roster) : 0;
	for (size_t i = 0; i < count; i++) {
		if (slice_is(person, roster_person(roster, i)))
			return;
	}
	if (count > 0)
		state_message(
			state, false, "%.*s is not in the roster", (int)slice_first(person, 80).size, person.data);
}

bool ticket_assign(struct state *state, struct slice person)
{
	if (person.size == 0) {
		state_message(state, true, "whom should it be assigned to? Tab completes, Esc leaves");
		return false;
	}
	emit(state, TICKET_ASSIGN, person);
	look_up_person(state, person);
	return true;
}

bool ticket_reject(struct state *state, struct slice reason)
{
	if (reason.size == 0) {
		state_message(state, true, "a rejection needs a reason; Esc leaves");
		return false;
	}
	emit(state, TICKET_REJECT, reason);
	overlay_close(state);
	return true;
}

int ticket_value(const struct ticket *ticket, const char *field, struct buffer *out)
{
	struct slice value = ticket_get(ticket, field);
	for (size_t i = 0; i < value.size; i++) {
		if (value.data[i] == '\n')
			buffer_append_string(out, "\\n");
		else
			buffer_append_byte(out, value.data[i]);
	}
	return out->failed;
}

static bool is_field(struct slice name)
{
	for (size_t i = 0; ticket_field_at(i); i++) {
		if (slice_is(name, ticket_field_at(i)))
			return true;
	}
	return false;
}

bool ticket_edit(struct state *state, struct slice text)
{
	size_t space = slice_find_byte(text, ' ');
	struct slice field = space == SIZE_MAX ? text : slice_first(text, space);
	struct slice typed = space == SIZE_MAX ? slice_of("") : slice_trim(slice_from(text, space));
	struct buffer value;
	if (!is_field(field)) {
		state_message(state, true,
			"write a field and its new value: title, severity, cause, steps or assignee; Tab completes");
		return false;
	}
	buffer_init(&value, VALUE_MAX);
	for (size_t i = 0; i < typed.size; i++) {
		bool newline = typed.data[i] == '\\' && i + 1 < typed.size && typed.data[i + 1] == 'n';
		buffer_append_byte(&value, newline ? '\n' : typed.data[i]);
		i += newline;
	}
	bool kept = value.failed == 0;
	if (kept && slice_is(field, "assignee") && value.size > 0)
		look_up_person(state, buffer_slice(&value));
	if (kept)
		state_emit(state,
			(struct intent){ .kind = INTENT_TICKET_EDIT,
				.ticket = state->ticket,
				.field = field,
				.text = buffer_slice(&value) });
	else
		state_message(state, true, "this is too long");
	buffer_release(&value);
	return kept;
}
