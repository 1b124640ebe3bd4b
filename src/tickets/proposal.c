/*
 * Proposals come again with every analysis of the same log, and grow while a replay runs. These rules keep one
 * trouble one ticket, and a person's "no" a no.
 */
#include "tickets/proposal.h"

#define GROWTH_TO_ASK_AGAIN 10 /* times what was rejected */

int proposal_prepare(struct ticket *proposal, int64_t now, struct error *error)
{
	char severity[sizeof(proposal->severity)];
	int result;

	if (proposal->fingerprint[0] == '\0')
		ticket_fingerprint(proposal);
	ticket_clean(proposal);
	if (slice_trim(slice_of(proposal->title)).size == 0)
		return error_set(error, ERROR_INPUT, "a ticket needs a title");
	slice_copy(slice_of(proposal->severity), severity, sizeof(severity));
	result = ticket_set(proposal, slice_of("severity"), slice_of(severity), error);
	proposal->id = 0;
	proposal->state = TICKET_PROPOSED;
	proposal->reason[0] = '\0';
	proposal->approved = 0;
	proposal->created = now;
	proposal->changed = now;
	return result;
}

void proposal_merge(struct ticket *known, const struct ticket *proposal)
{
	if (proposal->count > known->count)
		known->count = proposal->count;
	/* TIMESTAMP_NONE is below every time. */
	if (proposal->last > known->last)
		known->last = proposal->last;
	if (known->first == TIMESTAMP_NONE || (proposal->first != TIMESTAMP_NONE && proposal->first < known->first))
		known->first = proposal->first;
	if (proposal->ready < known->ready)
		known->ready = proposal->ready;
}

enum proposal_verdict proposal_judge(const struct ticket *known, const struct ticket *proposal)
{
	struct ticket merged;

	if (known == NULL)
		return PROPOSAL_NEW;
	if (known->state == TICKET_RESOLVED)
		return proposal->last > known->last ? PROPOSAL_NEW : PROPOSAL_KNOWN;
	if (known->state == TICKET_REJECTED)
		return proposal->count > known->count && proposal->count / GROWTH_TO_ASK_AGAIN >= known->count ?
			       PROPOSAL_NEW : PROPOSAL_KNOWN;
	merged = *known;
	proposal_merge(&merged, proposal);
	return merged.count != known->count || merged.last != known->last || merged.first != known->first ||
	       merged.ready != known->ready ? PROPOSAL_GROWN : PROPOSAL_KNOWN;
}
