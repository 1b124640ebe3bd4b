/*
 * The schema as a list of steps: step n takes a database from user_version n-1 to n. A step that was ever
 * released is never changed; a new shape is a new step at the end.
 *
 * Times are nanoseconds since 1970 (UTC), states are words, so that the file can be read without tocsin.
 */
#include "keep/schema.h"

#include <stdio.h>

static const char *const steps[] = {
	/* 1: tickets. The journal is only ever appended to: its last id is also what a desk has seen.
	   `ticket_before` holds the fields a person decides as they were before a change; `undoes` names the
	   change that an undo took back. */
	"CREATE TABLE tickets ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" state TEXT NOT NULL CHECK (state IN"
	"  ('proposed', 'approved', 'assigned', 'acknowledged', 'resolved', 'rejected')),"
	" title TEXT NOT NULL,"
	" severity TEXT NOT NULL,"
	" service TEXT NOT NULL,"
	" template TEXT NOT NULL,"
	" fingerprint TEXT NOT NULL,"
	" source TEXT NOT NULL,"
	" count INTEGER NOT NULL,"
	" first INTEGER NOT NULL,"
	" last INTEGER NOT NULL,"
	" ready INTEGER NOT NULL,"
	" cause TEXT NOT NULL,"
	" steps TEXT NOT NULL,"
	" evidence TEXT NOT NULL,"
	" assignee TEXT NOT NULL,"
	" assignee_reason TEXT NOT NULL,"
	" reason TEXT NOT NULL,"
	" approved INTEGER NOT NULL,"
	" created INTEGER NOT NULL,"
	" changed INTEGER NOT NULL) STRICT;"
	"CREATE INDEX tickets_fingerprint ON tickets (fingerprint);"
	"CREATE TABLE ticket_journal ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" ticket INTEGER NOT NULL REFERENCES tickets (id),"
	" time INTEGER NOT NULL,"
	" session INTEGER NOT NULL,"
	" actor TEXT NOT NULL,"
	" action TEXT NOT NULL,"
	" detail TEXT NOT NULL,"
	" undoes INTEGER REFERENCES ticket_journal (id)) STRICT;"
	"CREATE INDEX ticket_journal_ticket ON ticket_journal (ticket, id);"
	"CREATE INDEX ticket_journal_undoes ON ticket_journal (undoes) WHERE undoes IS NOT NULL;"
	"CREATE TABLE ticket_before ("
	" journal INTEGER PRIMARY KEY REFERENCES ticket_journal (id),"
	" state TEXT NOT NULL,"
	" title TEXT NOT NULL,"
	" severity TEXT NOT NULL,"
	" cause TEXT NOT NULL,"
	" steps TEXT NOT NULL,"
	" assignee TEXT NOT NULL,"
	" assignee_reason TEXT NOT NULL,"
	" reason TEXT NOT NULL,"
	" approved INTEGER NOT NULL) STRICT;"
	"CREATE TABLE settings ("
	" key TEXT PRIMARY KEY,"
	" value TEXT NOT NULL) STRICT, WITHOUT ROWID;",
};

int schema_version(void)
{
	return (int)(sizeof(steps) / sizeof(steps[0]));
}

static int check(struct database *database, void *context, struct error *error)
{
	int64_t application, version, objects;
	int result = handle_number(database, "PRAGMA application_id", &application, error);

	(void)context;
	if (result == 0)
		result = handle_number(database, "PRAGMA user_version", &version, error);
	if (result == 0)
		result = handle_number(database, "SELECT count(*) FROM sqlite_schema", &objects, error);
	if (result != 0)
		return result;
	/* An empty file is one that is still to become ours. */
	if (application != SCHEMA_APPLICATION_ID && (application != 0 || version != 0 || objects != 0))
		return error_set(error, ERROR_INPUT,
				 "%s is a database of another program: it was left alone, name another file",
				 database->path);
	if (version > schema_version())
		return error_set(error, ERROR_INPUT,
				 "%s was written by a newer tocsin (schema %lld, this one knows %d): it was left alone",
				 database->path, (long long)version, schema_version());
	return 0;
}

int schema_check(struct database *database, struct error *error)
{
	/* One look: another tocsin may be creating the file right now. */
	return handle_transact(database, "BEGIN", check, NULL, error);
}

static int upgrade(struct database *database, void *context, struct error *error)
{
	char number[80];
	int64_t version;
	/* Checked again under the lock: another tocsin may have been upgrading the same file. */
	int result = check(database, context, error);
	int i;

	if (result == 0)
		result = handle_number(database, "PRAGMA user_version", &version, error);
	if (result != 0 || version == schema_version())
		return result;
	for (i = (int)version; i < schema_version(); i++) {
		result = handle_execute(database, steps[i], error);
		if (result != 0)
			return result;
	}
	snprintf(number, sizeof(number), "PRAGMA application_id = %d; PRAGMA user_version = %d", SCHEMA_APPLICATION_ID,
		 schema_version());
	return handle_execute(database, number, error);
}

int schema_upgrade(struct database *database, struct error *error)
{
	int64_t version;
	int result = handle_number(database, "PRAGMA user_version", &version, error);

	if (result != 0 || version == schema_version())
		return result;
	return handle_transact(database, "BEGIN IMMEDIATE", upgrade, NULL, error);
}
