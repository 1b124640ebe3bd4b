/*
 * Tickets and their journal as rows. The order of the columns is written down once; reading and binding follow it.
 */
#include "tickets/desk_store.h"

#include <inttypes.h>
#include <string.h>

#define COLUMNS                                                                                        \
	"id, state, title, severity, service, template, fingerprint, source, count, first, last, ready, cause, " \
	"steps, evidence, assignee, assignee_reason, reason, approved, created, changed"

static void take(const struct statement *row, int column, char *out, size_t capacity)
{
	slice_copy(statement_text(row, column), out, capacity);
}

static int read_ticket(const struct statement *row, struct ticket *ticket, struct error *error)
{
	memset(ticket, 0, sizeof(*ticket));
	ticket->id = statement_i64(row, 0);
	if (!ticket_state_parse(statement_text(row, 1), &ticket->state))
		return error_set(error, ERROR_INPUT, "T-%" PRId64 " is in a state that this tocsin does not know",
				 ticket->id);
	take(row, 2, ticket->title, sizeof(ticket->title));
	take(row, 3, ticket->severity, sizeof(ticket->severity));
	take(row, 4, ticket->service, sizeof(ticket->service));
	take(row, 5, ticket->template, sizeof(ticket->template));
	take(row, 6, ticket->fingerprint, sizeof(ticket->fingerprint));
	take(row, 7, ticket->source, sizeof(ticket->source));
	ticket->count = (uint64_t)statement_i64(row, 8);
	ticket->first = statement_i64(row, 9);
	ticket->last = statement_i64(row, 10);
	ticket->ready = statement_i64(row, 11);
	take(row, 12, ticket->cause, sizeof(ticket->cause));
	take(row, 13, ticket->steps, sizeof(ticket->steps));
	take(row, 14, ticket->evidence, sizeof(ticket->evidence));
	take(row, 15, ticket->assignee, sizeof(ticket->assignee));
	take(row, 16, ticket->assignee_reason, sizeof(ticket->assignee_reason));
	take(row, 17, ticket->reason, sizeof(ticket->reason));
	ticket->approved = statement_i64(row, 18);
	ticket->created = statement_i64(row, 19);
	ticket->changed = statement_i64(row, 20);
	return 0;
}

/* Binds everything but the id, from index 1 on; returns the next free index. */
static int bind_ticket(struct statement *statement, const struct ticket *ticket)
{
	int i = 1;

	statement_bind_text(statement, i++, slice_of(ticket_state_name(ticket->state)));
	statement_bind_text(statement, i++, slice_of(ticket->title));
	statement_bind_text(statement, i++, slice_of(ticket->severity));
	statement_bind_text(statement, i++, slice_of(ticket->service));
	statement_bind_text(statement, i++, slice_of(ticket->template));
	statement_bind_text(statement, i++, slice_of(ticket->fingerprint));
	statement_bind_text(statement, i++, slice_of(ticket->source));
	statement_bind_i64(statement, i++, ticket->count > INT64_MAX ? INT64_MAX : (int64_t)ticket->count);
	statement_bind_i64(statement, i++, ticket->first);
	statement_bind_i64(statement, i++, ticket->last);
	statement_bind_i64(statement, i++, ticket->ready);
	statement_bind_text(statement, i++, slice_of(ticket->cause));
	statement_bind_text(statement, i++, slice_of(ticket->steps));
	statement_bind_text(statement, i++, slice_of(ticket->evidence));
	statement_bind_text(statement, i++, slice_of(ticket->assignee));
	statement_bind_text(statement, i++, slice_of(ticket->assignee_reason));
	statement_bind_text(statement, i++, slice_of(ticket->reason));
	statement_bind_i64(statement, i++, ticket->approved);
	statement_bind_i64(statement, i++, ticket->created);
	statement_bind_i64(statement, i++, ticket->changed);
	return i;
}

/* A statement that gives one number. */
static int number(struct database *database, const char *sql, int64_t *value, struct error *error)
{
	struct statement *query = database_prepare(database, sql, error);
	int result;

	if (query == NULL)
		return ERROR_SYSTEM;
	result = statement_step(query, error);
	if (result < 0)
		return result;
	*value = statement_i64(query, 0);
	statement_reset(query);
	return 0;
}

int desk_store_session(struct database *database, int64_t *session, struct error *error)
{
	return number(database, "SELECT random()", session, error);
}

int desk_store_count(struct database *database, int64_t *count, struct error *error)
{
	return number(database, "SELECT count(*) FROM tickets", count, error);
}

