/*
 * Everything that reads a source's bytes for the screen, as jobs in workers: the loop never waits for a disk. Each job
 * has a reader of its own, so that one that hangs in a dead mount holds up nothing but what it was asked for; how many
 * may be out is bounded, and what does not fit waits.
 */
#include "app/session.h"

#include <stdlib.h>

#define MOST_READS 8 /* out at one time */

struct read_job {
	struct session *session;
	struct rows *rows; /* which cache it is for; NULL: a look */
	struct rows_job *texts;
	struct look *look;
};

static void run(void *context)
{
	struct read_job *job = context;
	struct incident *incident = &job->session->incident;
	struct store_reader *reader = intake_reader_create(incident->intake);
	if (reader == NULL)
		return; /* nothing was looked at: it is asked for again */
	if (job->look != NULL)
		look_run(job->look, reader);
	else
		rows_job_run(job->texts, incident->store, reader);
	intake_reader_destroy(reader);
}

/* What the eye waits for is painted at once. */
static void finish(void *context)
{
	struct read_job *job = context;
	struct session *session = job->session;
	bool awaited;
	session->reads--;
	if (job->look != NULL) {
		awaited = console_finish_look(session->console, job->look);
	} else {
		awaited = rows_job_finish(job->rows, job->texts);
		/* While a log pours in, the newest rows would be others already, and none ever had its text. */
		if (awaited)
			session->hold = session->shown.records <= session->horizon.records;
	}
	session->dirty = session->dirty || job->look != NULL || awaited;
	session->key_pressed = session->key_pressed || awaited;
	free(job);
}

static bool submit(struct session *session, struct read_job wanted)
{
	struct read_job *job = malloc(sizeof *job);
	if (job != NULL)
		*job = wanted;
	if (job != NULL && loop_work(session->loop, run, finish, job) == 0) {
		session->reads++;
		return true;
	}
	free(job);
	if (wanted.look != NULL)
		console_finish_look(session->console, wanted.look);
	else
		rows_job_finish(wanted.rows, wanted.texts);
	return false;
}

static bool read_rows(struct session *session, struct rows *rows)
{
	struct rows_job *texts =
		session->reads < MOST_READS ? rows_take_wanted(rows, session->incident.store) : NULL;
	return texts != NULL && submit(session, (struct read_job){ .session = session, .rows = rows, .texts = texts });
}

static bool read_look(struct session *session)
{
	struct look *look = session->reads < MOST_READS ? console_take_look(session->console) : NULL;
	return look != NULL && submit(session, (struct read_job){ .session = session, .look = look });
}

void session_read(struct session *session)
{
	if (session->quitting)
		return;
	while (read_rows(session, session->whole) || read_rows(session, session->rows))
		continue;
	while (read_look(session))
		continue;
}
