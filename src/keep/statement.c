/*
 * Prepared statements. A connection prepares each text once and finds it again by comparing; a bind that fails
 * is remembered and told by the next step, so that a caller checks in one place.
 */
#include "keep/statement.h"

#include "keep/handle.h"

#include <string.h>

struct statement *database_prepare(struct database *database, const char *sql, struct error *error)
{
	struct statement *statement;
	int code;
	size_t i;

	for (i = 0; i < database->statement_count; i++) {
		statement = &database->statements[i];
		if (statement->sql == sql || strcmp(statement->sql, sql) == 0) {
			statement_reset(statement);
			return statement;
		}
	}
	if (database->statement_count == STATEMENT_MAXIMUM) {
		error_set(error, ERROR_FULL, "%s: more than %d different statements", database->path,
			  STATEMENT_MAXIMUM);
		return NULL;
	}
	statement = &database->statements[database->statement_count];
	*statement = (struct statement){ .database = database, .sql = sql };
	code = sqlite3_prepare_v3(database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->handle, NULL);
	if (code != SQLITE_OK) {
		handle_fail(database, code, error);
		return NULL;
	}
	database->statement_count++;
	return statement;
}

static void remember(struct statement *statement, int code)
{
	if (code != SQLITE_OK && statement->failed == 0)
		statement->failed = code;
}

void statement_bind_i64(struct statement *statement, int index, int64_t value)
{
	remember(statement, sqlite3_bind_int64(statement->handle, index, value));
}

void statement_bind_text(struct statement *statement, int index, struct slice text)
{
	/* SQLite takes a NULL pointer for the value NULL; an empty text is not that. */
	remember(statement, sqlite3_bind_text64(statement->handle, index, text.size == 0 ? "" : text.data, text.size,
						SQLITE_TRANSIENT, SQLITE_UTF8));
}

void statement_bind_null(struct statement *statement, int index)
{
	remember(statement, sqlite3_bind_null(statement->handle, index));
}

int statement_step(struct statement *statement, struct error *error)
{
	int code = statement->failed != 0 ? statement->failed : sqlite3_step(statement->handle);
	int result;

	if (code == SQLITE_ROW)
		return 1;
	result = code == SQLITE_DONE ? 0 : handle_fail(statement->database, code, error);
	/* A finished statement would start anew at the next step, and holds its locks until then. */
	sqlite3_reset(statement->handle);
	return result;
}

int64_t statement_i64(const struct statement *statement, int column)
{
	return sqlite3_column_int64(statement->handle, column);
}

struct slice statement_text(const struct statement *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement->handle, column);
	int size = sqlite3_column_bytes(statement->handle, column);

	return (struct slice){ .data = (const char *)text, .size = text == NULL ? 0 : (size_t)size };
}

bool statement_is_null(const struct statement *statement, int column)
{
	return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}

void statement_reset(struct statement *statement)
{
	sqlite3_reset(statement->handle);
	sqlite3_clear_bindings(statement->handle);
	statement->failed = 0;
}

void statement_reset_all(struct database *database)
{
	size_t i;

	for (i = 0; i < database->statement_count; i++)
		statement_reset(&database->statements[i]);
}

void statement_release_all(struct database *database)
{
	size_t i;

	for (i = 0; i < database->statement_count; i++)
		sqlite3_finalize(database->statements[i].handle);
	database->statement_count = 0;
}
