/*
 * A change in its transaction. The ticket in memory may be old by now, so only what stands on disk counts here.
 */
#include "tickets/change.h"

#include "tickets/proposal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A line of the journal is one line, whatever a person typed. */
static int note(struct database *database, const struct change *change, const char *action, const char *detail,
		const struct ticket *before, int64_t undoes, struct error *error)
{
	struct desk_event event = { .ticket = change->ticket.id, .time = change->now };
	char *newline;

	slice_copy(slice_of(action), event.action, sizeof(event.action));
	slice_copy(slice_of(detail), event.detail, sizeof(event.detail));
	while ((newline = strchr(event.detail, '\n')) != NULL)
		*newline = ' ';
	return desk_store_note(database, &change->view, &event, before, undoes, error);
}

static int insert(struct database *database, struct change *change, struct error *error)
{
	int64_t count;
	int result = desk_store_count(database, &count, error);

	if (result == 0 && count >= DESK_MAXIMUM)
		result = error_set(error, ERROR_FULL, "%s holds %d tickets, and takes no more: use another database",
				   database_path(database), DESK_MAXIMUM);
	if (result == 0)
		result = desk_store_insert(database, &change->ticket, error);
	if (result == 0)
		result = note(database, change, "propose", change->ticket.title, NULL, 0, error);
	return result;
}

static int extend(struct database *database, struct change *change, struct ticket *known, struct error *error)
{
	uint64_t before = known->count;
	char detail[80];
	int result;

	proposal_merge(known, &change->ticket);
	known->changed = change->now;
	result = desk_store_update(database, known, error);
	snprintf(detail, sizeof(detail), "count: %" PRIu64 " -> %" PRIu64, before, known->count);
	return result != 0 ? result : note(database, change, "extend", detail, NULL, 0, error);
}

static int propose(struct database *database, struct change *change, struct error *error)
{
	struct ticket known;
	int result = desk_store_match(database, change->ticket.fingerprint, &known, error);
	enum proposal_verdict verdict;

	if (result != 0 && result != ERROR_ABSENT)
		return result;
	verdict = proposal_judge(result == 0 ? &known : NULL, &change->ticket);
	if (verdict == PROPOSAL_NEW)
		return insert(database, change, error);
	change->ticket.id = known.id;
	return verdict == PROPOSAL_GROWN ? extend(database, change, &known, error) : 0;
}

int change_apply(const struct change *change, struct ticket *ticket, struct error *error)
{
	int result;

	if (change->action != TICKET_EDIT)
		return ticket_apply(ticket, change->action, slice_of(change->text), change->now, error);
	if (!ticket_action_allowed(TICKET_EDIT, ticket->state))
		return error_set(error, ERROR_STATE, "T-%" PRId64 " is %s: reopen it before editing", ticket->id,
				 ticket_state_name(ticket->state));
	result = ticket_set(ticket, slice_of(change->field), slice_of(change->text), error);
	if (result == 0)
		ticket->changed = change->now;
	return result;
}

/* What the journal says of a change beside its name. */
static void describe(const struct change *change, const struct ticket *before, const struct ticket *after,
		     char detail[400])
{
	char old[180];

	detail[0] = '\0';
	if (change->action == TICKET_ASSIGN) {
		slice_copy(slice_of(after->assignee), detail, 400);
	} else if (change->action == TICKET_REJECT) {
		slice_copy(slice_of(after->reason), detail, 400);
	} else if (change->action == TICKET_EDIT) {
		slice_copy(ticket_get(before, change->field), old, sizeof(old));
		snprintf(detail, 400, "%s: %s -> ", change->field, old);
		slice_copy(ticket_get(after, change->field), detail + strlen(detail), 400 - strlen(detail));
	}
}

static int undo(struct database *database, const struct change *change, struct ticket *ticket, struct error *error)
{
	char action[16];
	int64_t row;
	int result = desk_store_take_back(database, ticket, &row, action, error);

	ticket->changed = change->now;
	if (result == 0)
		result = desk_store_update(database, ticket, error);
	return result != 0 ? result : note(database, change, "undo", action, NULL, row, error);
}

static int act(struct database *database, const struct change *change, struct error *error)
{
	struct ticket before, after;
	char detail[400];
	int result = desk_store_find(database, change->ticket.id, &before, error);

	if (result == 0)
		result = desk_store_check(database, &change->view, before.id, error);
	if (result != 0)
		return result;
	after = before;
	if (change->action == TICKET_UNDO)
		return undo(database, change, &after, error);
	result = change_apply(change, &after, error);
	if (result == 0)
		result = desk_store_update(database, &after, error);
	if (result != 0)
		return result;
	describe(change, &before, &after, detail);
	return note(database, change, ticket_action_name(change->action), detail, &before, 0, error);
}

int change_run(struct database *database, struct change *change, struct error *error)
{
	return change->kind == CHANGE_PROPOSE ? propose(database, change, error) : act(database, change, error);
}
