/*
 * How important records are, and which speak of an issue: worked out in a queue of workers, one job at a time, from
 * what lies below the horizon. The numbers come back to the loop, which puts them into the store; what was begun before
 * the horizon went back is dropped.
 */
#include "app/session.h"

#include "app/learnt.h"
#include "tocsin/learn/relevance.h"
#include "tocsin/store/importance.h"

#include <stdlib.h>
#include <string.h>

#define RECORDS_MAXIMUM 1000000 /* of the log, from its begin: what lies behind gets no importance */
#define QUEUE_MAXIMUM 8
#define ISSUE_MAXIMUM 4096
#define FILTER_MAXIMUM 4096
/* A log that grows is worked out anew no sooner than this after the last time, and so many times as long as it took. */
#define PAUSE (2 * TIMESTAMP_SECOND)
#define PAUSE_FACTOR 10

struct importance_job {
	struct session *session;
	struct horizon horizon;
	struct scorer *scorer; /* NULL: by the log itself */
	unsigned backs;        /* of the session when it began */
	int result;
	int64_t took;
	float *values;             /* filling: of the records below the horizon */
	char issue[ISSUE_MAXIMUM]; /* relevance */
	struct relevance relevance;
};

int session_importance_open(struct session *session, struct error *error)
{
	struct session_importance *importance = &session->importance;
	buffer_init(&importance->relevant, FILTER_MAXIMUM);
	importance->queue = loop_queue_create(session->loop, QUEUE_MAXIMUM);
	importance->reader = intake_reader_create(session->incident.intake);
	if (importance->queue == NULL || importance->reader == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory");
	return learnt_open(&session->invocation->settings, &importance->model, error);
}

void session_importance_release(struct session *session)
{
	struct session_importance *importance = &session->importance;
	if (importance->queue != NULL)
		loop_queue_destroy(importance->queue);
	intake_reader_destroy(importance->reader);
	model_destroy(importance->model);
	buffer_release(&importance->relevant);
}

static void free_job(struct importance_job *job)
{
	scorer_destroy(job->scorer);
	free(job->values);
	free(job);
}

/* The job, or NULL when it cannot be had, which is said. */
static struct importance_job *make_job(struct session *session)
{
	struct importance_job *job = calloc(1, sizeof *job);
	struct error error = { 0 };
	if (job == NULL) {
		session_say(session, true, "out of memory");
		return NULL;
	}
	job->session = session;
	job->horizon = session->horizon;
	job->backs = session->importance.backs;
	if (learnt_scorer(&session->invocation->settings, session->importance.model, session->incident.store,
		    &job->scorer, &error) == 0)
		return job;
	session_say(session, true, "%s", error.text);
	free_job(job);
	return NULL;
}

static bool submit(struct importance_job *job, void (*work)(void *), void (*done)(void *))
{
	struct session *session = job->session;
	int result = loop_queue_submit(session->importance.queue, work, done, job);
	if (result != 0) {
		session_say(session, true, "importance: %s", error_name((enum error_code)result));
		free_job(job);
		return false;
	}
	session->importance.jobs++;
	return true;
}

/* --- filling --------------------------------------------------------------------------------------------------- */

static bool filter_asks(const struct session *session)
{
	return slice_find(console_filter(session->console), slice_of("importance")) != SIZE_MAX;
}

static uint64_t fillable(const struct session *session)
{
	return session->horizon.records < RECORDS_MAXIMUM ? session->horizon.records : RECORDS_MAXIMUM;
}

static bool is_due(const struct session *session)
{
	const struct session_importance *importance = &session->importance;
	bool wanted = settings_flag(&session->invocation->settings, SETTING_IMPORTANCE) || filter_asks(session);
	return wanted && !importance->filling && !importance->failed && !session->quitting &&
		session->index.caught_up && fillable(session) > importance->filled;
}

static bool is_early(const struct session *session)
{
	const struct session_importance *importance = &session->importance;
	int64_t pause = importance->took * PAUSE_FACTOR > PAUSE ? importance->took * PAUSE_FACTOR : PAUSE;
	return !session->scripted && importance->filled > 0 && session_now(session) - importance->ended < pause;
}

static void fill_work(void *context)
{
	struct importance_job *job = context;
	const struct session *session = job->session;
	const struct store *store = session->incident.store;
	int64_t begin = session_now(session);
	struct importance *importance = learnt_weigh(job->scorer, store, session->importance.reader, job->horizon);
	job->values = calloc(job->horizon.records, sizeof *job->values);
	if (importance == NULL || job->values == NULL)
		job->result = ERROR_MEMORY;
	for (uint64_t id = 0; id < job->horizon.records && job->result == 0; id++) {
		struct record record;
		store_record(store, id, &record);
		job->values[id] = (float)importance_of(importance, &record, NULL);
	}
	importance_destroy(importance);
	job->took = session_now(session) - begin;
}

static void tell(struct session *session, uint64_t records)
{
	const char *model = settings_text(&session->invocation->settings, SETTING_LSTM);
	const char *only = records >= RECORDS_MAXIMUM ? "the first " : "";
	if (model != NULL)
		session_say(session, false, "importance of %s%llu records, by %s; importance>0.9 filters", only,
			(unsigned long long)records, model);
	else
		session_say(session, false,
			"importance of %s%llu records, by this log alone: `tocsin train -o FILE` learns what is usual, "
			"--lstm FILE uses it",
			only, (unsigned long long)records);
	session->importance.told = true;
}

static void keep(struct session *session, const struct importance_job *job)
{
	struct session_importance *importance = &session->importance;
	int result = job->result;
	for (uint64_t id = 0; id < job->horizon.records && result == 0; id++)
		result = store_put_importance(session->incident.store, id, (double)job->values[id]);
	importance->failed = result != 0;
	if (result != 0) {
		session_say(session, true, "importance is not known: %s", error_name((enum error_code)result));
		return;
	}
	importance->filled = job->horizon.records;
	if (!importance->told)
		tell(session, importance->filled);
	if (filter_asks(session)) /* it has looked at records that nothing was known of */
		console_set_filter(session->console, console_filter(session->console), NULL);
	session->dirty = true;
}

static void fill_done(void *context)
{
	struct importance_job *job = context;
	struct session *session = job->session;
	session->importance.jobs--;
	session->importance.filling = false;
	session->importance.ended = session_now(session);
	session->importance.took = job->took;
	if (job->backs == session->importance.backs && !session->quitting)
		keep(session, job);
	free_job(job);
}

void session_importance_turn(struct session *session)
{
	if (!is_due(session) || is_early(session))
		return;
	struct importance_job *job = make_job(session);
	if (job != NULL) {
		job->horizon.records = fillable(session);
		session->importance.filling = submit(job, fill_work, fill_done);
	}
	session->importance.failed = !session->importance.filling;
}

bool session_importance_idle(const struct session *session)
{
	return session->importance.jobs == 0 && !is_due(session);
}

void session_importance_anew(struct session *session)
{
	session->importance.failed = session->importance.told = false;
	session->importance.filled = 0;
}

void session_importance_forget(struct session *session)
{
	struct session_importance *importance = &session->importance;
	importance->backs++;
	importance->filled = 0;
	store_forget_importance(session->incident.store);
	if (importance->relevant.size > 0 &&
		slice_equal(console_filter(session->console), buffer_slice(&importance->relevant)))
		console_set_filter(session->console, slice_of(""), NULL);
	buffer_clear(&importance->relevant);
}

/* --- what speaks of an issue ----------------------------------------------------------------------------------- */

static void relevant_work(void *context)
{
	struct importance_job *job = context;
	const struct session *session = job->session;
	const struct store_reader *reader = session->importance.reader;
	struct importance *importance = NULL;
	if (job->scorer != NULL && job->horizon.records <= RECORDS_MAXIMUM)
		importance = learnt_weigh(job->scorer, session->incident.store, reader, job->horizon);
	struct relevance_input input = {
		.store = session->incident.store,
		.reader = reader,
		.horizon = job->horizon,
		.importance = importance,
		.issue = job->issue,
	};
	job->result = relevance_find(&input, &job->relevance);
	importance_destroy(importance);
}

static int append_filter(const struct relevance *relevance, struct buffer *out)
{
	buffer_clear(out);
	for (size_t i = 0; i < relevance->records.count; i++) {
		const struct relevant *relevant = vector_at(&relevance->records, i);
		buffer_append_format(out, "%s%llu", i == 0 ? "id:" : ",", (unsigned long long)relevant->record);
	}
	return out->failed;
}

static void show(struct session *session, const struct importance_job *job)
{
	const struct relevance *relevance = &job->relevance;
	struct buffer *filter = &session->importance.relevant, counts;
	struct error error = { 0 };
	if (relevance->records.count == 0) {
		session_say(session, false, "there are no records yet");
		return;
	}
	if (append_filter(relevance, filter) != 0 ||
		console_set_filter(session->console, buffer_slice(filter), &error) != 0) {
		session_say(session, true, "what speaks of it cannot be shown: %s", error.text);
		return;
	}
	buffer_init(&counts, 256);
	relevance_append_counts(relevance, &counts);
	if (relevance->by_importance)
		session_say(session, false, "%s: no record speaks of \"%.100s\"; these are the most important ones",
			buffer_string(&counts), job->issue);
	else
		session_say(session, false, "%s records speak of \"%.100s\" (%s); Esc shows everything again",
			buffer_string(&counts), job->issue, issue_category_name(relevance->category));
	buffer_release(&counts);
}

static void relevant_done(void *context)
{
	struct importance_job *job = context;
	struct session *session = job->session;
	session->importance.jobs--;
	session->dirty = true;
	if (job->result != 0)
		session_say(session, true, "what speaks of it is not known: %s", error_name((enum error_code)job->result));
	else if (job->backs == session->importance.backs && !session->quitting)
		show(session, job);
	if (job->result == 0)
		relevance_release(&job->relevance);
	free_job(job);
}

void session_importance_relevant(struct session *session, struct slice issue)
{
	struct importance_job *job = make_job(session);
	if (job == NULL)
		return;
	slice_copy(issue, job->issue, sizeof job->issue);
	submit(job, relevant_work, relevant_done);
}
