/*
 * From state to cells: the snapshot of a moment, painting it, and fetching the texts that were missing.
 */
#include "app/session.h"

#include <stdlib.h>
#include <string.h>

#define FRAME (TIMESTAMP_SECOND / 30)
#define FLOOD_FRAME (TIMESTAMP_SECOND / 2)
#define CONSOLE_BUDGET 2000000 /* records whose columns filter and search look at in a turn: some ms */

static const struct snapshot_text *text_of(void *context, uint64_t id)
{
	struct session *session = context;
	const struct row_text *row = rows_get(session->rows, id);
	if (row == NULL)
		return NULL;
	session->text = (struct snapshot_text){ row->message, row->cut, row->gone };
	return &session->text;
}

static const struct store_text *whole_of(void *context, uint64_t id)
{
	struct session *session = context;
	const struct row_text *row = rows_get(session->whole, id);
	return row == NULL ? NULL : row->whole;
}

static const struct ticket *proposal_for(const struct session *session, const struct ticket *ticket)
{
	struct analysis *shown = session->analyst.shown;
	for (size_t i = 0; shown != NULL && i < analysis_proposal_count(shown); i++)
		if (strcmp(analysis_proposal(shown, i)->fingerprint, ticket->fingerprint) == 0)
			return analysis_proposal(shown, i);
	return NULL;
}

/* In a replay a ticket shows no sooner than its rule was met, with the counts of that time. */
static bool visible_ticket(const struct session *session, const struct ticket *stored, struct ticket *shown)
{
	*shown = *stored;
	const struct ticket *now = proposal_for(session, stored);
	if (now == NULL || now->ready > session->horizon.time)
		return false;
	shown->count = now->count;
	shown->first = now->first;
	shown->last = now->last;
	shown->ready = now->ready;
	memcpy(shown->evidence, now->evidence, sizeof shown->evidence);
	memcpy(shown->cause, stored->state == TICKET_PROPOSED ? now->cause : stored->cause, sizeof shown->cause);
	return true;
}

static int ticket_rank(const struct ticket *ticket)
{
	if (ticket->state == TICKET_PROPOSED)
		return 0;
	return ticket_state_is_open(ticket->state) ? 1 : 2;
}

static int by_rank(const void *a, const void *b)
{
	const struct ticket *left = *(const struct ticket *const *)a;
	const struct ticket *right = *(const struct ticket *const *)b;
	if (ticket_rank(left) != ticket_rank(right))
		return ticket_rank(left) - ticket_rank(right);
	return left->id < right->id ? -1 : left->id > right->id;
}

/* Live, the tickets are the desk's own; in a replay they are copies with the counts of that time. */
static void collect_tickets(struct session *session)
{
	const struct desk *desk = session->desk.desk;
	vector_clear(&session->tickets);
	vector_clear(&session->ticket_pointers);
	for (size_t i = 0; session->replay.active && desk != NULL && i < desk_count(desk); i++) {
		struct ticket *ticket = vector_push(&session->tickets);
		if (ticket != NULL && !visible_ticket(session, desk_at(desk, i), ticket))
			vector_remove(&session->tickets, session->tickets.count - 1);
	}
	size_t count = session->replay.active ? session->tickets.count : desk == NULL ? 0 : desk_count(desk);
	for (size_t i = 0; i < count; i++) {
		const struct ticket **pointer = vector_push(&session->ticket_pointers);
		if (pointer != NULL)
			*pointer = session->replay.active ? vector_at(&session->tickets, i) : desk_at(desk, i);
	}
	vector_sort(&session->ticket_pointers, by_rank);
}

static const struct onset_report *onsets_of(const struct session *session)
{
	const struct onset_report *running = session->analyst.running == NULL || session->analyst.jobs > 0
		? NULL
		: analysis_onsets(session->analyst.running);
	if (running != NULL)
		return running;
	return session->analyst.shown == NULL ? NULL : analysis_onsets(session->analyst.shown);
}

