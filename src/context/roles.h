/*
 * What the columns of a CSV, or the members of a JSON object, mean: one row of text values by role, whichever it came
 * as.
 *
 * Names are compared without case and without '_', '-', '.' and ' ': "TraceID", "trace_id" and "trace.id" are one.
 */
#ifndef CONTEXT_ROLES_H
#define CONTEXT_ROLES_H

#include "tocsin/base/csv.h"
#include "tocsin/base/json.h"

enum role {
	ROLE_TIME,
	ROLE_SERVICE,
	ROLE_POD,
	ROLE_METRIC,
	ROLE_VALUE,
	ROLE_TRACE,
	ROLE_SPAN,
	ROLE_PARENT,
	ROLE_OPERATION,
	ROLE_END,
	ROLE_DURATION_NS,
	ROLE_DURATION_US,
	ROLE_DURATION_MS,
	ROLE_STATUS,
	ROLE_ERROR,
	ROLE_COUNT
};

struct values {
	struct slice of[ROLE_COUNT]; /* empty where there is none */
	char numbers[ROLE_COUNT][32];
};

struct roles {
	int column[ROLE_COUNT]; /* of a CSV; -1 for none */
};

/* ROLE_COUNT for a name that means nothing here. `traces` says whose words these are: "name" is a metric's or an
   operation's, "duration" is in microseconds. */
enum role role_of(struct slice name, bool traces);

void roles_read_header(struct roles *roles, const struct csv_row *row, bool traces);
bool roles_has(const struct roles *roles, enum role role);

void values_from_row(struct values *values, const struct roles *roles, const struct csv_row *row);
/* Values are borrowed from the document. */
void values_from_json(struct values *values, const struct json_value *object, bool traces);

/* A JSON scalar as text; numbers are written to `number`. Empty for null and containers. */
struct slice json_scalar_text(const struct json_value *value, char number[32]);

#endif
