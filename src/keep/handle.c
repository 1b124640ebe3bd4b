/*
 * One connection to the database file. Nothing is trusted about a file that is already there until schema_check
 * has spoken: opening one that is not ours must not change a byte of it.
 */
#include "keep/handle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int handle_fail(const struct database *database, int code, struct error *error)
{
	const char *path = database->path;
	int number = sqlite3_system_errno(database->handle);

	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return error_set(error, ERROR_MEMORY, "%s: out of memory", path);
	case SQLITE_FULL:
		return error_set(error, ERROR_SYSTEM, "%s cannot grow, the disk is full: nothing was changed", path);
	case SQLITE_READONLY:
		return error_set(error, ERROR_SYSTEM, "%s is read-only: nothing was changed", path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_set(error, ERROR_SYSTEM, "%s was locked by another program for %d s: nothing was changed",
				 path, HANDLE_BUSY_MS / 1000);
	case SQLITE_NOTADB:
		return error_set(error, ERROR_INPUT, "%s is not a database: it was left alone, name another file",
				 path);
	case SQLITE_CORRUPT:
		return error_set(error, ERROR_INPUT, "%s is damaged: move it away, or bring back a copy of it", path);
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return error_set(error, ERROR_SYSTEM, "%s cannot be %s: %s", path,
				 (code & 0xff) == SQLITE_CANTOPEN ? "opened" : "read or written",
				 number != 0 ? strerror(number) : sqlite3_errstr(code));
	default:
		return error_set(error, ERROR_SYSTEM, "%s: %s", path, sqlite3_errmsg(database->handle));
	}
}

/* Only its owner may look into a folder that tocsin makes: tickets quote logs. */
static int make_folders(const char *path, struct error *error)
{
	char *copy = strdup(path);
	int result = 0;
	char *slash;

	if (copy == NULL)
		return error_set(error, ERROR_MEMORY, "%s: out of memory", path);
	for (slash = strchr(copy + 1, '/'); slash != NULL && result == 0; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) != 0 && errno != EEXIST)
			result = error_set(error, ERROR_SYSTEM, "cannot make the folder %s: %s", copy, strerror(errno));
		*slash = '/';
	}
	free(copy);
	return result;
}

int handle_prepare_file(const char *path, struct error *error)
{
	int descriptor, result;

	if (access(path, F_OK) == 0)
		return 0;
	result = make_folders(path, error);
	if (result != 0)
		return result;
	/* SQLite would create it for all to read. Its -wal and -shm files get the same mode as the file. */
	descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (descriptor < 0 && errno != EEXIST)
		return error_set(error, ERROR_SYSTEM, "%s cannot be created: %s", path, strerror(errno));
	if (descriptor >= 0)
		close(descriptor);
	return 0;
}

struct database *handle_open(const char *path, bool reading, struct error *error)
{
	struct database *database = calloc(1, sizeof(*database));
	int code;

	if (database != NULL)
		database->path = strdup(path);
	if (database == NULL || database->path == NULL) {
		error_set(error, ERROR_MEMORY, "%s: out of memory", path);
		free(database);
		return NULL;
	}
	code = sqlite3_open_v2(path, &database->handle, SQLITE_OPEN_READWRITE, NULL);
	if (code != SQLITE_OK) {
		handle_fail(database, code, error);
		handle_close(database);
		return NULL;
	}
	sqlite3_busy_timeout(database->handle, HANDLE_BUSY_MS);
	sqlite3_db_config(database->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(database->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	/* A stranger's log of changes is not ours to fold in. */
	sqlite3_db_config(database->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (handle_execute(database, reading ? "PRAGMA query_only = ON" :
			   "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL", error) != 0) {
		handle_close(database);
		return NULL;
	}
	return database;
}

void handle_close(struct database *database)
{
	if (database == NULL)
		return;
	statement_release_all(database);
	sqlite3_close(database->handle);
	free(database->path);
	free(database);
}

int handle_execute(struct database *database, const char *sql, struct error *error)
{
	int code = sqlite3_exec(database->handle, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : handle_fail(database, code, error);
}

int handle_number(struct database *database, const char *sql, int64_t *value, struct error *error)
{
	sqlite3_stmt *query = NULL;
	int code = sqlite3_prepare_v2(database->handle, sql, -1, &query, NULL);
	int result = 0;

	if (code == SQLITE_OK)
		code = sqlite3_step(query);
	if (code == SQLITE_ROW)
		*value = sqlite3_column_int64(query, 0);
	else
		result = handle_fail(database, code, error);
	sqlite3_finalize(query);
	return result;
}

int handle_transact(struct database *database, const char *begin, database_run_fn run, void *context,
		    struct error *error)
{
	int result = handle_execute(database, begin, error);

	if (result != 0)
		return result;
	result = run(database, context, error);
	statement_reset_all(database);
	if (result == 0)
		result = handle_execute(database, "COMMIT", error);
	/* Some failures have rolled back by themselves. */
	if (result != 0 && sqlite3_get_autocommit(database->handle) == 0)
		handle_execute(database, "ROLLBACK", NULL);
	return result;
}
