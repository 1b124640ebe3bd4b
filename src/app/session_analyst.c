/*
 * Analyses and questions run in one queue of workers, one job at a time, so that evidence is minted in one order. An
 * analysis is stepped by one job a step; between them it belongs to the loop, which copies what was said. What stands
 * on the screen is always a copy.
 */
#include "app/session.h"

#include <stdlib.h>
#include <string.h>

/* A new analysis in a replay or a live log begins no sooner than this after the last, so that the pane can be read. */
#define ANALYSIS_PAUSE (2 * TIMESTAMP_SECOND)
/* What was said of a log goes stale when nothing was found but the log has grown by a quarter and this many records. */
#define ANALYSIS_GROWTH 500
#define QUEUE_MAXIMUM 64
#define QUESTION_MAXIMUM 4096

int session_analyst_open(struct session *session, struct error *error)
{
	struct session_analyst *analyst = &session->analyst;
	transcript_init(&analyst->reasoning);
	transcript_init(&analyst->chat);
	transcript_init(&analyst->all);
	analyst->queue = loop_queue_create(session->loop, QUEUE_MAXIMUM);
	analyst->reader = intake_reader_create(session->incident.intake);
	analyst->book = evidence_book_create();
	analyst->conversation = conversation_create();
	if (analyst->queue == NULL || analyst->reader == NULL || analyst->book == NULL || analyst->conversation == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory");
	return session_model_open(session, error);
}

static int append(struct transcript *to, const struct transcript *from, size_t start)
{
	int result = 0;
	for (size_t i = start; i < transcript_count(from) && result == 0; i++) {
		const struct entry *entry = transcript_at(from, i);
		char label[64];
		slice_copy(entry->label, label, sizeof label);
		result = transcript_add(to, entry->kind, label, entry->text, entry->horizon);
	}
	return result;
}

void session_analyst_compose(struct session *session)
{
	struct session_analyst *analyst = &session->analyst;
	transcript_clear(&analyst->all);
	append(&analyst->all, &analyst->reasoning, 0);
	append(&analyst->all, &analyst->chat, 0);
	if (session->model.running != NULL)
		append(&analyst->all, investigation_transcript(session->model.running), 0);
	session->dirty = true;
}

static struct analysis_input input_of(struct session *session)
{
	return (struct analysis_input){
		.store = session->incident.store,
		.reader = session->analyst.reader,
		.horizon = session->horizon,
		.detect = session->incident.detect,
		.roster = session->incident.roster,
		.context = session->incident.context,
		.zone = &session->incident.zone,
		.issue = settings_text(&session->invocation->settings, SETTING_ISSUE),
		.fatal_count = session->incident.limits.fatal_count,
		.book = session->analyst.book,
	};
}

/* --- analyses --- */

struct step_job {
	struct session *session;
	struct analysis *analysis;
	bool more;
	int64_t took;
};

static void step_work(void *context)
{
	struct step_job *job = context;
	int64_t begin = session_now(job->session);
	job->more = analysis_step(job->analysis);
	job->took = session_now(job->session) - begin;
}

static void drop(struct session *session)
{
	analysis_destroy(session->analyst.running);
	session->analyst.running = NULL;
	session->analyst.cancelled = false;
}

static void step_done(void *context);

/* An analysis whose next step finds no room behind many questions must not stand there as running for ever. */
static void submit_step(struct session *session)
{
	struct step_job *job = calloc(1, sizeof *job);
	int result = ERROR_MEMORY;
	if (job != NULL) {
		*job = (struct step_job){ .session = session, .analysis = session->analyst.running };
		result = loop_queue_submit(session->analyst.queue, step_work, step_done, job);
	}
	if (result == 0) {
		session->analyst.jobs++;
		return;
	}
	free(job);
	drop(session);
	session->analyst.state = ANALYST_CANCELLED;
	session_say(
		session, true, "the analysis was given up: %s; r analyses again", error_name((enum error_code)result));
}

static void propose(struct session *session, struct analysis *analysis)
{
	struct error error = { 0 };
	for (size_t i = 0; session->desk.desk != NULL && i < analysis_proposal_count(analysis); i++)
		if (desk_propose(session->desk.desk, analysis_proposal(analysis, i), session_wall(session), NULL,
			    &error) != 0)
			session_say(session, true, "a proposed ticket is not kept: %s", error.text);
}

/* Questions that are out go on reading what was shown when they were asked. That is one analysis at most: the next
 * begins when no job is out, and the horizon does not go back before they are answered. */
static void show(struct session *session, struct analysis *analysis)
{
	struct session_analyst *analyst = &session->analyst;
	if (session_model_uses(session, analyst->shown))
		session->model.held = analyst->shown;
	else if (analyst->questions > 0)
		analyst->asked = analyst->shown;
	else
		analysis_destroy(analyst->shown);
	analyst->shown = analysis;
	session->moved = true;
}

static void finish(struct session *session)
{
	struct session_analyst *analyst = &session->analyst;
	show(session, analyst->running);
	analyst->running = NULL;
	analyst->state = ANALYST_DONE;
	propose(session, analyst->shown);
	session->dirty = true;
}

static unsigned steps_of(const struct transcript *transcript)
{
	unsigned steps = 0;
	for (size_t i = 0; i < transcript_count(transcript); i++)
		steps += transcript_at(transcript, i)->kind == ENTRY_STEP;
	return steps;
}

static void step_done(void *context)
{
	struct step_job *job = context;
	struct session *session = job->session;
	struct session_analyst *analyst = &session->analyst;
	bool more = job->more;
	analyst->jobs--;
	analyst->took += job->took;
	free(job);
	if (analyst->cancelled || session->quitting) {
		drop(session);
		return;
	}
	append(&analyst->reasoning, analysis_transcript(analyst->running), transcript_count(&analyst->reasoning));
	analyst->steps = steps_of(&analyst->reasoning);
	session_analyst_compose(session);
	if (more)
		submit_step(session);
	else
		finish(session);
}

static void begin(struct session *session)
{
	struct session_analyst *analyst = &session->analyst;
	struct analysis_input input = input_of(session);
	analyst->zone = session->incident.zone;
	input.zone = &analyst->zone;
	if (analyst->scope.from < analyst->scope.to)
		input.scope = &analyst->scope;
	analyst->wanted = false;
	analyst->running = analysis_create(&input);
	if (analyst->running == NULL) {
		session_say(session, true, "no analysis: out of memory");
		return;
	}
	analyst->findings = detect_count(session->incident.detect);
	analyst->records = session->horizon.records;
	analyst->started = session_now(session);
	analyst->steps = 0;
	analyst->took = 0;
	analyst->state = ANALYST_WORKING;
	transcript_clear(&analyst->reasoning);
	submit_step(session);
}

static bool is_due(const struct session *session)
{
	const struct session_analyst *analyst = &session->analyst;
	if (analyst->jobs > 0 || analyst->running != NULL || session->more || session->horizon.records == 0)
		return false;
	if (analyst->wanted)
		return true;
	bool news = detect_count(session->incident.detect) != analyst->findings ||
		session->horizon.records > analyst->records + analyst->records / 4 + ANALYSIS_GROWTH;
	return session->index.caught_up && news && analyst->state != ANALYST_CANCELLED &&
		(session->scripted || session_now(session) - analyst->started >= ANALYSIS_PAUSE);
}

void session_analyst_turn(struct session *session)
{
	if (session->analyst.jobs == 0) {
		roster_destroy(session->analyst.retired);
		session->analyst.retired = NULL;
		analysis_destroy(session->analyst.asked);
		session->analyst.asked = NULL;
	}
	session_model_turn(session);
	if (is_due(session))
		begin(session);
}

void session_analyst_cancel(struct session *session)
{
	struct session_analyst *analyst = &session->analyst;
	if (session_model_cancel(session) || analyst->running == NULL)
		return;
	analyst->cancelled = true;
	analyst->state = ANALYST_CANCELLED;
	transcript_add(&analyst->reasoning, ENTRY_NOTICE, NULL, slice_of("cancelled; r analyses again"),
		session->horizon.time);
	session_analyst_compose(session);
}

/* What was said with knowledge of a later time must not be read at an earlier one. */
void session_analyst_forget(struct session *session)
{
	struct session_analyst *analyst = &session->analyst;
	struct transcript kept;
	session_model_cancel(session);
	if (analyst->running != NULL)
		analyst->cancelled = true;
	transcript_init(&kept);
	for (size_t i = 0; i < transcript_count(&analyst->chat); i++) {
		const struct entry *entry = transcript_at(&analyst->chat, i);
		char label[64];
		slice_copy(entry->label, label, sizeof label);
		if (entry->horizon <= session->horizon.time)
			transcript_add(&kept, entry->kind, label, entry->text, entry->horizon);
	}
	transcript_release(&analyst->chat);
	analyst->chat = kept;
	transcript_clear(&analyst->reasoning);
	if (analyst->questions == 0)
		conversation_forget(analyst->conversation);
	show(session, NULL);
	analyst->state = ANALYST_IDLE;
	analyst->findings = 0;
	analyst->wanted = true;
	session_analyst_compose(session);
}

/* --- questions --- */

struct question_job {
	struct session *session;
	struct analysis_input input;
	struct analysis *analysis; /* the last one finished: stays while questions are out */
	char *issue;               /* a copy: the setting may change meanwhile */
	struct zone zone;
	struct window scope;
	struct transcript answer;
	struct buffer filter;
	int result;
	char question[QUESTION_MAXIMUM];
};

static void question_work(void *context)
{
	struct question_job *job = context;
	job->result = conversation_ask(job->session->analyst.conversation, &job->input, job->analysis,
		slice_of(job->question), &job->answer, job->session->analyst.book, &job->filter);
}

static void question_free(struct question_job *job)
{
	transcript_release(&job->answer);
	buffer_release(&job->filter);
	free(job->issue);
	free(job);
}

static void question_done(void *context)
{
	struct question_job *job = context;
	struct session *session = job->session;
	session->analyst.jobs--;
	session->analyst.questions--;
	if (job->result != 0)
		session_say(session, true, "the question could not be worked on: %s",
			error_name((enum error_code)job->result));
	else if (job->input.horizon.records <= session->horizon.records)
		append(&session->analyst.chat, &job->answer, 0);
	session_analyst_compose(session);
	question_free(job);
}

void session_analyst_ask(struct session *session, struct slice question, struct window window)
{
	if (!session_model_command(session, question) && !session_model_ask(session, question, window))
		session_analyst_builtin(session, question, window);
}

void session_analyst_builtin(struct session *session, struct slice question, struct window window)
{
	struct question_job *job = calloc(1, sizeof *job);
	if (job == NULL)
		return;
	job->session = session;
	job->input = input_of(session);
	job->zone = session->incident.zone;
	job->input.zone = &job->zone;
	job->scope = window;
	if (window.from < window.to)
		job->input.scope = &job->scope;
	if (job->input.issue != NULL)
		job->input.issue = job->issue = strdup(job->input.issue);
	job->analysis = session->analyst.shown;
	transcript_init(&job->answer);
	buffer_init(&job->filter, 4096);
	slice_copy(question, job->question, sizeof job->question);
	session->analyst.jobs++;
	session->analyst.questions++;
	if (loop_queue_submit(session->analyst.queue, question_work, question_done, job) == 0)
		return;
	session->analyst.jobs--;
	session->analyst.questions--;
	question_free(job);
	session_say(session, true, "too many questions are waiting");
}

void session_analyst_release(struct session *session)
{
	struct session_analyst *analyst = &session->analyst;
	session_model_release(session);
	analysis_destroy(analyst->running);
	analysis_destroy(analyst->shown);
	analysis_destroy(analyst->asked);
	if (analyst->queue != NULL)
		loop_queue_destroy(analyst->queue);
	roster_destroy(analyst->retired);
	conversation_destroy(analyst->conversation);
	evidence_book_destroy(analyst->book);
	intake_reader_destroy(analyst->reader);
	transcript_release(&analyst->reasoning);
	transcript_release(&analyst->chat);
	transcript_release(&analyst->all);
}
