/*
 * What is known beside the log, read by a worker in turn with the sources, among which some of it lies. What it
 * replaces is kept until the end: analyses and detectors may still hold it.
 */
#include "app/session.h"

#include <stdlib.h>

struct context_job {
	struct session *session;
	struct context_wishes wishes;
	struct context *fresh;
	size_t claimed;
	int result;
};

static void gather_work(void *context)
{
	struct context_job *job = context;
	const struct intake *intake = job->session->incident.intake;

	job->fresh = context_create();
	job->result = job->fresh == NULL ? ERROR_MEMORY : context_gather(&job->wishes, intake, job->fresh);
	job->claimed = context_claimed(intake);
}

static void say_failures(struct session *session, const struct context *context)
{
	for (size_t i = 0; i < context->files.count; i++) {
		const struct context_file *file = vector_at(&context->files, i);

		if (file->failed)
			session_say(session, true, "%.*s: %s", (int)slice_first(file->name, 200).size, file->name.data,
				file->notice);
	}
}

static void gather_done(void *context)
{
	struct context_job *job = context;
	struct session *session = job->session;
	struct context **older = job->result == 0 ? vector_push(&session->context.retired) : NULL;

	session->context.reading = false;
	session->context.claimed = job->claimed;
	if (older == NULL) {
		session_say(session, true, "metrics, traces and changes are not read: %s",
			error_name(job->result != 0 ? (enum error_code)job->result : ERROR_FULL));
		context_destroy(job->fresh);
	} else {
		*older = session->incident.context;
		session->incident.context = job->fresh;
		session->analyst.wanted = session->analyst.wanted || !context_is_empty(job->fresh);
		session->context.is_fresh = true;
		session->dirty = session->moved = true;
		say_failures(session, job->fresh);
	}
	free(job);
}

void session_context_read(struct session *session)
{
	struct context_job *job = session->context.reading ? NULL : calloc(1, sizeof *job);

	if (job == NULL)
		return;
	job->session = session;
	context_wishes_from(&session->invocation->settings, &session->incident.zone, &job->wishes);
	session->context.reading = true;
	if (loop_queue_submit(session->index.queue, gather_work, gather_done, job) != 0) {
		session->context.reading = false;
		free(job);
	}
}

static bool is_wished(const struct session *session)
{
	const struct settings *settings = &session->invocation->settings;
	bool wished = false;

	for (int setting = SETTING_METRICS; setting <= SETTING_RUNBOOKS; setting++)
		wished = wished || settings_text(settings, (enum setting)setting) != NULL;
	return wished;
}

void session_context_look(struct session *session)
{
	struct session_context *context = &session->context;

	if (context->claimed == context_claimed(session->incident.intake) && (context->looked || !is_wished(session)))
		return;
	context->looked = true;
	session_context_read(session);
}

void session_context_open(struct session *session)
{
	session->context = (struct session_context){ 0 };
	vector_init(&session->context.retired, sizeof(struct context *), SESSION_CONTEXTS);
}

void session_context_release(struct session *session)
{
	for (size_t i = 0; i < session->context.retired.count; i++)
		context_destroy(*(struct context **)vector_at(&session->context.retired, i));
	vector_release(&session->context.retired);
}
