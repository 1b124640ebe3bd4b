/*
 * The common beginning and end of the commands that read a log and print: open, load, run a body, print, close.
 */
#ifndef APP_COMMAND_LOAD_H
#define APP_COMMAND_LOAD_H

#include "app/incident.h"
#include "tocsin/base/json.h"

struct load {
	int skip;         /* words before the sources: a question, an expression */
	bool totals_only; /* when no filter asks for records */
};

/* `body` writes what is to be printed. Returns the exit code. */
int run_loaded(struct invocation *invocation, const struct load *load,
	int (*body)(struct invocation *, struct incident *, struct buffer *out));

/* The members "source" and "line" of a record; the line is null where the source has none. */
void json_field_place(struct json *json, const struct store *store, const struct record *record);

/* The exit code for a failure of a room. */
int exit_for(int result);

#endif