int desk_store_load(struct database *database, int64_t *seen, struct vector *tickets, struct error *error)
{
	struct statement *query;
	int64_t newest;
	int result = number(database, "SELECT max(id) FROM ticket_journal", &newest, error);

	if (result != 0 || newest == *seen)
		return result;
	query = database_prepare(database, "SELECT " COLUMNS " FROM tickets WHERE id IN"
				 " (SELECT ticket FROM ticket_journal WHERE id > ?) ORDER BY id", error);
	if (query == NULL)
		return ERROR_SYSTEM;
	statement_bind_i64(query, 1, *seen);
	while ((result = statement_step(query, error)) == 1) {
		struct ticket *ticket = vector_push(tickets);

		if (ticket == NULL)
			return error_set(error, ERROR_FULL, "%s: more tickets than fit in memory",
					 database_path(database));
		result = read_ticket(query, ticket, error);
		if (result != 0)
			return result;
	}
	if (result == 0)
		*seen = newest;
	return result;
}

/* The one row that a bound query gives; ERROR_ABSENT, with no sentence, for none. */
static int one(struct statement *query, struct ticket *ticket, struct error *error)
{
	int result = statement_step(query, error);

	if (result < 0)
		return result;
	if (result == 0)
		return ERROR_ABSENT;
	result = read_ticket(query, ticket, error);
	statement_reset(query);
	return result;
}

int desk_store_find(struct database *database, int64_t id, struct ticket *ticket, struct error *error)
{
	struct statement *query = database_prepare(database, "SELECT " COLUMNS " FROM tickets WHERE id = ?", error);
	int result;

	if (query == NULL)
		return ERROR_SYSTEM;
	statement_bind_i64(query, 1, id);
	result = one(query, ticket, error);
	return result == ERROR_ABSENT ? error_set(error, result, "there is no ticket T-%" PRId64, id) : result;
}

int desk_store_match(struct database *database, const char *fingerprint, struct ticket *ticket, struct error *error)
{
	struct statement *query = database_prepare(
		database, "SELECT " COLUMNS " FROM tickets WHERE fingerprint = ?"
			  " ORDER BY state IN ('resolved', 'rejected'), id DESC LIMIT 1", error);

	if (query == NULL)
		return ERROR_SYSTEM;
	statement_bind_text(query, 1, slice_of(fingerprint));
	return one(query, ticket, error);
}

int desk_store_insert(struct database *database, struct ticket *ticket, struct error *error)
{
	struct statement *insert = database_prepare(
		database, "INSERT INTO tickets (state, title, severity, service, template, fingerprint, source, count,"
			  " first, last, ready, cause, steps, evidence, assignee, assignee_reason, reason, approved,"
			  " created, changed) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", error);
	int result;

	if (insert == NULL)
		return ERROR_SYSTEM;
	bind_ticket(insert, ticket);
	result = statement_step(insert, error);
	if (result == 0)
		ticket->id = database_last_id(database);
	return result;
}

int desk_store_update(struct database *database, const struct ticket *ticket, struct error *error)
{
	struct statement *update = database_prepare(
		database, "UPDATE tickets SET state=?, title=?, severity=?, service=?, template=?, fingerprint=?,"
			  " source=?, count=?, first=?, last=?, ready=?, cause=?, steps=?, evidence=?, assignee=?,"
			  " assignee_reason=?, reason=?, approved=?, created=?, changed=? WHERE id = ?", error);

	if (update == NULL)
		return ERROR_SYSTEM;
	statement_bind_i64(update, bind_ticket(update, ticket), ticket->id);
	return statement_step(update, error);
}

int desk_store_check(struct database *database, const struct desk_view *view, int64_t id, struct error *error)
{
	struct statement *query = database_prepare(
		database, "SELECT actor, action, detail FROM ticket_journal WHERE ticket = ? AND id > ?"
			  " AND session <> ? AND action <> 'extend' ORDER BY id DESC LIMIT 1", error);
	char actor[80], action[16], detail[200];
	int result;

	if (query == NULL)
		return ERROR_SYSTEM;
	statement_bind_i64(query, 1, id);
	statement_bind_i64(query, 2, view->seen);
	statement_bind_i64(query, 3, view->session);
	result = statement_step(query, error);
	if (result != 1)
		return result;
	take(query, 0, actor, sizeof(actor));
	take(query, 1, action, sizeof(action));
	take(query, 2, detail, sizeof(detail));
	statement_reset(query);
	return error_set(error, ERROR_STATE, "%s has changed T-%" PRId64 " meanwhile (%s%s%s): look at it again", actor,
			 id, action, detail[0] == '\0' ? "" : ": ", detail);
}

