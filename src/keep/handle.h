/*
 * One connection to the database file: opening it safely, its transactions, and what its failures are called.
 */
#ifndef TOCSIN_SRC_KEEP_HANDLE_H
#define TOCSIN_SRC_KEEP_HANDLE_H

#include "keep/statement.h"
#include "tocsin/keep/database.h"

#include <sqlite3.h>

#define HANDLE_BUSY_MS 5000 /* how long a writer waits for another tocsin on the same file */

struct database {
	sqlite3 *handle;
	char *path;
	struct loop_queue *queue;  /* NULL for a reader */
	struct database *reader;   /* a connection for the loop's own reading; NULL when jobs run in the caller */
	struct statement statements[STATEMENT_MAXIMUM];
	size_t statement_count;
};

/* A connection with its limits set and nothing else done. NULL with a sentence. */
struct database *handle_open(const char *path, bool reading, struct error *error);
void handle_close(struct database *database); /* NULL is fine */

/* Creates what is missing of the folder (0700) and the file (0600). */
int handle_prepare_file(const char *path, struct error *error);

/* Runs SQL without results. */
int handle_execute(struct database *database, const char *sql, struct error *error);
/* The first value of a query as a number. */
int handle_number(struct database *database, const char *sql, int64_t *value, struct error *error);

/* Runs `run` between `begin` and a commit; rolls back on any failure. */
int handle_transact(struct database *database, const char *begin, database_run_fn run, void *context,
		    struct error *error);

/* The sentence for an SQLite result code. */
int handle_fail(const struct database *database, int code, struct error *error);

#endif
