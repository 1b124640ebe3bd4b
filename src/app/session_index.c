#include "app/session.h"

#include "tocsin/io/gentle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reading and opening are jobs, one after another; publishing happens on the loop between two of them. So the store has
 * one writer at a time. */
struct read_job {
	struct session *session;
	struct batch *batch;
};

static const char *state_name(const struct intake_status *status, bool caught_up)
{
	switch (status->state) {
	case INTAKE_READING:
		return caught_up ? "following" : "reading";
	case INTAKE_ENDED:
		return "following";
	case INTAKE_GONE:
		return status->read == 0 ? "waiting" : "gone"; /* a file may appear later */
	case INTAKE_FAILED:
		break;
	}
	return "failed";
}

/* What is no log stands behind the logs. */
static void note_context(struct session *session)
{
	const struct vector *files = &session->incident.context->files;

	for (size_t i = 0; i < files->count; i++) {
		const struct context_file *file = vector_at(files, i);
		struct snapshot_source *source = vector_push(&session->index.sources);

		if (source == NULL)
			return;
		slice_copy(file->name, source->name, sizeof source->name);
		snprintf(source->state, sizeof source->state, "%s", file->failed ? "failed" : "read");
		snprintf(source->format, sizeof source->format, "%s", context_kind_name(file->kind));
		snprintf(source->notice, sizeof source->notice, "%s", file->notice);
		source->beside = true;
		source->ledger.records = file->rows;
		source->ledger.unparsed = file->bad;
	}
}

/* Only between jobs: the intake belongs to the job while one is out. */
static void note_sources(struct session *session)
{
	struct session_index *index = &session->index;
	const void *before = index->sources.items;
	vector_clear(&index->sources);
	index->size = index->read = 0;
	for (size_t i = 0; i < intake_source_count(session->incident.intake); i++) {
		struct intake_status status;
		intake_status(session->incident.intake, i, &status);
		if (status.state == INTAKE_FAILED && i >= index->named)
			continue; /* what :open refused was said when it was refused */
		if (status.claimed)
			continue;
		struct snapshot_source *source = vector_push(&index->sources);
		if (source == NULL)
			break;
		if (status.state == INTAKE_FAILED || status.incomplete)
			session->incident.source_failed = true;
		slice_copy(status.name, source->name, sizeof source->name);
		snprintf(source->state, sizeof source->state, "%s", state_name(&status, index->caught_up));
		snprintf(source->format, sizeof source->format, "%s", status.format);
		snprintf(source->notice, sizeof source->notice, "%s", status.notice);
		source->read = status.read;
		source->size = status.size;
		if (status.code >= 0) /* a folder has no records of its own: its files are sources */
			source->ledger = store_ledger(session->incident.store, (uint16_t)status.code);
		source->is_folder = status.code < 0 && status.state != INTAKE_FAILED;
		index->size += status.size;
		index->read += status.read;
	}
	note_context(session);
	session->moved = session->moved || index->sources.items != before;
	session_watch_sources(session);
}

static void read_work(void *context)
{
	struct read_job *job = context;
	if (!job->session->fast)
		gentle_begin();
	job->batch = intake_read(job->session->incident.intake);
	gentle_end();
}

static void read_done(void *context)
{
	struct read_job *job = context;
	struct session *session = job->session;
	session->index.reading = false;
	bool got = job->batch != NULL;
	if (got) {
		int result = intake_publish(session->incident.intake, job->batch);
		if (result != 0)
			session_say(
				session, true, "some records are not kept: %s", error_name((enum error_code)result));
		session->dirty = true;
	} else if (!session->index.caught_up) {
		session->index.caught_up = true;
		intake_merge_templates(session->incident.intake);
		session->painted_records = store_count(session->incident.store); /* no flood: the log as it was */
		session->analyst.wanted = !session->replay.active; /* a clock that has just begun shows nothing yet */
		session->dirty = true;
	}
	note_sources(session);
	if (session->index.caught_up && !session->quitting)
		session_context_look(session);
	free(job);
	bool again = got || session->index.again;
	session->index.again = false;
	if (again)
		session_index_read(session);
}

void session_index_read(struct session *session)
{
	struct read_job *job;
	if (session->index.reading || session->quitting || (job = calloc(1, sizeof *job)) == NULL)
		return;
	job->session = session;
	session->index.reading = true;
	if (loop_queue_submit(session->index.queue, read_work, read_done, job) != 0) {
		session->index.reading = false;
		free(job);
	}
}

/* Opening and closing wait for their turn behind a read that is out. */
struct source_job {
	struct session *session;
	bool close;
	int result;
	struct error error;
	char name[4096];
};

static void source_work(void *context)
{
	struct source_job *job = context;
	struct intake *intake = job->session->incident.intake;
	job->result = job->close ? intake_close(intake, slice_of(job->name))
				 : intake_open(intake, slice_of(job->name), &job->error);
}

/* Is everything that was read of the sources there to be read again? Not what came by standard input, nor what a
 * rotated or truncated file held before. */
static bool can_read_again(const struct session *session)
{
	for (size_t i = 0; i < session->index.sources.count; i++) {
		const struct snapshot_source *source = vector_at(&session->index.sources, i);
		if (strcmp(source->name, "-") == 0 || source->ledger.bytes > source->size)
			return false;
	}
	return true;
}

/* Records of a source opened later lie between those that are there: everything is read anew, merged by time; where
 * that would lose something, the new source stands behind. */
static void merge_opened(struct session *session, const char *name)
{
	if (!can_read_again(session)) {
		session_say(session, false, "opened %s; it stands behind what cannot be read again", name);
		session->index.caught_up = false;
		return;
	}
	snprintf(session->opened, sizeof session->opened, "%s", name);
	session->reopening = true;
	loop_stop(session->loop);
}

static bool is_waiting(const struct session *session)
{
	const struct session_index *index = &session->index;
	const struct snapshot_source *last =
		index->sources.count == 0 ? NULL : vector_at(&index->sources, index->sources.count - 1);
	return last != NULL && strcmp(last->state, "waiting") == 0;
}

static void source_done(void *context)
{
	struct source_job *job = context;
	struct session *session = job->session;
	note_sources(session);
	if (job->result != 0)
		session_say(session, true, "%s",
			job->error.text[0] != '\0' ? job->error.text : "there is no such source; :sources lists them");
	else if (job->close)
		session_say(session, false, "closed %s", job->name);
	else if (is_waiting(session))
		session_say(session, false, "there is no %s yet: it is waited for", job->name);
	else
		merge_opened(session, job->name);
	session->dirty = true;
	free(job);
	session_index_read(session);
}

static int submit_source(struct session *session, struct slice name, bool close, struct error *error)
{
	struct source_job *job = calloc(1, sizeof *job);
	if (job == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory");
	job->session = session;
	job->close = close;
	slice_copy(name, job->name, sizeof job->name);
	int result = loop_queue_submit(session->index.queue, source_work, source_done, job);
	if (result != 0) {
		free(job);
		error_set(error, result, "too much is waiting to be opened");
	}
	return result;
}

int session_index_open(struct session *session, struct slice name, struct error *error)
{
	return submit_source(session, name, false, error);
}

int session_index_close(struct session *session, struct slice name, struct error *error)
{
	return submit_source(session, name, true, error);
}

void session_index_release(struct session *session)
{
	session_watch_release(session);
	loop_timer_stop(session->index.timer);
	session->index.timer = NULL;
	vector_release(&session->index.sources);
}
