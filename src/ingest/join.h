/*
 * Lines that belong to the record before them: stack traces, and what is indented.
 */
#ifndef TOCSIN_SRC_INGEST_JOIN_H
#define TOCSIN_SRC_INGEST_JOIN_H

#include "tocsin/base/slice.h"

/* For logs whose records begin with a header: what is indented, what only closes brackets, and the lines of a stack
   trace that are not indented ("Caused by: ...", "ValueError: ..."). */
bool join_continues(struct slice previous, struct slice line);

/* For logs without: only what looks like a stack trace. */
bool join_is_trace(struct slice previous, struct slice line);

#endif
