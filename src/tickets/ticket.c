/*
 * The life of a ticket as two tables: what each action needs and leads to, and which fields there are.
 * Everything else here reads them.
 */
#include "tocsin/tickets/ticket.h"

#include "tocsin/base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BIT(state) (1u << (state))
#define OPEN (BIT(TICKET_PROPOSED) | BIT(TICKET_APPROVED) | BIT(TICKET_ASSIGNED) | BIT(TICKET_ACKNOWLEDGED))
#define CLOSED (BIT(TICKET_RESOLVED) | BIT(TICKET_REJECTED))

static const char *const state_names[TICKET_STATE_COUNT] = {
	[TICKET_PROPOSED] = "proposed",		[TICKET_APPROVED] = "approved", [TICKET_ASSIGNED] = "assigned",
	[TICKET_ACKNOWLEDGED] = "acknowledged", [TICKET_RESOLVED] = "resolved", [TICKET_REJECTED] = "rejected",
};

static const struct {
	const char *name;
	unsigned from; /* bits of states */
} actions[TICKET_ACTION_COUNT] = {
	[TICKET_EDIT] = { "edit", OPEN },
	[TICKET_APPROVE] = { "approve", BIT(TICKET_PROPOSED) },
	[TICKET_ASSIGN] = { "assign", OPEN },
	[TICKET_ACK] = { "ack", BIT(TICKET_ASSIGNED) },
	[TICKET_RESOLVE] = { "resolve", BIT(TICKET_ASSIGNED) | BIT(TICKET_ACKNOWLEDGED) },
	[TICKET_REJECT] = { "reject", OPEN },
	[TICKET_REOPEN] = { "reopen", CLOSED },
	[TICKET_UNDO] = { "undo", OPEN | CLOSED },
};

#define FIELD(member) #member, offsetof(struct ticket, member), sizeof(((struct ticket *)NULL)->member)

static const struct field {
	const char *name;
	size_t offset, capacity;
	bool editable;
	bool lines; /* may hold newlines */
} fields[] = {
	{ FIELD(title), true, false },    { FIELD(severity), true, false },  { FIELD(cause), true, true },
	{ FIELD(steps), true, true },	  { FIELD(assignee), true, false },  { FIELD(service), false, false },
	{ FIELD(template), false, true }, { FIELD(source), false, false },   { FIELD(evidence), false, true },
	{ FIELD(reason), false, true },	  { FIELD(assignee_reason), false, false },
};

#define FIELD_COUNT (sizeof(fields) / sizeof(fields[0]))

static const char *const severities[] = { "critical", "high", "medium", "low" };

const char *ticket_state_name(enum ticket_state state)
{
	return (unsigned)state < TICKET_STATE_COUNT ? state_names[state] : "?";
}

bool ticket_state_parse(struct slice text, enum ticket_state *state)
{
	int i;

	for (i = 0; i < TICKET_STATE_COUNT; i++) {
		if (slice_equal_nocase(text, slice_of(state_names[i]))) {
			*state = (enum ticket_state)i;
			return true;
		}
	}
	return false;
}

bool ticket_state_is_open(enum ticket_state state)
{
	return (unsigned)state < TICKET_STATE_COUNT && (OPEN & BIT(state)) != 0;
}

const char *ticket_action_name(enum ticket_action action)
{
	return (unsigned)action < TICKET_ACTION_COUNT ? actions[action].name : "?";
}

bool ticket_action_parse(struct slice text, enum ticket_action *action)
{
	int i;

	for (i = 0; i < TICKET_ACTION_COUNT; i++) {
		if (slice_equal_nocase(text, slice_of(actions[i].name))) {
			*action = (enum ticket_action)i;
			return true;
		}
	}
	return false;
}

bool ticket_action_allowed(enum ticket_action action, enum ticket_state state)
{
	return (unsigned)action < TICKET_ACTION_COUNT && (unsigned)state < TICKET_STATE_COUNT &&
	       (actions[action].from & BIT(state)) != 0;
}

/* FNV-1a. Fingerprints are stored, so neither this nor its two starting values may ever change. */
static uint64_t stable_hash(uint64_t hash, const char *text)
{
	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return hash;
}

