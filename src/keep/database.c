/*
 * The database as other rooms see it: open, submit a job, read at once.
 *
 * Jobs go through one queue, so the writing connection is only ever used by one thread at a time. What the loop
 * itself reads, it reads through a second connection, which in WAL mode waits for no writer.
 */
#include "tocsin/keep/database.h"

#include "keep/handle.h"
#include "keep/schema.h"

#include <stdlib.h>
#include <string.h>

#define DATABASE_JOBS 256 /* most jobs waiting */

struct job {
	struct database *database;
	database_run_fn run;
	database_done_fn done;
	void *context;
	int result;
	struct error error;
};

static int setup(struct database *database, struct error *error)
{
	int result = schema_check(database, error);

	/* The first write is made before WAL is switched on, so that whose file it is stands in its first page. */
	if (result == 0)
		result = schema_upgrade(database, error);
	if (result != 0)
		return result;
	sqlite3_db_config(database->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	/* A file that can only be read still has tickets to show. */
	if (sqlite3_db_readonly(database->handle, "main") == 0)
		result = handle_execute(database, "PRAGMA journal_mode = WAL", error);
	return result;
}

struct database *database_open(const char *path, struct loop *loop, struct error *error)
{
	bool memory = path != NULL && strcmp(path, ":memory:") == 0;
	struct database *database;

	if (path == NULL || path[0] == '\0') {
		error_set(error, ERROR_INPUT, "a database needs the name of a file");
		return NULL;
	}
	if (!memory && handle_prepare_file(path, error) != 0)
		return NULL;
	database = handle_open(path, false, error);
	if (database == NULL)
		return NULL;
	if (setup(database, error) != 0)
		goto failed;
	/* Nothing in memory can block, and it cannot be opened twice. */
	if (memory)
		loop = NULL;
	if (loop != NULL) {
		database->reader = handle_open(path, true, error);
		if (database->reader == NULL)
			goto failed;
	}
	database->queue = loop_queue_create(loop, DATABASE_JOBS);
	if (database->queue == NULL) {
		error_set(error, ERROR_MEMORY, "%s: out of memory", path);
		goto failed;
	}
	return database;
failed:
	database_close(database);
	return NULL;
}

void database_close(struct database *database)
{
	if (database == NULL)
		return;
	if (database->queue != NULL)
		loop_queue_destroy(database->queue);
	handle_close(database->reader);
	handle_close(database);
}

const char *database_path(const struct database *database)
{
	return database->path;
}

static void work(void *context)
{
	struct job *job = context;

	job->result = handle_transact(job->database, "BEGIN IMMEDIATE", job->run, job->context, &job->error);
}

static void finish(void *context)
{
	struct job job = *(struct job *)context;

	free(context);
	if (job.done != NULL)
		job.done(job.context, job.result, &job.error);
}

int database_submit(struct database *database, database_run_fn run, database_done_fn done, void *context)
{
	struct job *job = calloc(1, sizeof(*job));
	int result;

	if (job == NULL)
		return ERROR_MEMORY;
	*job = (struct job){ .database = database, .run = run, .done = done, .context = context };
	result = loop_queue_submit(database->queue, work, finish, job);
	if (result != 0)
		free(job);
	return result;
}

unsigned database_pending(const struct database *database)
{
	return loop_queue_pending(database->queue);
}

int database_read(struct database *database, database_run_fn run, void *context, struct error *error)
{
	struct database *reader = database->reader != NULL ? database->reader : database;

	return handle_transact(reader, "BEGIN", run, context, error);
}

int64_t database_last_id(const struct database *database)
{
	return sqlite3_last_insert_rowid(database->handle);
}
