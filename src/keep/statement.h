/*
 * Prepared statements, kept by their text for as long as their connection is open.
 */
#ifndef TOCSIN_SRC_KEEP_STATEMENT_H
#define TOCSIN_SRC_KEEP_STATEMENT_H

#include "tocsin/keep/database.h"

#include <sqlite3.h>

#define STATEMENT_MAXIMUM 128 /* distinct texts; they are constants of the program, so their number is known */

struct statement {
	struct database *database;
	sqlite3_stmt *handle;
	const char *sql; /* the caller's constant */
	int failed;      /* the first SQLite code of a bind that was refused: told at the next step */
};

/* Ends whatever is half read, so that a transaction can be closed. */
void statement_reset_all(struct database *database);
void statement_release_all(struct database *database);

#endif