static struct ledger loss_of(const struct session *session)
{
	struct ledger loss = store_ledger_total(session->incident.store);
	/* What the clock has not reached is not told: of the losses only what records carry is known by time. */
	if (session->replay.active)
		loss = (struct ledger){ .bytes = loss.bytes, .lines = loss.lines, .unparsed = session->unparsed };
	return loss;
}

static struct snapshot snapshot_of(struct session *session)
{
	const struct session_index *index = &session->index;
	const struct session_analyst *analyst = &session->analyst;
	collect_tickets(session);
	session->moved = false;
	return (struct snapshot){
		.store = session->incident.store,
		.horizon = session->hold ? session->shown : session->horizon,
		.extent = session->extent,
		.zone = session->incident.zone,
		.title = session->title,
		.indexing = !index->caught_up,
		.indexed_percent = index->size == 0 ? 0 : (unsigned)(index->read * 100 / index->size),
		.sources = index->sources.items,
		.source_count = index->sources.count,
		.loss = loss_of(session),
		.replaying = session->replay.active,
		.playing = session->replay.playing,
		.speed = session->replay.speed,
		.replay_end = session->extent.to,
		.detect = session->incident.detect,
		.onsets = onsets_of(session),
		.transcript = &analyst->all,
		.evidence = analyst->book,
		.analyst_state = session->model.running != NULL ? ANALYST_WORKING : analyst->state,
		.analyst_name = model_name(&session->model.model),
		.analyst_steps = analyst->steps,
		.analyst_took = analyst->took,
		.tickets = session->ticket_pointers.items,
		.ticket_count = session->ticket_pointers.count,
		.tickets_kept = session->desk.desk != NULL,
		.roster = session->incident.roster,
		.importance = settings_flag(&session->invocation->settings, SETTING_IMPORTANCE),
		.text = text_of,
		.text_context = session,
		.whole = whole_of,
	};
}

static void update(struct session *session, uint64_t budget)
{
	struct snapshot snapshot = snapshot_of(session);
	session->looking = console_update(session->console, &snapshot, budget);
	session->more = session->looking || session->more;
}

void session_refresh(struct session *session)
{
	update(session, 0);
}

static void paint_now(struct session *session)
{
	int columns, rows, x, y;
	update(session, CONSOLE_BUDGET);
	session->term.ops->size(session->term.state, &columns, &rows);
	if (grid_resize(&session->grid, columns, rows) != 0)
		return;
	console_paint(session->console, &session->grid);
	console_text_cursor(session->console, &x, &y);
	session->term.ops->present(session->term.state, &session->grid, x, y);
	session->painted = session_now(session);
	session->painted_records = session->horizon.records;
	if (!session->hold)
		session->shown = session->horizon;
	session->dirty = session->hold; /* what came meanwhile is painted next */
	session->hold = false;
	session->key_pressed = false;
}

/* Data paints at most 30 times a second; at most twice when more rows are new than the eye could keep, which over a
 * slow line costs a whole screen each time. */
static int64_t frame_of(const struct session *session)
{
	uint64_t news = session->horizon.records - session->painted_records;
	bool flood = session->horizon.records > session->painted_records && news * 2 > (uint64_t)session->grid.rows;
	return flood && session->index.caught_up ? FLOOD_FRAME : FRAME;
}

/* A key is answered at once. Filter and search go on in every turn, painted or not, until they have seen all. */
int session_paint(struct session *session)
{
	int64_t wait = session->painted + frame_of(session) - session_now(session);
	if (session->looking)
		session->dirty = true;
	if (!session->dirty && !session->key_pressed)
		return -1;
	if (!session->key_pressed && !session->scripted && session->painted > 0 && wait > 0) {
		if (session->looking)
			update(session, CONSOLE_BUDGET);
		return (int)(wait / 1000000) + 1;
	}
	paint_now(session);
	return -1;
}
