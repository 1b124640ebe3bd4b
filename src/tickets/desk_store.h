/*
 * Tickets and their journal as rows. Every function is for use inside a job (or a read) of the database.
 */
#ifndef TOCSIN_SRC_TICKETS_DESK_STORE_H
#define TOCSIN_SRC_TICKETS_DESK_STORE_H

#include "tocsin/base/vector.h"
#include "tocsin/keep/database.h"
#include "tocsin/tickets/desk.h"

/* Who speaks, and up to which row of the journal he has looked. */
struct desk_view {
	char actor[80];
	int64_t session; /* tells this desk's own changes from another's, whatever the names */
	int64_t seen;
};

/* A number that no other desk has. */
int desk_store_session(struct database *database, int64_t *session, struct error *error);

/* Appends the tickets that were changed after row `*seen` of the journal to `tickets` (struct ticket), by id;
   `*seen` becomes the newest row. */
int desk_store_load(struct database *database, int64_t *seen, struct vector *tickets, struct error *error);
int desk_store_count(struct database *database, int64_t *count, struct error *error);

/* ERROR_ABSENT with a sentence when there is none. */
int desk_store_find(struct database *database, int64_t id, struct ticket *ticket, struct error *error);
/* The newest open ticket of a fingerprint, else the newest one; ERROR_ABSENT when there is none. */
int desk_store_match(struct database *database, const char *fingerprint, struct ticket *ticket, struct error *error);
int desk_store_insert(struct database *database, struct ticket *ticket, struct error *error); /* sets `id` */
int desk_store_update(struct database *database, const struct ticket *ticket, struct error *error);

/* ERROR_STATE naming who and what, when somebody else has acted on the ticket since the view was made. Counting
   further is no act. */
int desk_store_check(struct database *database, const struct desk_view *view, int64_t id, struct error *error);

/* Appends to the journal. `before` is the ticket as it was, for undo, or NULL; `undoes` the row taken back, or 0. */
int desk_store_note(struct database *database, const struct desk_view *view, const struct desk_event *event,
		    const struct ticket *before, int64_t undoes, struct error *error);
/* Finds the last change that was not taken back, puts what persons decide in `ticket` back to before it, and says
   which row and action that was. ERROR_STATE when there is none. */
int desk_store_take_back(struct database *database, struct ticket *ticket, int64_t *row, char action[16],
			 struct error *error);

int desk_store_events(struct database *database, int64_t id, size_t maximum, struct vector *events,
		      struct error *error);

#endif