void ticket_fingerprint(struct ticket *ticket)
{
	static const uint64_t starts[2] = { UINT64_C(14695981039346656037), UINT64_C(0x9e3779b97f4a7c15) };
	uint64_t hash[2];
	int i;

	for (i = 0; i < 2; i++)
		hash[i] = stable_hash(stable_hash(stable_hash(starts[i], ticket->service), "\n"), ticket->template);
	snprintf(ticket->fingerprint, sizeof(ticket->fingerprint), "%016" PRIx64 "%016" PRIx64, hash[0], hash[1]);
}

static bool is_control(uint32_t code_point, bool lines)
{
	return (code_point < 0x20 && !(lines && code_point == '\n')) || (code_point >= 0x7f && code_point < 0xa0);
}

/* In place: what is put never takes more bytes than what it stands for. */
static void clean(char *text, size_t capacity, bool lines)
{
	struct slice rest = { text, strnlen(text, capacity - 1) };
	size_t size = 0;
	uint32_t code_point;
	bool valid;

	for (;;) {
		struct slice before = rest;
		size_t taken;

		if (!utf8_next(&rest, &code_point, &valid))
			break;
		taken = before.size - rest.size;
		if (!valid || is_control(code_point, lines)) {
			text[size++] = valid ? ' ' : '?';
			continue;
		}
		memmove(text + size, before.data, taken);
		size += taken;
	}
	text[size] = '\0';
}

void ticket_clean(struct ticket *ticket)
{
	size_t i;

	for (i = 0; i < FIELD_COUNT; i++)
		clean((char *)ticket + fields[i].offset, fields[i].capacity, fields[i].lines);
	clean(ticket->fingerprint, sizeof(ticket->fingerprint), false);
}

/* "T-7", or what stands for it before it has a number. */
static const char *name_of(const struct ticket *ticket, char out[32])
{
	if (ticket->id == 0)
		snprintf(out, 32, "the ticket");
	else
		snprintf(out, 32, "T-%" PRId64, ticket->id);
	return out;
}

static int refuse(const struct ticket *ticket, enum ticket_action action, struct error *error)
{
	char name[32], allowed[120] = "";
	int i;

	for (i = 0; i < TICKET_ACTION_COUNT; i++) {
		size_t used = strlen(allowed);

		if (ticket_action_allowed((enum ticket_action)i, ticket->state))
			snprintf(allowed + used, sizeof(allowed) - used, "%s%s", used == 0 ? "" : ", ",
				 actions[i].name);
	}
	return error_set(error, ERROR_STATE, "%s is %s, so %s is not possible; what is: %s", name_of(ticket, name),
			 ticket_state_name(ticket->state), ticket_action_name(action), allowed);
}

/* Checks a text that a person typed before it goes into a field. */
static int check_text(const char *what, struct slice text, size_t capacity, bool lines, struct error *error)
{
	struct slice rest = text;
	uint32_t code_point;
	bool valid;

	if (text.size >= capacity)
		return error_set(error, ERROR_INPUT, "%s takes at most %zu bytes, this is %zu", what, capacity - 1,
				 text.size);
	while (utf8_next(&rest, &code_point, &valid)) {
		if (!valid)
			return error_set(error, ERROR_INPUT, "%s is not valid UTF-8", what);
		if (is_control(code_point, lines))
			return error_set(error, ERROR_INPUT, "%s holds a control character (U+%04X)", what,
					 (unsigned)code_point);
	}
	return 0;
}

static int assign(struct ticket *ticket, struct slice person, struct error *error)
{
	int result = check_text("a name", person, sizeof(ticket->assignee), false, error);
	char name[32];

	if (result != 0)
		return result;
	if (person.size == 0)
		return error_set(error, ERROR_INPUT, "assign %s to whom? Give a name", name_of(ticket, name));
	if (slice_is(person, ticket->assignee) && ticket->state != TICKET_APPROVED)
		return error_set(error, ERROR_STATE, ticket->state == TICKET_PROPOSED ?
				 "%s suggests %s already: approve it first" : "%s is with %s already",
				 name_of(ticket, name), ticket->assignee);
	if (!slice_is(person, ticket->assignee))
		snprintf(ticket->assignee_reason, sizeof(ticket->assignee_reason), "chosen by hand");
	slice_copy(person, ticket->assignee, sizeof(ticket->assignee));
	/* Who is suggested may change before the approval, which stays a step of its own. */
	if (ticket->state != TICKET_PROPOSED)
		ticket->state = TICKET_ASSIGNED;
	return 0;
}

