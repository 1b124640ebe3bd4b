/*
 * The desk: the copy of the tickets in memory, and the jobs that change them on disk.
 *
 * A change carries all it needs, so that nothing of the desk is touched outside the loop's thread. When it is
 * on disk the desk takes in whatever the journal has that it has not seen yet, be it of this desk or of
 * another.
 */
#include "tocsin/tickets/desk.h"

#include "tickets/change.h"
#include "tickets/proposal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct desk {
	struct database *database;
	struct vector tickets; /* struct ticket, by id */
	struct desk_view view;
	unsigned pending; /* jobs that are not done */
	bool closed;      /* destroyed while jobs were pending: the last of them frees it */
	void (*on_change)(void *context, int64_t ticket, const struct error *failure);
	void *context;
};

/* What a job came to, for a caller that is still there when it ends. */
struct outcome {
	bool ended;
	int result;
	struct error error;
	int64_t id;
};

struct desk_job {
	struct desk *desk; /* for the loop's thread only */
	struct outcome *outcome;
	struct change change;
};

/* --- the copy in memory ---- */

static struct ticket *find(const struct desk *desk, int64_t id)
{
	size_t low = 0, high = desk->tickets.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct ticket *ticket = vector_at(&desk->tickets, middle);

		if (ticket->id == id)
			return ticket;
		if (ticket->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct look {
	struct vector changed;
	int64_t seen;
	int64_t *session; /* also asked for, when not NULL */
};

static int run_look(struct database *database, void *context, struct error *error)
{
	struct look *look = context;
	int result = desk_store_load(database, &look->seen, &look->changed, error);

	if (result == 0 && look->session != NULL)
		result = desk_store_session(database, look->session, error);
	return result;
}

/* Takes over what was read. New ids are greater than all that are known, since the database gives them in order. */
static int take_in(struct desk *desk, const struct vector *changed)
{
	size_t i;

	for (i = 0; i < changed->count; i++) {
		const struct ticket *ticket = vector_at(changed, i);
		struct ticket *place = find(desk, ticket->id);

		if (place == NULL)
			place = vector_push(&desk->tickets);
		if (place == NULL)
			return ERROR_MEMORY;
		*place = *ticket;
	}
	return 0;
}

static int refresh(struct desk *desk, int64_t *session, struct error *error)
{
	struct look look = { .seen = desk->view.seen, .session = session };
	int result;
	size_t i;

	vector_init(&look.changed, sizeof(struct ticket), DESK_MAXIMUM);
	result = database_read(desk->database, run_look, &look, error);
	if (result == 0 && take_in(desk, &look.changed) != 0)
		result = error_set(error, ERROR_MEMORY, "out of memory for the tickets");
	if (result == 0) {
		desk->view.seen = look.seen;
		for (i = 0; i < look.changed.count && desk->on_change != NULL; i++)
			desk->on_change(desk->context, ((struct ticket *)vector_at(&look.changed, i))->id, NULL);
	}
	vector_release(&look.changed);
	return result;
}

int desk_refresh(struct desk *desk, struct error *error)
{
	return refresh(desk, NULL, error);
}

struct desk *desk_create(struct database *database, const char *actor, struct error *error)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	struct ticket name = { 0 };

	if (desk == NULL) {
		error_set(error, ERROR_MEMORY, "out of memory for the tickets");
		return NULL;
	}
	desk->database = database;
	vector_init(&desk->tickets, sizeof(struct ticket), DESK_MAXIMUM);
	/* The actor is text of a ticket like any other, so the same broom sweeps it. */
	slice_copy(slice_of(actor), name.assignee, sizeof(name.assignee));
	ticket_clean(&name);
	memcpy(desk->view.actor, name.assignee, sizeof(desk->view.actor));
	if (refresh(desk, &desk->view.session, error) != 0) {
		desk_destroy(desk);
		return NULL;
	}
	return desk;
}

void desk_destroy(struct desk *desk)
{
	if (desk == NULL)
		return;
	desk->closed = true;
	desk->on_change = NULL;
	if (desk->pending > 0)
		return;
	vector_release(&desk->tickets);
	free(desk);
}

void desk_watch(struct desk *desk, void (*on_change)(void *context, int64_t ticket, const struct error *failure),
		void *context)
{
	desk->on_change = on_change;
	desk->context = context;
}

size_t desk_count(const struct desk *desk)
{
	return desk->tickets.count;
}

const struct ticket *desk_at(const struct desk *desk, size_t index)
{
	return vector_at(&desk->tickets, index);
}

const struct ticket *desk_find(const struct desk *desk, int64_t id)
{
	return find(desk, id);
}

/* The newest open ticket of a fingerprint, else the newest one, else NULL; as desk_store_match does. */
static const struct ticket *match(const struct desk *desk, const char *fingerprint)
{
	const struct ticket *closed = NULL;
	size_t i;

	for (i = desk->tickets.count; i-- > 0;) {
		const struct ticket *ticket = vector_at(&desk->tickets, i);

		if (strcmp(ticket->fingerprint, fingerprint) != 0)
			continue;
		if (ticket_state_is_open(ticket->state))
			return ticket;
		if (closed == NULL)
			closed = ticket;
	}
	return closed;
}

const struct ticket *desk_find_open(const struct desk *desk, const char *fingerprint)
{
	const struct ticket *ticket = match(desk, fingerprint);

	return ticket != NULL && ticket_state_is_open(ticket->state) ? ticket : NULL;
}

/* --- changes ---- */

static int run_job(struct database *database, void *context, struct error *error)
{
	struct desk_job *job = context;

	return change_run(database, &job->change, error);
}

static void done(void *context, int result, const struct error *error)
{
	struct desk_job *job = context;
	struct desk *desk = job->desk;
	struct error failure = *error;
	int64_t id = job->change.ticket.id;

	desk->pending--;
	/* Also after a refusal: the reason may be what another has done, and that should be seen. */
	if (!desk->closed) {
		struct error blind = { 0 };
		int seen = desk_refresh(desk, &blind);

		if (result == 0 && seen != 0)
			result = error_set(&failure, (enum error_code)seen,
					   "the change was kept, but cannot be read again: %s", blind.text);
	}
	if (job->outcome != NULL)
		*job->outcome = (struct outcome){ .ended = true, .result = result, .error = failure, .id = id };
	free(job);
	if (result != 0 && desk->on_change != NULL)
		desk->on_change(desk->context, id, &failure);
	if (desk->closed)
		desk_destroy(desk);
}

/* Hands the change over. Without a loop it has been made on return, and its result is the caller's. */
static int submit(struct desk *desk, const struct change *change, int64_t *id, struct error *error)
{
	struct outcome outcome = { .ended = false };
	struct desk_job *job = calloc(1, sizeof(*job));
	int result;

	if (job == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for a change");
	*job = (struct desk_job){ .desk = desk, .outcome = &outcome, .change = *change };
	job->change.view = desk->view;
	desk->pending++;
	result = database_submit(desk->database, run_job, done, job);
	if (result != 0) {
		desk->pending--;
		free(job);
		return error_set(error, (enum error_code)result, "too many changes wait for the disk: try again");
	}
	if (!outcome.ended) {
		job->outcome = NULL;
		return 0;
	}
	if (outcome.result != 0)
		return error_set(error, (enum error_code)outcome.result, "%s", outcome.error.text);
	if (id != NULL)
		*id = outcome.id;
	return 0;
}

int desk_propose(struct desk *desk, const struct ticket *proposal, int64_t now, int64_t *id, struct error *error)
{
	struct change change = { .kind = CHANGE_PROPOSE, .now = now, .ticket = *proposal };
	const struct ticket *known;
	int result = proposal_prepare(&change.ticket, now, error);
	bool nothing_new;

	if (result != 0)
		return result;
	known = match(desk, change.ticket.fingerprint);
	/* An analysis says the same again and again: that costs no transaction. */
	nothing_new = known != NULL && proposal_judge(known, &change.ticket) == PROPOSAL_KNOWN;
	if (id != NULL)
		*id = known != NULL && (nothing_new || ticket_state_is_open(known->state)) ? known->id : 0;
	return nothing_new ? 0 : submit(desk, &change, id, error);
}

/* Refuses at once what can be seen to be wrong; the transaction decides all the same. */
static int precheck(const struct desk *desk, const struct change *change, struct error *error)
{
	const struct ticket *known = find(desk, change->ticket.id);
	struct ticket copy;

	if (known == NULL)
		return error_set(error, ERROR_ABSENT, "there is no ticket T-%" PRId64, change->ticket.id);
	/* What is on its way will have changed the ticket. */
	if (desk->pending > 0 || change->action == TICKET_UNDO)
		return 0;
	copy = *known;
	return change_apply(change, &copy, error);
}

static int make(struct desk *desk, struct change *change, struct slice text, struct error *error)
{
	int result;

	/* A zero byte would end the text where the person did not. */
	if (text.size >= sizeof(change->text) || slice_find_byte(text, '\0') != SIZE_MAX)
		return error_set(error, ERROR_INPUT, "this text is too long, or holds a zero byte");
	slice_copy(text, change->text, sizeof(change->text));
	result = precheck(desk, change, error);
	return result != 0 ? result : submit(desk, change, NULL, error);
}

int desk_act(struct desk *desk, int64_t id, enum ticket_action action, struct slice text, int64_t now,
	     struct error *error)
{
	struct change change = { .kind = CHANGE_ACT, .action = action, .now = now, .ticket.id = id };

	return make(desk, &change, text, error);
}

int desk_edit(struct desk *desk, int64_t id, struct slice field, struct slice value, int64_t now,
	      struct error *error)
{
	struct change change = { .kind = CHANGE_ACT, .action = TICKET_EDIT, .now = now, .ticket.id = id };

	slice_copy(field, change.field, sizeof(change.field));
	return make(desk, &change, value, error);
}

/* --- the journal ---- */

struct reading {
	int64_t id;
	size_t maximum;
	struct vector *events;
};

static int run_reading(struct database *database, void *context, struct error *error)
{
	const struct reading *reading = context;

	return desk_store_events(database, reading->id, reading->maximum, reading->events, error);
}

int desk_journal(struct desk *desk, int64_t id, size_t maximum, struct vector *events, struct error *error)
{
	struct reading reading = { .id = id, .maximum = maximum, .events = events };

	return database_read(desk->database, run_reading, &reading, error);
}
