/*
 * One change of the tickets as it is made on disk: read anew, check, write the ticket and a line of the
 * journal, all in one transaction.
 */
#ifndef TOCSIN_SRC_TICKETS_CHANGE_H
#define TOCSIN_SRC_TICKETS_CHANGE_H

#include "tickets/desk_store.h"

#define DESK_MAXIMUM 50000 /* most tickets of one database */

struct change {
	enum { CHANGE_PROPOSE, CHANGE_ACT } kind;
	enum ticket_action action; /* of an act */
	struct desk_view view;
	int64_t now;
	char field[16];       /* of an edit */
	char text[1300];      /* longer than any field, so that what is too long is found to be */
	struct ticket ticket; /* the proposal, else only the id; its id is set when it was stored */
};

/* Any action but undo, carried out on a copy of the ticket. */
int change_apply(const struct change *change, struct ticket *ticket, struct error *error);
/* For use inside a job. */
int change_run(struct database *database, struct change *change, struct error *error);

#endif