static int reject(struct ticket *ticket, struct slice reason, struct error *error)
{
	int result = check_text("a reason", reason, sizeof(ticket->reason), true, error);
	char name[32];

	if (result != 0)
		return result;
	if (reason.size == 0)
		return error_set(error, ERROR_INPUT, "reject %s why? Give a reason", name_of(ticket, name));
	slice_copy(reason, ticket->reason, sizeof(ticket->reason));
	ticket->state = TICKET_REJECTED;
	return 0;
}

int ticket_apply(struct ticket *ticket, enum ticket_action action, struct slice text, int64_t now, struct error *error)
{
	int result = 0;

	text = slice_trim(text);
	if (!ticket_action_allowed(action, ticket->state))
		return refuse(ticket, action, error);
	switch (action) {
	case TICKET_APPROVE:
		ticket->state = TICKET_APPROVED;
		ticket->approved = now;
		break;
	case TICKET_ASSIGN:
		result = assign(ticket, text, error);
		break;
	case TICKET_ACK:
		ticket->state = TICKET_ACKNOWLEDGED;
		break;
	case TICKET_RESOLVE:
		ticket->state = TICKET_RESOLVED;
		break;
	case TICKET_REJECT:
		result = reject(ticket, text, error);
		break;
	case TICKET_REOPEN:
		ticket->state = ticket->approved != 0 ? TICKET_APPROVED : TICKET_PROPOSED;
		ticket->reason[0] = '\0';
		break;
	case TICKET_EDIT:
	case TICKET_UNDO:
	case TICKET_ACTION_COUNT:
		result = error_set(error, ERROR_INPUT, "%s needs the desk", ticket_action_name(action));
		break;
	}
	if (result == 0)
		ticket->changed = now;
	return result;
}

static int set_severity(struct ticket *ticket, struct slice value, struct error *error)
{
	size_t i;

	for (i = 0; i < sizeof(severities) / sizeof(severities[0]); i++) {
		if (slice_equal_nocase(value, slice_of(severities[i]))) {
			snprintf(ticket->severity, sizeof(ticket->severity), "%s", severities[i]);
			return 0;
		}
	}
	return error_set(error, ERROR_INPUT, "severity is one of critical, high, medium, low");
}

static const struct field *find_field(struct slice name)
{
	size_t i;

	for (i = 0; i < FIELD_COUNT; i++) {
		if (slice_equal_nocase(name, slice_of(fields[i].name)))
			return &fields[i];
	}
	return NULL;
}

int ticket_set(struct ticket *ticket, struct slice field, struct slice value, struct error *error)
{
	const struct field *row = find_field(field);
	char *text;
	int result;

	if (row == NULL || !row->editable)
		return error_set(error, ERROR_INPUT, "there is no such field to edit; there are: title, severity, "
				 "cause, steps, assignee");
	value = slice_trim(value);
	text = (char *)ticket + row->offset;
	if (text == ticket->severity)
		return set_severity(ticket, value, error);
	result = check_text(row->name, value, row->capacity, row->lines, error);
	if (result != 0)
		return result;
	if (value.size == 0 && text == ticket->title)
		return error_set(error, ERROR_INPUT, "a ticket needs a title");
	if (value.size == 0 && text == ticket->assignee &&
	    (ticket->state == TICKET_ASSIGNED || ticket->state == TICKET_ACKNOWLEDGED))
		return error_set(error, ERROR_INPUT, "somebody has this ticket: name who has it now");
	if (text == ticket->assignee && !slice_is(value, text))
		snprintf(ticket->assignee_reason, sizeof(ticket->assignee_reason), "%s",
			 value.size == 0 ? "" : "chosen by hand");
	slice_copy(value, text, row->capacity);
	return 0;
}

const char *ticket_field_at(size_t index)
{
	/* The editable ones stand first. */
	return index < FIELD_COUNT && fields[index].editable ? fields[index].name : NULL;
}

struct slice ticket_get(const struct ticket *ticket, const char *field)
{
	const struct field *row = find_field(slice_of(field));

	return row == NULL ? (struct slice){ NULL, 0 } : slice_of((const char *)ticket + row->offset);
}
