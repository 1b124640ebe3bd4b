/*
 * The desk: all tickets of one database, in memory and on disk, with a journal of who did what and when.
 *
 * Changes are first written to the database (through its queue), then to the copy in memory, then `on_change` is
 * called: what is seen has been kept. Without a loop everything has happened when the call returns.
 *
 * Several tocsins may share a database. An action is checked against the ticket as it stands on disk, and is refused
 * with ERROR_STATE when somebody else has changed the ticket since this desk last looked: nobody approves what he has
 * not seen.
 *
 * Undo takes back the last action or edit that has not been taken back yet, so undo again goes one further; what was
 * counted in the log (count, first, last) stays. The journal keeps all of it.
 */
#ifndef TOCSIN_TICKETS_DESK_H
#define TOCSIN_TICKETS_DESK_H

#include "tocsin/keep/database.h"
#include "tocsin/tickets/ticket.h"

struct desk;

struct desk_event {
	int64_t ticket;
	int64_t time; /* wall clock */
	char actor[80];
	char action[16];  /* a ticket action, "propose" or "extend" */
	char detail[400]; /* "title: old -> new", the assignee, the reason */
};

/* Loads every ticket. `database` is borrowed. */
struct desk *desk_create(struct database *database, const char *actor, struct error *error);
void desk_destroy(struct desk *desk); /* changes on their way are still made; nobody hears of them */
/* Takes in what others have changed in the database, with an `on_change` for each such ticket. Cheap when nothing was.
 */
int desk_refresh(struct desk *desk, struct error *error);
/* Called after each change, and after a failed one with its error. */
void desk_watch(struct desk *desk, void (*on_change)(void *context, int64_t ticket, const struct error *failure),
	void *context);

size_t desk_count(const struct desk *desk);
const struct ticket *desk_at(
	const struct desk *desk, size_t index); /* by id, oldest first; borrowed until the next change */
const struct ticket *desk_find(const struct desk *desk, int64_t id);                   /* NULL when absent */
const struct ticket *desk_find_open(const struct desk *desk, const char *fingerprint); /* NULL when absent */

/* A proposal is stored as new, or extends the open ticket with its fingerprint (count and last never shrink), or does
   nothing when that says the same already, when the same trouble was rejected and has not grown tenfold since, or was
   resolved and has not been seen after that ticket's last occurrence. `*id` (may be NULL) is the ticket's when it is
   known at once, else 0. */
int desk_propose(struct desk *desk, const struct ticket *proposal, int64_t now, int64_t *id, struct error *error);
int desk_act(
	struct desk *desk, int64_t id, enum ticket_action action, struct slice text, int64_t now, struct error *error);
int desk_edit(struct desk *desk, int64_t id, struct slice field, struct slice value, int64_t now, struct error *error);

/* The journal of one ticket (0: of all), oldest first, at most the newest `maximum`, read from the database now.
 * Appends struct desk_event to `events`. */
struct vector;
int desk_journal(struct desk *desk, int64_t id, size_t maximum, struct vector *events, struct error *error);

#endif
