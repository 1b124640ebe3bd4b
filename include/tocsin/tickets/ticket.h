/*
 * A ticket: a proposed piece of work for a person, and the rules of its life.
 *
 *   proposed --approve--> approved --assign--> assigned --ack--> acknowledged --resolve--> resolved
 *      | reject (reason)      (assign again at any open state)        reopen: resolved or rejected --> approved
 * (proposed when never approved)
 *
 * Rejecting is possible at any open state, resolving also straight from assigned. Assigning a proposed ticket only
 * changes whom it suggests.
 *
 * The table of actions says from which states each is allowed and where it leads: parser, help, console and journal
 * read it.
 */
#ifndef TOCSIN_TICKETS_TICKET_H
#define TOCSIN_TICKETS_TICKET_H

#include "tocsin/base/error.h"
#include "tocsin/base/slice.h"
#include "tocsin/base/timestamp.h"

enum ticket_state {
	TICKET_PROPOSED,
	TICKET_APPROVED,
	TICKET_ASSIGNED,
	TICKET_ACKNOWLEDGED,
	TICKET_RESOLVED,
	TICKET_REJECTED,
	TICKET_STATE_COUNT
};
const char *ticket_state_name(enum ticket_state state);
bool ticket_state_parse(struct slice text, enum ticket_state *state);
bool ticket_state_is_open(enum ticket_state state); /* neither resolved nor rejected */

enum ticket_action {
	TICKET_EDIT,
	TICKET_APPROVE,
	TICKET_ASSIGN,
	TICKET_ACK,
	TICKET_RESOLVE,
	TICKET_REJECT,
	TICKET_REOPEN,
	TICKET_UNDO,
	TICKET_ACTION_COUNT
};
const char *ticket_action_name(enum ticket_action action);
bool ticket_action_parse(struct slice text, enum ticket_action *action);
bool ticket_action_allowed(enum ticket_action action, enum ticket_state state);

/* Texts are bounded so that a ticket is one value that can be copied. All are UTF-8 without control characters but
 * newlines. */
struct ticket {
	int64_t id; /* 0: not stored yet; shown as T-7 */
	enum ticket_state state;
	char title[160];
	char severity[12]; /* critical, high, medium, low */
	char service[80];
	char template[520];   /* the signature's text */
	char fingerprint[40]; /* hexadecimal, of service and template: the same trouble has the same one */
	char source[256];     /* where it was seen */
	uint64_t count;       /* occurrences up to `seen_to` */
	int64_t first, last;  /* event times of the first and last occurrence */
	int64_t ready;        /* event time at which the rule was met: a replay before it must not show the ticket */
	char cause[600];      /* likely cause, with evidence ids as they stood */
	char steps[800];      /* one a line */
	char evidence[1200];  /* one a line: "E3 orders.csv:120 text" */
	char assignee[80];    /* who has it; before approval: who is suggested */
	char assignee_reason[160]; /* why that person */
	char reason[240];          /* of a rejection */
	int64_t approved;          /* wall clock of the approval; 0: never approved */
	int64_t created, changed;  /* wall clock */
};

/* Sets `fingerprint` from service and template. The same in every version of tocsin. */
void ticket_fingerprint(struct ticket *ticket);

/* Makes every text keep the promise above: control characters become spaces, invalid bytes '?'. */
void ticket_clean(struct ticket *ticket);

/* Carries an action out on the value: checks the state, sets the new state and `changed`. `text` is the person for
   assign, the reason for reject (required), unused otherwise. ERROR_STATE with a sentence that says what would be
   allowed. EDIT and UNDO are done by the desk. */
int ticket_apply(struct ticket *ticket, enum ticket_action action, struct slice text, int64_t now, struct error *error);

/* Sets a field by its name for `edit`: title, severity, cause, steps, assignee. ERROR_INPUT names the ones there are.
 */
int ticket_set(struct ticket *ticket, struct slice field, struct slice value, struct error *error);
const char *ticket_field_at(size_t index); /* editable fields in form order; NULL past the end */
struct slice ticket_get(const struct ticket *ticket, const char *field); /* borrowed */

#endif
