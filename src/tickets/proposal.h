/*
 * What a proposal means for the ticket of the same trouble that is there already.
 */
#ifndef TOCSIN_SRC_TICKETS_PROPOSAL_H
#define TOCSIN_SRC_TICKETS_PROPOSAL_H

#include "tocsin/tickets/ticket.h"

enum proposal_verdict {
	PROPOSAL_NEW,   /* becomes a ticket of its own */
	PROPOSAL_GROWN, /* extends the known one */
	PROPOSAL_KNOWN, /* says nothing new */
};

/* Makes a caller's proposal fit to be stored. ERROR_INPUT when it has no title or no known severity. */
int proposal_prepare(struct ticket *proposal, int64_t now, struct error *error);
/* `known` is NULL when there is none. */
enum proposal_verdict proposal_judge(const struct ticket *known, const struct ticket *proposal);
/* Takes over what the proposal counted; nothing ever shrinks. Words stay: the evidence ids in them belong together. */
void proposal_merge(struct ticket *known, const struct ticket *proposal);

#endif