static int note_before(struct database *database, int64_t row, const struct ticket *before, struct error *error)
{
	struct statement *insert = database_prepare(
		database, "INSERT INTO ticket_before (journal, state, title, severity, cause, steps, assignee,"
			  " assignee_reason, reason, approved) VALUES (?,?,?,?,?,?,?,?,?,?)", error);

	if (insert == NULL)
		return ERROR_SYSTEM;
	statement_bind_i64(insert, 1, row);
	statement_bind_text(insert, 2, slice_of(ticket_state_name(before->state)));
	statement_bind_text(insert, 3, slice_of(before->title));
	statement_bind_text(insert, 4, slice_of(before->severity));
	statement_bind_text(insert, 5, slice_of(before->cause));
	statement_bind_text(insert, 6, slice_of(before->steps));
	statement_bind_text(insert, 7, slice_of(before->assignee));
	statement_bind_text(insert, 8, slice_of(before->assignee_reason));
	statement_bind_text(insert, 9, slice_of(before->reason));
	statement_bind_i64(insert, 10, before->approved);
	return statement_step(insert, error);
}

int desk_store_note(struct database *database, const struct desk_view *view, const struct desk_event *event,
		    const struct ticket *before, int64_t undoes, struct error *error)
{
	struct statement *insert = database_prepare(
		database, "INSERT INTO ticket_journal (ticket, time, session, actor, action, detail, undoes)"
			  " VALUES (?,?,?,?,?,?,?)", error);
	int result;

	if (insert == NULL)
		return ERROR_SYSTEM;
	statement_bind_i64(insert, 1, event->ticket);
	statement_bind_i64(insert, 2, event->time);
	statement_bind_i64(insert, 3, view->session);
	statement_bind_text(insert, 4, slice_of(view->actor));
	statement_bind_text(insert, 5, slice_of(event->action));
	statement_bind_text(insert, 6, slice_of(event->detail));
	if (undoes != 0)
		statement_bind_i64(insert, 7, undoes);
	result = statement_step(insert, error);
	if (result == 0 && before != NULL)
		result = note_before(database, database_last_id(database), before, error);
	return result;
}

int desk_store_take_back(struct database *database, struct ticket *ticket, int64_t *row, char action[16],
			 struct error *error)
{
	struct statement *query = database_prepare(
		database, "SELECT j.id, j.action, b.state, b.title, b.severity, b.cause, b.steps, b.assignee,"
			  " b.assignee_reason, b.reason, b.approved"
			  " FROM ticket_journal j JOIN ticket_before b ON b.journal = j.id WHERE j.ticket = ?"
			  " AND NOT EXISTS (SELECT 1 FROM ticket_journal u WHERE u.undoes = j.id)"
			  " ORDER BY j.id DESC LIMIT 1", error);
	int result;

	if (query == NULL)
		return ERROR_SYSTEM;
	statement_bind_i64(query, 1, ticket->id);
	result = statement_step(query, error);
	if (result < 0)
		return result;
	if (result == 0)
		return error_set(error, ERROR_STATE, "T-%" PRId64 " is as it was proposed: there is nothing to undo",
				 ticket->id);
	*row = statement_i64(query, 0);
	take(query, 1, action, 16);
	if (!ticket_state_parse(statement_text(query, 2), &ticket->state))
		return error_set(error, ERROR_INPUT, "the journal of T-%" PRId64 " holds an unknown state", ticket->id);
	take(query, 3, ticket->title, sizeof(ticket->title));
	take(query, 4, ticket->severity, sizeof(ticket->severity));
	take(query, 5, ticket->cause, sizeof(ticket->cause));
	take(query, 6, ticket->steps, sizeof(ticket->steps));
	take(query, 7, ticket->assignee, sizeof(ticket->assignee));
	take(query, 8, ticket->assignee_reason, sizeof(ticket->assignee_reason));
	take(query, 9, ticket->reason, sizeof(ticket->reason));
	ticket->approved = statement_i64(query, 10);
	statement_reset(query);
	return 0;
}

int desk_store_events(struct database *database, int64_t id, size_t maximum, struct vector *events,
		      struct error *error)
{
	struct statement *query = database_prepare(
		database, "SELECT ticket, time, actor, action, detail FROM (SELECT * FROM ticket_journal"
			  " WHERE ?1 = 0 OR ticket = ?1 ORDER BY id DESC LIMIT ?2) ORDER BY id", error);
	int result;

	if (query == NULL)
		return ERROR_SYSTEM;
	statement_bind_i64(query, 1, id);
	statement_bind_i64(query, 2, maximum > INT64_MAX ? INT64_MAX : (int64_t)maximum);
	while ((result = statement_step(query, error)) == 1) {
		struct desk_event *event = vector_push(events);

		if (event == NULL)
			return error_set(error, ERROR_FULL, "the journal is longer than what may be shown at once");
		event->ticket = statement_i64(query, 0);
		event->time = statement_i64(query, 1);
		take(query, 2, event->actor, sizeof(event->actor));
		take(query, 3, event->action, sizeof(event->action));
		take(query, 4, event->detail, sizeof(event->detail));
	}
	return result;
}
