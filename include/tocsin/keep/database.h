/*
 * The database: schema, migrations, and jobs that run in its own queue so that an fsync never blocks the loop.
 *
 * A job's `run` gets the open database in a worker (or at once when there is no loop); `done` comes back on the loop
 * with its result. What `done` reports as 0 is on disk (WAL, synchronous=FULL). A full or read-only disk comes back as
 * ERROR_SYSTEM with a sentence. SQLite is known only here: other rooms speak through the statements below.
 */
#ifndef TOCSIN_KEEP_DATABASE_H
#define TOCSIN_KEEP_DATABASE_H

#include "tocsin/base/error.h"
#include "tocsin/base/slice.h"
#include "tocsin/io/loop.h"

struct database;

/* Opens or creates the file (0600; its folder 0700) and brings the schema up to date. A file of a newer tocsin, or one
   that is no database, is refused with a sentence and left as it was. `path` may be ":memory:". `loop` NULL, or in
   memory: jobs run in the caller. A file that may only be read is opened, and refuses every job. */
struct database *database_open(const char *path, struct loop *loop, struct error *error);
void database_close(struct database *database); /* waits for nothing: only when no job is pending */
const char *database_path(const struct database *database);

typedef int (*database_run_fn)(struct database *database, void *context, struct error *error);
typedef void (*database_done_fn)(void *context, int result, const struct error *error);
/* Runs in one transaction: committed when `run` returns 0, else rolled back. `context` belongs to the job until `done`
   (may be NULL). ERROR_FULL when too many wait; then there is no `done`. */
int database_submit(struct database *database, database_run_fn run, database_done_fn done, void *context);
unsigned database_pending(const struct database *database);
/* Runs at once, in the caller, as one consistent look; `run` may only read. With a loop it has a connection of its own,
   so it waits for no job; never call it inside `run`. */
int database_read(struct database *database, database_run_fn run, void *context, struct error *error);

/* --- statements, for use inside `run` ---- */
struct statement; /* cached by its SQL text; never freed by the caller */

/* Prepares `sql` (a constant string), ready to bind. NULL with a sentence on failure. */
struct statement *database_prepare(struct database *database, const char *sql, struct error *error);
void statement_bind_i64(struct statement *statement, int index, int64_t value);      /* index from 1 */
void statement_bind_text(struct statement *statement, int index, struct slice text); /* copied */
void statement_bind_null(struct statement *statement, int index);
/* 1: a row is there; 0: done; negative: failed, with a sentence. */
int statement_step(struct statement *statement, struct error *error);
int64_t statement_i64(const struct statement *statement, int column); /* column from 0; NULL gives 0 */
struct slice statement_text(
	const struct statement *statement, int column); /* borrowed until the next step; NULL gives empty */
bool statement_is_null(const struct statement *statement, int column);
void statement_reset(struct statement *statement);
int64_t database_last_id(const struct database *database); /* rowid of the last insert */

#endif
